"""Whole areas: what harm is expected of each, how surely, and on what that rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.hotspots.expected.rank_stability import chance_in_top
from spatial.hotspots.expected.shrinkage import gamma_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spatial.hotspots.expected.expected_harm import ExpectedHarm
    from spatial.targets.ranking import RankedAreas

# one cell, several
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "own_history": ("its own record", "its cells' own records"),
    "neighbours": ("what surrounds it", "what surrounds each cell"),
    "related": ("other kinds of crime there and around", "other kinds of crime there and around"),
    "base": ("what every place in the area shares", "what every place in the area shares"),
}
_MOSTLY: Final = 0.5
_LEAST_SAID: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class AreaExpectations:
    """What is expected of each ranked area, in their order.

    Attributes
    ----------
    harm_days
        Days per period as long as the window, shape (k,).
    low, high
        The interval of that rate, days, shape (k,). The errors of an area's cells are taken to move
        together, for they share neighbours, related crime and coefficients: as if they were
        independent, it would be too narrow.
    chance_in_top
        Chance (0-1) that the area is among the k with most, shape (k,).
    rests_on
        One plain sentence each: what the expectation is made of.
    """

    harm_days: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    chance_in_top: NDArray[np.float64]
    rests_on: tuple[str, ...]


def expect_in_areas(expected: ExpectedHarm, ranked: RankedAreas) -> AreaExpectations:
    """Add up the cells of each ranked area.

    Parameters
    ----------
    expected
        Of every cell.
    ranked
        The areas, and the rivals among which their chance is reckoned: areas as they were grown, in
        whatever order they were ranked.
    """
    areas = ranked.areas
    held: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = [
        (area, np.ones(len(area))) for area in (*ranked.areas, *ranked.rivals)
    ]
    if ranked.drawn is not None:
        # of a cell that a polygon cuts, the share of its ground
        held = list(ranked.drawn.overlaps)
    mean = np.array([(expected.harm_days[area] * share).sum() for area, share in held])
    variance = np.array(
        [(np.sqrt(expected.variance[area]) * share).sum() ** 2 for area, share in held]
    )
    low, high = gamma_interval(mean, variance)
    chance = chance_in_top(mean, variance, places=len(areas)) if areas else mean
    chosen = slice(len(areas))
    sentences = tuple(
        rests_on(
            {part: float((days[area] * share).sum()) for part, days in expected.parts.items()},
            several=len(area) > 1,
        )
        for area, share in held[chosen]
    )
    return AreaExpectations(mean[chosen], low[chosen], high[chosen], chance[chosen], sentences)


def rests_on(parts: Mapping[str, float], *, several: bool) -> str:
    """Say what an expectation is made of, the largest part first.

    Parameters
    ----------
    parts
        Days by part: ``own_history, neighbours, related, base``.
    several
        Whether the place has more cells than one, each of which has neighbours within the place.

    Returns
    -------
    ``Mostly its own record (71%), then what surrounds it (18%)``; empty where nothing is expected.
    """
    total = sum(parts.values())
    if total <= 0:
        return ""
    ordered = sorted(parts.items(), key=lambda part: -part[1])
    said = [
        f"{_WORDS[part][several]} ({days / total:.0%})"
        for place, (part, days) in enumerate(ordered)
        if not place or days / total >= _LEAST_SAID
    ][:3]
    sentence = ", then ".join([said[0], " and ".join(said[1:])] if said[1:] else said)
    if ordered[0][1] / total > _MOSTLY:
        return f"Mostly {sentence}"
    return sentence[:1].upper() + sentence[1:]
