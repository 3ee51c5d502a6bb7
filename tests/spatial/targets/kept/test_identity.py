"""Identity: the same ground keeps its id, one to one, whatever the order of rows."""

from __future__ import annotations

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.hexes.grid import cell_names, fill
from spatial.targets.kept import identity
from spatial.targets.kept.identity import LEAST_SHARED, free_id, identify, shared_ground
from spatial.targets.kept.previous import previous_list
from spatial.targets.table import area_id
from tests.spatial.targets.lists import (
    GRID,
    NEAR,
    as_previous,
    cells_of,
    jostled,
    listed,
    ranked,
    values,
)

SEEDS = st.integers(0, 10_000)


def _disk() -> np.ndarray:
    middle = int(np.argmax(NEAR.cardinalities == 7))
    return np.array([middle, *(cell for cell in NEAR.of(middle) if cell != middle)])


def _previous(**areas: np.ndarray) -> object:
    rows = [(key, key, rank, cells_of(area)) for rank, (key, area) in enumerate(areas.items(), 1)]
    return previous_list(
        pd.DataFrame(rows, columns=["area_id", "name", "rank", "cells"]), called="last"
    )


@settings(max_examples=10)
@given(SEEDS)
def test_ids_are_stable_when_data_do_not_change(seed: int) -> None:
    first = listed(values(seed))
    again = listed(values(seed), previous=as_previous(*first))
    assert again[0].ids == first[0].ids
    assert set(again[1].places["status"]) <= {"kept"}
    assert (again[1].places["stays"] == 1).all()
    assert again[1].places["name"].tolist() == first[1].places["name"].tolist()
    assert again[1].dropped.empty


@settings(max_examples=15)
@given(SEEDS, st.floats(0.0, 1.0), st.integers(0, 99))
def test_matching_is_one_to_one_and_no_order_matters(seed: int, share: float, mix: int) -> None:
    before = as_previous(*listed(values(seed)))
    now = ranked(jostled(values(seed), seed + 1, share), 8)
    areas = [*now.areas, *now.rivals]
    found = identify(areas, GRID, before)
    assert len(set(found.ids)) == len(found.ids)
    rows = found.earlier[found.earlier >= 0]
    assert len(set(rows.tolist())) == len(rows)
    # every pair shares the least; and no area outside a pair could have had a freer partner
    for area, row, key in zip(areas, found.earlier, found.ids, strict=True):
        if row >= 0:
            ground = before.grounds("grown_cells")[row]
            common = len(np.intersect1d(GRID.cells[area], ground))
            assert common >= LEAST_SHARED * min(len(area), len(ground))
            assert key == before.table["area_id"].iloc[row]
        else:
            assert key not in set(before.table["area_id"])
    rng = np.random.default_rng(mix)
    order = rng.permutation(len(areas))
    shuffled = previous_list(
        before.listed.sample(frac=1, random_state=mix),
        called="last",
        also_known=before.table[before.table["rank"].isna()].drop(columns="rank"),
    )
    mixed = identify([areas[at] for at in order], GRID, shuffled)
    assert [mixed.ids[at] for at in np.argsort(order)] == list(found.ids)


def test_of_two_parts_the_larger_keeps_the_id_and_of_two_wholes_the_one_with_more_ground() -> None:
    disk = np.sort(_disk())
    found = identify([disk[:2], disk[2:]], GRID, _previous(whole=disk))
    assert found.ids == (area_id(cell_names(GRID.cells[disk[:2]]).tolist()), "whole")
    found = identify([disk], GRID, _previous(few=disk[:3], more=disk[3:]))
    assert found.ids == ("more",)


def test_the_largest_share_decides_not_the_largest_sum() -> None:
    # worked by hand: "a" shares 4 cells with the first area and 3 with the second; "b" shares 3
    # with the first. The greatest sum (6) would split "a" from the area that holds most of it.
    disk = np.sort(_disk())
    outer = np.setdiff1d([near for cell in disk.tolist() for near in NEAR.of(cell)], disk)
    first = np.concatenate([disk[:4], outer[:3]])
    found = identify([first, disk[4:]], GRID, _previous(a=disk, b=outer[:3]))
    assert found.ids[0] == "a"


def test_one_shared_cell_of_seven_is_another_place() -> None:
    disk = np.sort(_disk())
    around = np.setdiff1d([near for cell in disk.tolist() for near in NEAR.of(cell)], disk)
    found = identify([np.append(disk[:1], around[:6])], GRID, _previous(old=disk))
    assert found.earlier.tolist() == [-1]


def test_an_id_in_use_by_other_ground_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = np.sort(_disk())
    own = area_id(cell_names(GRID.cells[disk]).tolist())
    elsewhere = np.arange(3)
    # the area that once lay here moved away and took its id along
    found = identify([elsewhere, disk], GRID, _previous(**{own: elsewhere}))
    assert found.ids[0] == own
    assert found.ids[1] != own
    # and where hashes fall alike, both areas still differ
    monkeypatch.setattr(identity, "area_id", lambda cells: f"PA-{len(cells)}")
    found = identify([disk[:3], disk[3:6]], GRID, None)
    assert len(set(found.ids)) == 2
    assert free_id(["x", "y"], {"PA-2"}) == "PA-3"


def test_reserved_ids_are_left_to_the_places_that_people_made() -> None:
    disk = np.sort(_disk())
    own = area_id(cell_names(GRID.cells[disk]).tolist())
    before = _previous(**{own: disk})
    assert identify([disk[1:]], GRID, before, reserved={own}).ids[0] != own
    assert identify([disk[1:]], GRID, before).ids[0] == own
    # just the ground that people drew is that place
    assert identify([disk], GRID, before, reserved={own}).ids[0] == own


def test_lists_of_two_resolutions_are_told_by_hectares() -> None:
    coarse = fill(GRID.study_area, 9)
    families = {
        cell: GRID.positions(np.array(h3_int.cell_to_children(cell, 10), dtype=np.uint64))
        for cell in coarse.cells.tolist()
    }
    parent, inside = next((cell, at) for cell, at in families.items() if (at >= 0).all())
    far = np.setdiff1d(np.arange(len(GRID)), inside)[:3]
    found = identify([far, inside], GRID, _previous_of(coarse.cells, parent))
    assert found.ids[1] == "old"
    assert [note.loud for note in found.notes] == [True]
    assert "resolution 9" in found.notes[0].text
    shared = shared_ground(
        [GRID.cells[inside]],
        [np.array([parent], dtype=np.uint64)],
        metric_system=GRID.study_area.metric_system,
    )
    # seven children are as large as their parent and share most of it, though not all
    assert 0.9 < float(shared["of_earlier"].iloc[0]) < 1
    assert 80_000 < int(shared["shared"].iloc[0]) < 120_000


def _previous_of(cells: np.ndarray, parent: int) -> object:
    rows = [("old", "Old", 1, f"{parent:x}"), ("other", "Other", 2, f"{cells[0]:x}")]
    table = pd.DataFrame(rows, columns=["area_id", "name", "rank", "cells"])
    return previous_list(table, called="last")


def test_nothing_shared_nothing_matched() -> None:
    found = shared_ground([], [], metric_system=GRID.study_area.metric_system)
    assert found.empty
    assert identify([], GRID, _previous(a=_disk())).ids == ()
