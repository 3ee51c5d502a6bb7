"""Figures: what lies in each place of a list, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.profile import Tier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.hexes.counts import CellCounts
    from spatial.targets.ranking import RankedAreas

_ONE_EVENT: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class PlaceFigures:
    """What lies in each place, by rank.

    Attributes
    ----------
    incidents, without_weight
        Numbers, int64, shape (k,).
    harm, gravest
        All of it, and that of the gravest incident, thousandths of a day, int64, shape (k,).
    tiers
        Incidents by tier, one mapping per place.
    """

    incidents: NDArray[np.int64]
    without_weight: NDArray[np.int64]
    harm: NDArray[np.int64]
    gravest: NDArray[np.int64]
    tiers: tuple[dict[str, int], ...]


def figures_of(ranked: RankedAreas, counts: CellCounts, gravest: NDArray[np.int64]) -> PlaceFigures:
    """Add up what lies in each place: by cell, or by the polygon where places were drawn by hand.

    Parameters
    ----------
    ranked
        The places.
    counts
        Of the cells.
    gravest
        See :func:`spatial.hexes.gravest.gravest_harm`.
    """
    places: list[NDArray[np.int64]] = list(ranked.areas)
    if ranked.drawn is not None:
        counts, gravest = ranked.drawn.counts, ranked.drawn.gravest
        places = [np.array([place]) for place in range(len(ranked.areas))]
    position = counts.by_tier["position"].to_numpy(dtype=np.int64)
    tier = counts.by_tier["tier"].to_numpy(dtype=object)
    number = counts.by_tier["incidents"].to_numpy(dtype=np.int64)
    tiers: list[dict[str, int]] = []
    for place in places:
        held: dict[str, int] = {}
        for row in np.flatnonzero(np.isin(position, place)):
            held[str(tier[row])] = held.get(str(tier[row]), 0) + int(number[row])
        tiers.append(dict(sorted(held.items())))
    return PlaceFigures(
        incidents=_sums(counts.incidents, places),
        without_weight=_sums(counts.without_weight, places),
        harm=_sums(counts.harm, places),
        gravest=np.array([gravest[place].max() for place in places], dtype=np.int64),
        tiers=tuple(tiers),
    )


def cautions(figures: PlaceFigures) -> tuple[str, ...]:
    """Say of each place what its rank or its figures lean on: a homicide, or one event.

    Returns
    -------
    One text each, by rank: ``1 homicide; one incident is 62% of its harm``; empty where there is
    nothing to say.

    Notes
    -----
    A homicide's own harm does not rank a place (:func:`spatial.targets.ranking.ranking_values`),
    but it is in ``harm_days``. A place whose harm is mostly one incident is no pattern of harm,
    however many lesser incidents let it onto the list.
    """
    said = []
    for tiers, harm, gravest in zip(figures.tiers, figures.harm, figures.gravest, strict=True):
        killed = tiers.get(Tier.HOMICIDE, 0)
        words = [f"{killed} homicide{'s' if killed > 1 else ''}"] if killed else []
        if harm and gravest / harm >= _ONE_EVENT:
            words.append(f"one incident is {gravest / harm:.0%} of its harm")
        said.append("; ".join(words))
    return tuple(said)


def _sums(values: NDArray[np.int64], places: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.array([values[place].sum() for place in places], dtype=np.int64)
