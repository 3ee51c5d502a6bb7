"""The area layer: areas, typed columns and what they rest on, as every map format takes them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import shapely

from layers.formats.values import clean_text, json_value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

Row = dict[str, Any]

_DECIMALS: Final = 6


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaLayer:
    """Areas with what is said of each, ready to be written in any format.

    Attributes
    ----------
    name, title
        The layer's name as programs read it, and as people do.
    marking, handling
        Said in every file's own description.
    facts
        What the numbers rest on: run, window, profile; written into every file's description.
    made
        The day every time stamp in a file is set to, so that the same run has the same bytes. It
        is the day the data reach, never the clock.
    columns
        Each column's kind, in order. ``area_id`` is among them.
    rows
        One for each area; text is clean, what is not there is None, whole numbers are int.
    outlines
        Polygons or MultiPolygons, EPSG:4326, to six decimals (a tenth of a metre), exterior rings
        anticlockwise; object array, shape (n,).
    """

    name: str
    title: str
    marking: str
    handling: str
    facts: Mapping[str, str]
    made: dt.date
    columns: Mapping[str, Kind]
    rows: tuple[Row, ...]
    outlines: NDArray[np.object_]

    @property
    def stamp(self) -> str:
        """The time stamp of every file: midnight UTC of the day the data reach."""
        return f"{self.made.isoformat()}T00:00:00.000Z"

    @property
    def description(self) -> str:
        """The marking, the handling line and the facts, a line each."""
        said = [self.marking, self.handling, *(f"{key}: {value}" for key, value in self.about())]
        return "\n".join(line for line in said if line)

    def about(self) -> list[tuple[str, str]]:
        """Return the facts in their order, without those that are empty."""
        return [(key, clean_text(value)) for key, value in self.facts.items() if value]

    def values(self, column: str) -> list[Any]:
        """Return one column, in the order of the rows."""
        return [row[column] for row in self.rows]

    @property
    def has_parts(self) -> bool:
        """Whether an outline is of several polygons."""
        return any(outline.geom_type == "MultiPolygon" for outline in self.outlines)

    def alike(self) -> NDArray[np.object_]:
        """Return the outlines all of one type: MultiPolygons as soon as one of them is."""
        if not self.has_parts:
            return self.outlines
        made = np.empty(len(self.outlines), dtype=object)
        made[:] = [shapely.MultiPolygon(polygons(outline)) for outline in self.outlines]
        return made


def area_layer(  # noqa: PLR0913 (what a file must say of itself)
    table: pd.DataFrame,
    columns: Sequence[str],
    *,
    name: str,
    title: str,
    marking: str,
    handling: str,
    facts: Mapping[str, str],
    made: dt.date,
    kinds: Mapping[str, Kind],
) -> AreaLayer:
    """Make a layer of a table with ``geometry``.

    ``kinds`` holds for the columns it names, so that a column without a value keeps its type from
    one list to the next; any other column is a number if all it holds are numbers, else text.
    """
    found = {column: kinds.get(column) or kind_of(table[column]) for column in columns}
    rows = tuple(
        {column: _value(row[column], kind) for column, kind in found.items()}
        for row in table.to_dict("records")
    )
    outlines = np.empty(len(table), dtype=object)
    outlines[:] = table["geometry"].tolist()
    rounded = shapely.transform(outlines, lambda corners: np.round(corners, _DECIMALS))
    return AreaLayer(
        name=name,
        title=title,
        marking=marking,
        handling=handling,
        facts=facts,
        made=made,
        columns=found,
        rows=rows,
        outlines=shapely.orient_polygons(rounded, exterior_cw=False),
    )


def polygons(outline: shapely.Polygon | shapely.MultiPolygon) -> list[shapely.Polygon]:
    """Return the polygons an outline is made of, in its order."""
    return cast("list[shapely.Polygon]", list(shapely.get_parts(outline)))


def coordinates(ring: shapely.LinearRing) -> list[tuple[str, str]]:
    """Return a ring's corners as text, longitude and latitude to six decimals, first again last."""
    return [(f"{x:.{_DECIMALS}f}", f"{y:.{_DECIMALS}f}") for x, y in ring.coords]


def kind_of(values: pd.Series) -> Kind:
    """Return what a column holds, from its values: text where it holds none."""
    held = [value for value in map(json_value, values.tolist()) if value is not None]
    if not held or any(isinstance(value, bool | str) for value in held):
        return Kind.TEXT
    if all(isinstance(value, int) for value in held):
        return Kind.WHOLE
    return Kind.NUMBER if all(isinstance(value, int | float) for value in held) else Kind.TEXT


def _value(given: Any, kind: Kind) -> Any:  # noqa: ANN401 (a cell of a table is anything)
    plain = json_value(given)
    if plain is None or (isinstance(plain, float) and not math.isfinite(plain)):
        return None
    if kind is Kind.TEXT:
        return clean_text(str(plain))
    return int(plain) if kind is Kind.WHOLE else float(plain)
