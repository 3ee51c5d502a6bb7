"""Removals: what stands in a place is said with its share, and nothing is taken off."""

from __future__ import annotations

import json
from pathlib import Path

import h3
import numpy as np
import pandas as pd
import pytest
import shapely

from spatial.incidents.checks.suspects import POINT_COLUMNS, find_suspects
from spatial.incidents.store import IncidentStore
from spatial.targets.overridden.decided_list import Place
from spatial.targets.overridden.removals import (
    PROPOSAL_COLUMNS,
    Sites,
    propose_removals,
    read_sites,
    sites_of_suspects,
)
from tests.spatial.targets.lists import GRID, NEAR

PLANE = GRID.study_area.metric_system
MIDDLE = int(np.argmax(NEAR.cardinalities == 7))
DISK = np.array(sorted(NEAR.of(MIDDLE)))
PLACE = Place("PA-1", DISK, DISK, 1)
LATITUDE, LONGITUDE = h3.cell_to_latlng(f"{GRID.cells[MIDDLE]:x}")


def _site(east_m: float = 0.0, kind: str = "hospital", name: str = "City Hospital") -> Sites:
    x, y = PLANE.forward(np.array([LONGITUDE]), np.array([LATITUDE]))
    return Sites((kind,), (name,), (shapely.Point(float(x[0]) + east_m, float(y[0])),))


def _incidents(*east_m: float) -> pd.DataFrame:
    # a degree of longitude is 66.6 km there
    scale = 111_320 * np.cos(np.radians(LATITUDE))
    return pd.DataFrame(
        {"longitude": [LONGITUDE + m / scale for m in east_m], "latitude": LATITUDE}
    )


def test_the_share_near_a_hospital_is_counted() -> None:
    # worked by hand: of five incidents in the place three lie within 75 m, one does 100 m away;
    # one lies two kilometres off and is not the place's
    table = propose_removals(
        [PLACE],
        GRID.cells,
        [_site()],
        _incidents(0, 0, 50, 100, 2000),
        metric_system=PLANE,
    )
    assert tuple(table.columns) == PROPOSAL_COLUMNS
    row = table.iloc[0]
    assert (row["area_id"], row["incidents"], row["near"], row["share"]) == ("PA-1", 4, 3, 0.75)
    assert row["words"].startswith(
        "Holds City Hospital: 3 of its 4 incidents lie within 75 m of it."
    )


def test_a_site_outside_the_place_is_nothing_to_it_and_an_empty_place_has_no_share() -> None:
    table = propose_removals([PLACE], GRID.cells, [_site(1500)], _incidents(0), metric_system=PLANE)
    assert table.empty
    table = propose_removals([PLACE], GRID.cells, [_site()], _incidents(2000), metric_system=PLANE)
    assert table["share"].isna().all()
    assert propose_removals([], GRID.cells, [_site()], _incidents(0), metric_system=PLANE).empty


def test_only_telling_kinds_of_place_are_read(tmp_path: Path) -> None:
    kinds = ["prison", "hospital", "police_station", "pub", "HQ", "school"]
    features = [
        {
            "type": "Feature",
            "properties": {"name": "" if kind == "prison" else kind.title(), "kind": kind},
            "geometry": {"type": "Point", "coordinates": [LONGITUDE, LATITUDE]},
        }
        for kind in kinds
    ]
    path = tmp_path / "places.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    sites = read_sites(path, metric_system=PLANE)
    assert sites.kinds == ("prison", "hospital", "police station", "headquarters")
    assert sites.names[:2] == ("prison", "Hospital")


def test_doubtful_points_and_kept_institutions_are_looked_at() -> None:
    rows = [
        # check, decision, reason, near
        ("pile-up", "", "", "police station (12 m)"),
        ("pile-up", "keep", "prison", "City Prison (3 m)"),
        ("pile-up", "keep", "other", "High Street"),
        ("decided", "drop", "hospital", "City Hospital (3 m)"),
        ("snap point", "", "", "Parking Area"),
    ]
    points = pd.DataFrame(
        [
            {
                **dict.fromkeys(POINT_COLUMNS, ""),
                "check": check,
                "decision": decision,
                "reason": reason,
                "near": near,
                "longitude": LONGITUDE + number / 1000,
                "latitude": LATITUDE,
            }
            for number, (check, decision, reason, near) in enumerate(rows)
        ]
    )
    sites = sites_of_suspects(points, metric_system=PLANE)
    assert sites.kinds == ("doubtful point", "prison")
    assert sites.names == ("police station (12 m)", "City Prison (3 m)")
    table = propose_removals([PLACE], GRID.cells, [sites], _incidents(0), metric_system=PLANE)
    assert table["words"].iloc[0] == (
        "Holds a point that is doubtful (police station (12 m)): 1 of its 1 incident lie within "
        "75 m of it. Decide on that point first (Quality page, or harmhex locations)."
    )


def test_saltmere(saltmere_store: IncidentStore) -> None:
    sites = read_sites(saltmere_store.context_layers()["places"], metric_system=PLANE)
    assert sorted(sites.kinds) == ["hospital", "police station"]
    doubtful = sites_of_suspects(find_suspects(saltmere_store).points, metric_system=PLANE)
    assert len(doubtful.kinds) == len(doubtful.names) == len(doubtful.shapes)
    assert pytest.approx(1.38, abs=0.2) == LONGITUDE
