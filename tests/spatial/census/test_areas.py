"""Census areas: the table and the population layer put together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from config.census import load_census_rules
from spatial.census.areas import census_areas
from spatial.census.table import read_census

if TYPE_CHECKING:
    from pathlib import Path

RULES = load_census_rules()
WEST, EAST = shapely.box(1.39, 53.19, 1.40, 53.20), shapely.box(1.40, 53.19, 1.41, 53.20)
GROUPS = {"asian": 10, "black": 5, "mixed": 5, "white": 70, "other": 10}


def _write(path: Path, *features: tuple[object, dict[str, object]]) -> Path:
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": row, "geometry": json.loads(shapely.to_geojson(it))}
            for it, row in features
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _population(folder: Path) -> Path:
    return _write(
        folder / "population.geojson",
        (WEST, {"LSOA11CD": "E1", "population": 100}),
        (EAST, {"LSOA11CD": "E2", "population": 60}),
    )


def _table(folder: Path, text: str) -> Path:
    source = folder / "census.csv"
    source.write_text(text, encoding="utf-8")
    kept = folder / "census.geojson"
    kept.write_bytes(read_census(source)[0])
    return kept


def test_rows_are_joined_by_code(tmp_path: Path) -> None:
    head = f"code,decile,{','.join(GROUPS)}\n"
    row = ",".join(map(str, GROUPS.values()))
    layers = {
        "population": _population(tmp_path),
        "census": _table(tmp_path, f"{head}E1,2,{row}\nE9,7,{row}\n"),
    }
    found = census_areas(layers, rules=RULES)
    assert found is not None
    np.testing.assert_array_equal(found.people, [100, 60])
    np.testing.assert_array_equal(found.decile, [2, np.nan])
    np.testing.assert_array_equal(found.by_group[0], list(GROUPS.values()))
    assert np.isnan(found.by_group[1]).all()
    said = " ".join(note.text for note in found.notes if note.loud)
    assert "1 of 2 rows name an area that the population layer does not have" in said
    assert "1 of 2 areas have no row in the census table (60 people)" in said


def test_a_finer_population_takes_the_mix_of_the_area_it_lies_in(tmp_path: Path) -> None:
    halves = [shapely.box(1.39, 53.19, 1.395, 53.20), shapely.box(1.395, 53.19, 1.40, 53.20)]
    layers = {
        "population": _write(
            tmp_path / "population.geojson",
            *(
                (half, {"population": people})
                for half, people in zip(halves, (80, 20), strict=True)
            ),
            (shapely.box(1.5, 53.19, 1.51, 53.2), {"population": 1}),
        ),
        "census": _write(
            tmp_path / "census.geojson",
            (WEST, {"code": "A", "decile": 4, "residents": 100, **GROUPS}),
        ),
    }
    found = census_areas(layers, rules=RULES)
    assert found is not None
    np.testing.assert_array_equal(found.decile, [4, 4, np.nan])
    # 80 and 20 people in the mix of 100
    np.testing.assert_allclose(found.by_group[:2, 3], [56, 14])
    np.testing.assert_allclose(found.by_group[:2].sum(axis=1), [80, 20])


def test_areas_of_the_table_stand_alone(tmp_path: Path) -> None:
    layers = {
        "census": _write(
            tmp_path / "census.geojson",
            (WEST, {"code": "A", "decile": 4, **GROUPS}),
            (EAST, {"code": "B", "decile": None, **GROUPS}),
        )
    }
    found = census_areas(layers, rules=RULES)
    assert found is not None
    np.testing.assert_array_equal(found.people, [100, 100])
    np.testing.assert_array_equal(found.decile, [4, np.nan])


def test_without_a_census_there_are_people_and_nothing_more(tmp_path: Path) -> None:
    found = census_areas({"population": _population(tmp_path)}, rules=RULES)
    assert found is not None
    assert found.decile is None
    assert found.groups == ()
    assert found.people.sum() == pytest.approx(160)
    assert census_areas({}, rules=RULES) is None
