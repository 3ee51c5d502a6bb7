"""Weighted displacement quotient and its kin: descriptions without intervals."""

from __future__ import annotations

from spatial.evaluation.estimate import Estimate
from spatial.evaluation.totals import Totals, whole
from spatial.notes import Note

NO_INTERVAL = Note(
    "A description without an interval: it cannot say whether the change is more than chance."
)


def displacement_quotient(
    treated: Totals, around: Totals, control: Totals, *, outcome: str
) -> tuple[Estimate, ...]:
    """Describe what happened in the places and around them, against the comparators.

    Parameters
    ----------
    treated, around, control
        Counts of the patrolled places, the buffer around them, and the comparators, all with the
        same days.
    outcome
        The profile counted.

    Returns
    -------
    Five estimates, none with an interval or p:

    - ``gross_effect``: fewer incidents than before (above 0: fell).
    - ``net_effect``: the fall of the places' share of the comparators' count (above 0: fell).
    - ``success``: the same with the opposite sign, as the quotient is usually given.
    - ``wdq``: the buffer's change of that share over the places'. Above 0: the buffer gained too;
      below 0: it lost; None unless success is below 0.
    - ``total_net_effect``: incidents fewer than the comparators lead to expect, places and buffer
      together (above 0: fewer).

    Bowers and Johnson (2003), doi:10.1023/A:1024909009240; Guerette (2009), Problem-Oriented
    Policing tool guide 10.

    Notes
    -----
    How it can mislead: the quotient of two noisy differences has no standard error, and where the
    places did not improve it means nothing at all: it is not given then. Near a success of 0 it can
    take any size.
    """
    (rb, ra), (db, da), (cb, ca) = whole(treated), whole(around), whole(control)

    def described(name: str, value: float | None, method: str, *notes: Note) -> Estimate:
        every = (*notes, NO_INTERVAL)
        return Estimate(name, outcome, "count", value, None, None, None, method, every)

    gross = described(
        "gross_effect",
        rb / treated.time - ra,
        "Incidents before less incidents after in the patrolled places.",
        Note("Takes no account of what happened elsewhere."),
    )
    if cb == 0 or ca == 0:
        why = Note("The comparators had no incident, so nothing can be set against them.")
        names = ("net_effect", "success", "wdq", "total_net_effect")
        return (gross, *(described(name, None, "Against the comparators.", why) for name in names))
    success = ra / ca - rb / cb
    buffer = da / ca - db / cb
    few = (Note("A count is 0: the figure hangs on single incidents.", loud=True),)
    thin = few if min(rb, ra, db, da) == 0 else ()
    quotient, meaning = None, thin
    if success < 0:
        quotient = buffer / success
    else:
        meaning = (
            *thin,
            Note(
                "The patrolled places did not improve against the comparators, so there is nothing "
                "to have moved and the quotient means nothing.",
                loud=True,
            ),
        )
    growth = ca / cb
    return (
        gross,
        described(
            "net_effect",
            -success,
            "Fall of the patrolled places' count as a share of the comparators'.",
            *thin,
        ),
        described(
            "success",
            success,
            "Change of the patrolled places' count as a share of the comparators'.",
            *thin,
        ),
        described(
            "wdq",
            quotient,
            "Weighted displacement quotient: change around the places over the change within.",
            *meaning,
        ),
        described(
            "total_net_effect",
            (rb * growth - ra) + (db * growth - da),
            "Incidents fewer than the comparators' change leads to expect, in and around.",
            *thin,
        ),
    )
