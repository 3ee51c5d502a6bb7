"""Incidents: the export reads like a force's, and holds what the README says is planted."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from sample_geo.awkward import PLANTED
from sample_geo.incidents import COLUMNS
from spatial.projection import national_grid

Record = dict[str, Any]
REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "ho_codes.csv"
FINAL_CODES = {"999/99", "TBC", "XXX", "412/07", ""}


def _normal(code: str) -> str:
    if re.fullmatch(r"\d{5}", code):
        return f"{code[:3]}/{code[3:]}"
    if re.fullmatch(r"\d{1,3}/\d{1,2}", code):
        main, sub = code.split("/")
        return f"{int(main):03d}/{int(sub):02d}"
    return code


def test_columns_and_rows(rows: pd.DataFrame, planted: Record) -> None:
    assert tuple(rows.columns) == COLUMNS
    assert len(rows) == planted["rows"]
    assert 57_000 < len(rows) < 63_000
    assert set(rows["Incident Type"]) == {"Crime", "ASB"}
    antisocial = rows[rows["Incident Type"] == "ASB"]
    assert 13_000 < len(antisocial) < 15_000
    assert set(antisocial["Home Office Code"]) == set(antisocial["PRC Class"]) == {""}


def test_no_column_can_hold_a_person(rows: pd.DataFrame) -> None:
    assert not [
        c
        for c in COLUMNS
        if re.search(r"name|address|birth|postcode|note|summary", c, re.IGNORECASE)
    ]
    # every column of words has few different ones, so none is free text
    for column in ("Force", "Offence", "Location Type", "Relationship", "Domestic", "Knife"):
        assert rows[column].nunique() < 70, column
    assert rows["Victim Age"].str.fullmatch(r"\d{0,2}").all()
    assert rows["Incident Number"].str.fullmatch(r"SM/202[3-6]/\d{7}").all()


def test_every_flag_is_yes_no_or_blank_and_some_are_missing(rows: pd.DataFrame) -> None:
    violence = rows[rows["PRC Class"].isin(["5D", "8N"])]
    for flag in ("Domestic", "Public Place", "Knife", "Firearm", "Weapon"):
        assert set(rows[flag]) == {"Y", "N", ""}
        assert 0.01 < (violence[flag] == "").mean() < 0.2, flag
    lean = violence["From"].str[3:10].isin(["09/2024", "10/2024"])
    assert (violence[lean]["Domestic"] == "").mean() > 0.2


def test_codes_are_real_and_spelled_three_ways(rows: pd.DataFrame) -> None:
    if not REFERENCE.is_file():
        pytest.skip("the reference table of Home Office codes is not beside this copy")
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        known = {row["ho_code"] for row in csv.DictReader(file)}
    codes = set(rows["Home Office Code"])
    assert {_normal(code) for code in codes} - FINAL_CODES <= known
    crime = rows[rows["Incident Type"] == "Crime"]["Home Office Code"]
    assert 0.17 < 1 - crime.str.fullmatch(r"\d{3}/\d{2}").mean() < 0.23
    assert len({_normal(code) for code in codes} - FINAL_CODES) >= 44


def test_gravest_offences_are_rare(rows: pd.DataFrame) -> None:
    code = rows["Home Office Code"].map(_normal)
    assert (code == "001/01").sum() == 5
    assert (code == "002/00").sum() == 8


def test_serious_violence_in_public_is_of_the_size_meant(rows: pd.DataFrame) -> None:
    code = rows["Home Office Code"].map(_normal)
    ark = code.isin(
        ["001/01", "002/00", "005/01", "008/01", "008/06", "034/01", "034/02",
         "092/30", "092/31", "092/41"]
    ) & (rows["Domestic"] == "N") & (rows["Public Place"] == "Y")  # fmt: skip
    assert 4_800 < ark.sum() < 6_500


def test_violence_keeps_the_nights_of_the_weekend(rows: pd.DataFrame) -> None:
    when = pd.to_datetime(rows["From"], format="%d/%m/%Y %H:%M", errors="coerce")
    licensed = rows["Location Type"].eq("LICENSED PREMISES") & rows["PRC Class"].eq("8N")
    # Friday 22:00 to Saturday 03:59, Saturday 22:00 to Sunday 03:59, moved back to the evening
    evening = when[licensed] - pd.Timedelta(hours=6)
    weekend_night = evening.dt.day_of_week.isin([4, 5]) & evening.dt.hour.between(16, 21)
    assert weekend_night.mean() > 0.4  # 12 of 168 hours would be 7% by chance


def test_no_time_falls_in_the_hour_that_summer_time_leaves_out(rows: pd.DataFrame) -> None:
    for column in ("From", "To"):
        # the last Sundays of March 2024, 2025 and 2026
        gap = rows[column].str.match(r"(31/03/2024|30/03/2025|29/03/2026) 01:")
        assert not gap.any(), column


def test_antisocial_behaviour_follows_the_season(rows: pd.DataFrame) -> None:
    month = rows[rows["Incident Type"] == "ASB"]["From"].str[3:5]
    count = month.value_counts()
    assert (count["07"] + count["08"]) / (count["01"] + count["02"]) > 1.25


def test_awkward_rows_are_as_listed(rows: pd.DataFrame, planted: Record) -> None:
    listed = planted["awkward_incident_numbers"]
    assert {kind: len(numbers) for kind, numbers in listed.items()} == PLANTED
    assert planted["awkward_counts"] == PLANTED
    where = rows.drop_duplicates().set_index("Incident Number")
    assert where.index.is_unique
    assert set(where.index[where["Easting"] == ""]) == set(listed["no_location"])
    assert set(where.index[where["Easting"] == "0"]) == set(listed["zero_coordinates"])
    unknown = where["Home Office Code"].isin(FINAL_CODES - {""})
    assert set(where.index[unknown]) == set(listed["unknown_code"])
    when = pd.to_datetime(where["From"], format="%d/%m/%Y %H:%M", errors="coerce")
    assert set(where.index[when.isna()]) == set(listed["impossible_date"])
    until = pd.to_datetime(where["To"], format="%d/%m/%Y %H:%M", errors="coerce")
    assert set(where.index[until < when]) == set(listed["to_before_from"])
    twice = rows["Incident Number"][rows.duplicated()]
    assert sorted(twice) == listed["exact_duplicate"]


def test_rows_outside_are_the_listed_ones(
    rows: pd.DataFrame, planted: Record, features: dict[str, list[Record]]
) -> None:
    listed = planted["awkward_incident_numbers"]
    located = rows[~rows["Easting"].isin(["", "0"])].drop_duplicates()
    east, north = (located[c].astype(float).to_numpy() for c in ("Easting", "Northing"))
    longitude, latitude = national_grid().inverse(east, north)
    (borough,) = (shape(feature["geometry"]) for feature in features["boundary"])
    inside = shapely.contains_xy(borough.buffer(1e-5), longitude, latitude)
    outside = set(located["Incident Number"][~inside])
    assert outside == {
        number
        for kind in ("over_the_border", "in_the_sea", "far_county")
        for number in listed[kind]
    }


def test_only_the_police_station_piles_up(rows: pd.DataFrame, planted: Record) -> None:
    located = rows[~rows["Easting"].isin(["", "0"])]
    piles = (located["Easting"] + " " + located["Northing"]).value_counts()
    assert piles.iloc[0] >= len(planted["awkward_incident_numbers"]["police_station_default"])
    assert piles.iloc[1] < 25


def test_hot_places_hold_far_more_than_their_share(rows: pd.DataFrame, planted: Record) -> None:
    located = rows[~rows["Easting"].isin(["", "0"])]
    east, north = (located[c].astype(float).to_numpy() for c in ("Easting", "Northing"))
    violent = located["PRC Class"].isin(["5D", "8N", "34B"]) & located["Public Place"].eq("Y")
    antisocial = located["Incident Type"].eq("ASB")
    for place in planted["hot_places"]:
        away = np.hypot(east - place["easting"], north - place["northing"])
        here = away <= place["radius_m"]
        # the borough's mean over as much land, were all spread evenly
        even = np.pi * place["radius_m"] ** 2 / 29e6
        for topic, chosen in (("serious_violence", violent), ("antisocial_behaviour", antisocial)):
            if place[topic]:
                assert (here & chosen).sum() > 8 * even * chosen.sum(), (place["name"], topic)
