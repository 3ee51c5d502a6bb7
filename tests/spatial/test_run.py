"""One analysis on the sample town: conservation, the run id, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import h3.api.basic_int as h3_int
import numpy as np
import pytest
import shapely

from config.errors import BadInputError
from config.profile import Measure, load_profile
from layers.targets.files import hotspots_geojson, target_files
from spatial.hexes.grid import fill
from spatial.hexes.study_area import read_study_area, study_area_from_polygons
from spatial.hotspots.significance import benjamini_hochberg
from spatial.incidents.select import profile_condition
from spatial.incidents.store import IncidentStore
from spatial.projection import grid_reference
from spatial.results import HotspotRequest, TargetRequest, TaskingRequest
from spatial.run import hotspots, targets, tasking
from spatial.window import Window

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
ARK = HotspotRequest("ark", YEAR)


def _selected(store: IncidentStore, profile: str, what: str) -> float:
    row = (
        store.connect()
        .execute(
            f"SELECT {what} FROM incidents WHERE ({profile_condition(load_profile(profile))})"
            " AND occurred_from >= DATE '2025-11-01' AND occurred_from < DATE '2026-11-01'"
        )
        .fetchone()
    )
    assert row is not None
    return float(row[0])


@pytest.mark.parametrize("resolution", [8, 9, 10])
@pytest.mark.parametrize("profile", ["ark", "asb", "robbery", "violence_proxy"])
@pytest.mark.slow
def test_counts_conserve(saltmere_store: IncidentStore, profile: str, resolution: int) -> None:
    result = hotspots(saltmere_store, HotspotRequest(profile, YEAR, resolution=resolution))
    outside = [note.text for note in result.notes if "outside the study area" in note.text]
    unlocated = [note.text for note in result.notes if "have no location" in note.text]
    left_out = sum(
        int(text.split(": ")[1].split()[0].replace(",", "")) for text in (*outside, *unlocated)
    )
    assert result.cells["incidents"].sum() + left_out == _selected(
        saltmere_store, profile, "count(*)"
    )


def test_points_are_indexed_themselves_not_through_a_finer_cell(
    saltmere_store: IncidentStore,
) -> None:
    result = hotspots(saltmere_store, ARK)
    rows = (
        saltmere_store.connect()
        .execute(
            f"SELECT longitude, latitude FROM incidents "
            f"WHERE ({profile_condition(load_profile('ark'))}) AND longitude IS NOT NULL "
            "AND occurred_from >= DATE '2025-11-01' AND occurred_from < DATE '2026-11-01'"
        )
        .fetchnumpy()
    )
    cells = [
        h3_int.latlng_to_cell(lat, lon, 9)
        for lon, lat in zip(rows["longitude"], rows["latitude"], strict=True)
    ]
    names, counts = np.unique([f"{cell:x}" for cell in cells], return_counts=True)
    mine = result.cells[result.cells["incidents"] > 0].set_index("cell")["incidents"]
    theirs = dict(zip(names.tolist(), counts.tolist(), strict=True))
    assert mine.to_dict() == {cell: theirs[cell] for cell in mine.index}


def test_the_map_is_corrected_over_every_cell(saltmere_store: IncidentStore) -> None:
    result = hotspots(saltmere_store, replace(ARK, measure=Measure.COUNT, resolution=10))
    # cells without an incident that are not significant are not in the file, yet were tested
    assert result.n_cells > len(result.cells)
    alone = benjamini_hochberg(np.minimum(2 * result.cells["p"], 1))
    hot = result.cells["class"].str.startswith("hot").to_numpy()
    assert hot.any()
    # correcting over the file's cells alone would have been too kind
    assert (result.cells["p_adjusted"].to_numpy()[hot] > alone[hot] * 1.5).all()
    assert result.cells["p"].between(0, 1).all()
    assert (result.cells.loc[result.cells["z"] > 3, "p"] < 0.2).all()


@pytest.mark.parametrize("measure", [Measure.COUNT, Measure.HARM, Measure.SQRT_HARM])
def test_z_is_the_formula_to_nine_decimals(saltmere_store: IncidentStore, measure: Measure) -> None:
    result = hotspots(saltmere_store, replace(ARK, measure=measure))
    rows = (
        saltmere_store.connect()
        .execute(
            "SELECT h3_09 AS cell, harm_days AS days FROM incidents "
            f"WHERE ({profile_condition(load_profile('ark'))}) AND h3_09 IS NOT NULL "
            "AND occurred_from >= DATE '2025-11-01' AND occurred_from < DATE '2026-11-01'"
        )
        .fetchall()
    )
    weigh = {Measure.COUNT: lambda _: 1.0, Measure.HARM: lambda d: d, Measure.SQRT_HARM: np.sqrt}
    cells = set(fill(result.study_area, 9).cells.tolist())
    value = dict.fromkeys(cells, 0.0)
    for cell, days in rows:
        if cell in value:
            value[cell] += float(weigh[measure](days or 0.0))
    n, mean, spread = len(cells), np.mean(list(value.values())), np.std(list(value.values()))
    z = dict(zip(result.cells["cell"], result.cells["z"], strict=True))
    for name, mine in z.items():
        near = [c for c in h3_int.grid_disk(h3_int.str_to_int(name), 1) if c in value]
        k = len(near)
        local = sum(value[c] for c in near)
        expected = (local - k * mean) / (spread * np.sqrt((n * k - k * k) / (n - 1)))
        assert mine == pytest.approx(expected, abs=1e-9)


def test_a_default_measure_suits_its_family(saltmere_store: IncidentStore) -> None:
    assert hotspots(saltmere_store, ARK).measure is Measure.HARM
    disorder = hotspots(saltmere_store, replace(ARK, profile="asb"))
    assert disorder.measure is Measure.COUNT
    assert disorder.cells["harm_days"].isna().all()
    assert set(disorder.cells["layer"]) == {"antisocial_behaviour"}


def test_targets_are_apart_ranked_and_add_up(saltmere_store: IncidentStore) -> None:
    result = targets(saltmere_store, TargetRequest("ark", YEAR, places=12))
    areas = result.areas
    assert areas["rank"].tolist() == list(range(1, 13))
    cells = " ".join(areas["cells"]).split()
    assert len(cells) == len(set(cells))
    assert areas["cells"].str.split().str.len().between(3, 7).all()
    assert areas["harm_share"].sum() == pytest.approx(result.harm_share, abs=1e-5)
    assert areas["area_ha"].between(3.5, 10).all()
    assert areas["name"].is_unique
    for row in areas.to_dict("records"):
        point = shapely.Point(row["longitude"], row["latitude"])
        assert row["geometry"].contains(point)
        assert shapely.from_wkt(row["wkt"]).equals(row["geometry"])
        # the grid reference is that of the easting and northing beside it
        assert row["grid_ref"] == grid_reference(row["easting"], row["northing"])
    assert (
        result.area_share
        == len(cells) / hotspots(saltmere_store, replace(ARK, resolution=10)).n_cells
    )
    assert result.held_out_share is not None
    # chosen because they were high, places look better on their own data
    assert result.held_out_share < result.harm_share


@pytest.mark.slow
def test_one_homicide_cannot_put_a_place_on_the_list(saltmere_store: IncidentStore) -> None:
    condition = profile_condition(load_profile("ark"))
    fatal = (
        saltmere_store.connect()
        .execute(f"SELECT count(*) FROM incidents WHERE tier = 'homicide' AND ({condition})")
        .fetchone()
    )
    assert fatal is not None
    assert fatal[0] > 0
    window = Window(dt.date(2023, 11, 1), dt.date(2026, 10, 31))
    asked = TargetRequest("ark", window, places=40, measure=Measure.HARM)
    result = targets(saltmere_store, asked)
    assert (result.areas["incidents"] >= 3).all()
    order = result.areas["harm_days"].to_numpy()
    # a place with a homicide carries more harm than its rank shows, and says so
    jumps = np.flatnonzero(np.diff(order) > 0)
    for place in jumps + 1:
        assert "homicide, not used to rank" in result.areas.loc[place, "why"]
    # ranked by expected harm the same holds: one homicide lifts no quiet cell
    expected = targets(saltmere_store, replace(asked, measure=None)).areas
    assert (expected["incidents"] >= 3).all()
    assert expected["expected_harm"].is_monotonic_decreasing
    fatal_places = expected["why"].str.contains("homicide")
    assert fatal_places.any()
    said = expected.loc[fatal_places, "why"]
    assert said.str.contains("ranked as one incident like the others").all()


def test_open_resolution_gives_one_cell_to_a_place(saltmere_store: IncidentStore) -> None:
    result = targets(saltmere_store, TargetRequest("ark", YEAR, resolution=9, places=5))
    assert result.areas["cells"].str.split().str.len().tolist() == [1] * 5


def test_same_run_same_id_same_bytes(saltmere_store: IncidentStore) -> None:
    request = TargetRequest("ark", YEAR, places=8)
    first, second = targets(saltmere_store, request), targets(saltmere_store, request)
    assert target_files(first) == target_files(second)
    assert hotspots_geojson(hotspots(saltmere_store, ARK)) == hotspots_geojson(
        hotspots(saltmere_store, ARK)
    )
    assert targets(saltmere_store, replace(request, places=9)).run_id != first.run_id
    # the area by its name or by default is the same area
    [name] = saltmere_store.study_areas()
    assert targets(saltmere_store, replace(request, study_area=name)).run_id == first.run_id
    assert targets(saltmere_store, replace(request, study_area="Saltmere")).run_id == first.run_id


@pytest.mark.slow
def test_the_quality_of_the_data_goes_with_every_result(saltmere_store: IncidentStore) -> None:
    # September and October 2024 are planted: many flags were not recorded then
    window = Window(dt.date(2024, 7, 1), dt.date(2025, 6, 30))
    asked = TargetRequest("ark", window, resolution=9, places=3)
    result = targets(saltmere_store, asked)
    assert result.quality is not None
    assert "domestic recorded differently in Sep 2024 to Oct 2024" in result.quality.sentence
    assert set(result.areas["quality"]) == {result.quality.sentence}
    assert hotspots(saltmere_store, HotspotRequest("ark", window)).quality == result.quality
    page = tasking(saltmere_store, TaskingRequest("ark", window, places=3))
    assert page.quality == page.targets.quality == page.violence.quality == result.quality


def test_tasking_keeps_the_two_surfaces_apart(saltmere_store: IncidentStore) -> None:
    result = tasking(saltmere_store, TaskingRequest("ark", YEAR))
    assert set(result.violence.cells["layer"]) == {"serious_violence"}
    assert set(result.disorder.cells["layer"]) == {"antisocial_behaviour"}
    assert result.violence.resolution == result.targets.resolution == 10
    assert result.run_id == result.targets.run_id == result.targets.areas["run_id"].iloc[0]
    with pytest.raises(BadInputError, match="always drawn beside"):
        tasking(saltmere_store, TaskingRequest("asb", YEAR))


def test_the_ever_incident_area_is_warned_of(saltmere_store: IncidentStore) -> None:
    result = hotspots(saltmere_store, replace(ARK, study_area="ever-incident"))
    assert any(note.loud and "raises the average" in note.text for note in result.notes)
    assert result.study_area.name == "ever-incident"


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (replace(ARK, profile="arc"), "There is no profile 'arc'. Choose one of ark, asb"),
        (replace(ARK, resolution=11), "Resolution 11 is not indexed"),
        (replace(ARK, study_area="Essex"), "There is no study area 'Essex'"),
        (replace(ARK, study_area="nowhere.geojson"), "There is no study area file"),
        (replace(ARK, profile="asb", measure=Measure.HARM), "has no harm weight. Use count"),
        (
            replace(ARK, window=Window(dt.date(2019, 1, 1), dt.date(2019, 12, 31))),
            "No incident of profile 'ark' lies in .* The store holds 1 Nov 2023 to 31 Oct 2026",
        ),
    ],
)
def test_what_cannot_be_answered_is_said(
    saltmere_store: IncidentStore, request_: HotspotRequest, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        hotspots(saltmere_store, request_)


def test_a_study_area_that_misses_the_data(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    path = tmp_path / "bristol.geojson"
    area = study_area_from_polygons("Bristol", [shapely.box(-2.62, 51.44, -2.58, 51.47)])
    path.write_bytes(area.to_geojson())
    with pytest.raises(BadInputError, match="'Bristol' misses the data"):
        hotspots(saltmere_store, replace(ARK, study_area=str(path)))


def test_what_was_mended_in_a_boundary_goes_with_the_result(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    path = tmp_path / "bow.geojson"
    [kept] = saltmere_store.study_areas().values()
    west, south, east, north = read_study_area(kept).polygon.bounds
    ring = [[west, south], [east, north], [east, south], [west, north], [west, south]]
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    mended = read_study_area(path)
    assert mended.notes
    result = hotspots(saltmere_store, replace(ARK, study_area=str(path)))
    assert set(mended.notes) <= set(result.notes)


def test_no_places_is_no_question(saltmere_store: IncidentStore) -> None:
    with pytest.raises(BadInputError, match="places is 0"):
        targets(saltmere_store, TargetRequest("ark", YEAR, places=0))


def test_fewer_places_than_asked_is_said_aloud(saltmere_store: IncidentStore) -> None:
    week = Window(dt.date(2026, 10, 1), dt.date(2026, 10, 7))
    result = targets(saltmere_store, TargetRequest("ark", week, places=60))
    assert len(result.areas) < 60
    assert any(note.loud and "of the 60 places" in note.text for note in result.notes)


def test_no_place_at_all_still_has_its_files(saltmere_store: IncidentStore) -> None:
    day = Window(dt.date(2026, 10, 7), dt.date(2026, 10, 7))
    result = targets(saltmere_store, TargetRequest("ark", day, places=5))
    assert result.areas.empty
    assert result.area_share == 0
    assert any("None of the 5 places" in note.text for note in result.notes)
    manifest = json.loads(target_files(result)["manifest.json"])
    assert manifest["marking"] == "OFFICIAL-SENSITIVE"


def test_harm_that_nobody_weighed_is_unknown_not_none(saltmere_store: IncidentStore) -> None:
    # non-fatal strangulation has no weight in the 2020 index
    result = hotspots(saltmere_store, replace(ARK, profile="near_miss", resolution=10))
    unknown = result.cells["harm_days"].isna()
    assert unknown.any()
    assert (result.cells.loc[unknown, "incidents"] > 0).all()
    quiet = result.cells["incidents"] == 0
    assert (result.cells.loc[quiet, "harm_days"] == 0).all()
    features = json.loads(hotspots_geojson(result))["features"]
    assert sum(f["properties"]["harm_days"] is None for f in features) == unknown.sum()
