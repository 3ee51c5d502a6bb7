"""Weighing: another scheme in place of the stored weights, as a load would have applied it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from config.errors import BadInputError
from spatial.incidents.load import load_incidents
from spatial.incidents.store import IncidentStore
from spatial.incidents.weighing import scheme_named, weigh_incidents
from tests.spatial.incidents.exports import force_export, police_uk, snapshot, written


def weighed(store: IncidentStore, weights: str) -> list[tuple[object, ...]]:
    with store.connect() as connection:
        weigh_incidents(connection, scheme_named(weights))
        return connection.execute(
            "SELECT harm_days, harm_edition FROM incidents ORDER BY source_row"
        ).fetchall()


def store_of(folder: Path, content: bytes) -> IncidentStore:
    load_incidents([written(folder / "a.csv", content)], folder / "store")
    return IncidentStore.open(folder / "store")


def test_the_stored_weights_come_out_again(saltmere_store: IncidentStore) -> None:
    query = """
        SELECT tier, ho_code, prc_code, category, count(*), count(harm_days), min(harm_days),
               max(harm_days), min(harm_edition), max(harm_edition)
        FROM incidents GROUP BY ALL ORDER BY ALL
    """
    with saltmere_store.connect() as stored, saltmere_store.connect() as again:
        weigh_incidents(again, scheme_named("cchi_2020"))
        assert again.execute(query).fetchall() == stored.execute(query).fetchall()


def test_every_incident_is_still_there_once(saltmere_store: IncidentStore) -> None:
    query = "SELECT count(*), count(DISTINCT incident_id), sum(source_row) FROM incidents"
    with saltmere_store.connect() as stored, saltmere_store.connect() as again:
        weigh_incidents(again, scheme_named("ons_css"))
        assert again.execute(query).fetchall() == stored.execute(query).fetchall()


def test_codes_classes_and_disorder(tmp_path: Path) -> None:
    number = iter(range(9))
    rows = [
        {"Incident Number": f"SM/{next(number)}", "Home Office Code": code, "PRC Class": prc}
        for code, prc in [
            ("008/06", "8N"), ("008/06", ""), ("", "8N"), ("008/77", ""), ("001/01", "1"),
            ("TBC", "5D"),
        ]
    ]  # fmt: skip
    disorder = {"Incident Number": "SM/9", "Home Office Code": "", "Incident Type": "ASB"}
    store = store_of(tmp_path, force_export(*rows, {**disorder, "PRC Class": "8N"}))
    edition = "ONS CSS 2019-09/2016-11"
    assert weighed(store, "ons_css") == [
        (189.15, edition), (189.15, edition), (189.15, edition), (None, None), (7973.39, edition),
        (2034.74, edition), (None, None),
    ]  # fmt: skip


def test_the_store_is_left_as_it_was(tmp_path: Path) -> None:
    store = store_of(tmp_path, force_export({}))
    before = snapshot(tmp_path / "store")
    assert weighed(store, "ons_css") == [(189.15, "ONS CSS 2019-09/2016-11")]
    assert snapshot(tmp_path / "store") == before
    with store.connect() as connection:
        assert connection.execute("SELECT harm_days FROM incidents").fetchall() == [(10.0,)]


def test_open_data_has_categories_and_no_codes(tmp_path: Path) -> None:
    store = store_of(tmp_path, police_uk({}))
    assert weighed(store, "ons_css") == [(None, None)]
    assert weighed(store, "police_uk_categories")[0][0] == 365


def test_a_workbook_of_ones_own(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Offence", "HO class", "PRC class", "Athena URN", "CCHI score"])
    sheet.append(["ABH", "008/06", "8N", "8N.1", 182.5])
    book.save(tmp_path / "it's 2026.xlsx")
    book.close()
    store = store_of(tmp_path, force_export({}))
    found = weighed(store, str(tmp_path / "it's 2026.xlsx"))
    assert found == [(182.5, "CCHI 2026 (workbook)")]


def test_an_empty_store_can_be_weighed(tmp_path: Path) -> None:
    assert weighed(IncidentStore(tmp_path, ()), "ons_css") == []


def test_an_unknown_scheme_is_said() -> None:
    with pytest.raises(BadInputError, match="no harm scheme 'css'"):
        scheme_named("css")
