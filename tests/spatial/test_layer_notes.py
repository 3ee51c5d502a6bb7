"""Layer notes: what was mended at load can be read again later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spatial.hexes.study_area import read_study_area
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.layer_notes import layer_notes, notes_in, with_notes
from spatial.notes import Note


def _collection(*rings: list[list[float]], name: str = "Place") -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"{name} {at}"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for at, ring in enumerate(rings)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


BOW = [[0.70, 51.50], [0.72, 51.52], [0.72, 51.50], [0.70, 51.52], [0.70, 51.50]]
SQUARE = [[0.70, 51.50], [0.72, 51.50], [0.72, 51.52], [0.70, 51.52], [0.70, 51.50]]


def test_notes_go_in_and_come_out(tmp_path: Path) -> None:
    notes = (Note("Mended \N{EM DASH} 'one'", loud=True), Note("Two"))
    path = tmp_path / "beats.geojson"
    path.write_bytes(with_notes(_collection(SQUARE), notes))
    assert notes_in(path) == notes
    document = json.loads(path.read_bytes())
    del document["harmhex_layer"]
    assert document == json.loads(_collection(SQUARE))
    assert with_notes(_collection(SQUARE), ()) == _collection(SQUARE)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"type": "FeatureCollection"}'])
def test_a_layer_without_notes_has_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    assert notes_in(path) == ()


def test_what_was_mended_at_load_is_kept(tmp_path: Path) -> None:
    boundary, beats = tmp_path / "bow.geojson", tmp_path / "beats.geojson"
    boundary.write_bytes(_collection(BOW))
    beats.write_bytes(_collection(SQUARE, SQUARE))
    result = load([beats], tmp_path / "store", boundary=boundary)
    store = IncidentStore.open(tmp_path / "store")
    kept = layer_notes(store)
    assert len(kept) == 2
    assert {note for notes in kept.values() for note in notes} <= set(result.notes)
    assert "overlap" in kept["Layer beats"][0].text
    # the stored area is the one that was read, and says no more of itself
    [path] = store.study_areas().values()
    again = read_study_area(path)
    assert again.digest == read_study_area(boundary).digest
    assert again.notes == ()
