"""Drawn areas: a force's own polygons as candidates, in place of areas grown from cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from config.errors import BadInputError
from spatial.hexes.ground import on_plane
from spatial.notes import Note, Notes
from spatial.vectors import read_features

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from spatial.hexes.study_area import StudyArea

# neighbours digitised apart overlap by a hair; a building plot is no hair
_HAIR_M2: Final = 100.0
_NAMED_BY: Final = ("name", "title", "label", "code", "id")
# how the statistics office heads names: WD13NM, LAD23NM
_OFFICE_NAME: Final = re.compile(r"[a-z]{2,6}[0-9]{2}nm")
_NAMED: Final = 3
# a border drawn a little outside the study area is no place outside it
_INSIDE_SHARE: Final = 0.99


@dataclass(frozen=True, slots=True, eq=False)
class DrawnAreas:
    """Polygons that may become places, none overlapping another.

    Attributes
    ----------
    names
        One each: from the file, else its row number.
    outlines
        Polygons and MultiPolygons, EPSG:4326, in an order of their own: not that of the file, so
        that no result depends on it.
    notes
        What was left out, mended or lies partly outside the study area.
    """

    names: tuple[str, ...]
    outlines: NDArray[np.object_]
    notes: Notes

    def __len__(self) -> int:
        """Return the number of polygons."""
        return len(self.names)


def read_drawn(path: Path, *, study_area: StudyArea) -> DrawnAreas:
    """Read a force's own polygons.

    Parameters
    ----------
    path
        A map file of any format that :func:`spatial.vectors.read_features` reads, or the file of a
        stored context layer such as beats.
    study_area
        Polygons wholly outside it are left out.

    Raises
    ------
    BadInputError
        The file cannot be read, holds no polygon in the study area, or two polygons overlap by more
        than 100 m2.
    """
    if not path.exists():
        msg = f"There is no file {path.name!r}. Check the name and the folder."
        raise BadInputError(msg)
    features = read_features(path)
    names = [_name(row, place) for place, row in enumerate(features.properties, start=1)]
    outlines = np.empty(len(features.geometries), dtype=object)
    outlines[:] = features.geometries
    areal = shapely.get_dimensions(outlines) == 2  # noqa: PLR2004 (a polygon's)
    shapes = on_plane(outlines, study_area.metric_system)
    within = study_area.metric_system.project(study_area.polygon)
    shapely.prepare(within)
    inside = areal & shapely.intersects(shapes, within)
    if not inside.any():
        msg = (
            f"{path.name} holds no polygon in study area {study_area.name!r}: give polygons that "
            "lie in it, or another study area."
        )
        raise BadInputError(msg)
    share = np.zeros(len(outlines))
    share[inside] = shapely.area(shapely.intersection(shapes[inside], within)) / shapely.area(
        shapes[inside]
    )
    inside &= share > 0
    partly = inside & (share < _INSIDE_SHARE)
    notes = (
        *features.notes,
        *_told(path, "lines and points, which are no areas and are left out", names, ~areal),
        *_told(path, "wholly outside the study area and left out", names, areal & ~inside),
        *_told(path, "partly outside the study area; counted is what lies inside", names, partly),
    )
    kept = np.flatnonzero(inside)
    _refuse_overlaps(path, [names[place] for place in kept], shapes[kept])
    order = kept[np.argsort(shapely.to_wkb(shapely.normalize(outlines[kept]), hex=True))]
    return DrawnAreas(tuple(names[place] for place in order), outlines[order], notes)


def _name(row: dict[str, Any], place: int) -> str:
    held = {key.casefold(): value for key, value in row.items()}
    office = [key for key in held if _OFFICE_NAME.fullmatch(key)]
    columns = (*_NAMED_BY[:3], *office, *_NAMED_BY[3:])
    said = (str(held[key]).strip() for key in columns if held.get(key) is not None)
    return next((name for name in said if name), f"polygon {place}")


def _told(path: Path, words: str, names: Sequence[str], which: NDArray[np.bool_]) -> Notes:
    places = np.flatnonzero(which)
    if not len(places):
        return ()
    listed = ", ".join(names[place] for place in places[:_NAMED])
    more = ", ..." if len(places) > _NAMED else ""
    return (Note(f"{path.name}: {words}: {len(places):,} ({listed}{more}).", loud=True),)


def _refuse_overlaps(path: Path, names: Sequence[str], shapes: NDArray[np.object_]) -> None:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared_m2 = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    real = np.flatnonzero(shared_m2 > _HAIR_M2)
    if not len(real):
        return
    most = min(real, key=lambda pair: (-shared_m2[pair], first[pair], second[pair]))
    others = f" ({len(real) - 1:,} more pairs overlap)" if len(real) > 1 else ""
    # leaving out one of every pair is always enough
    left = len(names) - len(np.unique(second[real]))
    msg = (
        f"{path.name}: {names[first[most]]!r} and {names[second[most]]!r} overlap by "
        f"{shared_m2[most] / 10_000:,.2f} hectares{others}, so their incidents would count twice: "
        f"cut one back to the other's border, or leave one of each pair out and rank the other "
        f"{left:,}."
    )
    raise BadInputError(msg)
