"""The report on the sample town: one run id, conservation, and reasons for what is missing."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from config.errors import BadInputError
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.report import report, section
from spatial.report_results import (
    PART_COLUMNS,
    SECTIONS,
    ReportRequest,
    ReportResult,
    Section,
)
from spatial.results import HotspotRequest, TargetRequest
from spatial.run import hotspots, targets
from spatial.window import Window

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
ARK = ReportRequest("ark", YEAR, places=4)


@pytest.fixture(name="ark")
def _ark(saltmere_report: ReportResult) -> ReportResult:
    assert saltmere_report.request == replace(ARK, resolution=10)
    return saltmere_report


@pytest.fixture(scope="module", name="open_store")
def _open_store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> IncidentStore:
    folder = tmp_path_factory.mktemp("norwich") / "store"
    load([shared_data / "police_uk" / "norwich-2025.zip"], folder)
    return IncidentStore.open(folder)


def test_every_part_is_there_or_says_why_not(ark: ReportResult) -> None:
    assert [one.name for one in ark.sections] == list(SECTIONS)
    for one in ark.sections:
        assert one.run_id == ark.run_id
        assert [part.name for part in one.parts] == list(PART_COLUMNS[one.name])
        for part in one.parts:
            if part.table is None:
                assert part.why_not.endswith(".")
            else:
                assert not part.why_not
                assert tuple(part.table.columns) == PART_COLUMNS[one.name][part.name]
                assert len(part.table)
        assert one.method
        assert one.page.endswith(".md")


def test_a_section_alone_is_the_section_of_the_report(
    saltmere_store: IncidentStore, ark: ReportResult
) -> None:
    alone = section(saltmere_store, ARK, "change")
    assert _content(alone) == _content(ark.section("change"))
    with pytest.raises(BadInputError, match="no section 'weather'"):
        section(saltmere_store, ARK, "weather")


def test_the_run_id_changes_with_what_is_asked(
    saltmere_store: IncidentStore, ark: ReportResult
) -> None:
    for other in (
        replace(ARK, places=5),
        replace(ARK, resolution=9),
        replace(ARK, weights="ons_css"),
    ):
        assert section(saltmere_store, other, "watch_list").run_id != ark.run_id


def test_incidents_conserve_over_the_sections(
    saltmere_store: IncidentStore, ark: ReportResult
) -> None:
    assert (
        ark.incidents
        == hotspots(saltmere_store, HotspotRequest("ark", YEAR, resolution=10))
        .cells["incidents"]
        .sum()
    )
    assert _table(ark, "timing", "hours")["incidents"].sum() == pytest.approx(ark.incidents)
    assert _table(ark, "change", "tiers")["now"].sum() == ark.incidents
    readings = _table(ark, "two_way", "readings")
    assert readings["violence"].sum() == ark.incidents
    assert readings["cells"].sum() == ark.cells
    assert _table(ark, "emerging", "categories")["cells"].sum() == ark.cells
    assert _table(ark, "concentration", "gini")["incidents"].item() == ark.incidents
    # points near the edge of the town lie in no beat: hardly any
    beats = _table(ark, "change", "beats")["now"].sum()
    assert 0.99 * ark.incidents < beats <= ark.incidents


def test_the_surfaces_of_the_two_way_reading_are_those_of_hot_spots(
    saltmere_store: IncidentStore, ark: ReportResult
) -> None:
    asked = HotspotRequest("asb", YEAR, resolution=ark.resolution)
    alone = hotspots(saltmere_store, asked).cells.set_index("cell")
    beside = _table(ark, "two_way", "cells").set_index("cell")
    assert (beside.loc[alone.index, "disorder"] == alone["incidents"]).all()
    assert (beside.loc[alone.index, "disorder_class"] == alone["class"]).all()


def test_the_places_timed_are_those_of_the_targets(
    saltmere_store: IncidentStore, ark: ReportResult
) -> None:
    asked = TargetRequest("ark", YEAR, resolution=ark.resolution, places=ARK.places)
    listed = targets(saltmere_store, asked).areas
    peaks = _table(ark, "timing", "peaks").drop_duplicates("area_id").iloc[1:]
    assert peaks["area_id"].tolist() == listed["area_id"].tolist()
    assert peaks["place"].tolist() == listed["name"].tolist()
    assert peaks["incidents"].tolist() == listed["incidents"].tolist()


def test_places_of_change_were_chosen_before_either_window(ark: ReportResult) -> None:
    told = [note.text for note in ark.section("change").notes if note.text.startswith("Places:")]
    assert len(told) == 1
    assert "1 Nov 2023 to 31 Oct 2024, before either window" in told[0]


def test_out_of_sample_is_chosen_on_the_year_before(ark: ReportResult) -> None:
    scores = _table(ark, "concentration", "accuracy")
    assert set(scores["chosen_on"]) == {"1 Nov 2024 to 31 Oct 2025"}
    inside, outside = (scores[scores["sample"] == side].set_index(["measure", "area_share"])
                       for side in ("in", "out"))  # fmt: skip
    np.testing.assert_allclose(inside["pei"], 1.0)
    np.testing.assert_allclose(outside["captured"] / inside["captured"], outside["recapture_ratio"])
    assert (outside["pei"] <= 1).all()


def test_harm_is_set_against_harm_dealt_by_chance(ark: ReportResult) -> None:
    facts = ark.section("concentration").facts
    # harm is more concentrated than incidents even by chance, and here more than chance makes it
    assert facts["half_of_harm_by_chance"] < facts["half_of_incidents_by_chance"]
    assert facts["half_of_harm"] < facts["half_of_harm_by_chance"]


def test_months_only_say_nothing_of_hours_or_days(open_store: IncidentStore) -> None:
    year = Window(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    asked = ReportRequest("violence_proxy", year, study_area="ever-incident")
    found = report(open_store, asked)
    assert found.resolution == 9
    for name in ("timing", "near_repeat"):
        assert "only the month" in found.section(name).why_not
    assert "offence code" in found.section("watch_list").why_not
    assert "data begin on 1 Jan 2025" in found.section("change").why_not
    assert "population" in " ".join(n.text for n in found.section("concentration").notes)
    stability = found.section("place_stability").facts
    assert 0 < stability["kept"] < 1
    assert stability["precision_m"] > 0


def test_a_part_of_a_month_is_not_called_empty(open_store: IncidentStore) -> None:
    days = Window(dt.date(2025, 6, 10), dt.date(2025, 6, 20))
    asked = HotspotRequest("violence_proxy", days, study_area="ever-incident")
    with pytest.raises(BadInputError, match="known only by month count on its first day: use whol"):
        hotspots(open_store, asked)
    whole = Window(dt.date(2025, 6, 1), dt.date(2025, 6, 30))
    assert not hotspots(open_store, replace(asked, window=whole)).cells.empty


def test_disorder_is_not_read_against_itself_and_has_no_harm(saltmere_store: IncidentStore) -> None:
    asked = ReportRequest("asb", Window(dt.date(2026, 8, 1), dt.date(2026, 10, 31)), resolution=8)
    assert "serious violence" in section(saltmere_store, asked, "two_way").why_not
    figures = section(saltmere_store, asked, "concentration").table("figures")
    assert figures is not None
    assert set(figures["measure"]) == {"incidents"}


def test_a_window_that_outruns_the_data_is_said(saltmere_store: IncidentStore) -> None:
    asked = ReportRequest("homicide", Window(dt.date(2020, 1, 1), dt.date(2027, 6, 30)))
    found = report(saltmere_store, asked)
    loud = " ".join(note.text for note in found.notes if note.loud)
    assert "the data on 1 Nov 2023" in loud
    assert "the data end on 31 Oct 2026" in loud
    assert found.section("concentration").facts["window"] == "1 Nov 2023 to 31 Oct 2026"
    assert "at least 30 incidents" in found.section("near_repeat").why_not
    assert "no place has incidents enough" in found.section("place_stability").why_not


def test_bad_requests_are_refused(saltmere_store: IncidentStore) -> None:
    for wrong, said in (
        (replace(ARK, places=0), "at least 1"),
        (replace(ARK, profile="weather"), "weather"),
        (replace(ARK, resolution=7), "not indexed"),
        (replace(ARK, study_area="nowhere"), "nowhere"),
    ):
        with pytest.raises(BadInputError, match=said):
            section(saltmere_store, wrong, "watch_list")


def _table(result: ReportResult, name: str, part: str) -> pd.DataFrame:
    table = result.section(name).table(part)
    assert table is not None
    return table


def _content(found: Section) -> str:
    tables = {
        part.name: part.why_not if part.table is None else part.table.to_csv()
        for part in found.parts
    }
    return json.dumps([tables, found.facts, [note.text for note in found.notes]], default=str)
