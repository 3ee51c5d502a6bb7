"""Scores: the relative risk of each cell, and where risk and recent harm lie together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

BOTH: Final = "high risk and recent harm"
RISK: Final = "high risk, no recent harm"
HARM: Final = "recent harm, risk not high"
NEITHER: Final = "neither"
PLACES: Final = (BOTH, RISK, HARM, NEITHER)


def relative_risks(coefficients: ArrayLike) -> Floats:
    """Return relative risk values, exp(b): how many times the incidents where a factor is on."""
    values: Floats = np.exp(np.asarray(coefficients, dtype=np.float64))
    return values


def risk_scores(
    on: NDArray[np.bool_], coefficients: ArrayLike, *, lowest: float | None = None
) -> tuple[Floats, float]:
    """Return each cell's relative risk score: the product of its factors' relative risk values.

    Parameters
    ----------
    on
        Which terms are on, shape (n, terms).
    coefficients
        Logarithms of their relative risk values.
    lowest
        Logarithm of the product that counts as 1; None for the least of these cells, so that the
        lowest score is 1. A map that is compared with an earlier one takes the earlier one's.

    Returns
    -------
    Scores, shape (n,), and the logarithm of what counts as 1.

    Notes
    -----
    A score of 20 says that a cell like it had about 20 times the incidents of the least risky
    cell, by these factors alone. It is no chance of anything, and no number of incidents.
    """
    total = on.astype(np.float64) @ np.asarray(coefficients, dtype=np.float64)
    least = float(total.min()) if lowest is None else lowest
    return np.exp(total - least), least


def combined_surface(scores: Floats, harm: Floats) -> Floats:
    """Return risk times recent harm: where both are high, shape (n,); 0 without recent harm.

    Parameters
    ----------
    scores
        Relative risk scores.
    harm
        Of the window: days, or incidents where nothing weighs them; null stays null.
    """
    return scores * harm


def places_of(scores: Floats, harm: Floats, *, high_share: float) -> NDArray[np.str_]:
    """Say of each cell whether its risk is high and whether harm was recent, shape (n,).

    Parameters
    ----------
    scores, harm
        As for :func:`combined_surface`; harm that nobody can weigh counts as harm.
    high_share
        Share of cells, riskiest first, that is high; fewer where the boundary falls into a tie.
    """
    # cells tied with the boundary are not high, unless nothing would be
    most = max(1, int(np.floor(high_share * len(scores))))
    ordered = np.sort(scores)[::-1]
    boundary = ordered[min(most, len(scores) - 1)]
    high = scores > boundary
    if not high.any():
        high = scores >= ordered[0] if ordered[0] > ordered[-1] else np.zeros(len(scores), bool)
    harmed = np.isnan(harm) | (harm > 0)
    found: NDArray[np.str_] = np.select(
        [high & harmed, high, harmed], [BOTH, RISK, HARM], default=NEITHER
    )
    return found
