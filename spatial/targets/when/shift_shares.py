"""Shift shares: how a cell's incidents divide over the shifts, steadied by its surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.hexes.neighbours import Neighbours

FEWEST: Final = 30
"""Incidents of the whole area below which every cell has the area's shares."""

# strengths tried, incidents; the last stands for "no differences at all"
_STRENGTHS: Final = 2.0 ** np.arange(-2, 13)


@dataclass(frozen=True, slots=True, eq=False)
class ShiftShares:
    """Shares of the shifts in every cell.

    Attributes
    ----------
    shares
        Rows sum to 1, shape (n, s).
    around
        The cell's shares are as if so many incidents with its neighbours' pattern were added to its
        own; infinite where there are too few incidents to learn from.
    area
        The neighbours' pattern is as if so many incidents with the area's were added to theirs.
    """

    shares: NDArray[np.float64]
    around: float
    area: float

    @property
    def sentence(self) -> str:
        """Say how far a cell is believed."""
        if not np.isfinite(self.around):
            return (
                f"Expected harm by shift: fewer than {FEWEST} incidents have a time, so every cell "
                "has the whole area's division over the shifts."
            )
        return (
            "Expected harm by shift: a cell's division over the shifts is its own, as if "
            f"{self.around:g} incidents like its neighbours' were added, and to those "
            f"{self.area:g} like the whole area's; both learnt from these incidents."
        )


def shift_shares(own: NDArray[np.float64], near: Neighbours) -> ShiftShares:
    """Learn how each cell's incidents divide over the shifts.

    Parameters
    ----------
    own
        Incidents known to within a shift, by cell and shift, parts allowed, shape (n, s).
    near
        The cells one step away, itself included or not.

    Notes
    -----
    Dirichlet-multinomial: a cell's incidents are drawn with shares that scatter about those of its
    neighbours, which themselves are drawn toward the area's. How strongly, on both levels, is that
    pair of strengths (a quarter of an incident to 4,096, doubling) under which every cell's own
    incidents are likeliest given its neighbours', its own left out: Besag's (1975,
    doi:10.2307/2987782) pseudo-likelihood. Where cells differ no more than chance would have them,
    the strengths come out large and every cell gets the area's shares. Among equals the stronger is
    taken.

    How it can mislead: one pair serves the whole area. A lone night club among shops is drawn
    toward the shops' hours until it has incidents enough of its own.
    """
    total = own.sum(axis=0)
    size = own.shape[1]
    # half an incident each, so that an empty shift is not impossible; the hours of none, which
    # are the last, may be: where all day is covered nothing is ever there
    possible = np.append(np.ones(size - 1), float(total[-1] > 0))
    area = (total + 0.5 * possible) / (total.sum() + 0.5 * possible.sum())
    if total.sum() < FEWEST:
        return ShiftShares(np.tile(area, (len(own), 1)), np.inf, np.inf)
    around = np.asarray(near.matrix @ own)
    if near.includes_self:
        around = np.maximum(around - own, 0.0)
    used = area > 0
    busy = own.sum(axis=1) > 0
    found = _likeliest(own[busy][:, used], around[busy][:, used], area[used])
    strength, toward = found
    prior = _toward(around, area, toward)
    shares = (own + strength * prior) / (own.sum(axis=1, keepdims=True) + strength)
    return ShiftShares(shares, strength, toward)


def _toward(
    around: NDArray[np.float64], area: NDArray[np.float64], strength: float
) -> NDArray[np.float64]:
    pattern: NDArray[np.float64] = (around + strength * area) / (
        around.sum(axis=1, keepdims=True) + strength
    )
    return pattern


def _likeliest(
    own: NDArray[np.float64], around: NDArray[np.float64], area: NDArray[np.float64]
) -> tuple[float, float]:
    number = own.sum(axis=1)
    best, chosen = -np.inf, (float(_STRENGTHS[-1]), float(_STRENGTHS[-1]))
    # from the strongest down, so that the stronger wins a tie
    for toward in _STRENGTHS[::-1].tolist():
        prior = _toward(around, area, toward)
        for strength in _STRENGTHS[::-1].tolist():
            alpha = strength * prior
            likely = float(
                (gammaln(alpha + own) - gammaln(alpha)).sum()
                + len(number) * gammaln(strength)
                - gammaln(strength + number).sum()
            )
            if likely > best + 1e-9 * abs(likely):
                best, chosen = likely, (strength, toward)
    return chosen
