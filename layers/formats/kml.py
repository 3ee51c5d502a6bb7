"""KML 2.2: areas for an earth viewer or a phone, coloured by rank, every column in the balloon."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from layers import palette
from layers.formats.area_layer import Kind, coordinates, polygons

if TYPE_CHECKING:
    import shapely

    from layers.formats.area_layer import AreaLayer, Row

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_TYPES: Final = {Kind.TEXT: "string", Kind.WHOLE: "int", Kind.NUMBER: "double"}
# the last rank that takes each style, its colour, and the width of its line in pixels
_STYLES: Final = (
    ("style-first", 5, palette.VIOLENCE_STEPS[4], 4),
    ("style-next", 10, palette.VIOLENCE_STEPS[3], 3),
    ("style-others", None, palette.VIOLENCE_STEPS[2], 2),
)
_FILL_OPACITY: Final = "59"
# too long for a table beside the map: they stand in the description
_ONLY_DESCRIBED: Final = ("notes", "quality")
_NOT_IN_AN_ID: Final = re.compile(r"[^A-Za-z0-9_.-]")


def layer_kml(layer: AreaLayer) -> bytes:
    """Write a layer as KML 2.2: UTF-8, WGS84, longitude first, closed rings.

    A placemark for each area with ``area_id`` as its id, rank and name as its title, and all
    columns as typed data; an attribute that is not there is left out. The document's name begins
    with the marking, and its description says what the numbers rest on.
    """
    root = ET.Element("kml", xmlns=_NAMESPACE)
    document = ET.SubElement(root, "Document", id=f"{layer.name}-document")
    _text(document, "name", f"{layer.marking}: {layer.title}")
    _text(document, "open", "1")
    # viewers read a description as HTML: what was typed must not become a tag
    _text(document, "description", html.escape(layer.description, quote=False))
    for name, _, colour, width in _STYLES:
        _style(document, name, colour, width)
    said = ET.SubElement(document, "ExtendedData")
    head = [("marking", layer.marking), ("handling", layer.handling), *layer.about()]
    for key, value in head:
        if key in _ONLY_DESCRIBED:
            continue
        _text(ET.SubElement(said, "Data", name=key), "value", value)
    schema = ET.SubElement(document, "Schema", name=layer.name, id=f"{layer.name}-schema")
    for column, kind in layer.columns.items():
        ET.SubElement(schema, "SimpleField", type=_TYPES[kind], name=column)
    ids = _ids([str(row["area_id"]) for row in layer.rows])
    for identity, row, outline in zip(ids, layer.rows, layer.outlines, strict=True):
        _placemark(ET.SubElement(document, "Placemark", id=identity), layer, row, outline)
    ET.indent(root, space=" ")
    content: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"


def xml_id(text: str) -> str:
    """Return text as an id of XML: letters, digits, ``_ . -``, never a digit first."""
    plain = _NOT_IN_AN_ID.sub("_", text)
    return plain if plain[:1].isalpha() else f"area_{plain}"


def _ids(given: list[str]) -> list[str]:
    """Return an id for each area, none twice: what is not a letter may have told two apart."""
    found: dict[str, None] = {}
    for identity in map(xml_id, given):
        fresh, number = identity, 1
        while fresh in found:
            number += 1
            fresh = f"{identity}_{number}"
        found[fresh] = None
    return list(found)


def _placemark(
    placemark: ET.Element,
    layer: AreaLayer,
    row: Row,
    outline: shapely.Polygon | shapely.MultiPolygon,
) -> None:
    title = f"{row['rank']} {row['name']}" if row.get("rank") is not None else str(row["name"])
    _text(placemark, "name", title)
    if row.get("why"):
        _text(placemark, "description", html.escape(row["why"], quote=False))
    _text(placemark, "styleUrl", f"#{_style_of(row.get('rank'))}")
    data = ET.SubElement(
        ET.SubElement(placemark, "ExtendedData"), "SchemaData", schemaUrl=f"#{layer.name}-schema"
    )
    for column in layer.columns:
        if row[column] is not None:
            field = ET.SubElement(data, "SimpleData", name=column)
            field.text = str(row[column])
    parts = polygons(outline)
    where = placemark if len(parts) == 1 else ET.SubElement(placemark, "MultiGeometry")
    for part in parts:
        polygon = ET.SubElement(where, "Polygon")
        _text(polygon, "tessellate", "1")
        _ring(polygon, "outerBoundaryIs", part.exterior)
        for hole in part.interiors:
            _ring(polygon, "innerBoundaryIs", hole)


def _ring(polygon: ET.Element, side: str, ring: shapely.LinearRing) -> None:
    line = ET.SubElement(ET.SubElement(polygon, side), "LinearRing")
    _text(line, "coordinates", " ".join(",".join(corner) for corner in coordinates(ring)))


def _style(document: ET.Element, name: str, colour: str, width: int) -> None:
    # KML writes colours as opacity, blue, green, red
    turned = f"{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()
    style = ET.SubElement(document, "Style", id=name)
    line = ET.SubElement(style, "LineStyle")
    _text(line, "color", f"ff{turned}")
    _text(line, "width", str(width))
    _text(ET.SubElement(style, "PolyStyle"), "color", f"{_FILL_OPACITY}{turned}")


def _style_of(rank: int | None) -> str:
    fits = (name for name, last, _, _ in _STYLES if rank and last is not None and rank <= last)
    return next(fits, _STYLES[-1][0])


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text
