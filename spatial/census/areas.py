"""Census areas: where people live, how deprived it is and who they are, from the layers kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

from spatial.census.table import CODE, DECILE, RESIDENTS
from spatial.hexes.residents import PEOPLE_KEYS, people_of
from spatial.notes import Note, Notes
from spatial.vectors import Features, read_features

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from config.census import CensusRules, Group

POPULATION: Final = "population"
CENSUS: Final = "census"
LAYERS: Final = (CENSUS, POPULATION)
"""Context layers that are read; no ranking reads the first of them."""

_APART: Final = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class CensusAreas:
    """Small areas and who lives in them.

    Attributes
    ----------
    shapes
        EPSG:4326, shape (n,): polygons, or points that stand for one.
    people
        Residents, shape (n,).
    decile
        Deprivation, 1 (most) to 10, NaN where not known, shape (n,); None without deciles.
    groups
        Those the table has, in the order of the configuration.
    by_group
        Residents by group, NaN where not known, shape (n, len(groups)).
    how
        In a sentence, what was put together.
    notes
        What did not match.
    """

    shapes: NDArray[np.object_]
    people: NDArray[np.float64]
    decile: NDArray[np.float64] | None
    groups: tuple[Group, ...]
    by_group: NDArray[np.float64]
    how: str
    notes: Notes


def census_areas(layers: Mapping[str, Path], *, rules: CensusRules) -> CensusAreas | None:
    """Put the census table and the population layer together.

    Parameters
    ----------
    layers
        Context layers of a store: name to file.
    rules
        The groups.

    Returns
    -------
    None where no layer says how many people live anywhere.

    Raises
    ------
    BadInputError
        The population layer has no number of people, or one that is none.

    Notes
    -----
    A table of codes is joined to the population layer's areas. A table of areas stands alone, but
    where the population layer is finer each of its areas takes the decile and the mix of groups of
    the census area it lies in: people are then where they live, and the mix is that of the larger
    area all over.
    """
    homes = read_features(layers[POPULATION]) if POPULATION in layers else None
    if CENSUS not in layers:
        return None if homes is None else _population_alone(homes)
    table = _kept_table(layers[CENSUS])
    groups = tuple(group for group in rules.groups if group.name in table)
    shapes = np.asarray(table.pop("geometry"), dtype=object)
    if shapely.is_missing(shapes).all():
        if homes is None:
            return None
        return _by_code(homes, table, groups)
    if homes is not None and (len(homes.geometries) > len(shapes) or not _has_people(table)):
        return _by_place(homes, table, shapes, groups)
    if not _has_people(table):
        return None
    return CensusAreas(
        shapes=shapes,
        people=_people(table, groups),
        decile=table[DECILE].to_numpy(float) if DECILE in table else None,
        groups=groups,
        by_group=_counts(table, groups),
        how=f"Residents of {len(table):,} areas of the census table.",
        notes=(),
    )


def _population_alone(homes: Features) -> CensusAreas:
    count = len(homes.geometries)
    return CensusAreas(
        shapes=_shapes(homes),
        people=people_of(homes.properties),
        decile=None,
        groups=(),
        by_group=np.empty((count, 0)),
        how=f"Residents of {count:,} areas of the population layer.",
        notes=(),
    )


def _by_code(homes: Features, table: pd.DataFrame, groups: tuple[Group, ...]) -> CensusAreas:
    """Give each area of the population layer the row with its code."""
    codes = table[CODE].to_numpy(object)
    key, place = _matching_key(homes, codes)
    matched = place >= 0
    people = people_of(homes.properties) if _has_people_key(homes) else np.zeros(len(place))
    notes = []
    lost = int((~np.isin(np.arange(len(codes)), place[matched])).sum())
    if lost:
        text = (
            f"Census table: {lost:,} of {len(codes):,} rows name an area that the population layer "
            "does not have, and are left out. Codes of 2011 and 2021 differ: use one edition."
        )
        notes.append(Note(text, loud=True))
    if not matched.all():
        text = (
            f"Population layer: {int((~matched).sum()):,} of {len(matched):,} areas have no row in "
            f"the census table ({people[~matched].sum():,.0f} people); they are in no decile and "
            "no group."
        )
        notes.append(Note(text, loud=True))
    rows = table.iloc[np.where(matched, place, 0)]
    if _has_people(table):
        given = _people(rows, groups)
        notes += _totals_apart(given[matched].sum(), people[matched].sum())
        people = np.where(matched & ~np.isnan(given), given, people)
    return CensusAreas(
        shapes=_shapes(homes),
        people=people,
        decile=np.where(matched, rows[DECILE], np.nan) if DECILE in table else None,
        groups=groups,
        by_group=np.where(matched[:, None], _counts(rows, groups), np.nan),
        how=(
            f"{int(matched.sum()):,} rows of the census table, joined by code to the population "
            f"layer's areas (property {key!r})."
        ),
        notes=tuple(notes),
    )


def _by_place(
    homes: Features,
    table: pd.DataFrame,
    areas: NDArray[np.object_],
    groups: tuple[Group, ...],
) -> CensusAreas:
    """Give each area of the finer population layer the decile and mix of where its middle lies."""
    shapes, people = _shapes(homes), people_of(homes.properties)
    place = first_within(shapely.point_on_surface(shapes), areas)
    matched = place >= 0
    rows = table.iloc[np.where(matched, place, 0)]
    counts = _counts(rows, groups)
    whole = counts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mix = counts / whole[:, None]
    by_group = np.where(matched[:, None], people[:, None] * mix, np.nan)
    notes = []
    if not matched.all():
        text = (
            f"Population layer: {int((~matched).sum()):,} of {len(matched):,} areas "
            f"({people[~matched].sum():,.0f} people) lie in no census area; they are in no decile "
            "and no group."
        )
        notes.append(Note(text, loud=bool(people[~matched].sum() > _APART * people.sum())))
    if _has_people(table):
        notes += _totals_apart(float(np.nansum(_people(table, groups))), float(people.sum()))
    return CensusAreas(
        shapes=shapes,
        people=people,
        decile=np.where(matched, rows[DECILE], np.nan) if DECILE in table else None,
        groups=groups,
        by_group=by_group,
        how=(
            f"Residents of {len(shapes):,} areas of the population layer, each with the decile "
            f"and the mix of groups of the census area it lies in ({len(areas):,} areas)."
        ),
        notes=tuple(notes),
    )


def first_within(points: NDArray[np.object_], shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return for each point the first shape that it lies in or on, -1 for none."""
    found = np.full(len(points), len(shapes), dtype=np.int64)
    point, within = shapely.STRtree(shapes).query(points, predicate="intersects")
    np.minimum.at(found, point, within)
    return np.where(found == len(shapes), -1, found)


def _kept_table(path: Path) -> pd.DataFrame:
    # rows without a geometry are kept here, which a map file's reader would drop
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    table = pd.DataFrame([feature["properties"] for feature in features])
    geometries = [None if it["geometry"] is None else shape(it["geometry"]) for it in features]
    for column in table.columns.difference([CODE]):
        table[column] = pd.to_numeric(table[column])
    return table.assign(geometry=pd.Series(geometries, dtype=object))


def _matching_key(homes: Features, codes: NDArray[np.object_]) -> tuple[str, NDArray[np.int64]]:
    """Return the property whose values are found most among the codes, and each area's row."""
    index = pd.Index(codes)
    names = list(dict.fromkeys(name for row in homes.properties for name in row))
    best, place = "", np.full(len(homes.geometries), -1, dtype=np.int64)
    for name in names:
        values = [str(row.get(name)).strip() for row in homes.properties]
        tried = index.get_indexer(pd.Index(values))
        if (tried >= 0).sum() > (place >= 0).sum():
            best, place = name, tried.astype(np.int64)
    return best, place


def _totals_apart(census: float, population: float) -> list[Note]:
    if not population or abs(census - population) <= _APART * population:
        return []
    text = (
        f"The census table counts {census:,.0f} residents and the population layer "
        f"{population:,.0f}: are they of one year and one area?"
    )
    return [Note(text, loud=True)]


def _has_people(table: pd.DataFrame) -> bool:
    return bool(set(table.columns) - {CODE, DECILE, "geometry"})


def _has_people_key(homes: Features) -> bool:
    return any(key.casefold() in PEOPLE_KEYS for row in homes.properties for key in row)


def _people(table: pd.DataFrame, groups: tuple[Group, ...]) -> NDArray[np.float64]:
    if RESIDENTS in table:
        return table[RESIDENTS].to_numpy(float)
    counted: NDArray[np.float64] = _counts(table, groups).sum(axis=1)
    return counted


def _counts(table: pd.DataFrame, groups: tuple[Group, ...]) -> NDArray[np.float64]:
    return table[[group.name for group in groups]].to_numpy(float).reshape(len(table), len(groups))


def _shapes(homes: Features) -> NDArray[np.object_]:
    made = np.empty(len(homes.geometries), dtype=object)
    made[:] = homes.geometries
    return made
