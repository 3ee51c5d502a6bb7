"""A town of risks: cells, features and counts with known causes, drawn as often as a test likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sample_geo.chance import Chance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

CELL_M: Final = 100.0
FACTORS: Final[dict[str, tuple[float, float]]] = {
    "betting_shop": (150.0, 3.0),
    "club": (100.0, 5.0),
    "takeaway": (150.0, 2.0),
}
"""Kind to the distance (metres) within which it acts, and the relative risk there."""

_HOW_MANY: Final = {
    "betting_shop": 30, "club": 12, "takeaway": 45, "bank": 25, "dentist": 30, "garage": 30,
    "post_box": 90,
}  # fmt: skip
# these stand where the centre is, guilty or not
_IN_THE_CENTRE: Final = ("club", "takeaway", "bank")
_CENTRE_M: Final = 700.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskTown:
    """One town.

    Attributes
    ----------
    xy
        Middles of the cells, metres on a plane, shape (cells, 2).
    places
        Kind to the positions of its features, metres, shape (features, 2); factors and decoys.
    truth
        Factors to distance (metres, from a cell's middle) and relative risk; all other kinds of
        ``places`` are decoys, ``bank`` the hard one: it stands where the clubs stand.
    expected
        Incidents a year expected of each cell, shape (cells,): factors multiply.
    counts
        Incidents of each cell in each year, shape (years, cells).
    """

    xy: NDArray[np.float64]
    places: Mapping[str, NDArray[np.float64]]
    truth: Mapping[str, tuple[float, float]]
    expected: NDArray[np.float64]
    counts: NDArray[np.int64]

    @property
    def decoys(self) -> tuple[str, ...]:
        """Kinds that cause nothing."""
        return tuple(kind for kind in self.places if kind not in self.truth)


def draw_risk_town(  # noqa: PLR0913 (each a property of the town)
    seed: int,
    *,
    side: int = 40,
    yearly: float = 0.25,
    years: int = 2,
    rough: float = 0.0,
    factors: Mapping[str, tuple[float, float]] | None = None,
) -> RiskTown:
    """Draw a square town, where it says what raises risk and how far.

    Parameters
    ----------
    seed
        Another seed, another town.
    side
        Cells along each side, of ``CELL_M``.
    yearly
        Incidents a year of a cell that nothing raises.
    years
        How many years to draw, independently.
    rough
        How far cells differ for reasons nobody mapped (standard deviation of the logarithm); they
        keep it over the years, and counts are overdispersed by it.
    factors
        In place of ``FACTORS``; kinds drawn are the same, so that none at all makes all decoys.
    """
    chance = Chance(seed, "risk town")
    truth = dict(FACTORS if factors is None else factors)
    middle = (np.arange(side) + 0.5) * CELL_M
    xy = np.column_stack([np.tile(middle, side), np.repeat(middle, side)])
    width = side * CELL_M
    places = {}
    for kind, n in _HOW_MANY.items():
        anywhere = chance.uniform(2 * n, 0.0, width).reshape(n, 2)
        central = width / 2 + chance.bell(2 * n, _CENTRE_M).reshape(n, 2)
        inner = chance.happens(np.full(n, 0.7 if kind in _IN_THE_CENTRE else 0.0))
        places[kind] = np.where(inner[:, None], central.clip(0.0, width), anywhere)
    expected = yearly * np.exp(chance.bell(len(xy), rough) - rough**2 / 2)
    for kind, (within_m, times) in truth.items():
        away = np.hypot(*(xy[:, None, :] - places[kind][None, :, :]).transpose(2, 0, 1))
        expected = expected * np.where(away.min(axis=1) <= within_m, times, 1.0)
    return RiskTown(
        xy=xy,
        places=places,
        truth=truth,
        expected=expected,
        counts=chance.counts(np.broadcast_to(expected, (years, len(xy)))),
    )
