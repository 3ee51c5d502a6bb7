"""Quality tables: numbers that can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from spatial.incidents.checks import quality
from spatial.incidents.load import load_incidents
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import force_export, written


@pytest.fixture
def store(tmp_path: Path) -> IncidentStore:
    asb = {"Incident Type": "ASB", "Home Office Code": "", "PRC Class": ""}
    content = force_export(
        {"Incident Number": "1"},
        {"Incident Number": "2", "Knife": "", "Home Office Code": "008/77", "PRC Class": ""},
        {"Incident Number": "3", "Home Office Code": "TBC", "PRC Class": "", "Easting": ""},
        {"Incident Number": "4", **asb, "From": "01/04/2025 10:00", "Knife": ""},
        {"Incident Number": "5", "From": ""},
        {"Incident Number": "1"},
    )
    load_incidents([written(tmp_path / "a.csv", content)], tmp_path / "store")
    return IncidentStore.open(tmp_path / "store")


def test_balance(store: IncidentStore) -> None:
    [row] = quality.balance(store).to_dict("records")
    assert (row["read"], row["stored"], row["rejected"], row["duplicates"]) == (6, 4, 1, 1)
    assert (row["data_from"], row["data_through"]) == ("2025-03-01", "2025-04-01")
    reasons = quality.rejected_by_reason(store)
    assert reasons[["reason", "rows"]].to_numpy().tolist() == [["date missing", 1]]


def test_completeness(store: IncidentStore) -> None:
    table = quality.completeness(store).set_index("field")
    assert table.loc["location", ["incidents", "recorded"]].tolist() == [4, 3]
    assert table.loc["knife", "share"] == 0.5
    # antisocial behaviour is not asked for a code or a weight
    assert table.loc["offence code", ["incidents", "recorded"]].tolist() == [3, 3]
    assert table.loc["harm weight", ["incidents", "recorded"]].tolist() == [3, 1]
    monthly = quality.completeness_by_month(store).set_index(["month", "field"])
    assert monthly.loc[("2025-03", "knife"), "share"] == 2 / 3
    assert monthly.loc[("2025-04", "knife"), "share"] == 0
    assert ("2025-04", "harm weight") not in monthly.index


def test_months(store: IncidentStore) -> None:
    assert quality.incidents_by_month(store).to_numpy().tolist() == [
        ["2025-03", "other", 1],
        ["2025-03", "serious_violence", 2],
        ["2025-04", "antisocial_behaviour", 1],
    ]


def test_codes(store: IncidentStore) -> None:
    unknown = quality.unknown_codes(store)
    assert unknown[["ho_code", "incidents"]].to_numpy().tolist() == [["TBC", 1]]
    weightless = quality.codes_without_weight(store)
    assert weightless[["ho_code", "incidents"]].to_numpy().tolist() == [["008/77", 1], ["TBC", 1]]
    assert "trangulation" in weightless.loc[0, "title"]


def test_unknown_flags(store: IncidentStore) -> None:
    flags = quality.unknown_flags(store).set_index(["tier", "flag"])
    assert flags.loc[("disorder", "knife"), "share"] == 1
    assert flags.loc[("injury", "knife"), "unknown"] == 0


def test_miscodings(tmp_path: Path) -> None:
    asb = {"Incident Type": "ASB", "Home Office Code": "", "PRC Class": ""}
    killing = {"Home Office Code": "001/01", "PRC Class": "1", "Relationship": "PARTNER"}
    changes = [
        {**asb, "Domestic": "Y", "Knife": "Y", "Weapon": "Y"},
        {**asb, "Firearm": "Y"},
        {**asb, "Domestic": ""},
        killing,
        {**killing, "Domestic": "Y"},
        {**killing, "Domestic": ""},
        {**killing, "Relationship": "STRANGER"},
        {},
    ]
    rows = [{**change, "Incident Number": str(at)} for at, change in enumerate(changes)]
    load_incidents([written(tmp_path / "a.csv", force_export(*rows))], tmp_path / "store")
    table = quality.miscodings(IncidentStore.open(tmp_path / "store"))
    assert table.to_numpy().tolist() == [
        ["antisocial behaviour marked domestic", 1, 3, 1 / 3, "a.csv, row 2"],
        ["antisocial behaviour with a knife, firearm or weapon", 2, 3, 2 / 3, "a.csv, row 2"],
        # an unknown flag contradicts nothing
        ["homicide or attempt by a partner, marked not domestic", 1, 3, 1 / 3, "a.csv, row 5"],
        ["knife or firearm marked, weapon marked as none", 1, 2, 1 / 2, "a.csv, row 3"],
    ]


def test_an_empty_store_has_empty_tables(tmp_path: Path) -> None:
    load_incidents([], tmp_path / "store", extras={"context/sea.geojson": b"{}"})
    store = IncidentStore.open(tmp_path / "store")
    for table in (
        quality.balance, quality.rejected_by_reason, quality.completeness_by_month,
        quality.incidents_by_month, quality.unknown_codes, quality.codes_without_weight,
        quality.miscodings, quality.unknown_flags,
        quality.completeness,
    ):  # fmt: skip
        assert len(table(store)) == 0
