"""Compared lists: every place that is gone has its reason, and names stay told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from spatial.targets.kept.compared import CAUSES, DROPPED_COLUMNS, IDENTITY_COLUMNS
from spatial.targets.kept.previous import previous_list
from tests.spatial.targets.lists import (
    GRID,
    as_previous,
    cells_of,
    jostled,
    listed,
    override,
    overrides,
    values,
)

VALUE = values(7)
PLAIN = listed(VALUE)
BEFORE = as_previous(*PLAIN)


def _reasons(compared: object) -> dict[str, tuple[str, str]]:
    rows = compared.dropped.to_dict("records")  # type: ignore[attr-defined]
    return {row["area_id"]: (row["cause"], row["reason"]) for row in rows}


def test_a_first_list_has_nothing_to_compare_with() -> None:
    _, compared = PLAIN
    assert tuple(compared.places.columns) == IDENTITY_COLUMNS
    assert compared.places["status"].isna().all()
    assert compared.dropped.empty
    assert tuple(compared.dropped.columns) == DROPPED_COLUMNS
    assert compared.notes == ()


def test_each_place_is_kept_moved_new_or_dropped_with_a_reason() -> None:
    for seed in range(1, 12):
        decided, compared = listed(jostled(VALUE, seed, 0.3), previous=BEFORE)
        places = compared.places
        assert set(places["status"]) <= {"kept", "moved", "new"}
        old = set(BEFORE.listed["area_id"])
        known = set(places.loc[places["status"] != "new", "area_id"])
        assert known == old & set(decided.ids)
        assert set(compared.dropped["area_id"]) == old - set(decided.ids)
        assert (compared.dropped["cause"].isin(CAUSES)).all()
        assert (places.loc[places["status"] == "kept", "stays"] >= 0.5).all()
        assert (places.loc[places["status"] == "moved", "stays"] < 0.5).all()
        assert not places["name"].duplicated().any()
        number = {key: int(n) for key, n in places["status"].value_counts().items()}
        for status, count in number.items():
            assert f"{count} {status}" in compared.notes[0].text
        assert f"{len(compared.dropped)} dropped" in compared.notes[0].text


def test_below_the_number_asked_for() -> None:
    _, compared = listed(VALUE, places=5, previous=BEFORE)
    said = _reasons(compared)
    assert said[PLAIN[0].ids[5]] == ("below", "now 6th")
    assert said[PLAIN[0].ids[7]] == ("below", "now 8th")


def test_too_few_incidents_and_taken_off_and_merged() -> None:
    gone = PLAIN[0].places[0]
    value = VALUE.copy()
    value[gone.cells] = 0
    value[gone.cells[0]] = 2
    _, compared = listed(value, previous=BEFORE)
    assert _reasons(compared)[gone.area_id] == (
        "too few",
        "2 incidents on 1 date: 3 on 3 are needed",
    )
    drop = overrides(override("drop", areas=gone.area_id))
    _, compared = listed(VALUE, previous=BEFORE, changes=drop)
    cause, reason = _reasons(compared)[gone.area_id]
    assert cause == "taken off"
    assert reason.startswith("taken off by hand: agreed at the meeting (chair, 2026-11-21")


def test_outside_the_study_area_and_part_of_another() -> None:
    row = PLAIN[0].places[0]
    table = pd.DataFrame(
        [
            ("PA-FAR", "Far", 1, "8a2a1072b59ffff 8a2a1072b597fff"),
            ("PA-SMALL", "Small", 2, cells_of(row.cells[:1])),
            ("PA-SAME", "Same", 3, cells_of(row.cells[1:])),
        ],
        columns=["area_id", "name", "rank", "cells"],
    )
    decided, compared = listed(VALUE, previous=previous_list(table, called="last"))
    said = _reasons(compared)
    assert said["PA-FAR"] == ("outside", "outside the study area box")
    cause, reason = said["PA-SMALL"]
    assert cause == "part of another"
    assert reason == "100% of it is part of Same (PA-SAME) now"
    assert decided.ids[0] == "PA-SAME"
    assert compared.places["name"].iloc[0] == "Same"


def test_a_moved_place_is_named_anew_and_a_known_name_is_never_given_twice() -> None:
    first = PLAIN[0].places[0]
    grown = [one.cells for one in (*PLAIN[0].places, *PLAIN[0].next_best)]
    near = np.setdiff1d(np.arange(len(GRID)), np.concatenate(grown))[:5]
    street = f"Street {PLAIN[0].places[1].cells.min()}"
    table = pd.DataFrame(
        [
            # two of its seven cells are left to it
            ("PA-M", "Old name", 1, cells_of(np.append(first.cells[:2], near))),
            ("PA-K", street, 2, cells_of(PLAIN[0].places[2].cells)),
        ],
        columns=["area_id", "name", "rank", "cells"],
    )
    _, compared = listed(VALUE, previous=previous_list(table, called="last"))
    rows = compared.places.set_index("area_id")
    assert rows.loc["PA-M", "status"] == "moved"
    assert rows.loc["PA-M", "name"] == f"Street {first.cells.min()}"
    assert rows.loc["PA-M", "previous_name"] == "Old name"
    assert rows.loc["PA-K", "name"] == street
    assert compared.places["name"].iloc[1] == f"{street} (2)"
