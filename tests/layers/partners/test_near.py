"""What partners have near a place: each source apart, never summed, never below the least."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely

from layers.listing import list_rows
from layers.partners.near import LABEL, partners_near, with_partners
from spatial.partners.counts import count_near
from spatial.partners.standing import StandingStore
from spatial.partners.standing_counts import premises_near
from spatial.partners.store import PartnerStore
from spatial.window import Window
from tests.layers.invented import WINDOW

if TYPE_CHECKING:
    from spatial.results import TaskingResult

CENTRE, SEA = shapely.box(1.385, 53.187, 1.40, 53.195), shapely.box(1.6, 53.0, 1.61, 53.01)


@pytest.fixture(scope="module")
def areas() -> pd.DataFrame:
    return pd.DataFrame({"area_id": ["PA-1", "PA-2"], "geometry": [CENTRE, SEA]})


def near(standing: StandingStore, areas: pd.DataFrame, window: Window = WINDOW) -> dict[str, str]:
    return partners_near(PartnerStore.open(standing.path), standing, areas, window=window)


def test_each_source_has_its_own_number(standing_store: StandingStore, areas: pd.DataFrame) -> None:
    said = near(standing_store, areas)
    partners = PartnerStore.open(standing_store.path)
    ambulance = count_near(partners, "ambulance service", [CENTRE], window=WINDOW)[0]
    premises = premises_near(standing_store, "licensing register", [CENTRE])
    assert premises is not None
    assert ambulance > 20
    parts = said["PA-1"].split("; ")
    assert parts[0] == f"ambulance service {ambulance}"
    assert parts[-1] == f"licensed premises {premises[0]}"
    assert len(parts) == 4
    assert said["PA-2"] == (
        "ambulance service fewer than 3; emergency department fewer than 3; register of deaths "
        "fewer than 3; licensed premises none on record (the register may be thin)"
    )
    # a table by beat says nothing of a place
    assert "safeguarding" not in said["PA-1"]


def test_what_a_source_cannot_know_is_said_in_place_of_a_number(
    standing_store: StandingStore, areas: pd.DataFrame
) -> None:
    before = near(standing_store, areas, Window(dt.date(2020, 1, 1), dt.date(2020, 12, 31)))
    assert before["PA-1"].startswith("ambulance service has no data of these dates; ")
    assert re.search(r"licensed premises \d+ \(as of 31 Oct 2026\)$", before["PA-1"])
    half = near(standing_store, areas, Window(dt.date(2023, 1, 1), dt.date(2024, 6, 30)))
    assert re.match(r"ambulance service \d+ \(data 4 Nov 2023 to 30 Oct 2026\)", half["PA-1"])


def test_a_source_too_vague_for_a_place_says_so(
    standing_store: StandingStore, areas: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.partners.near.is_placed_within", lambda *_: False)
    monkeypatch.setattr("layers.partners.near.premises_near", lambda *_: None)
    said = near(standing_store, areas)["PA-1"].split("; ")
    assert {part.partition(" is known")[2] for part in said} == {" less exactly than 100 m"}


def test_a_store_without_partners_says_nothing(tmp_path: Path, areas: pd.DataFrame) -> None:
    assert near(StandingStore.open(tmp_path), areas) == {}


def test_rows_keep_their_order_and_rank(invented_result: TaskingResult) -> None:
    rows = list_rows(invented_result.targets.areas)
    first = rows[0]["id"]
    told = with_partners(rows, {first: "ambulance service 12"})
    assert told[0]["details"][-1] == [LABEL, "ambulance service 12"]
    assert [row["rank"] for row in told] == [row["rank"] for row in rows]
    assert told[1:] == rows[1:]
    assert rows[0]["details"][-1] != told[0]["details"][-1]
