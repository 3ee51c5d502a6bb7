"""Factors: any map file or CSV, split by kind, kept beyond the border, refused in one sentence."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from config.errors import BadInputError
from spatial.hexes.study_area import StudyArea, study_area_from_polygons
from spatial.projection import national_grid
from spatial.risk_terrain.factors import FactorSet, read_factors
from tests.spatial.risk_terrain.towns import RULES

# a kilometre or two about Basildon
AREA = study_area_from_polygons("Basildon", [shapely.box(0.44, 51.56, 0.48, 51.585)])
SPOTS = [(0.450, 51.570), (0.455, 51.572), (0.460, 51.575), (0.490, 51.575)]


def _geojson(path: Path, rows: list[dict[str, Any]], shapes: list[shapely.Geometry]) -> Path:
    features = [
        {"type": "Feature", "properties": row, "geometry": json.loads(shapely.to_geojson(one))}
        for row, one in zip(rows, shapes, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def _pubs(path: Path, column: str = "kind") -> Path:
    points = [shapely.Point(*spot) for spot in SPOTS]
    return _geojson(path, [{column: "Pub", "name": f"Pub {n}"} for n in range(4)], points)


def _read(*paths: Path, area: StudyArea = AREA, **options: Any) -> FactorSet:  # noqa: ANN401 (whatever read_factors takes)
    return read_factors(paths, area, rules=RULES.factors, **options)


def test_every_format_gives_the_same_factors(tmp_path: Path) -> None:
    given = _pubs(tmp_path / "pubs.geojson")
    frame = geopandas.read_file(given)
    frame.to_file(tmp_path / "pubs.gpkg")
    frame.to_parquet(tmp_path / "pubs.parquet")
    frame.to_crs(27700).to_file(tmp_path / "metres.gpkg")
    lines = ["Name,Kind,Lat,Lon", *(f"Pub {n},Pub,{y},{x}" for n, (x, y) in enumerate(SPOTS))]
    (tmp_path / "pubs.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    (tmp_path / "pubs.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    plane = [national_grid().forward(x, y) for x, y in SPOTS]
    lines = ["Kind,X,Y", *(f"Pub,{float(x)},{float(y)}" for x, y in plane)]
    (tmp_path / "plane.csv").write_text("\n".join(lines))
    wanted = _read(given)
    for name in ("pubs.gpkg", "pubs.parquet", "pubs.csv", "pubs.csv.gz"):
        found = _read(tmp_path / name)
        assert found.digest == wanted.digest, name
    here = wanted.factors[0]
    # the grid by whatever transformation wrote it, to the accuracy of the pinned one
    for name, metres in (("plane.csv", 0.01), ("metres.gpkg", 5.0)):
        there = _read(tmp_path / name).factors[0]
        assert (shapely.distance(there.shapes, here.shapes) < metres).all(), name
    assert here.kind == "pub"
    assert len(here) == 4


def test_a_kind_in_two_files_is_one_factor_and_a_place_in_both_counts_once(tmp_path: Path) -> None:
    one, other = _pubs(tmp_path / "a.geojson"), _pubs(tmp_path / "b.geojson", "amenity")
    found = _read(one, other)
    assert [(each.kind, len(each)) for each in found.factors] == [("pub", 4)]
    assert any("4 features are given twice" in note.text for note in found.notes)
    assert found.digest == _read(other, one).digest


def test_kinds_are_read_from_the_first_filled_column(tmp_path: Path) -> None:
    rows = [
        {"amenity": "fast_food", "shop": ""}, {"amenity": None, "shop": "Alcohol"},
        {"amenity": "Fast Food", "shop": "yes"}, {"amenity": None, "shop": "no"},
    ]  # fmt: skip
    path = _geojson(tmp_path / "osm.geojson", rows, [shapely.Point(*spot) for spot in SPOTS])
    found = _read(path)
    assert {one.factor for one in found.rejected} == {"fast_food", "alcohol"}
    assert any("1 features say no kind" in note.text for note in found.notes)
    by_shop = _read(path, type_columns=["shop"])
    assert {one.factor for one in by_shop.rejected} == {"alcohol", "yes"}
    with pytest.raises(BadInputError, match=r"osm\.geojson has no column 'kind'; it has 'amenity'"):
        _read(path, type_columns=["kind"])
    with pytest.raises(BadInputError, match="No feature is of the kind 'casino'"):
        _read(path, kinds=["casino"])


def test_a_file_without_kinds_is_one_factor(tmp_path: Path) -> None:
    path = _pubs(tmp_path / "Late licences.geojson", "colour")
    found = _read(path)
    assert [one.kind for one in found.factors] == ["late_licences"]
    assert any("it is one factor, 'late_licences'" in note.text for note in found.notes)


def test_one_or_two_features_tell_nothing(tmp_path: Path) -> None:
    rows = [{"kind": "pub"}, {"kind": "club"}, {"kind": "club"}, {"kind": "club"}]
    path = _geojson(tmp_path / "p.geojson", rows, [shapely.Point(*spot) for spot in SPOTS])
    found = _read(path)
    assert [one.kind for one in found.factors] == ["club"]
    assert found.rejected[0].reason.startswith("only 1 feature: nothing can be told")


def test_features_beyond_the_border_are_kept_and_their_absence_is_said(tmp_path: Path) -> None:
    beyond = _read(_pubs(tmp_path / "pubs.geojson"))
    assert len(beyond.factors[0]) == 4
    assert any("1 around it, which act on its edge" in note.text for note in beyond.notes)
    points = [shapely.Point(*spot) for spot in SPOTS[:3]]
    cut = _read(_geojson(tmp_path / "cut.geojson", [{"kind": "pub"}] * 3, points))
    loud = [note.text for note in cut.notes if note.loud]
    assert any("nothing beyond the border of Basildon" in text for text in loud)


def test_lines_and_areas_are_factors_too(tmp_path: Path) -> None:
    shapes = [shapely.box(x, y, x + 0.001, y + 0.001) for x, y in SPOTS[:3]]
    found = _read(_geojson(tmp_path / "parks.geojson", [{"kind": "park"}] * 3, shapes))
    assert shapely.area(found.factors[0].shapes) == pytest.approx(69 * 111, rel=0.02)
    assert any("counts as one, at a point inside it (park 3)" in n.text for n in found.notes)
    assert np.isfinite(shapely.get_coordinates(found.factors[0].shapes)).all()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("far.csv", "kind,lat,lon\npub,53.2,1.4\n", "far.csv: none of its 1 features lies near"),
        ("swap.csv", "kind,lon,lat\npub,51.57,0.45\n", "longitude is not latitude"),
        ("no.csv", "kind,postcode\npub,SS14\n", "no columns of longitude and latitude"),
        ("blank.csv", "kind,lat,lon\npub,,\n", "no row has coordinates that can be read"),
        ("grid.csv", "kind,lat,lon\npub,570000,190000\n", "no row has coordinates"),
        ("empty.csv", "", "empty.csv cannot be read as CSV"),
        ("none.geojson", '{"type": "FeatureCollection", "features": []}', "holds no feature"),
    ],
)
def test_files_that_cannot_be_used_are_refused(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInputError, match=message):
        _read(tmp_path / name)


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="No factor file was given"):
        _read()
    with pytest.raises(BadInputError, match="There is no factor file"):
        _read(tmp_path / "gone.csv")


def test_real_licensed_venues(shared_data: Path) -> None:
    found = _read(shared_data / "places" / "essex_licensed_venues.csv.gz")
    size = {one.kind: len(one) for one in found.factors}
    assert set(size) == {"pub", "restaurant"}
    assert sum(size.values()) > 500
