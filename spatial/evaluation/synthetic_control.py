"""Synthetic control: a mixture of comparators that moved as the patrolled place did before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import nnls

from config.errors import BadInputError
from spatial.evaluation.estimate import LEVEL, Estimate
from spatial.notes import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.notes import Notes

FEWEST_BEFORE: Final = 12
FEWEST_AFTER: Final = 3
FEWEST_DONORS: Final = 19
FEWEST_A_PERIOD: Final = 10.0
_POOR: Final = 0.1
_HEAVY: Final = 1000.0
_DOMINANT: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticControl:
    """The mixture and what it says.

    Attributes
    ----------
    estimate
        ``synthetic_control``: rate after over the mixture's.
    weights
        Of each donor, 0-1, adding up to 1.
    actual, synthetic
        Incidents of each period, shape (periods,).
    misfit
        Root mean square difference before, over the mean before.
    """

    estimate: Estimate
    weights: NDArray[np.float64]
    actual: NDArray[np.float64]
    synthetic: NDArray[np.float64]
    misfit: float


def synthetic_control(  # noqa: PLR0913 (two series, what they are, one setting)
    actual: NDArray[np.float64],
    donors: NDArray[np.float64],
    *,
    after: NDArray[np.bool_],
    outcome: str,
    names: Sequence[str] | None = None,
    level: float = LEVEL,
) -> SyntheticControl:
    """Compare the patrolled area with a mixture of areas that were not.

    Parameters
    ----------
    actual
        Incidents of the patrolled area (all its places together), shape (periods,), periods of one
        length.
    donors
        Incidents of areas of about its size, shape (donors, periods); none near it.
    after
        Periods from the start on, shape (periods,).
    outcome
        The profile counted.
    names
        Of the donors, for the notes; None for numbers.
    level
        Of the interval.

    Returns
    -------
    Weights, not negative and adding up to 1, that bring the donors closest to the patrolled area
    before the start (Abadie, Diamond and Hainmueller 2010, doi:10.1198/jasa.2009.ap08746), and the
    ratio of what happened after to what the mixture had. p: every donor is taken in turn as if
    patrolled, with the others as donors; the share of areas whose change of misfit (root mean
    square after over before) is at least the patrolled one's. The limits divide the ratio by the
    donors' own placebo ratios; there are none below 2 / (1 - level) - 1 donors (39 for 95%).

    Raises
    ------
    BadInputError
        Too small: fewer than 12 periods before, 3 after, 19 donors, or ten incidents a period
        before; or the patrolled area lies above or below every donor.

    Notes
    -----
    How it can mislead: weights chosen to fit noise fit; so it is refused for small counts. A good
    fit before does not show that the mixture would have moved alike after. p is no smaller than 1 /
    (donors + 1).
    """
    series, pool = np.asarray(actual, dtype=np.float64), np.asarray(donors, dtype=np.float64)
    _check(series, pool, after)
    labels = [str(number + 1) for number in range(len(pool))] if names is None else list(names)
    weights = _weights(series[~after], pool[:, ~after])
    synthetic = weights @ pool
    ratio = float(series[after].sum() / synthetic[after].sum())
    change = _change(series, synthetic, after)
    placebo_changes, placebo_ratios = [], []
    for number in range(len(pool)):
        others = np.delete(pool, number, axis=0)
        mixture = _weights(pool[number, ~after], others[:, ~after]) @ others
        placebo_changes.append(_change(pool[number], mixture, after))
        placebo_ratios.append(pool[number, after].sum() / mixture[after].sum())
    p = (1 + sum(one >= change for one in placebo_changes)) / (len(pool) + 1)
    misfit = float(np.sqrt(((series - synthetic)[~after] ** 2).mean()) / series[~after].mean())
    low, high, notes = _limits(ratio, np.sort(placebo_ratios), level)
    return SyntheticControl(
        Estimate(
            "synthetic_control",
            outcome,
            "count",
            ratio,
            low,
            high,
            float(p),
            f"Incidents after over those of a mixture of {int((weights > 0.005).sum())} of "  # noqa: PLR2004
            f"{len(pool)} comparison areas that had the same course before; p from taking each "
            "area in turn as if patrolled.",
            (*_fit_notes(weights, labels, misfit), *notes),
        ),
        weights,
        series,
        synthetic,
        misfit,
    )


def _check(
    series: NDArray[np.float64], pool: NDArray[np.float64], after: NDArray[np.bool_]
) -> None:
    if pool.ndim != 2 or pool.shape[1] != len(series) or after.shape != series.shape:  # noqa: PLR2004
        msg = (
            f"Donors of shape {pool.shape!r} and {len(series)} periods do not go together: give "
            "donors by periods."
        )
        raise BadInputError(msg)
    needs = (
        (int((~after).sum()), FEWEST_BEFORE, "periods before the start"),
        (int(after.sum()), FEWEST_AFTER, "periods after the start"),
        (len(pool), FEWEST_DONORS, "comparison areas"),
    )
    for found, fewest, what in needs:
        if found < fewest:
            msg = (
                f"A synthetic control needs at least {fewest} {what}, and there are {found!r}: use "
                "the difference in differences."
            )
            raise BadInputError(msg)
    mean = float(series[~after].mean())
    if mean < FEWEST_A_PERIOD or not (pool[:, after].sum(axis=1) > 0).all():
        msg = (
            f"A synthetic control needs about {FEWEST_A_PERIOD:.0f} incidents a period before, and "
            f"some in every comparison area after; the patrolled area had {mean:.1f}: use longer "
            "periods, larger areas or the difference in differences."
        )
        raise BadInputError(msg)
    levels = pool[:, ~after].mean(axis=1)
    if not levels.min() <= mean <= levels.max():
        msg = (
            f"The patrolled area had {mean:.1f} incidents a period before and the comparison areas "
            f"{levels.min():.1f} to {levels.max():.1f}, so no mixture of them can be "
            "like it: choose areas of its size."
        )
        raise BadInputError(msg)


def _weights(target: NDArray[np.float64], pool: NDArray[np.float64]) -> NDArray[np.float64]:
    # a row that counts a thousandfold holds the sum at 1
    scale = _HEAVY * max(float(np.abs(pool).max()), 1.0)
    rows = np.vstack([pool.T, np.full(len(pool), scale)])
    weights, _ = nnls(rows, np.append(target, scale))
    result: NDArray[np.float64] = weights / weights.sum()
    return result


def _change(
    series: NDArray[np.float64], synthetic: NDArray[np.float64], after: NDArray[np.bool_]
) -> float:
    gap = (series - synthetic) ** 2
    return float(np.sqrt(gap[after].mean() / max(float(gap[~after].mean()), 1e-12)))


def _limits(
    ratio: float, placebos: NDArray[np.float64], level: float
) -> tuple[float | None, float | None, Notes]:
    rank = int(np.floor((1 - level) / 2 * (len(placebos) + 1) + 1e-9))
    if rank < 1:
        needed = int(np.ceil(2 / (1 - level) - 1e-9)) - 1
        why = Note(
            f"{len(placebos)} comparison areas are too few for an interval of {level:.0%}: it "
            f"would need {needed}."
        )
        return None, None, (why,)
    return float(ratio / placebos[-rank]), float(ratio / placebos[rank - 1]), ()


def _fit_notes(weights: NDArray[np.float64], labels: Sequence[str], misfit: float) -> Notes:
    notes: Notes = (
        Note("Weights were chosen to fit the months before; that is no proof for those after."),
    )
    if misfit > _POOR:
        notes += (
            Note(
                f"The mixture misses the months before by {misfit:.0%} on average: too far to "
                "read much into the months after.",
                loud=True,
            ),
        )
    if weights.max() > _DOMINANT:
        notes += (
            Note(
                f"{labels[int(weights.argmax())]} makes up {weights.max():.0%} of the mixture: it "
                "is nearly a comparison with that one area."
            ),
        )
    return notes
