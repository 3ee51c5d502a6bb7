"""Risk factors: violence is where the factor stands, and not where decoys do."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from sample_geo.risk_factors import DECOYS, FACTOR, TIMES, UNDERLYING, WITHIN_M
from sample_geo.risk_town import CELL_M, FACTORS, draw_risk_town
from sample_geo.write import FOLDER
from spatial.incidents.files.sources import find_source_files
from spatial.projection import national_grid

Features = dict[str, list[dict[str, Any]]]
Record = dict[str, Any]


def _layer(features: Features, kind: str) -> list[shapely.Geometry]:
    return [
        national_grid().project(shape(feature["geometry"]))
        for layer in ("risk_factors", "places")
        for feature in features[layer]
        if feature["properties"]["kind"] == kind
    ]


def _times_as_many(
    violence: np.ndarray, others: np.ndarray, near: shapely.Geometry
) -> tuple[float, int]:
    """Return how many times as likely violence is near as other incidents, and how many there."""
    shapely.prepare(near)
    here, base = (shapely.contains_xy(near, xy[:, 0], xy[:, 1]) for xy in (violence, others))
    return (here.sum() / (~here).sum()) / (base.sum() / (~base).sum()), int(here.sum())


@pytest.fixture(scope="session")
def away_from_hot_places(rows: pd.DataFrame, planted: Record) -> pd.DataFrame:
    located = rows[~rows["Easting"].isin(["", "0"]) & rows["Location Type"].eq("STREET")]
    east, north = (located[axis].astype(float).to_numpy() for axis in ("Easting", "Northing"))
    clear = [
        np.hypot(east - place["easting"], north - place["northing"]) > 1.3 * place["radius_m"]
        for place in planted["hot_places"]
    ]
    return located[np.all(clear, axis=0)]


@pytest.fixture(scope="session")
def violence(away_from_hot_places: pd.DataFrame) -> np.ndarray:
    fits = away_from_hot_places["PRC Class"].isin(["5D", "8N", "34B"])
    fits &= away_from_hot_places["Public Place"].eq("Y")
    return away_from_hot_places[fits][["Easting", "Northing"]].astype(float).to_numpy()


@pytest.fixture(scope="session")
def others(away_from_hot_places: pd.DataFrame) -> np.ndarray:
    """What happens in the same streets without being violence."""
    fits = away_from_hot_places["Incident Type"].eq("ASB")
    fits |= away_from_hot_places["Offence"].isin(["Other damage", "Possession of cannabis"])
    return away_from_hot_places[fits][["Easting", "Northing"]].astype(float).to_numpy()


def test_every_kind_is_there_and_the_truth_names_it(features: Features, planted: Record) -> None:
    kinds = {f["properties"]["kind"] for f in features["risk_factors"]}
    everywhere = kinds | {f["properties"]["kind"] for f in features["places"]}
    truth = planted["risk_factors"]
    assert kinds == {FACTOR} | (set(DECOYS) - {"cash_machine", "supported_housing"})
    assert set(truth["planted"]) == {FACTOR}
    assert set(truth["decoys"]) <= everywhere
    assert set(UNDERLYING) <= everywhere
    assert not set(truth["decoys"]) & (set(UNDERLYING) | {FACTOR})
    assert {*truth["decoys_in_the_centre"], *truth["decoys_beside_pubs"]} <= set(truth["decoys"])
    shapes = {f["geometry"]["type"] for f in features["risk_factors"]}
    assert shapes == {"Point", "LineString", "Polygon"}


def test_near_the_factor_there_is_more_violence_and_near_decoys_there_is_not(
    features: Features, planted: Record, violence: np.ndarray, others: np.ndarray
) -> None:
    record = planted["risk_factors"]["planted"][FACTOR]
    assert record["within_m"] == WITHIN_M
    assert record["moved_there"] == round((TIMES - 1) * record["near_before"])

    def times(kind: str) -> tuple[float, int]:
        near = shapely.union_all([one.buffer(WITHIN_M) for one in _layer(features, kind)])
        return _times_as_many(violence, others, near)

    there, count = times(FACTOR)
    assert count > 100
    # two standard errors of the ratio are about a quarter of it
    assert record["relative_risk"] * 0.75 < there < record["relative_risk"] * 1.33
    for kind in ("cycle_route", "dentist", "garage", "post_box", "supported_housing"):
        assert times(kind)[0] < 1.35, kind
    # the hard one stands beside pubs, and looks as guilty as those do
    pubs = np.array(_layer(features, "pub"), dtype=object)
    agents = np.array(_layer(features, "estate_agent"), dtype=object)
    away = shapely.distance(agents[:, None], pubs[None, :])
    assert away.min(axis=1).max() < 80
    near = shapely.union_all([pubs[one].buffer(WITHIN_M) for one in set(away.argmin(axis=1))])
    guilty = _times_as_many(violence, others, near)[0]
    assert guilty > 1.15
    assert times("estate_agent")[0] == pytest.approx(guilty, rel=0.2)


def test_the_layer_is_no_file_of_incidents() -> None:
    assert (FOLDER / "risk_factors.geojson").is_file()
    files, _ = find_source_files([FOLDER])
    assert [file.name for file in files] == ["incidents.csv"]


def test_a_drawn_town_holds_what_its_truth_says_over_repeated_draws() -> None:
    ratios = []
    for seed in range(30):
        town = draw_risk_town(seed)
        away = np.hypot(*(town.xy[:, None] - town.places["betting_shop"][None]).transpose(2, 0, 1))
        near = away.min(axis=1) <= town.truth["betting_shop"][0]
        without = town.expected / np.where(near, town.truth["betting_shop"][1], 1.0)
        seen = town.counts.sum(axis=0)
        ratios.append(seen[near].sum() / without[near].sum() / len(town.counts))
    # a thousand incidents or so: three standard errors of the mean ratio
    assert np.mean(ratios) == pytest.approx(FACTORS["betting_shop"][1], rel=0.04)


def test_a_drawn_town_is_the_same_for_a_seed_and_decoys_cause_nothing() -> None:
    one, other = draw_risk_town(3), draw_risk_town(3)
    assert np.array_equal(one.counts, other.counts)
    assert not np.array_equal(one.counts, draw_risk_town(4).counts)
    assert set(one.decoys) == {"bank", "dentist", "garage", "post_box"}
    innocent = draw_risk_town(3, factors={})
    assert np.unique(innocent.expected).tolist() == [0.25]
    assert np.array_equal(innocent.places["bank"], one.places["bank"])
    assert np.diff(innocent.xy[:2, 0]).tolist() == [CELL_M]


def test_rough_cells_are_overdispersed_and_stay_so() -> None:
    town = draw_risk_town(5, rough=1.0, factors={}, yearly=2.0)
    first, second = town.counts
    assert first.var() / first.mean() > 2
    assert np.corrcoef(first, second)[0, 1] > 0.5


def test_the_record_is_plain_json(planted: Record) -> None:
    assert json.loads(json.dumps(planted["risk_factors"]))["file"] == "risk_factors.geojson"
