"""Estimates of a staggered operation: all waves together, each by itself, and for comparison."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import t as student

from spatial.evaluation.difference import EMPTY_CORNER
from spatial.evaluation.estimate import LEVEL, Estimate, number
from spatial.evaluation.harm_ratio import one_incident_note
from spatial.evaluation.panel import COUNT, HARM
from spatial.evaluation.rate_ratio import naive_before_after
from spatial.evaluation.reassignment import invert
from spatial.evaluation.two_way import fit_two_way
from spatial.evaluation.waves.arrangements import Arrangements, arrange
from spatial.evaluation.waves.stacks import Stacks, comparisons
from spatial.evaluation.waves.tables import FURTHEST, common_ratio
from spatial.notes import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spatial.evaluation.waves.panel import WavePanel
    from spatial.notes import Notes

LEAD: Final = "staggered_ratio"
JACKKNIFE: Final = "staggered_jackknife"
HARM_RATIO: Final = "staggered_harm"
TWO_WAY: Final = "staggered_two_way"
WAVE: Final = "staggered_wave_"
"""Before the number of a wave: its own ratio."""

ALIKE: Final = Note(
    "Takes it that, without patrols, the places of a wave and those not yet patrolled would have "
    "changed in the same proportion, and that patrols elsewhere do not touch places that still "
    "wait: look at the months before the starts, and at what happened next door."
)
BY_LOT: Final = Note(
    "Chance drew which place began when, the operation says. p is exact if that lot could have "
    "given every order of these places alike; it does not know of a lot within groups."
)
PART_LOT: Final = Note(
    "Chance drew which place began when, but not which were never patrolled: the comparison with "
    "those rests on their being alike, and not on the lot."
)
BY_CHOICE: Final = Note(
    "Nobody drew the order: places that began early may differ from those that waited in more than "
    "their patrols. The interval says what chance alone would do, not what the choice does.",
    loud=True,
)
MISLEADS: Final = Note(
    "For comparison only. It compares late starters with early ones that are already patrolled: "
    "where effects grow, fade or differ by wave it is no average of them and can have the wrong "
    "sign (Goodman-Bacon 2021). It is given no interval for that reason.",
    loud=True,
)
ONE_OF_SEVERAL: Final = Note(
    "One wave by itself is one of several figures: by chance some stand out.", loud=True
)
_METHOD: Final = (
    "Each wave, step by step, against places not yet patrolled; steps and waves put together on "
    "the logarithmic scale, weighted by what the time before the first start led to expect"
)
_FEW: Final = 3
# where to begin when nothing is left to count: a twentieth
_NOTHING: Final = -3.0
_CLOSE: Final = 1e-6


def staggered_ratio(
    panel: WavePanel,
    *,
    measure: str = COUNT,
    wave: int | None = None,
    name: str = LEAD,
    level: float = LEVEL,
) -> Estimate:
    """Return the ratio of changes of the waves against places not yet patrolled.

    Parameters
    ----------
    panel
        Places by periods, in waves.
    measure
        ``count`` or ``harm``.
    wave
        One wave by itself; None for all.
    name
        Of the estimate.
    level
        Of the interval.

    Returns
    -------
    The ratio that leaves no departure over, over all comparisons of
    :func:`spatial.evaluation.waves.stacks.comparisons`. p is how often as much comes out when the
    starts fall to the places otherwise: in every order that the lot could have given, or, where
    nobody drew it or some were never patrolled, with every place in any wave or in none. The
    interval holds every ratio that this does not rule out.

    Notes
    -----
    How it can mislead: the ratio is one average of waves and times; where effects grow or fade it
    is about the steps in which somebody was still waiting, and says nothing of the time after. A
    place that waits and gets the trouble that moved from a patrolled one makes a fall look larger.
    With few places in a wave one of them decides.
    """
    listed = tuple(one for one in comparisons(panel) if wave is None or one.wave == wave)
    values = panel.values(measure)
    notes = _notes(panel, measure, wave)
    ways = ways_of(panel)
    stacks = Stacks(panel, listed, ways.ways)
    ratio = float(common_ratio(stacks.tables(values)[None], stacks.weights())[0])
    if not math.isfinite(ratio):
        return Estimate(
            name, panel.outcome, measure, None, None, None, None, f"{_METHOD}.",
            (EMPTY_CORNER, *notes),
        )  # fmt: skip
    low, high = invert(
        lambda log: stacks.tails(values, log),
        around=math.log(ratio) if ratio > 0 else _NOTHING,
        level=level,
    )
    return Estimate(
        name,
        panel.outcome,
        measure,
        ratio,
        low,
        high,
        min(1.0, 2 * min(stacks.tails(values, 0.0))),
        f"{_METHOD}; interval from {ways.words}.",
        (*notes, *_few_notes(panel, ways, level, wave)),
    )


def staggered_jackknife(
    panel: WavePanel, *, measure: str = COUNT, level: float = LEVEL
) -> Estimate:
    """Return the same ratio with an interval from leaving out each place in turn.

    Returns
    -------
    ``staggered_jackknife``: Student's t with as many degrees of freedom as there are places beyond
    the groups. It does not rest on how the order came about.

    Notes
    -----
    Jackknife with few clusters: MacKinnon, Nielsen and Webb (2023) doi:10.1002/jae.2969.
    """
    listed, values = comparisons(panel), panel.values(measure)
    stacks = Stacks(panel, listed, panel.wave[None, :])
    method = f"{_METHOD}; interval from leaving out each place in turn."
    held = np.flatnonzero(values.sum(axis=1) > 0)
    freedom = len(held) - len(np.unique(panel.wave[held]))
    # a place without incidents is the same as none
    tables = [stacks.tables(values)]
    tables += [
        stacks.tables(np.where(np.arange(len(values))[:, None] == place, 0.0, values))
        for place in held
    ]
    ratios = common_ratio(np.array(tables), stacks.weights())
    if not np.isfinite(ratios).all() or (ratios == 0).any() or freedom < 1:
        why = Note("A single place decides whether there is a ratio at all.", loud=True)
        known = number(ratios[0])
        return Estimate(JACKKNIFE, panel.outcome, measure, known, None, None, None, method, (why,))
    logs = np.log(ratios)
    spread = float(((logs[1:] - logs[1:].mean()) ** 2).sum())
    error = math.sqrt((len(held) - 1) / len(held) * spread)
    reach = float(student.ppf((1 + level) / 2, freedom)) * error
    p = float(2 * student.sf(abs(logs[0]) / error, freedom)) if error > 0 else None
    return Estimate(
        JACKKNIFE, panel.outcome, measure, float(ratios[0]), math.exp(logs[0] - reach),
        math.exp(logs[0] + reach), p, method, (ALIKE,),
    )  # fmt: skip


def two_way_ratio(panel: WavePanel) -> Estimate:
    """Return the one coefficient of the two-way model, for comparison only and without interval.

    Notes
    -----
    It misleads: Goodman-Bacon (2021) doi:10.1016/j.jeconom.2021.03.014.
    """
    counts, began = panel.values(), panel.began
    method = "Poisson model with an effect of each place and period and one of all patrols."
    rows, columns = counts.sum(axis=1) > 0, counts.sum(axis=0) > 0
    counts, began = counts[np.ix_(rows, columns)], began[np.ix_(rows, columns)]
    days = np.log(panel.days[columns])[None, :]
    if counts[began].sum() == 0 or counts[~began].sum() == 0:
        return Estimate(
            TWO_WAY, panel.outcome, COUNT, None, None, None, None, method, (EMPTY_CORNER, MISLEADS)
        )
    after = np.asarray(began.any(axis=0))
    low, high, fitted = -FURTHEST, FURTHEST, None
    while high - low > _CLOSE:
        middle = (low + high) / 2
        fitted = fit_two_way(
            counts, days + middle * began, after=after, treated=None, alpha=0.0,
            start=fitted,
        )  # fmt: skip
        more = float((counts - fitted.mean)[began].sum()) > 0
        low, high = (middle, high) if more else (low, middle)
    ratio = math.exp((low + high) / 2)
    return Estimate(TWO_WAY, panel.outcome, COUNT, ratio, None, None, None, method, (MISLEADS,))


def every_staggered_estimate(
    panel: WavePanel, *, with_choice: WavePanel | None = None, level: float = LEVEL
) -> tuple[Estimate, ...]:
    """Return every estimate of a staggered operation: the leading one first, the naive one last.

    Parameters
    ----------
    with_choice
        The same places with the periods that they were chosen on among those before; None where
        there are none.
    """
    return tuple(_every(panel, with_choice, level))


def ways_of(panel: WavePanel) -> Arrangements:
    """Return the other ways in which the starts could have fallen to these places.

    Places that were never patrolled change places with the others, so that the ways are those of a
    lot only where chance drew the order of all.
    """
    return arrange(panel.wave, drawn=panel.drawn and bool(panel.patrolled.all()))


def _every(panel: WavePanel, with_choice: WavePanel | None, level: float) -> Iterator[Estimate]:
    yield staggered_ratio(panel, level=level)
    if with_choice is not None:
        yield staggered_ratio(with_choice, name="did_with_choice_window", level=level)
    yield staggered_jackknife(panel, level=level)
    for wave in sorted({one.wave for one in comparisons(panel)}):
        yield staggered_ratio(panel, wave=wave, name=f"{WAVE}{wave + 1}", level=level)
    if panel.harm is not None:
        yield staggered_ratio(panel, measure=HARM, name=HARM_RATIO, level=level)
    yield two_way_ratio(panel)
    yield naive_before_after(panel.totals()[0], outcome=panel.outcome, level=level)


def _notes(panel: WavePanel, measure: str, wave: int | None) -> Notes:
    notes: Notes = (BY_CHOICE, ALIKE)
    if panel.drawn:
        notes = (BY_LOT if panel.patrolled.all() else PART_LOT, ALIKE)
    if measure == HARM:
        notes = (*one_incident_note(*panel.totals(HARM)), *notes)
    if panel.compared_until < len(panel.days):
        notes += (
            Note(
                f"The last of {panel.waves} waves has nobody to be compared with: from its start "
                f"on nothing counts, and the figure is about the first {panel.waves - 1}."
            ),
        )
    return notes if wave is None else (*notes, ONE_OF_SEVERAL)


def _few_notes(panel: WavePanel, ways: Arrangements, level: float, wave: int | None) -> Notes:
    notes: Notes = ()
    if ways.smallest_p > 1 - level:
        notes += (
            Note(
                f"There are only {len(ways.ways):,} ways to share out these starts, so no result "
                "could be told from chance, whatever it is.",
                loud=True,
            ),
        )
    sizes = np.bincount(panel.wave, minlength=panel.waves)[: panel.waves]
    fewest = int((sizes if wave is None else sizes[[wave]]).min())
    if fewest < _FEW:
        places = "1 place" if fewest == 1 else f"{fewest} places"
        notes += (Note(f"A wave has only {places}: one unusual place decides what it shows."),)
    return notes
