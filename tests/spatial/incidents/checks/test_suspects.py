"""Suspects: the planted faults of the sample town are found, each and no other."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from sample_geo.ready import DATA
from spatial.incidents.checks.surroundings import read_surroundings, reason_for
from spatial.incidents.checks.suspects import (
    OFF_LAND,
    OUTSIDE,
    PILE_UP,
    POINT_COLUMNS,
    SNAP_POINT,
    STAND_IN,
    Suspects,
    find_suspects,
)
from spatial.incidents.load import load_incidents
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import POLICE_UK, force_export, police_uk, written

BOX = [[1.38, 53.19], [1.40, 53.19], [1.40, 53.21], [1.38, 53.21], [1.38, 53.19]]


@pytest.fixture(scope="module")
def suspects(saltmere_store: IncidentStore) -> Suspects:
    return find_suspects(saltmere_store, most=1_000)


@pytest.fixture(scope="module")
def planted() -> dict[str, list[str]]:
    document = json.loads((DATA / "planted.json").read_text(encoding="utf-8"))
    numbers: dict[str, list[str]] = document["awkward_incident_numbers"]
    return numbers


def numbers_at(store: IncidentStore, suspects: Suspects, check: str) -> list[str]:
    points = suspects.points[suspects.points["check"] == check]
    with store.connect() as connection:
        connection.register("wanted", points[["longitude", "latitude"]])
        rows = connection.execute(
            "SELECT incident_id FROM incidents SEMI JOIN wanted USING (longitude, latitude) "
            "ORDER BY 1"
        ).fetchall()
    return [row[0] for row in rows]


def stored(tmp_path: Path, *changes: dict[str, str], area: bool = False) -> IncidentStore:
    file = written(tmp_path / "a.csv", force_export(*changes))
    shape = {"type": "Polygon", "coordinates": [BOX]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    layer = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    extras = {"study_areas/box.geojson": layer} if area else {}
    load_incidents([file], tmp_path / "store", extras=extras)
    return IncidentStore.open(tmp_path / "store")


@pytest.mark.parametrize(
    ("check", "kind"),
    [(PILE_UP, "police_station_default"), (OFF_LAND, "in_the_sea"), (OUTSIDE, "far_county")],
)
def test_the_planted_faults_are_found_and_nothing_else(
    saltmere_store: IncidentStore,
    suspects: Suspects,
    planted: dict[str, list[str]],
    check: str,
    kind: str,
) -> None:
    assert numbers_at(saltmere_store, suspects, check) == sorted(planted[kind])
    count = suspects.counts.set_index("check").loc[check]
    assert count["incidents"] == len(planted[kind])
    assert count["undecided"] == count["points"]


def test_the_police_station_is_named_and_measured(suspects: Suspects) -> None:
    point = suspects.points.iloc[0]
    assert (point["check"], point["incidents"], point["suggested"]) == (
        PILE_UP, 230, "police station",
    )  # fmt: skip
    assert "Saltmere Police Station (0 m)" in point["near"]
    assert point["share"] == pytest.approx(230 / 57_812)
    # 56,528 other points: the 565 busiest hold 2 incidents and more
    assert point["times"] == 230 / 2


def test_bands_hold_every_incident_outside(
    saltmere_store: IncidentStore, suspects: Suspects, planted: dict[str, list[str]]
) -> None:
    assert suspects.bands["band"].tolist() == [
        "up to 1 km",
        "1 to 5 km",
        "5 to 25 km",
        "over 25 km",
    ]
    outside = sum(len(planted[kind]) for kind in ("over_the_border", "in_the_sea", "far_county"))
    # each point is in one band; those outside were planted, all of them
    assert suspects.bands["incidents"].sum() == outside
    assert suspects.bands.loc[2:, "incidents"].sum() == len(planted["far_county"])
    area = shapely.from_geojson((DATA / "boundary.geojson").read_text(encoding="utf-8"))
    with saltmere_store.connect() as connection:
        x, y = (
            connection.execute(
                "SELECT longitude, latitude FROM incidents WHERE longitude IS NOT NULL"
            )
            .fetchnumpy()
            .values()
        )
    shapely.prepare(area)
    assert (~shapely.intersects_xy(area, x, y)).sum() == outside


def test_all_are_counted_though_few_are_listed(saltmere_store: IncidentStore) -> None:
    short = find_suspects(saltmere_store, most=2)
    assert short.points["check"].value_counts().to_dict() == {PILE_UP: 1, OFF_LAND: 2, OUTSIDE: 2}
    assert short.undecided == 1 + 45 + 30
    assert list(short.points.columns) == list(POINT_COLUMNS)


def test_the_list_does_not_hang_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = [
        {"Incident Number": str(number), "Easting": str(627_000 + number % 7), "Northing": "372400"}
        for number in range(200)
    ]
    one = find_suspects(stored(tmp_path / "1", *rows, area=True)).points
    two = find_suspects(stored(tmp_path / "2", *reversed(rows), area=True)).points
    assert one.equals(two)


def test_ordinary_points_are_no_pile_ups(tmp_path: Path) -> None:
    # 3 points hold 30 incidents each and 97 hold 10: 30 is 3 times what the busiest others hold
    rows = [
        {"Incident Number": f"{place}/{number}", "Easting": str(620_000 + 9 * place)}
        for place in range(100)
        for number in range(30 if place < 3 else 10)
    ]
    assert PILE_UP not in set(find_suspects(stored(tmp_path, *rows)).points["check"])


def test_one_point_for_everything_is_a_pile_up(tmp_path: Path) -> None:
    rows = [{"Incident Number": str(number)} for number in range(20)]
    (point,) = find_suspects(stored(tmp_path, *rows)).points.to_dict("records")
    assert (point["check"], point["incidents"], point["share"]) == (PILE_UP, 20, 1.0)


def test_the_busiest_points_of_open_data_are_snap_points(tmp_path: Path) -> None:
    rows = [
        {"Crime ID": f"{place}-{number}", "Longitude": f"0.7{place:02}"}
        for place in range(10)
        for number in range(90 if place == 4 else 2)
    ]
    load_incidents(
        [written(tmp_path / "2025-02-essex-street.csv", police_uk(*rows))], tmp_path / "s"
    )
    found = find_suspects(IncidentStore.open(tmp_path / "s"))
    assert set(found.points["check"]) == {SNAP_POINT}
    assert found.points["incidents"].tolist() == [90, 2, 2, 2, 2]
    assert found.undecided == 0


def test_where_no_location_is_written_as_one(tmp_path: Path) -> None:
    changes = [
        {"Crime ID": "1", "Longitude": "0.0001", "Latitude": "-0.002"},
        {"Crime ID": "2", "Longitude": "-7.5571", "Latitude": "49.7668"},
        *({"Crime ID": str(number)} for number in range(3, 300)),
    ]
    load_incidents(
        [written(tmp_path / "2025-02-essex-street.csv", police_uk(*changes))], tmp_path / "s"
    )
    found = find_suspects(IncidentStore.open(tmp_path / "s"))
    stand_ins = found.points[found.points["check"] == STAND_IN]
    assert stand_ins["incidents"].tolist() == [1, 1]
    assert found.undecided == 2


def test_what_could_not_be_checked_is_said(tmp_path: Path) -> None:
    found = find_suspects(stored(tmp_path, {}))
    said = {note.text: note.loud for note in found.notes}
    assert any("No study area is stored" in text and loud for text, loud in said.items())
    assert any("No layer says where the sea is" in text for text in said)
    assert len(found.bands) == 0
    assert len(found.points) == 0


def test_a_study_area_that_is_a_part_of_the_force_is_said(tmp_path: Path) -> None:
    away = [{"Incident Number": str(number), "Northing": "390000"} for number in range(3)]
    inside = {"Easting": "626600", "Northing": "371840"}
    found = find_suspects(stored(tmp_path, inside, *away, area=True))
    assert any(note.loud and note.text.startswith("75% of the located") for note in found.notes)
    assert found.undecided == 0
    assert found.bands["incidents"].tolist() == [0, 0, 3, 0]


def test_an_empty_store_has_no_suspects(tmp_path: Path) -> None:
    load_incidents([], tmp_path / "store", extras={"context/sea.geojson": b"{}"})
    found = find_suspects(IncidentStore.open(tmp_path / "store"))
    assert len(found.points) == 0
    assert found.counts["incidents"].sum() == 0


def test_distances_agree_with_shapely(saltmere_store: IncidentStore) -> None:
    ground = read_surroundings(saltmere_store)
    rng = np.random.default_rng(7)
    x, y = rng.uniform(1.2, 1.6, 300), rng.uniform(53.1, 53.3, 300)
    area = shapely.from_geojson((DATA / "boundary.geojson").read_text(encoding="utf-8"))
    plane = ground.plane
    there = shapely.points(*plane.forward(x, y))
    wanted = shapely.distance(there, plane.project(shapely.get_geometry(area, 0)))
    np.testing.assert_allclose(ground.outside_m(x, y), wanted, atol=1e-6)
    assert (wanted == 0).any()


def test_a_coastline_of_land_does_for_a_sea(tmp_path: Path) -> None:
    shape = {"type": "MultiPolygon", "coordinates": [[BOX]]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    layer = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    load_incidents([], tmp_path / "store", extras={"context/coastline.geojson": layer})
    ground = read_surroundings(IncidentStore.open(tmp_path / "store"), middle=(1.39, 53.2))
    on_land, off = ground.off_land_m(np.array([1.39, 1.39]), np.array([53.2, 53.22]))
    assert ground.knows_shore
    assert on_land == 0
    assert off == pytest.approx(1_112, rel=0.01)  # 0.01 degrees of latitude


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("police", "police station"), ("police_station", "police station"), ("Prison", "prison"),
        ("police_headquarters", "headquarters"), ("custody suite", "custody"),
        ("hospital", "hospital"), ("policeman's ball", None), ("pub", None), ("", None),
    ],
)  # fmt: skip
def test_kinds_of_places_suggest_reasons(kind: str, reason: str | None) -> None:
    assert reason_for(kind) == reason


def test_on_real_open_data_only_what_lies_outside_is_doubtful(tmp_path: Path) -> None:
    archive = POLICE_UK / "norwich-2025.zip"
    if not archive.is_file():
        pytest.skip("the real open data is not beside this checkout (../shared/data)")
    load_incidents([archive], tmp_path / "store")
    found = find_suspects(IncidentStore.open(tmp_path / "store"))
    assert found.undecided == 0
    assert found.points["incidents"].tolist()[:3] == [349, 293, 280]
    assert set(found.points["check"]) == {SNAP_POINT}
