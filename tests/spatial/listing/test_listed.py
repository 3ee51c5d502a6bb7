"""The whole list, from request to result: identity, changes by hand and words, on Saltmere."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import h3
import pandas as pd
import pytest
import shapely

from config.errors import BadInputError
from layers.targets.files import target_files
from sample_geo.ready import DATA
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.listing.asked import asked_of, list_rules
from spatial.results import TargetRequest, TargetResult, TaskingRequest
from spatial.run import targets, tasking
from spatial.scene import open_scene
from spatial.targets.kept.compared import DROPPED_COLUMNS
from spatial.targets.kept.previous import PreviousList, previous_list
from spatial.targets.overridden.override_list import Override, overrides_of
from spatial.window import Window

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
FORTNIGHT_BEFORE = Window(dt.date(2025, 10, 18), dt.date(2026, 10, 17))
ARK = TargetRequest("ark", YEAR, places=12)


def as_previous(made: TargetResult, *, called: str = "the last list") -> PreviousList:
    """A list as the next one reads it."""
    return previous_list(
        made.areas,
        called=called,
        also_known=made.also_known,
        run_id=made.run_id,
        window=made.window,
        data_through=made.data_through,
    )


def hash_of(line: str) -> str:
    """An order that has nothing to do with the rows' own."""
    return hashlib.sha256(line.encode()).hexdigest()


def override(kind: str, number: int = 1, **what: str) -> dict[str, str]:
    return {
        "override_id": f"o{number}", "kind": kind, "areas": "", "cells": "", "name": "",
        "reason": "agreed", "by": "chair", "at": "2026-11-21T09:30", **what,
    }  # fmt: skip


def overrides(*rows: dict[str, str]) -> tuple[Override, ...]:
    return overrides_of(pd.DataFrame(list(rows)))


@pytest.fixture(scope="module")
def first(saltmere_store: IncidentStore) -> TargetResult:
    return targets(saltmere_store, replace(ARK, window=FORTNIGHT_BEFORE))


@pytest.fixture(scope="module")
def second(saltmere_store: IncidentStore, first: TargetResult) -> TargetResult:
    return targets(saltmere_store, ARK, previous=as_previous(first))


def test_a_first_list_is_told_whole_and_compares_with_nothing(first: TargetResult) -> None:
    areas = first.areas
    assert areas["status"].isna().all()
    assert areas["previous_rank"].isna().all()
    assert first.dropped.empty
    assert list(first.dropped.columns) == list(DROPPED_COLUMNS)
    assert first.previous == ""
    assert (areas["peak_windows"].str.len() > 0).all()
    assert (areas["why"].str.len() > 0).all()
    # at least one of twelve places has hours of its own, and says so in its reason too
    spoken = areas["why"].str.contains("peaks ")
    assert spoken.any()
    assert areas.loc[spoken, "peak_windows"].str.contains("%").all()
    assert len(first.times) == len(areas)
    assert [one.words for one in first.times] == areas["peak_windows"].tolist()


def test_the_same_data_give_the_same_places_under_the_same_ids(
    saltmere_store: IncidentStore, first: TargetResult
) -> None:
    again = targets(
        saltmere_store, replace(ARK, window=FORTNIGHT_BEFORE), previous=as_previous(first)
    )
    assert again.areas["status"].tolist() == ["kept"] * 12
    for column in ("area_id", "name", "cells", "rank", "why", "peak_windows"):
        assert again.areas[column].tolist() == first.areas[column].tolist()
    assert again.areas["previous_rank"].tolist() == again.areas["rank"].tolist()
    assert set(again.areas["stays"]) == {1.0}
    assert again.dropped.empty
    # what it was compared with is part of what the run is
    assert again.run_id != first.run_id


def test_a_fortnight_later_every_place_is_accounted_for(
    first: TargetResult, second: TargetResult
) -> None:
    areas, dropped = second.areas, second.dropped
    assert set(areas["status"]) <= {"new", "kept", "moved"}
    known = set(first.areas["area_id"])
    still = set(areas["area_id"]) & known
    assert still | set(dropped["area_id"]) == known
    assert set(areas.loc[areas["status"] != "new", "area_id"]) == still
    assert (dropped["reason"].str.len() > 0).all()
    ranks = dict(zip(first.areas["area_id"], first.areas["rank"], strict=True))
    for row in areas[areas["status"] != "new"].to_dict("records"):
        assert row["previous_rank"] == ranks[row["area_id"]]
    # overlapping windows give no fair figure, and that is said
    assert areas["change_ratio"].isna().all()
    assert any(note.text.startswith("No change is given: the last list") for note in second.notes)


def test_change_is_measured_on_areas_fixed_before_the_window(
    saltmere_store: IncidentStore,
) -> None:
    old = targets(
        saltmere_store,
        replace(ARK, window=Window(dt.date(2023, 11, 1), dt.date(2024, 10, 31)), places=8),
    )
    fixed = as_previous(old, called="the list of 2024")
    again = targets(saltmere_store, replace(ARK, places=8), previous=fixed)
    assert len(again.change) == 8
    assert len(again.change_whole) == 1
    found = again.areas.dropna(subset=["change_ratio"])
    assert len(found) >= 4
    assert (found["change_low"] <= found["change_ratio"]).all()
    assert (found["change_ratio"] <= found["change_high"]).all()
    assert (found["change_words"].str.len() > 0).all()
    fared = again.change.set_index("area_id")["change_ratio"]
    assert found["change_ratio"].tolist() == fared.loc[found["area_id"]].tolist()


def _halves(cells: str) -> str:
    """An outer cell, and the others of an area, as groups of a split."""
    names = cells.split()
    lonely = min(names, key=lambda one: sum(h3.are_neighbor_cells(one, other) for other in names))
    return f"{lonely};{' '.join(name for name in names if name != lonely)}"


@pytest.mark.slow
def test_changes_by_hand_hold_until_they_are_withdrawn(
    saltmere_store: IncidentStore, first: TargetResult
) -> None:
    ids, cells = first.areas["area_id"], first.areas["cells"]
    changes = overrides(
        override("drop", 1, areas=ids[2]),
        override("rename", 2, areas=ids[0], name="The Pier"),
        override("drop", 3, areas="PA-000000"),
        override("split", 4, areas=ids[1], cells=_halves(cells[1]), name="Far end"),
    )
    made = targets(saltmere_store, ARK, previous=as_previous(first), overrides=changes)
    # the further part of a split comes on top of the number asked for
    assert len(made.areas) == 13
    held = " ".join(made.areas["cells"]).split()
    assert len(held) == len(set(held))
    assert made.areas["area_id"].is_unique
    assert made.areas["name"].is_unique
    assert made.areas["rank"].tolist() == list(range(1, 14))
    assert ids[2] not in set(made.areas["area_id"])
    row = made.areas.set_index("area_id").loc[ids[0]]
    assert (row["name"], row["grown_name"]) == ("The Pier", first.areas["name"][0])
    assert "rename: agreed (chair, 2026-11-21T09:30)" in row["changed"]
    assert made.dropped.set_index("area_id").loc[ids[2], "cause"] == "taken off"
    assert made.overrides["outcome"].tolist() == ["applied", "applied", "not applied", "applied"]
    given_up = made.overrides.loc[0, "harm_days_given_up"]
    assert given_up > made.overrides.loc[0, "harm_days_gained"] > 0
    loud = [note.text for note in made.notes if note.loud]
    assert any("PA-000000" in text and "could not be applied" in text for text in loud)
    # the next fortnight applies them again; withdrawn, the place is back under its own id and name
    later = targets(saltmere_store, ARK, previous=as_previous(made), overrides=changes)
    assert later.areas["area_id"].tolist() == made.areas["area_id"].tolist()
    assert later.areas["name"].tolist() == made.areas["name"].tolist()
    withdrawn = targets(saltmere_store, ARK, previous=as_previous(made))
    back = withdrawn.areas.set_index("area_id")
    assert back.loc[ids[2], "cells"] == cells[2]
    assert back.loc[ids[2], "status"] == "new"
    assert back.loc[ids[0], "name"] == first.areas["name"][0]


def test_everything_that_decides_is_in_the_run_id_and_the_bytes_are_the_same(
    saltmere_store: IncidentStore, first: TargetResult, second: TargetResult
) -> None:
    again = targets(saltmere_store, ARK, previous=as_previous(first))
    assert again.run_id == second.run_id
    assert target_files(again, request=ARK) == target_files(second, request=ARK)
    assert first.run_id != second.run_id


def test_whatever_decides_a_list_is_told_apart(
    saltmere_store: IncidentStore, first: TargetResult
) -> None:
    scene = open_scene(saltmere_store, None, 10)
    asked, beats = (
        asked_of(one, scene, first.profile) for one in (ARK, replace(ARK, drawn="beats"))
    )
    last = as_previous(first)
    moved = first.areas.assign(cells=first.areas["cells"].shift(-1, fill_value="8a19599a6b0ffff"))
    drop = overrides(override("drop", areas="PA-0"))
    because = overrides(override("drop", areas="PA-0", reason="another reason"))
    rules = [
        list_rules(one, previous=previous, fixed=fixed, overrides=changes)
        for one, previous, fixed, changes in (
            (asked, None, None, ()),
            (beats, None, None, ()),
            (asked, last, None, ()),
            (asked, None, last, ()),
            (asked, as_previous(first, called="another name"), None, ()),
            (asked, as_previous(replace(first, areas=moved)), None, ()),
            (asked, None, None, drop),
            (asked, None, None, because),
        )
    ]
    assert len({json.dumps(one, sort_keys=True, default=str) for one in rules}) == len(rules)


@pytest.mark.slow
def test_no_order_of_rows_matters(tmp_path: Path) -> None:
    lines = (DATA / "incidents.csv").read_text(encoding="utf-8").splitlines()
    recent = [line for line in lines[1:] if line.startswith("SM/2026/")]
    made = []
    for at, rows in enumerate((recent, sorted(recent, key=hash_of))):
        folder = tmp_path / str(at)
        folder.mkdir()
        text = "\n".join([lines[0], *rows]) + "\n"
        (folder / "incidents.csv").write_text(text, encoding="utf-8")
        load([folder / "incidents.csv"], folder / "store", boundary=DATA / "boundary.geojson")
        window = Window(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
        store = IncidentStore.open(folder / "store")
        made.append(targets(store, replace(ARK, window=window, places=6)))
    first_areas, second_areas = (one.areas.drop(columns=["run_id"]) for one in made)
    pd.testing.assert_frame_equal(first_areas, second_areas)
    pd.testing.assert_frame_equal(made[0].coverage, made[1].coverage)


def test_the_tasking_page_has_the_same_list(
    saltmere_store: IncidentStore, first: TargetResult, second: TargetResult
) -> None:
    page = tasking(saltmere_store, TaskingRequest("ark", YEAR), previous=as_previous(first))
    left = page.targets.areas.drop(columns=["run_id"])
    pd.testing.assert_frame_equal(left, second.areas.drop(columns=["run_id"]))
    pd.testing.assert_frame_equal(page.targets.dropped, second.dropped)
    assert page.targets.times[0].words == second.times[0].words


def test_a_place_with_a_police_station_is_proposed_for_a_look(second: TargetResult) -> None:
    found = second.removals
    assert "police station" in set(found["kind"])
    assert set(found["area_id"]) <= set(second.areas["area_id"])
    said = second.areas.set_index("area_id")["removal"]
    for row in found.to_dict("records"):
        assert row["words"] in said[row["area_id"]]
    assert (said[~said.index.isin(found["area_id"])] == "").all()


@pytest.mark.slow
def test_beats_keep_their_ids_and_names(saltmere_store: IncidentStore) -> None:
    asked = replace(ARK, drawn="beats", places=4)
    made = targets(saltmere_store, asked)
    assert made.areas["area_id"].is_unique
    for row in made.areas.to_dict("records"):
        assert shapely.from_wkt(row["wkt"]).equals(row["geometry"])
    fewer = targets(saltmere_store, replace(asked, places=2), previous=as_previous(made))
    assert fewer.areas["status"].tolist() == ["kept"] * 2
    assert fewer.areas["area_id"].tolist() == made.areas["area_id"].tolist()[:2]
    assert fewer.areas["name"].tolist() == made.areas["name"].tolist()[:2]
    assert fewer.dropped["cause"].tolist() == ["below", "below"]
    assert fewer.dropped["reason"].tolist() == ["now 3rd", "now 4th"]
    with pytest.raises(BadInputError, match="polygons of your own, which cannot be changed"):
        targets(saltmere_store, asked, overrides=overrides(override("drop", areas="PA-1")))


def test_antisocial_behaviour_has_a_list_too(saltmere_store: IncidentStore) -> None:
    made = targets(saltmere_store, TargetRequest("asb", YEAR, places=5))
    assert made.harm_share is None
    assert made.areas["harm_days"].isna().all()
    assert (made.areas["peak_windows"].str.len() > 0).all()
    assert made.coverage["share"].is_monotonic_increasing
    assert "of the incidents in sample" in made.more_hours
    assert "harm" not in made.more_hours


@pytest.mark.slow
def test_a_place_that_moves_up_too_near_another_is_said(saltmere_store: IncidentStore) -> None:
    apart = replace(ARK, places=14, separation_m=300.0)
    plain = targets(saltmere_store, apart)
    # of what is left nothing says that a place was taken off
    drop = overrides(override("drop", areas=str(plain.areas["area_id"].iloc[9])))
    made = targets(saltmere_store, apart, overrides=drop)
    assert made.areas["changed"].fillna("").eq("").all()
    plane = made.study_area.metric_system
    outlines = [plane.project(one) for one in made.areas["geometry"]]
    nearest = min(one.distance(other) for at, one in enumerate(outlines) for other in outlines[:at])
    assert nearest < 299
    [said] = [note for note in made.notes if "After the changes by hand" in note.text]
    assert said.loud
    assert f"{nearest:,.0f} m apart" in said.text
    assert not any("After the changes by hand" in note.text for note in plain.notes)


def test_places_added_beyond_the_hours_given_are_said(
    saltmere_store: IncidentStore, first: TargetResult
) -> None:
    # five places of 46.7 hours each
    asked = replace(ARK, places=None, officer_hours=240.0)
    last = str(first.areas["cells"].iloc[-1])
    more = overrides(override("add", cells=last.split(maxsplit=1)[0], name="By hand"))
    made = targets(saltmere_store, asked, overrides=more)
    assert len(made.areas) == 6
    [said] = [note for note in made.notes if "officer-hours, and" in note.text]
    assert said.loud
    assert said.text.endswith("the list takes 280.0 officer-hours, and 240.0 were given.")
    drop = overrides(override("drop", areas=str(made.areas["area_id"].iloc[0])))
    less = targets(saltmere_store, asked, overrides=drop)
    assert not any("officer-hours, and" in note.text for note in less.notes)


@pytest.mark.slow
def test_a_list_of_another_profile_is_said(
    saltmere_store: IncidentStore, first: TargetResult
) -> None:
    other = replace(as_previous(first), profile="near_miss")
    made = targets(saltmere_store, ARK, previous=other)
    [said] = [note for note in made.notes if "list of the profile" in note.text]
    assert said.loud
    assert "the profile 'near_miss', this one of 'ark'" in said.text
    assert made.run_id != targets(saltmere_store, ARK, previous=as_previous(first)).run_id


@pytest.mark.slow
def test_a_window_that_begins_before_the_data_is_said(saltmere_store: IncidentStore) -> None:
    made = targets(saltmere_store, replace(ARK, window=Window(dt.date(2022, 5, 1), YEAR.last)))
    [said] = [note for note in made.notes if "but the data on" in note.text]
    assert said.loud
    assert said.text.startswith("The window begins on 1 May 2022, but the data on ")
    assert made.data_from == saltmere_store.data_from
    files = target_files(made)
    kept = json.loads(files["manifest.json"])
    assert kept["data_from"] == saltmere_store.data_from.isoformat()
