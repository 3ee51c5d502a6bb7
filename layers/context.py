"""The ground beneath: sea, coast, parks, streets, barriers, beats and labels, from a store's files.

Read once, simplified and rounded, so that the map is small and needs no tile server.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pydeck as pdk
import shapely
from shapely.geometry import MultiPolygon, Polygon, shape

from config.errors import BadInputError
from layers import palette

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

Row = dict[str, Any]

# what is drawn of what a store may keep
_DRAWN: Final = (
    "sea", "water", "coastline", "parks", "streets", "beats", "places", "barriers",
)  # fmt: skip
# degrees; about two metres at British latitudes, below a pixel at any zoom a meeting uses
_TOLERANCE: Final = 0.00002
# of the streets that are one thin line
_LOCAL_TOLERANCE: Final = 0.00004
_DECIMALS: Final = 5

# metres on the ground, and the least pixels, of each class of street
_WIDTHS: Final = {
    "major": (18.0, 4.2),
    "minor": (11.0, 2.6),
    "local": (7.0, 1.5),
    "path": (3.0, 0.8),
}
_MAJOR_NAMES: Final = "major"
# metres between two street names, so that labels do not lie on each other
_NAME_GAP_M: Final = 420.0
_LANDMARKS: Final = {
    "rail_station": "station",
    "station": "station",
    "hospital": "hospital",
    "police_station": "police",
}
SANS: Final = "Source Sans, Helvetica, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Context:
    """The ground of one store, ready to draw; every field is rows of plain JSON values."""

    sea: tuple[Row, ...] = ()
    coast: tuple[Row, ...] = ()
    parks: tuple[Row, ...] = ()
    streets: tuple[Row, ...] = ()
    rail: tuple[Row, ...] = ()
    barriers: tuple[Row, ...] = ()
    beats: tuple[Row, ...] = ()
    beat_names: tuple[Row, ...] = ()
    street_names: tuple[Row, ...] = ()
    landmarks: tuple[Row, ...] = ()


def read_context(paths: Mapping[str, Path]) -> Context:
    """Read the context files of a store (GeoJSON, WGS84 degrees), by the names it keeps them under.

    Raises
    ------
    BadInputError
        A file is not GeoJSON.

    Notes
    -----
    A kind of file that is not there is not drawn: the map needs none of them.
    """
    found = {name: list(_features(path)) for name, path in paths.items() if name in _DRAWN}
    streets = found.get("streets", [])
    return Context(
        sea=_polygons(found.get("sea", []) + found.get("water", [])),
        coast=_lines(found.get("coastline", [])),
        parks=_polygons(found.get("parks", [])),
        streets=_streets(streets),
        rail=_lines([item for item in streets if item[1].get("class") == "rail"]),
        barriers=_lines(found.get("barriers", [])),
        beats=_lines(found.get("beats", [])),
        beat_names=_beat_names(found.get("beats", [])),
        street_names=_street_names(streets),
        landmarks=_landmarks(found.get("places", [])),
    )


def ground_layers(context: Context) -> list[pdk.Layer]:
    """Return what lies under the hexes: sea, parks, streets, the coast, barriers and beats."""
    edge, fill = palette.rgba(palette.ROAD_EDGE), palette.rgba(palette.ROAD)
    narrow = tuple(row for row in context.streets if row["width"] <= _WIDTHS["local"][0])
    wide = tuple(row for row in context.streets if row["width"] > _WIDTHS["local"][0])
    return [
        _surface("parks", context.parks, palette.PARK),
        # most streets by far: one line each, as drawing without a graphics card is slow
        _streets_layer("local-streets", narrow, palette.rgba(palette.ROAD_LOCAL), field="width"),
        _streets_layer("street-edges", wide, edge, field="edge"),
        _streets_layer("streets", wide, fill, field="width"),
        _stroke("rail", context.rail, palette.rgba(palette.RAIL), pixels=1.6, dash=[6, 3]),
        _surface("sea", context.sea, palette.SEA),
        _stroke("coast", context.coast, palette.rgba(palette.COAST), pixels=1.2),
        # quiet: most lie along a road, a railway or a shore that is drawn already
        _stroke("barriers", context.barriers, palette.rgba(palette.RAIL, 0.6), pixels=1.4),
        _stroke("beats", context.beats, palette.rgba(palette.BEAT, 0.75), pixels=1.1, dash=[5, 4]),
    ]


def border_layer(polygon: BaseGeometry) -> pdk.Layer:
    """Return the border of the study area (degrees, WGS84)."""
    rows = _lines([(polygon, {})])
    return _stroke("border", rows, palette.rgba(palette.BEAT, 0.8), pixels=2)


def label_layers(context: Context) -> list[pdk.Layer]:
    """Return the names that lie above the hexes, each with a white halo."""
    return [
        _names(
            "street-names",
            context.street_names,
            metres=78,
            pixels=(9.5, 14),
            colour=palette.INK,
            angle=True,
        ),
        _names(
            "landmarks",
            context.landmarks,
            metres=78,
            pixels=(9.5, 14),
            colour=palette.GREY_INK,
            bold=True,
        ),
        _names(
            "beat-names",
            context.beat_names,
            metres=104,
            pixels=(12, 19),
            colour=palette.GREY_INK,
            bold=True,
        ),
    ]


def _features(path: Path) -> Iterator[tuple[BaseGeometry, Row]]:
    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
        for feature in collection["features"]:
            geometry = shape(feature["geometry"])
            if not geometry.is_empty:
                yield geometry, feature.get("properties") or {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path.name} cannot be drawn because it is not GeoJSON; load the file again."
        raise BadInputError(msg) from error


def _rounded(coordinates: Any) -> list[list[float]]:  # noqa: ANN401 (shapely's own sequence type)
    return [[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y, *_ in coordinates]


def _parts(geometry: BaseGeometry, tolerance: float = _TOLERANCE) -> list[BaseGeometry]:
    return list(shapely.get_parts(geometry.simplify(tolerance)))


def _polygons(items: list[tuple[BaseGeometry, Row]]) -> tuple[Row, ...]:
    return tuple(
        {"rings": [_rounded(ring.coords) for ring in (part.exterior, *part.interiors)]}
        for geometry, _ in items
        for part in _parts(geometry)
        if isinstance(part, Polygon)
    )


def _lines(items: list[tuple[BaseGeometry, Row]], tolerance: float = _TOLERANCE) -> tuple[Row, ...]:
    rows = []
    for geometry, _ in items:
        for part in _parts(geometry, tolerance):
            outline = part.boundary if part.geom_type == "Polygon" else part
            rows += [
                {"path": _rounded(line.coords)}
                for line in shapely.get_parts(outline)
                if line.geom_type in {"LineString", "LinearRing"}
            ]
    return tuple(rows)


def _streets(items: list[tuple[BaseGeometry, Row]]) -> tuple[Row, ...]:
    rows = []
    # paths first, so that the wide streets lie over the narrow ones
    for kind in reversed(_WIDTHS):
        metres, _ = _WIDTHS[kind]
        tolerance = _LOCAL_TOLERANCE if metres <= _WIDTHS["local"][0] else _TOLERANCE
        drawn = _lines([item for item in items if item[1].get("class") == kind], tolerance)
        rows += [{**row, "width": metres, "edge": metres * 1.45} for row in drawn]
    return tuple(rows)


def _beat_names(items: list[tuple[BaseGeometry, Row]]) -> tuple[Row, ...]:
    rows = []
    for geometry, properties in items:
        name = str(properties.get("name") or "")
        if name and isinstance(geometry, Polygon | MultiPolygon):
            point = shapely.maximum_inscribed_circle(geometry).coords[0]
            rows.append({"at": _rounded([point])[0], "name": name})
    return tuple(rows)


def _landmarks(items: list[tuple[BaseGeometry, Row]]) -> tuple[Row, ...]:
    rows = []
    for geometry, properties in items:
        if properties.get("kind") in _LANDMARKS and properties.get("name"):
            point = geometry.representative_point()
            rows.append({"at": _rounded(point.coords)[0], "name": str(properties["name"])})
    return tuple(rows)


def _street_names(items: list[tuple[BaseGeometry, Row]]) -> tuple[Row, ...]:
    """Place each major street's name once, along its longest straight run, clear of the others."""
    longest: dict[str, tuple[float, Row]] = {}
    for geometry, properties in items:
        name = str(properties.get("name") or "")
        if not name or properties.get("class") != _MAJOR_NAMES:
            continue
        for part in shapely.get_parts(geometry):
            run = _longest_run(part)
            if run is not None and run[0] > longest.get(name, (0.0,))[0]:
                longest[name] = (run[0], {**run[1], "name": name})
    placed: list[Row] = []
    for _, row in sorted(longest.values(), key=lambda pair: (-pair[0], pair[1]["name"])):
        if all(_metres(row["at"], other["at"]) >= _NAME_GAP_M for other in placed):
            placed.append(row)
    return tuple(placed)


def _longest_run(line: BaseGeometry) -> tuple[float, Row] | None:
    points = list(line.simplify(_TOLERANCE * 6).coords) if line.geom_type == "LineString" else []
    runs = [(_metres(a, b), a, b) for a, b in pairwise(points)]
    if not runs:
        return None
    length, a, b = max(runs, key=lambda run: run[0])
    east = (b[0] - a[0]) * math.cos(math.radians(a[1]))
    angle = math.degrees(math.atan2(b[1] - a[1], east))
    # keep the writing upright
    upright = angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle  # noqa: PLR2004 (a right angle)
    middle = [round((a[0] + b[0]) / 2, _DECIMALS), round((a[1] + b[1]) / 2, _DECIMALS)]
    return length, {"at": middle, "angle": round(upright, 1)}


def _metres(a: Any, b: Any) -> float:  # noqa: ANN401 (any pair of degrees)
    """Return the distance of two points of one town (degrees), good enough to space labels."""
    east = (b[0] - a[0]) * 111_320 * math.cos(math.radians(a[1]))
    return math.hypot(east, (b[1] - a[1]) * 110_540)


def _surface(name: str, rows: tuple[Row, ...], colour: str) -> pdk.Layer:
    return pdk.Layer(
        "PolygonLayer",
        list(rows),
        id=name,
        get_polygon="rings",
        get_fill_color=palette.rgba(colour),
        stroked=False,
        filled=True,
    )


def _streets_layer(
    name: str, rows: tuple[Row, ...], colour: palette.Colour, *, field: str
) -> pdk.Layer:
    return pdk.Layer(
        "PathLayer",
        list(rows),
        id=name,
        get_path="path",
        get_width=field,
        get_color=colour,
        width_min_pixels=2.2 if field == "edge" else 1.2,
        cap_rounded=True,
        joint_rounded=True,
    )


def _stroke(
    name: str,
    rows: tuple[Row, ...],
    colour: palette.Colour,
    *,
    pixels: float,
    dash: list[int] | None = None,
) -> pdk.Layer:
    options: Row = {}
    if dash:
        options = {
            "extensions": [{"@@type": "PathStyleExtension", "dash": True}],
            "get_dash_array": dash,
            "dash_justified": True,
        }
    return pdk.Layer(
        "PathLayer",
        list(rows),
        id=name,
        get_path="path",
        get_width=pixels,
        width_units=pdk.types.String("pixels"),
        get_color=colour,
        joint_rounded=True,
        **options,
    )


def _names(  # noqa: PLR0913 (one label kind, the ways in which it may differ)
    name: str,
    rows: tuple[Row, ...],
    *,
    metres: float,
    pixels: tuple[float, float],
    colour: str,
    bold: bool = False,
    angle: bool = False,
) -> pdk.Layer:
    return pdk.Layer(
        "TextLayer",
        list(rows),
        id=name,
        get_position="at",
        get_text="name",
        get_size=metres,
        size_units=pdk.types.String("meters"),
        size_min_pixels=pixels[0],
        size_max_pixels=pixels[1],
        get_color=palette.rgba(colour),
        get_angle="angle" if angle else 0,
        font_family=pdk.types.String(SANS),
        font_weight=600 if bold else 500,
        character_set=pdk.types.String("auto"),
        font_settings={"sdf": True, "fontSize": 48, "buffer": 8, "radius": 14, "cutoff": 0.2},
        outline_width=5,
        outline_color=palette.rgba(palette.WHITE, 0.95),
    )
