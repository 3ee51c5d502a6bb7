"""GPX 1.1: a waypoint inside each area and its outline as a track, for a handheld or a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from config.version import VERSION
from layers.formats.area_layer import coordinates, polygons

if TYPE_CHECKING:
    import shapely

    from layers.formats.area_layer import AreaLayer, Row

_NAMESPACE: Final = "http://www.topografix.com/GPX/1/1"
# shown under a place's name on a small screen, in this order, and joined by full stops
_SAID: Final = ("why", "peak_windows", "grid_ref")


def layer_gpx(layer: AreaLayer) -> bytes:
    """Write a layer as GPX 1.1: UTF-8, WGS84, no extensions.

    ``name`` is rank and name, ``cmt`` the ``area_id``, ``desc`` why, when and the grid reference,
    ``src`` the marking. A track has a segment for each ring of the outline, closed. GPX has no room
    for other columns.
    """
    root = ET.Element("gpx", xmlns=_NAMESPACE, version="1.1", creator=f"Harmhex {VERSION}")
    head = ET.SubElement(root, "metadata")
    _text(head, "name", f"{layer.marking}: {layer.title}")
    _text(head, "desc", layer.description)
    if len(layer.outlines):
        west, south, east, north = _bounds(layer)
        ET.SubElement(head, "bounds", minlat=south, minlon=west, maxlat=north, maxlon=east)
    for row, outline in zip(layer.rows, layer.outlines, strict=True):
        longitude, latitude = _inside(row, outline)
        _describe(ET.SubElement(root, "wpt", lat=latitude, lon=longitude), layer, row)
    for row, outline in zip(layer.rows, layer.outlines, strict=True):
        track = ET.SubElement(root, "trk")
        _describe(track, layer, row)
        for part in polygons(outline):
            for ring in (part.exterior, *part.interiors):
                segment = ET.SubElement(track, "trkseg")
                for longitude, latitude in coordinates(ring):
                    ET.SubElement(segment, "trkpt", lat=latitude, lon=longitude)
    ET.indent(root, space=" ")
    content: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"


def _describe(place: ET.Element, layer: AreaLayer, row: Row) -> None:
    """Write what is said of a place, in the order that the schema wants."""
    rank = row.get("rank")
    _text(place, "name", str(row["name"]) if rank is None else f"{rank} {row['name']}")
    _text(place, "cmt", str(row["area_id"]))
    # a place without a street is named by its grid reference already
    kept = [row[column] for column in _SAID if row.get(column) and row[column] != row["name"]]
    said = ". ".join(str(one).rstrip(".") for one in kept)
    if said:
        _text(place, "desc", said)
    run = layer.facts.get("run_id", "")
    _text(place, "src", f"{layer.marking}, run {run}" if run else layer.marking)
    if place.tag == "trk" and rank is not None:
        _text(place, "number", str(rank))


def _inside(row: Row, outline: shapely.Polygon | shapely.MultiPolygon) -> tuple[str, str]:
    longitude, latitude = row.get("longitude"), row.get("latitude")
    if longitude is None or latitude is None:
        point = outline.representative_point()
        longitude, latitude = point.x, point.y
    return f"{longitude:.6f}", f"{latitude:.6f}"


def _bounds(layer: AreaLayer) -> list[str]:
    edges = [outline.bounds for outline in layer.outlines]
    least = [min(edge[axis] for edge in edges) for axis in (0, 1)]
    most = [max(edge[axis] for edge in edges) for axis in (2, 3)]
    return [f"{edge:.6f}" for edge in (*least, *most)]


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text
