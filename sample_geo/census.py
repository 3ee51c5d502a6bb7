"""Census: the town's small areas, how deprived each is and who lives there, all invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from sample_geo.chance import Chance
from sample_geo.layout import DISTRICTS
from sample_geo.streets import districts_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from sample_geo.population import Square

MOST_PEOPLE: Final = 1_900
"""An area with more residents than this is halved: small areas of a census hold about 1,500."""
GROUPS: Final = ("asian", "black", "mixed", "white", "other")

# how hard up a kind of district is, and how mixed: relative, invented
_HARDSHIP: Final = {
    "old": 1.6, "terrace": 0.7, "estate": 1.9, "villa": -0.9, "suburb": -0.8, "industrial": 0.5,
    "retail": 0.2, "campus": 0.2,
}  # fmt: skip
_MIXED: Final = {
    "old": 0.24, "terrace": 0.2, "estate": 0.13, "villa": 0.09, "suburb": 0.07, "industrial": 0.12,
    "retail": 0.1, "campus": 0.3,
}  # fmt: skip
_OF_THE_MIXED: Final = (0.42, 0.2, 0.24, 0.14)
# a seaside town has more of the country's most deprived areas than its tenth
_SKEW: Final = 1.35


@dataclass(frozen=True, slots=True)
class CensusArea:
    """A small area: code, decile (1 the most deprived), residents by group, shape."""

    code: str
    decile: int
    people: dict[str, int]
    shape: BaseGeometry


def count_groups(seed: int, squares: Sequence[Square]) -> tuple[CensusArea, ...]:
    """Join squares to small areas, and draw a decile and the groups of each."""
    chance = Chance(seed, "census")
    middles = np.array([(one.shape.centroid.x, one.shape.centroid.y) for one in squares])
    people = np.array([one.people for one in squares])
    parts = _halved(np.arange(len(squares)), middles, people)
    kinds = np.array([DISTRICTS[number].kind for number in districts_at(middles)])
    hardship = np.array([_HARDSHIP[kind] for kind in kinds])
    mixed = np.array([_MIXED[kind] for kind in kinds])
    score = np.array([np.average(hardship[part], weights=people[part]) for part in parts])
    score += chance.bell(len(parts), 0.45)
    # the hardest up come first
    rank = np.empty(len(parts))
    rank[np.argsort(-score, kind="stable")] = np.arange(len(parts))
    decile = 1 + np.floor(10 * ((rank + 0.5) / len(parts)) ** _SKEW).astype(np.int64)
    swing = np.exp(chance.bell(len(parts), 0.4))
    tilt = np.exp(chance.bell(4 * len(parts), 0.35)).reshape(-1, 4) * np.array(_OF_THE_MIXED)
    areas = []
    for number, part in enumerate(parts):
        other = min(float(np.average(mixed[part], weights=people[part]) * swing[number]), 0.7)
        asian, black, both, rest = (tilt[number] / tilt[number].sum() * other).tolist()
        counts = _whole(np.array([asian, black, both, 1 - other, rest]), int(people[part].sum()))
        areas.append(
            CensusArea(
                code=f"SM{number + 1:03d}",
                decile=int(decile[number]),
                people=dict(zip(GROUPS, counts.tolist(), strict=True)),
                shape=shapely.union_all([squares[at].shape for at in part.tolist()]),
            )
        )
    return tuple(areas)


def _halved(
    part: NDArray[np.int64], middles: NDArray[np.float64], people: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """Halve squares across their longer side until no part has too many residents."""
    if people[part].sum() <= MOST_PEOPLE or len(part) == 1:
        return [part]
    spread = np.ptp(middles[part], axis=0)
    side = int(spread[1] > spread[0])
    order = part[np.lexsort((middles[part, 1 - side], middles[part, side]))]
    running = np.cumsum(people[order])
    cut = int(np.searchsorted(running, running[-1] / 2)) + 1
    cut = min(cut, len(order) - 1)
    return [*_halved(order[:cut], middles, people), *_halved(order[cut:], middles, people)]


def _whole(shares: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Share a number out in whole people; those left over go to the largest remainders."""
    exact = shares * total
    counts = np.floor(exact).astype(np.int64)
    counts[np.argsort(counts - exact, kind="stable")[: total - int(counts.sum())]] += 1
    return counts
