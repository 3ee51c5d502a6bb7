"""Counting partner records: windows, cells, areas, and what may be shown."""

from __future__ import annotations

import datetime as dt

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.hexes.grid import fill
from spatial.hexes.study_area import StudyArea, read_study_area
from spatial.incidents.store import IncidentStore
from spatial.partners.counts import count_cells, count_near, kept_back
from spatial.partners.store import PartnerStore
from spatial.window import Window

WHOLE = Window(dt.date(2023, 11, 1), dt.date(2026, 10, 31))
YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
AMBULANCE, HOSPITAL = "ambulance service", "emergency department"


@pytest.fixture(scope="module")
def borough(partner_store: PartnerStore) -> StudyArea:
    (path,) = IncidentStore.open(partner_store.path).study_areas().values()
    return read_study_area(path)


@pytest.mark.parametrize("source", [AMBULANCE, HOSPITAL, "register of deaths"])
@pytest.mark.parametrize("resolution", [8, 9, 10])
def test_every_record_of_a_window_is_somewhere(
    partner_store: PartnerStore, borough: StudyArea, source: str, resolution: int
) -> None:
    counts = count_cells(partner_store, source, window=WHOLE, grid=fill(borough, resolution))
    lost = counts.outside + counts.coarse + counts.unlocated
    assert counts.counts.sum() + lost == partner_store.source(source).stored


def test_windows_add_up(partner_store: PartnerStore, borough: StudyArea) -> None:
    grid = fill(borough, 9)
    halves = [
        Window(dt.date(2023, 11, 1), dt.date(2025, 3, 14)),
        Window(dt.date(2025, 3, 15), dt.date(2026, 10, 31)),
    ]
    parts = [count_cells(partner_store, HOSPITAL, window=half, grid=grid) for half in halves]
    whole = count_cells(partner_store, HOSPITAL, window=WHOLE, grid=grid)
    assert (parts[0].counts + parts[1].counts == whole.counts).all()


def test_a_cell_smaller_than_what_is_known_takes_nothing(
    partner_store: PartnerStore, borough: StudyArea
) -> None:
    # ambulance points are cut to 100 m; a resolution-10 cell has an edge of 76 m
    assert h3.average_hexagon_edge_length(10, unit="m") == pytest.approx(75.9, abs=0.1)
    fine = count_cells(partner_store, AMBULANCE, window=YEAR, grid=fill(borough, 10))
    assert fine.counts.sum() == 0
    assert fine.coarse > 300
    assert any("less exactly than a cell is wide" in note.text for note in fine.notes)


def test_small_numbers_are_kept_back(partner_store: PartnerStore, borough: StudyArea) -> None:
    counts = count_cells(partner_store, AMBULANCE, window=YEAR, grid=fill(borough, 9))
    assert counts.fewest == 3
    shown = counts.shown
    assert np.nanmin(shown) == 3
    assert (np.isnan(shown) == (counts.counts < 3)).all()
    assert (counts.counts == 1).any()
    deaths = count_cells(partner_store, "register of deaths", window=YEAR, grid=counts.grid)
    assert deaths.counts.sum() == 4
    assert np.isnan(deaths.shown).all()
    # the notes do not tell either
    assert not any("on no map: " in note.text for note in deaths.notes)


def test_the_end_of_the_data_is_said_to_be_incomplete(
    partner_store: PartnerStore, borough: StudyArea
) -> None:
    grid = fill(borough, 9)
    late = count_cells(partner_store, HOSPITAL, window=YEAR, grid=grid)
    assert "those after 1 Oct 2026 may still be missing" in " ".join(n.text for n in late.notes)
    early = Window(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    said = count_cells(partner_store, HOSPITAL, window=early, grid=grid).notes
    assert not any("missing" in note.text for note in said)
    before = Window(dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    said = count_cells(partner_store, HOSPITAL, window=before, grid=grid).notes
    assert any("not the whole window" in note.text for note in said)


def test_near_an_area_grows_with_the_distance(partner_store: PartnerStore) -> None:
    box, far = shapely.box(1.385, 53.187, 1.40, 53.195), shapely.box(1.0, 53.0, 1.01, 53.01)
    near = [
        count_near(partner_store, AMBULANCE, [box, far, box], window=YEAR, within_m=metres)
        for metres in (100, 400)
    ]
    assert near[0][0] == near[0][2] > 20
    assert near[1][0] > near[0][0]
    assert near[0][1] == near[1][1] == 0
    # cut to 100 m, so nothing can be said to lie within 50 m
    assert count_near(partner_store, AMBULANCE, [box], window=YEAR, within_m=50).tolist() == [0]
    assert count_near(partner_store, AMBULANCE, [], window=YEAR).tolist() == []


def test_near_agrees_with_a_plain_search(partner_store: PartnerStore) -> None:
    box = shapely.box(1.385, 53.187, 1.40, 53.195)
    with partner_store.connect() as connection:
        points = connection.sql(
            "SELECT longitude, latitude FROM partners WHERE source = 'emergency department' "
            "AND occurred_from >= '2025-11-01' AND occurred_from < '2026-11-01' "
            "AND location_precision_m <= 1"
        ).fetchall()
    inside = sum(box.contains(shapely.Point(*point)) for point in points)
    found = count_near(partner_store, HOSPITAL, [box], window=YEAR, within_m=1)
    assert found.tolist() == [inside]


def test_an_unknown_source_lists_those_there_are(
    partner_store: PartnerStore, borough: StudyArea
) -> None:
    with pytest.raises(BadInputError, match="'ambulance service', 'emergency department'"):
        count_cells(partner_store, "fire", window=YEAR, grid=fill(borough, 9))


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(1, 9))
def test_nothing_below_the_least_is_ever_shown(counts: list[int], fewest: int) -> None:
    shown = kept_back(np.array(counts), fewest=fewest)
    assert not (shown < fewest).any()
    assert [one for one in shown if one == one] == [one for one in counts if one >= fewest]  # noqa: PLR0124 (not a number)
