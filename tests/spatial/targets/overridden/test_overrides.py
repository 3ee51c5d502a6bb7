"""Overrides: what people change is done, said and counted; what they leave alone stays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.hexes.grid import cell_names
from spatial.hexes.neighbours import from_lists
from spatial.targets.kept.identity import identify
from spatial.targets.overridden.decided_list import APPLIED, NOT_APPLIED, NOT_NEEDED, DecidedList
from spatial.targets.overridden.override_effects import Holdings, ground
from spatial.targets.overridden.override_list import Override, overrides_of
from spatial.targets.overridden.overrides import decide, ordinal
from spatial.targets.table import area_id
from tests.spatial.targets.lists import (
    GRID,
    NEAR,
    as_previous,
    cells_of,
    counts_of,
    jostled,
    listed,
    override,
    overrides,
    ranked,
    values,
)

VALUE = values(7)
PLAIN, COMPARED = listed(VALUE)
FIRST, SECOND, LAST = PLAIN.places[0], PLAIN.places[1], PLAIN.places[-1]
HELD = ground({one.area_id: one for one in PLAIN.places})


def _free_spot(size: int = 3) -> np.ndarray:
    """Connected cells of nobody, away from the rest."""
    pool = {cell for one in (*PLAIN.places, *PLAIN.next_best) for cell in one.cells.tolist()}
    for cell in range(len(GRID)):
        near = [other for other in NEAR.of(cell) if other not in pool]
        if cell not in pool and len(near) >= size:
            return np.array(sorted([cell, *(one for one in near if one != cell)])[:size])
    pytest.skip("no spot is free")


def _by_id(decided: DecidedList) -> dict[str, list[int]]:
    return {one.area_id: one.cells.tolist() for one in decided.places}


def test_a_dropped_place_makes_room_for_the_next() -> None:
    decided, compared = listed(VALUE, changes=overrides(override("drop", areas=FIRST.area_id)))
    assert FIRST.area_id not in decided.ids
    assert len(decided.places) == len(PLAIN.places)
    up = PLAIN.next_best[0]
    assert decided.ids[:-1] == PLAIN.ids[1:]
    assert decided.ids[-1] == up.area_id
    row = decided.outcomes.iloc[0]
    assert row["outcome"] == APPLIED
    assert row["incidents_given_up"] == VALUE[FIRST.cells].sum()
    assert row["incidents_gained"] == VALUE[up.cells].sum()
    assert row["harm_days_given_up"] == VALUE[FIRST.cells].sum()
    assert row["expected_harm_gained"] == pytest.approx(VALUE[up.cells].sum() / 2)
    assert row["moved_up"] == up.area_id
    assert f"{up.area_id} moves up" in row["words"]
    assert (row["reason"], row["by"]) == ("agreed at the meeting", "chair")
    assert compared.places["changed"].eq("").all()
    # and the place taken off still counts when the others' chances are reckoned
    assert any(np.array_equal(FIRST.cells, area) for area in decided.ranked.rivals)


def test_a_drop_is_found_again_when_the_area_grows_a_little_differently() -> None:
    drop = overrides(override("drop", areas=FIRST.area_id))
    previous = as_previous(*listed(VALUE, changes=drop))
    other = VALUE.copy()
    other[FIRST.cells[-1]] = 0
    decided, _ = listed(other, previous=previous, changes=drop)
    assert decided.outcomes["outcome"].tolist() == [APPLIED]
    assert not np.isin(FIRST.cells[:3], ground({p.area_id: p for p in decided.places})).all()


def test_merged_places_must_adjoin_and_the_first_keeps_its_id() -> None:
    many, _ = listed(VALUE, places=30)
    pair = next(
        (one, two)
        for one in many.places
        for two in many.places
        if one is not two and {n for c in one.cells.tolist() for n in NEAR.of(c)} & {*two.cells}
    )
    merge = override("merge", areas=" ".join(one.area_id for one in pair), name="Both")
    decided, compared = listed(VALUE, places=30, changes=overrides(merge))
    both = _by_id(decided)[pair[0].area_id]
    assert both == sorted([*pair[0].cells, *pair[1].cells])
    assert pair[1].area_id not in decided.ids
    assert len(decided.places) == len(many.places)
    assert decided.outcomes["incidents_given_up"].tolist() == [0]
    assert decided.merged_into == {pair[1].area_id: pair[0].area_id}
    row = compared.places.set_index("area_id").loc[pair[0].area_id]
    assert row["name"] == "Both"
    assert row["changed"] == "merge: agreed at the meeting (chair, 2026-11-21T09:30:00+00:00)"
    # nobody walks between them: said, and the list stands as it was
    parted = from_lists([[n for n in NEAR.of(c) if n != c] if c not in pair[0].cells else []
                         for c in range(len(GRID))])  # fmt: skip
    grown = ranked(VALUE, 30)
    same = decide(
        grown,
        identify((*grown.areas, *grown.rivals), GRID, None),
        overrides(merge),
        GRID,
        value=VALUE,
        holdings=Holdings(counts_of(VALUE), None, weighs_harm=False),
        adjoining=parted,
    )
    assert same.outcomes["outcome"].tolist() == [NOT_APPLIED]
    assert "do not adjoin" in same.outcomes["words"].iloc[0]
    assert _by_id(same) == _by_id(many)
    assert [note.loud for note in same.notes] == [False, True]
    assert same.outcomes["harm_days_gained"].isna().all()


def test_a_split_keeps_the_id_on_the_larger_part_and_lists_the_rest_beside() -> None:
    whole = next(one for one in PLAIN.places if len(one.cells) > 4)
    part = whole.cells[:1]
    split = override(
        "split", areas=whole.area_id, cells=f"{cells_of(part)};{cells_of(whole.cells[1:])}"
    )
    (row,) = overrides(split)
    if not _connected(whole.cells[1:]):
        pytest.skip("the rest would fall apart")
    decided, compared = listed(VALUE, changes=(row,))
    assert _by_id(decided)[whole.area_id] == whole.cells[1:].tolist()
    assert _by_id(decided)[row.made_ids[0]] == part.tolist()
    assert len(decided.places) == len(PLAIN.places) + 1
    assert decided.outcomes["incidents_given_up"].tolist() == [0]
    # withdrawn, the whole comes back under its id and name
    back, said = listed(VALUE, previous=as_previous(decided, compared))
    assert _by_id(back) == _by_id(PLAIN)
    assert said.dropped["cause"].tolist() == ["part of another"]
    assert whole.area_id in said.dropped["reason"].iloc[0]


def _connected(cells: np.ndarray) -> bool:
    left, front = set(cells[1:].tolist()), [int(cells[0])]
    while front:
        near = left & set(NEAR.of(front.pop()))
        left -= near
        front += near
    return not left


def test_an_added_place_comes_on_top_and_leaves_listed_ground_to_its_place() -> None:
    spot = _free_spot()
    add = override("add", cells=cells_of(spot), name="Bus station")
    decided, compared = listed(VALUE, changes=overrides(add))
    assert len(decided.places) == len(PLAIN.places) + 1
    row = compared.places[compared.places["name"] == "Bus station"].iloc[0]
    assert row["status"] == "added"
    assert row["area_id"] == area_id(cell_names(GRID.cells[spot]).tolist())
    assert _by_id(PLAIN).items() <= _by_id(decided).items()
    # over the border of a place: only the free cells are taken, and that is said
    edge = next(c for c in FIRST.cells.tolist() if set(NEAR.of(c)) - set(HELD.tolist()))
    beyond = next(n for n in NEAR.of(edge) if n not in HELD)
    over = override("add", cells=cells_of(np.array([edge, beyond])), name="Corner")
    decided, _ = listed(VALUE, changes=overrides(over))
    assert _by_id(PLAIN).items() <= _by_id(decided).items()
    assert decided.outcomes["outcome"].tolist() == [APPLIED]
    assert f"without 1 cell that belong to {FIRST.area_id}" in decided.outcomes["words"].iloc[0]
    # wholly inside: it is there already
    inside = override("add", cells=cells_of(FIRST.cells), name="Corner")
    decided, _ = listed(VALUE, changes=overrides(inside))
    assert decided.outcomes["outcome"].tolist() == [NOT_APPLIED]
    assert _by_id(decided) == _by_id(PLAIN)
    # grown just there, below the list: it is listed
    below = PLAIN.next_best[2]
    lifted = override("add", cells=cells_of(below.cells), name="Corner")
    decided, compared = listed(VALUE, changes=overrides(lifted))
    assert _by_id(decided) == {**_by_id(PLAIN), below.area_id: below.cells.tolist()}
    assert compared.places.set_index("area_id").loc[below.area_id, "status"] == "added"


def test_a_nudged_place_keeps_its_id_and_must_stay_near() -> None:
    onto = next(
        [*FIRST.cells[1:].tolist(), n]
        for c in FIRST.cells.tolist()
        for n in NEAR.of(c)
        if n not in HELD and _connected(np.array([*FIRST.cells[1:].tolist(), n]))
    )
    nudge = override("nudge", areas=FIRST.area_id, cells=cells_of(np.array(onto)))
    decided, compared = listed(
        VALUE, previous=as_previous(PLAIN, COMPARED), changes=overrides(nudge)
    )
    assert _by_id(decided)[FIRST.area_id] == sorted(onto)
    row = compared.places.set_index("area_id").loc[FIRST.area_id]
    assert row["status"] == "kept"
    assert row["stays"] == pytest.approx((len(FIRST.cells) - 1) / len(FIRST.cells), abs=1e-3)
    assert row["grown_cells"] == cells_of(FIRST.cells)
    # once withdrawn, it lies where it grew
    back, _ = listed(VALUE, previous=as_previous(decided, compared))
    assert _by_id(back) == _by_id(PLAIN)
    far = np.array([0, *(n for n in NEAR.of(0) if n)])[:2]
    away = override("nudge", areas=LAST.area_id, cells=cells_of(far))
    decided, _ = listed(VALUE, changes=overrides(away))
    if decided.outcomes["outcome"].tolist() != [NOT_APPLIED]:
        pytest.skip("the last place lies in the corner")
    assert "no longer adjoin" in decided.outcomes["words"].iloc[0]


@pytest.mark.parametrize(
    ("row", "outcome", "said"),
    [
        (override("drop", areas="PA-GONE"), NOT_APPLIED, "no place is found there now"),
        (override("rename", areas="PA-GONE", name="X"), NOT_APPLIED, "no place is found"),
        (override("add", cells="8a1969a0a00ffff", name="X"), NOT_APPLIED, "outside the study"),
        (override("add", cells="891969a0a03ffff", name="X"), NOT_APPLIED, "resolution 9"),
        (
            override("rename", areas=PLAIN.next_best[0].area_id, name="X"),
            NOT_NEEDED,
            "9th now, below the 8 places",
        ),
        (override("drop", areas=PLAIN.next_best[0].area_id), NOT_NEEDED, "9th now"),
        (
            override(
                "add", cells=f"{cells_of(np.array([0]))} {cells_of(np.array([400]))}", name="X"
            ),
            NOT_APPLIED,
            "do not all adjoin",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    row: dict[str, str], outcome: str, said: str
) -> None:
    decided, _ = listed(VALUE, changes=overrides(row))
    assert decided.outcomes["outcome"].tolist() == [outcome]
    assert said in decided.outcomes["words"].iloc[0]
    assert _by_id(decided) == _by_id(PLAIN)
    note = decided.notes[-1]
    assert said in note.text
    assert note.loud is (outcome == NOT_APPLIED)


def test_a_change_of_a_place_that_is_gone_says_which_change_took_it() -> None:
    rows = [
        override("drop", 1, areas=FIRST.area_id),
        override("rename", 2, areas=FIRST.area_id, name="X"),
    ]
    decided, _ = listed(VALUE, changes=overrides(*rows))
    assert decided.outcomes["outcome"].tolist() == [APPLIED, NOT_APPLIED]
    assert "taken off by an earlier change" in decided.outcomes["words"].iloc[1]


@st.composite
def _some(draw: st.DrawFn) -> tuple[Override, ...]:
    """Changes of all kinds, some of which cannot be applied."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    keys = [*PLAIN.ids, *(one.area_id for one in PLAIN.next_best[:3]), "PA-GONE"]
    rows = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["drop", "rename", "merge", "add", "nudge"]))
        cell = int(rng.integers(len(GRID)))
        around = cells_of(np.array(NEAR.of(cell)[:4]))
        areas = {"merge": 2, "add": 0}.get(kind, 1)
        what = {"areas": " ".join(rng.choice(keys, areas, replace=False))}
        if kind in {"add", "nudge"}:
            what["cells"] = around
        if kind in {"add", "rename"}:
            what["name"] = f"Named {number}"
        rows.append(override(kind, number, **what))
    try:
        return overrides(*rows)
    except BadInputError:  # two drawn areas overlap: refused as a whole
        return ()


@settings(max_examples=12)
@given(_some(), st.integers(0, 3))
@pytest.mark.slow
def test_whatever_people_change_the_list_stays_whole(
    changes: tuple[Override, ...], seed: int
) -> None:
    value = jostled(VALUE, seed, 0.05) if seed else VALUE
    before = as_previous(PLAIN, COMPARED)
    plain, said = listed(value, previous=before)
    decided, compared = listed(value, previous=before, changes=changes)
    # none is lost, no id twice, no ground twice
    assert decided.outcomes["override_id"].tolist() == [one.override_id for one in changes]
    assert len(set(decided.ids)) == len(decided.ids)
    cells = [cell for one in decided.places for cell in one.cells.tolist()]
    assert len(set(cells)) == len(cells)
    added = (decided.outcomes["kind"] == "add") & (decided.outcomes["outcome"] == APPLIED)
    assert len(decided.places) <= len(plain.places) + added.sum()
    # what nobody touched is what it was
    touched = {key for one in changes for key in one.areas}
    for key, ground_of in _by_id(plain).items():
        if key in decided.ids and key not in touched:
            assert _by_id(decided)[key] == ground_of
    # what is given up and gained adds up to the difference
    for column, factor in (("incidents", 1.0), ("harm_days", 1.0), ("expected_harm", 0.5)):
        net = (
            decided.outcomes[f"{column}_gained"].astype(float)
            - decided.outcomes[f"{column}_given_up"].astype(float)
        ).sum()
        total = [sum(value[one.cells].sum() for one in side.places) for side in (decided, plain)]
        assert net == pytest.approx((total[0] - total[1]) * factor, abs=0.06 * (1 + len(changes)))
    # applied and withdrawn: as before
    back, again = listed(value, previous=as_previous(decided, compared, before))
    assert _by_id(back) == _by_id(plain)
    assert again.places["name"].tolist() == said.places["name"].tolist()


def test_ground_of_a_changed_place_stays_its_own_while_it_is_below_the_list() -> None:
    over, up = PLAIN.next_best[:2]
    name = override("rename", 3, areas=up.area_id, name="Quayside")
    hand = override("add", 1, name="By hand", cells=cells_of(over.cells[:1]))
    by_hand = area_id(cell_names(GRID.cells[over.cells[:1]]).tolist())
    below = [
        hand,
        override("drop", 2, areas=FIRST.area_id),
        name,
        override("drop", 4, areas=by_hand),
    ]
    decided, _ = listed(VALUE, changes=overrides(*below))
    assert up.area_id not in decided.ids
    # drawn over it while it is below, and then it comes back
    rows = [
        *below,
        override("add", 5, name="Later", cells=cells_of(up.cells[:1])),
        override("drop", 6, areas=SECOND.area_id),
    ]
    decided, _ = listed(VALUE, changes=overrides(*rows))
    assert up.area_id in decided.ids
    cells = [cell for one in decided.places for cell in one.cells.tolist()]
    assert len(set(cells)) == len(cells)
    refused = decided.outcomes.iloc[4]
    assert refused["outcome"] == NOT_APPLIED
    assert f"belong to {up.area_id} already" in refused["words"]


def test_a_register_row_and_ordinals() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 111, 122)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "111th", "122nd",
    ]  # fmt: skip
    assert overrides_of(pd.DataFrame([override("drop", areas="PA-1")]))[0].words == "drop of PA-1"
