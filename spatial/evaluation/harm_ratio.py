"""Harm ratio: the change of harm against the comparators' change, as a compound Poisson sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import norm

from config.errors import BadInputError
from spatial.evaluation.estimate import LEVEL, Estimate, number
from spatial.evaluation.panel import HARM
from spatial.evaluation.rate_ratio import CLUSTERS, UNDEFINED
from spatial.evaluation.totals import Totals, same_measure
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.notes import Notes

DRAWS: Final = 40_000
# the seed is a constant of the version: the same totals always give the same limits
_SEED: Final = 4711
_HALF: Final = 0.5


def harm_ratio_delta(
    treated: Totals, control: Totals, *, outcome: str, level: float = LEVEL
) -> Estimate:
    """Compare changes of harm by the delta method.

    Parameters
    ----------
    treated, control
        Harm with its squares.
    outcome
        The profile weighed.
    level
        Of the interval.

    Returns
    -------
    ``harm_ratio_delta``: the variance of a logarithm of harm is the sum of w^2 n over the square of
    the sum of w n.

    Notes
    -----
    How it can mislead: it does not allow for serious incidents that happened not to occur, so with
    few of them its interval is too narrow; :func:`harm_ratio` is the one to read.
    """
    _check(treated, control)
    method = "Change of harm over the comparators' change; delta method on logarithms."
    cells = _cells(treated, control)
    if min(harm for harm, _ in cells) == 0:
        return Estimate(
            "harm_ratio_delta", outcome, HARM, None, None, None, None, method, (UNDEFINED,)
        )
    log = float(np.log(_ratio(treated, control)))
    error = float(np.sqrt(sum(squares / harm**2 for harm, squares in cells)))
    reach = float(norm.isf((1 - level) / 2)) * error
    return Estimate(
        "harm_ratio_delta",
        outcome,
        HARM,
        float(np.exp(log)),
        float(np.exp(log - reach)),
        float(np.exp(log + reach)),
        float(2 * norm.sf(abs(log) / error)),
        method,
        (
            Note("Too narrow where few serious incidents carry the harm.", loud=True),
            *one_incident_note(treated, control),
            CLUSTERS,
        ),
    )


def harm_ratio(treated: Totals, control: Totals, *, outcome: str, level: float = LEVEL) -> Estimate:
    """Compare changes of harm, allowing for serious incidents that happened not to occur.

    Parameters
    ----------
    treated, control
        Harm with its squares, and the greatest weight there could be (the greatest seen, else).
    outcome
        The profile weighed.
    level
        Of the interval.

    Returns
    -------
    ``harm_ratio``. Each sum's rate is drawn, half and half, from two gamma distributions: one of
    the sum's own mean and variance, one of those with one incident more of the greatest weight
    (Fay and Feuer 1997, doi:10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#; the
    mid-p form of Fay and Kim 2017, doi:10.1002/bimj.201600111). The limits are quantiles of the
    ratio of ratios under 40,000 draws with a fixed seed.

    Notes
    -----
    How it can mislead: usually wider than need be, and one homicide still moves the estimate by
    more than all else together: read the count beside it.
    """
    _check(treated, control)
    cells = _cells(treated, control)
    greatest = _greatest(treated, control, cells)
    notes: Notes = (*one_incident_note(treated, control), CLUSTERS)
    t0, _, c0, c1 = (harm for harm, _ in cells)
    estimate = _ratio(treated, control) if min(t0, c0, c1) > 0 else None
    if estimate is None:
        notes = (UNDEFINED, *notes)
    low, high, p = _limits(cells, greatest, treated.time / control.time, level)
    return Estimate(
        "harm_ratio",
        outcome,
        HARM,
        estimate,
        low,
        high,
        p,
        "Change of harm over the comparators' change; compound Poisson interval that allows for "
        "one more incident of the greatest weight.",
        notes,
    )


def one_incident_note(*groups: Totals) -> Notes:
    """Warn where a single incident holds over half of any of the sums of harm."""
    for group in groups:
        for greatest, harm in (
            (group.greatest_before, group.before),
            (group.greatest_after, group.after),
        ):
            if greatest is not None and greatest > _HALF * harm:
                return (
                    Note(
                        f"A single incident of {greatest:,.0f} days holds {greatest / harm:.0%} of "
                        f"a sum of {harm:,.0f}: the harm figure is about that one, not about the "
                        "patrols. Read the count.",
                        loud=True,
                    ),
                )
    return ()


def _check(treated: Totals, control: Totals) -> None:
    if same_measure(treated, control) != HARM:
        msg = "A harm ratio needs harm with its squares: give them, or ask for the rate ratio."
        raise BadInputError(msg)


def _cells(treated: Totals, control: Totals) -> list[tuple[float, float]]:
    return [
        pair
        for group in (treated, control)
        for pair in zip((group.before, group.after), group.variances, strict=True)
    ]


def _ratio(treated: Totals, control: Totals) -> float:
    own = treated.after / treated.before * treated.time
    return own / (control.after / control.before * control.time)


def _greatest(treated: Totals, control: Totals, cells: list[tuple[float, float]]) -> float:
    known = [
        value
        for group in (treated, control)
        for value in (group.largest_days, group.greatest_before, group.greatest_after)
        if value is not None
    ]
    # the mean weight of a day of harm is never more than the greatest weight
    return max([*known, *(squares / harm for harm, squares in cells if harm > 0), 0.0])


def _limits(
    cells: list[tuple[float, float]], greatest: float, scale: float, level: float
) -> tuple[float | None, float | None, float | None]:
    if greatest == 0:
        return None, None, None
    rng = np.random.default_rng(_SEED)
    t0, t1, c0, c1 = (_draws(harm, squares, greatest, rng) for harm, squares in cells)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = t1 * c0 / (t0 * c1) * scale
    # nothing against nothing is no evidence on either side
    empty = np.isnan(ratios)
    least, most = np.where(empty, 0.0, ratios), np.where(empty, np.inf, ratios)
    tail = (1 - level) / 2
    low = float(np.quantile(least, tail, method="inverted_cdf"))
    high = number(np.quantile(most, 1 - tail, method="inverted_cdf"))
    p = 2 * min(float((least <= 1).mean()), float((most >= 1).mean()))
    return low, high, min(1.0, p)


def _draws(
    harm: float, squares: float, greatest: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    one_more = rng.random(DRAWS) < _HALF
    total = harm + greatest * one_more
    spread = squares + greatest**2 * one_more
    drawn = np.zeros(DRAWS)
    some = total > 0
    drawn[some] = rng.gamma(total[some] ** 2 / spread[some], spread[some] / total[some])
    return drawn
