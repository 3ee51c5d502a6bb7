"""Operations: the town's two are as their files say, and did what the truth says."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import Any

import h3.api.basic_str as h3
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from config.operation_file import area_ids, read_operation
from sample_geo.chance import Chance
from sample_geo.operation_files import BUFFER_M, COMPLIANCE
from sample_geo.operations import TREATED_DAILY, allocate
from sample_geo.write import FOLDER
from spatial.incidents.files.sources import find_source_files
from spatial.projection import national_grid

Features = dict[str, list[dict[str, Any]]]
Record = dict[str, Any]
OPERATIONS = ("gull", "tern")


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"operation_{name}.csv")


def _truth(planted: Record, key: str) -> Record:
    found: Record
    (found,) = (one for one in planted["operations"] if one["file"] == f"operation_{key}.toml")
    return found


@pytest.fixture(scope="session")
def ark(rows: pd.DataFrame) -> pd.DataFrame:
    """Serious violence in public: its policing day, hour and cell."""
    fits = (
        rows["PRC Class"].isin(["1", "2", "5D", "8N", "34A", "34B", "92A"])
        & rows["Domestic"].eq("N")
        & rows["Public Place"].eq("Y")
        & ~rows["Easting"].isin(["", "0"])
    )
    chosen = rows[fits]
    when = pd.to_datetime(chosen["From"], format="%d/%m/%Y %H:%M", errors="coerce")
    longitude, latitude = national_grid().inverse(
        *(chosen[axis].astype(float).to_numpy() for axis in ("Easting", "Northing"))
    )
    cells = [h3.latlng_to_cell(y, x, 10) for y, x in zip(latitude, longitude, strict=True)]
    table = pd.DataFrame({"when": when, "day": (when - pd.Timedelta(hours=6)).dt.normalize()})
    return table.assign(cell=cells).dropna().sort_values("when")


def _areas(features: Features, key: str, role: str) -> dict[str, str]:
    """Return the area of every cell of an operation's places."""
    return {
        cell: feature["properties"]["area_id"]
        for feature in features[f"operation_{key}_areas"]
        if feature["properties"]["role"] == role
        for cell in feature["properties"]["cells"].split()
    }


def _between(ark: pd.DataFrame, cells: dict[str, str], first: str, last: str) -> int:
    days = ark["day"].between(pd.Timestamp(first), pd.Timestamp(last))
    return int((days & ark["cell"].isin(list(cells))).sum())


def test_the_plans_can_be_read_and_fit_their_files(planted: Record) -> None:
    gull, tern = (read_operation(FOLDER / f"operation_{key}.toml") for key in OPERATIONS)
    assert (gull.design, tern.design) == ("before_after", "crossover")
    assert len(area_ids(gull.areas)) == 12
    assert gull.comparators is not None
    assert len(area_ids(gull.comparators)) == 24
    assert not gull.baseline_on_selection
    assert tern.crossover is not None
    assert tern.crossover.treated_each_day == TREATED_DAILY
    assert (tern.last_date - tern.first_date).days + 1 == 90
    for key, plan in zip(OPERATIONS, (gull, tern), strict=True):
        truth = _truth(planted, key)
        assert [plan.first_date.isoformat(), plan.last_date.isoformat()] == [
            truth["first_date"], truth["last_date"],
        ]  # fmt: skip
        assert plan.registered is not None
        assert plan.registered.at < plan.first_date


@pytest.mark.parametrize("key", OPERATIONS)
def test_places_are_of_adjoining_cells_and_buffers_keep_clear(features: Features, key: str) -> None:
    grounds = []
    for feature in features[f"operation_{key}_areas"]:
        drawn = shape(feature["geometry"])
        cells = feature["properties"]["cells"].split()
        assert 3 <= len(cells) <= 7
        assert drawn.geom_type == "Polygon"  # one piece
        middles = [h3.cell_to_latlng(cell) for cell in cells]
        assert all(drawn.contains(shapely.Point(x, y)) for y, x in middles)
        grounds.append(national_grid().project(drawn))
    for one, other in combinations(grounds, 2):
        assert one.distance(other) > BUFFER_M


def test_every_day_has_its_eight_places(planted: Record) -> None:
    drawn = _table("tern_allocation")
    assert list(drawn.columns) == ["date", "area_id", "treated"]
    daily = drawn.groupby("date")["treated"].agg(["sum", "count"])
    assert daily["sum"].eq(TREATED_DAILY).all()
    assert daily["count"].eq(20).all()
    assert len(daily) == 90
    truth = _truth(planted, "tern")
    assert [daily.index.min(), daily.index.max()] == [truth["first_date"], truth["last_date"]]


def test_the_draw_is_even_over_places_and_days() -> None:
    drawn = allocate(Chance(1, "test"), places=20, days=20_000, daily=8)
    assert (drawn.sum(axis=1) == 8).all()
    # four standard errors of a share of .4 in 20,000 days
    assert drawn.mean(axis=0) == pytest.approx(np.full(20, 0.4), abs=0.014)
    # one day says nothing about the next
    assert np.mean(drawn[1:] & drawn[:-1]) == pytest.approx(0.16, abs=0.003)


@pytest.mark.parametrize("key", OPERATIONS)
def test_visits_are_as_the_truth_says(planted: Record, key: str) -> None:
    record = _truth(planted, key)["record_of_visits"]
    visits = _table(f"{key}_visits")
    assert len(visits) == record["visits"]
    when = pd.to_datetime(visits["start"], format="%Y-%m-%d %H:%M")
    assert when.is_monotonic_increasing
    days = set(when.dt.strftime("%Y-%m-%d"))
    assert not days & set(record["tracker_gap_days"])
    assert (~visits["minutes"].between(10, 16)).sum() == record["odd_minutes"]
    gap = len(record["tracker_gap_days"]) / (181 if key == "gull" else 90)
    expected = COMPLIANCE * (1 - gap)
    made = (record["visits"] - record["visits_to_untreated"]) / record["planned_visits"]
    assert made == pytest.approx(expected, abs=0.015)


def test_the_naive_comparison_misleads_and_the_fair_one_does_not(
    features: Features, planted: Record, ark: pd.DataFrame
) -> None:
    truth = _truth(planted, "gull")
    cells, compared = (_areas(features, "gull", role) for role in ("area", "comparator"))
    listed = _between(ark, cells, "2024-11-01", "2025-01-31")
    before = _between(ark, cells, "2024-02-01", "2024-07-31")
    during = _between(ark, cells, truth["first_date"], truth["last_date"])
    assert truth["effect"] == -0.2
    naive = during / 181 / (listed / 92)
    # they halve, of which the patrols did a fifth
    assert naive < 0.62
    against = [
        _between(ark, compared, *dates)
        for dates in (("2024-02-01", "2024-07-31"), (truth["first_date"], truth["last_date"]))
    ]
    fair = np.log(during / before / (against[1] / against[0]))
    spread = np.sqrt(sum(1 / n for n in (during, before, *against)))
    assert abs(fair - np.log(0.8)) < 1.96 * spread


def test_treated_days_are_quieter_by_about_the_effect(
    features: Features, planted: Record, ark: pd.DataFrame
) -> None:
    truth = _truth(planted, "tern")
    cells = _areas(features, "tern", "area")
    first = dt.date.fromisoformat(truth["first_date"])
    drawn = _table("tern_allocation")
    treated = {(row.date, row.area_id) for row in drawn[drawn["treated"] == 1].itertuples()}
    in_hours = ark[
        ark["when"].dt.hour.ge(14)
        & ark["when"].dt.date.ge(first)
        & ark["when"].dt.date.le(dt.date.fromisoformat(truth["last_date"]))
        & ark["cell"].isin(list(cells))
    ]
    keys = zip(in_hours["when"].dt.strftime("%Y-%m-%d"), in_hours["cell"].map(cells), strict=True)
    on = np.array([key in treated for key in keys])
    rate = np.log((on.sum() / 720) / ((~on).sum() / 1080))
    assert abs(rate - np.log(0.6)) < 1.96 * np.sqrt(1 / on.sum() + 1 / (~on).sum())
    assert rate < 0
    assert sum(truth["prevented"].values()) > 40


def test_a_load_of_the_folder_passes_them_over() -> None:
    files, notes = find_source_files([FOLDER])
    assert [file.name for file in files] == ["incidents.csv"]
    assert any("operations, read elsewhere: 5." in note.text for note in notes)


def test_no_awkward_row_and_no_series_was_prevented(rows: pd.DataFrame, planted: Record) -> None:
    there = set(rows["Incident Number"])
    listed = set().union(*planted["awkward_incident_numbers"].values())
    assert listed | set().union(*planted["near_repeats"]["series"]) <= there
