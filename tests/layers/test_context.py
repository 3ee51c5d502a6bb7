from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from config.errors import BadInputError
from layers.context import Context, ground_layers, label_layers, read_context

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, *features: tuple[dict[str, Any], dict[str, Any]]) -> Path:
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": geometry, "properties": properties}
            for geometry, properties in features
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def line(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": points}


SQUARE = {
    "type": "Polygon",
    "coordinates": [[[1.4, 53.2], [1.41, 53.2], [1.41, 53.21], [1.4, 53.21], [1.4, 53.2]]],
}


def test_streets_are_drawn_narrow_first_and_named_upright(tmp_path: Path) -> None:
    streets = write(
        tmp_path / "streets.geojson",
        (line((1.41, 53.2), (1.4, 53.2)), {"name": "High Street", "class": "major"}),
        (line((1.4, 53.2), (1.4, 53.205)), {"name": "Back Lane", "class": "path"}),
        (line((1.4, 53.21), (1.42, 53.21)), {"name": "", "class": "rail"}),
    )
    context = read_context({"streets": streets})
    widths = [row["width"] for row in context.streets]
    assert widths == sorted(widths)
    assert len(widths) == 2
    assert len(context.rail) == 1
    # drawn from east to west, still written from left to right
    assert context.street_names == ({"at": [1.405, 53.2], "angle": 0.0, "name": "High Street"},)


def test_a_street_in_many_pieces_is_named_once_and_close_names_yield(tmp_path: Path) -> None:
    streets = write(
        tmp_path / "streets.geojson",
        (line((1.4, 53.2), (1.41, 53.2)), {"name": "High Street", "class": "major"}),
        (line((1.41, 53.2), (1.43, 53.2)), {"name": "High Street", "class": "major"}),
        (line((1.419, 53.2005), (1.422, 53.2005)), {"name": "Short Row", "class": "major"}),
    )
    names = [row["name"] for row in read_context({"streets": streets}).street_names]
    assert names == ["High Street"]


def test_beats_are_bordered_and_named_inside(tmp_path: Path) -> None:
    beats = write(tmp_path / "beats.geojson", (SQUARE, {"name": "Northgate", "code": "N1"}))
    context = read_context({"beats": beats})
    (name,) = context.beat_names
    assert name["name"] == "Northgate"
    assert name["at"] == pytest.approx([1.405, 53.205], abs=2e-3)
    assert len(context.beats) == 1


def test_barriers_are_drawn_as_lines_under_the_beats(tmp_path: Path) -> None:
    barriers = write(
        tmp_path / "barriers.geojson",
        (line((1.4, 53.2), (1.41, 53.2)), {"name": "A9", "kind": "motorway"}),
        (SQUARE, {"name": "", "kind": "river"}),
    )
    context = read_context({"barriers": barriers})
    assert [len(row["path"]) for row in context.barriers] == [2, 5]
    names = [layer.id for layer in ground_layers(context)]
    assert names.index("barriers") < names.index("beats")


def test_no_files_is_an_empty_ground() -> None:
    assert read_context({}) == Context()
    assert all(layer.data == [] for layer in ground_layers(Context()) + label_layers(Context()))


def test_a_file_that_is_not_geojson_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "parks.geojson"
    bad.write_text("not json", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"parks\.geojson cannot be drawn"):
        read_context({"parks": bad})
