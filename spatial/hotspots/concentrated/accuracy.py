"""Accuracy: what chosen places hold of a window, in sample and out: PAI, PEI, recapture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spatial.hotspots.concentrated.concentration import lorenz_curve, ranked_curve

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What chosen places hold of one window.

    Attributes
    ----------
    area_share
        Share of the area chosen, 0-1.
    captured
        Share of the window's incidents (or harm) inside it, ties in expectation.
    captured_by_oracle
        Share that the best choice of the same area would have held, had the window been known.
    """

    area_share: float
    captured: float
    captured_by_oracle: float

    @property
    def pai(self) -> float:
        """Predictive accuracy index, (n / N) / (a / A): 1 is as good as choosing at random.

        Chainey, Tompson and Uhlig (2008) doi:10.1057/palgrave.sj.8350066. It rises as the area
        shrinks: compare only at one share of the area.
        """
        return self.captured / self.area_share

    @property
    def pei(self) -> float:
        """Predictive efficiency index, PAI over the oracle's PAI on the same area: at most 1."""
        return self.captured / self.captured_by_oracle


def accuracy(
    scores: ArrayLike, outcomes: ArrayLike, areas: ArrayLike, *, area_share: float
) -> Accuracy:
    """Score a choice of places: PAI and PEI of incidents, or of harm where that is what is given.

    Parameters
    ----------
    scores
        What chooses, from window 1, highest first, ties in expectation, shape (n,).
    outcomes
        Incidents or harm of window 2 in each cell, shape (n,). The same window as the scores makes
        the figure in sample, and flattered.
    areas
        Area of each cell, any unit, shape (n,); a cell at the border counts whole.
    area_share
        Share of the area to choose, above 0 and at most 1; N of n equal cells is N / n.

    Raises
    ------
    BadInputError
        The outcome window holds nothing.
    ValueError
        Shapes differ, a number is negative or not finite, or the share is not in (0, 1].
    """
    if area_share == 0:
        msg = f"area_share is {area_share!r}: choose more than none of the area."
        raise ValueError(msg)
    return Accuracy(
        area_share=area_share,
        captured=ranked_curve(scores, outcomes, areas).held_in(area_share),
        captured_by_oracle=lorenz_curve(outcomes, areas).held_in(area_share),
    )


@dataclass(frozen=True, slots=True)
class InAndOut:
    """One choice of places, scored on the window that chose it and on the next.

    Attributes
    ----------
    in_sample
        Flattered: the places were chosen because they were full.
    out_of_sample
        What to expect.
    """

    in_sample: Accuracy
    out_of_sample: Accuracy

    @property
    def recapture_ratio(self) -> float | None:
        """Share held in window 2 over share held in window 1; None where that was nothing.

        Below 1 as a rule: part of what filled the chosen places was luck. This is the recapture
        meaning of "RRI" (T2 / T1); not predicted over observed (see
        :func:`predicted_over_observed`), and not PAI counted in cells.
        """
        held_before = self.in_sample.captured
        return self.out_of_sample.captured / held_before if held_before else None


def in_and_out(
    scores: ArrayLike,
    earlier: ArrayLike,
    later: ArrayLike,
    areas: ArrayLike,
    *,
    area_share: float,
) -> InAndOut:
    """Score places chosen on window 1 by what they held then and what they hold in window 2.

    Parameters
    ----------
    scores
        From window 1 alone, shape (n,): its counts, its harm, or :func:`ties_broken_by`.
    earlier, later
        Incidents or harm of window 1 and of window 2, shape (n,).
    areas, area_share
        See :func:`accuracy`.

    Raises
    ------
    BadInputError
        A window holds nothing.
    """
    return InAndOut(
        in_sample=accuracy(scores, earlier, areas, area_share=area_share),
        out_of_sample=accuracy(scores, later, areas, area_share=area_share),
    )


def ties_broken_by(scores: ArrayLike, commoner: ArrayLike) -> NDArray[np.int64]:
    """Rank cells by a score and, where it ties, by something commoner.

    Parameters
    ----------
    scores, commoner
        Higher first, shape (n,): last year's robberies, say, and last year's violence.

    Returns
    -------
    Ranks for :func:`accuracy`, higher first, equal only where both are equal, shape (n,).
    """
    pairs = np.column_stack([np.asarray(scores, float), np.asarray(commoner, float)])
    _, ranks = np.unique(pairs, axis=0, return_inverse=True)
    return ranks.reshape(-1).astype(np.int64)


def predicted_over_observed(predicted: ArrayLike, observed: ArrayLike) -> NDArray[np.float64]:
    """Return how much was predicted over how much came, in the first cell, the first two, ...

    A measure of calibration, not of accuracy, and one of three things called "RRI": below 1 where
    more came than was predicted.

    Parameters
    ----------
    predicted, observed
        Numbers per cell, shape (n,). Cells are taken in the order predicted, ties in expectation.

    Returns
    -------
    Shape (n,); infinite as long as nothing came.

    Raises
    ------
    BadInputError
        Nothing was predicted, or nothing came.
    """
    forecast, happened = np.asarray(predicted, float), np.asarray(observed, float)
    cells = np.ones(forecast.shape)
    share = np.arange(1, len(cells) + 1) / len(cells)
    said, came = (ranked_curve(forecast, each, cells) for each in (forecast, happened))
    above = forecast.sum() * np.interp(share, said.places, said.held)
    below = happened.sum() * np.interp(share, came.places, came.held)
    ratio: NDArray[np.float64] = np.full(len(cells), np.inf)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio
