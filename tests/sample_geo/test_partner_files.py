"""Partner files: small, sound, and like what partners send."""

from __future__ import annotations

import csv
import json
import re

import pandas as pd

from sample_geo.partner_files import ATTENDANCES, CALLS, DEATHS
from sample_geo.write import FOLDER


def rows(kind: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"partner_{kind}.csv", dtype=str, keep_default_na=False)


def test_they_are_small_and_together_under_200_kilobytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("partner_*")) < 200_000
    assert [len(rows(kind)) for kind in ("ambulance", "emergency_department", "deaths")] == [
        CALLS, ATTENDANCES, DEATHS,
    ]  # fmt: skip


def test_no_column_can_hold_a_person() -> None:
    for kind in ("ambulance", "emergency_department", "deaths"):
        headings = " ".join(rows(kind).columns)
        assert not re.search("name|age|birth|postcode|number|sex", headings, re.IGNORECASE), kind


def test_times_are_in_order_and_none_is_in_the_hour_summer_time_leaves_out() -> None:
    for kind, column in (("ambulance", "Call Time"), ("emergency_department", "Assault Time")):
        when = pd.to_datetime(rows(kind)[column], format="%d/%m/%Y %H:%M")
        assert when.is_monotonic_increasing
        assert when.min() >= pd.Timestamp("2023-11-01")
        assert when.max() < pd.Timestamp("2026-11-01")
        gap = rows(kind)[column].str.match(r"(31/03/2024|30/03/2025|29/03/2026) 01:")
        assert not gap.any()


def test_points_are_cut_to_a_hundred_metres() -> None:
    east = rows("ambulance")["Easting"]
    assert set(east.str[-2:]) == {"50", ""}
    assert 0.01 < (east == "").mean() < 0.06


def test_the_truth_goes_with_every_attendance() -> None:
    truth = json.loads((FOLDER / "partner_planted.json").read_text(encoding="utf-8"))
    assert truth["fictional"] is True
    assert len(truth["emergency_department"]) == ATTENDANCES
    known = set()
    for layer in ("places", "streets"):
        features = json.loads((FOLDER / f"{layer}.geojson").read_text("utf-8"))["features"]
        known |= {feature["properties"]["name"] for feature in features}
    assert set(truth["names"]) - {""} <= known
    with (FOLDER / "partner_emergency_department.csv").open(encoding="utf-8", newline="") as file:
        told = [row["Assault Location"] for row in csv.DictReader(file)]
    # homes, places nobody could find, and nothing at all
    nowhere = sum(not truth["names"][number] for number in truth["emergency_department"])
    assert 0.3 < nowhere / len(told) < 0.6
