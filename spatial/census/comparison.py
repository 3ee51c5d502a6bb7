"""Comparison: residents by class under patrol areas beside those of the study area, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.census.earlier import times_listed
from spatial.census.exposure import Cover, share_interval, withheld

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.census import CensusRules
    from spatial.census.areas import CensusAreas
    from spatial.census.recorded import Recorded
    from spatial.hexes.study_area import StudyArea

DECILES: Final = tuple(range(1, 11))
_CLASS: Final = ("residents", "share", "low", "high", "residents_all", "share_all", "ratio")
DECILE_COLUMNS: Final = (
    "decile", *_CLASS, "ground_share", "incidents_share", "harm_share", "kept_back",
)  # fmt: skip
GROUP_COLUMNS: Final = ("group", "title", *_CLASS, "kept_back")
PLACE_COLUMNS: Final = (
    "rank", "area_id", "name", "residents", "decile", "lists", "of_lists", "first", "last",
)  # fmt: skip


def decile_table(
    areas: CensusAreas,
    under: Cover,
    study_area: StudyArea,
    recorded: Recorded | None,
    *,
    rules: CensusRules,
) -> pd.DataFrame:
    """Return ``DECILE_COLUMNS``, a row to each tenth from the most deprived.

    Parameters
    ----------
    areas
        With deciles.
    under
        How much of each lies where.
    study_area
        Whose ground is shared out.
    recorded
        What is placed in the deciles; None where it may not be said.
    rules
        What is kept back.
    """
    member = _members(areas)
    table = _class_table(areas.people[:, None] * member, under, rules)
    system = study_area.metric_system
    inside = np.flatnonzero(under.study > 0)
    metres = np.zeros(len(areas.shapes))
    metres[inside] = [system.project(areas.shapes[place]).area for place in inside]
    ground = system.project(study_area.polygon).area
    return table.assign(
        decile=list(DECILES),
        ground_share=np.round((metres * under.study) @ member / ground, 4),
        incidents_share=_placed(recorded, "incidents", member),
        harm_share=_placed(recorded, "harm_days", member),
    ).reindex(columns=list(DECILE_COLUMNS))


def group_table(areas: CensusAreas, under: Cover, *, rules: CensusRules) -> pd.DataFrame:
    """Return ``GROUP_COLUMNS``, a row to each group that the census table has."""
    table = _class_table(np.nan_to_num(areas.by_group), under, rules)
    return table.assign(
        group=[group.name for group in areas.groups],
        title=[group.title for group in areas.groups],
    ).reindex(columns=list(GROUP_COLUMNS))


def place_table(
    places: pd.DataFrame,
    areas: CensusAreas | None,
    under: Cover | None,
    earlier: pd.DataFrame | None,
    *,
    rules: CensusRules,
) -> pd.DataFrame:
    """Return ``PLACE_COLUMNS``, a row to each place; null where a part is not known or kept back.

    Groups are never given by place: a place has too few residents for that.
    """
    table = places.reindex(columns=["rank", "area_id", "name"]).reset_index(drop=True)
    if areas is not None and under is not None:
        people = under.places @ areas.people
        few = (people > 0) & (people < rules.fewest_residents)
        table["residents"] = np.where(few, np.nan, np.round(people, -1))
        if areas.decile is not None and len(table):
            by_decile = under.places @ (areas.people[:, None] * _members(areas))
            most = by_decile.argmax(axis=1) + 1.0
            table["decile"] = np.where(by_decile.any(axis=1) & ~few, most, np.nan)
    if earlier is not None and not earlier.empty and len(table):
        outlines = list(places["geometry"])
        table = table.join(times_listed(outlines, earlier, same_place=rules.same_place))
    return table.reindex(columns=list(PLACE_COLUMNS))


def _members(areas: CensusAreas) -> NDArray[np.bool_]:
    return np.stack([areas.decile == decile for decile in DECILES], axis=1)


def _placed(recorded: Recorded | None, what: str, member: NDArray[np.bool_]) -> NDArray[np.float64]:
    if recorded is None:
        return np.full(member.shape[1], np.nan)
    values: NDArray[np.float64] = getattr(recorded, what)
    if not values.sum():
        return np.full(member.shape[1], np.nan)
    there = recorded.area >= 0
    shares = values[there] @ member[recorded.area[there]] / values.sum()
    return np.round(np.asarray(shares, dtype=float), 4)


def _class_table(members: NDArray[np.float64], under: Cover, rules: CensusRules) -> pd.DataFrame:
    """Compare classes of residents: ``members`` of each census area, shape (n, classes)."""
    found, everybody = under.patrolled @ members, under.study @ members
    by_place = under.places @ members
    whole, all_told = float(found.sum()), float(everybody.sum())
    back_all = withheld(everybody, fewest=rules.fewest_residents)
    back = withheld(np.where(back_all, 1.0, found), fewest=rules.fewest_residents)
    if 0 < whole < rules.fewest_residents:
        back[:] = True
    share = found / whole if whole else np.full(len(found), np.nan)
    share_all = everybody / all_told if all_told else np.full(len(found), np.nan)
    limits = np.array(
        [
            share_interval(part, by_place.sum(axis=1), fewest_places=rules.fewest_places)
            for part in by_place.T
        ]
    ).reshape(-1, 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(share_all > 0, share / share_all, np.nan)
    table = pd.DataFrame(
        {
            "residents": np.round(found),
            "share": np.round(share, 4),
            "low": np.round(limits[:, 0], 4),
            "high": np.round(limits[:, 1], 4),
            "residents_all": np.round(everybody),
            "share_all": np.round(share_all, 4),
            "ratio": np.round(ratio, 2),
            "kept_back": back,
        }
    )
    table.loc[back, ["residents", "share", "low", "high", "ratio"]] = np.nan
    table.loc[back_all, ["residents_all", "share_all"]] = np.nan
    return table
