"""What was done at a place: operations are known by their ground, whatever they call it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import h3
import pytest
import shapely

from register import operations
from register.operations import OperationDraft
from sample_geo.ready import DATA
from tests.register.conftest import WHO
from views import access
from views.in_force import InForce
from views.tasking import history

if TYPE_CHECKING:
    from register.opening import Register

AREAS = gpd.read_file(DATA / "operation_tern_areas.geojson")


@pytest.fixture(autouse=True)
def _everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "may", bool)


def place(shape: object, *, area_id: str = "PA-1", cells: str = "") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"area_id": [area_id], "cells": [cells]}, geometry=[shape], crs="EPSG:4326"
    )


def told(held: Register, where: gpd.GeoDataFrame, *drafts: OperationDraft) -> list[str]:
    with held.writing() as session:
        for draft in drafts:
            operations.add(session, draft, **WHO)
    lines = history.done_at(where, held=InForce(), made=None)
    return [words for label, words in lines if label == "Operation"]


def test_a_place_under_another_name_knows_the_operation_on_its_ground(held: Register) -> None:
    own = AREAS[AREAS["area_id"] == "T01"].geometry.iloc[0]
    assert told(held, place(own)) == ["Operation Tern, 1 Jun 2026 to 29 Aug 2026: patrolled"]
    elsewhere = own.buffer(0.0004).difference(own)
    assert told(held, place(elsewhere.difference(AREAS.geometry.union_all()))) == []


def test_a_place_that_is_only_in_part_on_it_says_how_much(held: Register) -> None:
    own = AREAS[AREAS["area_id"] == "T01"].geometry.iloc[0]
    wider = own.buffer(0.002).difference(AREAS.geometry.union_all()).union(own)
    [said] = told(held, place(wider))
    share = float(said.rsplit(" on ", 1)[1].removesuffix("% of this ground"))
    assert 0 < share < 95


def test_an_operation_without_papers_is_known_by_its_names(held: Register) -> None:
    cell = h3.latlng_to_cell(53.19, 1.39, 10)
    # ground on which the sample's own operations were not
    shape = shapely.box(1.33, 53.22, 1.331, 53.221)
    bare = OperationDraft(
        name="Wren",
        design="before_after",
        areas=(cell,),
        comparators=("PA-9",),
        first_date=dt.date(2026, 5, 1),
        last_date=dt.date(2026, 6, 1),
    )
    [said] = told(held, place(shape, cells=f"{cell} 8a194199069ffff"), bare)
    assert said == "Wren, 1 May 2026 to 1 Jun 2026: patrolled"
    [said] = told(held, place(shape, area_id="PA-9"))
    assert said.endswith("compared with")
    assert told(held, place(shape), replace(bare, name="Teal", areas=("PA-2",))) == []
