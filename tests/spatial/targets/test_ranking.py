"""Ranking: the best areas by total, no more grown than needed, apart where asked."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from config.profile import Measure
from spatial.hexes.counts import CellCounts
from spatial.hexes.grid import HexGrid, fill
from spatial.hexes.ground import outlines_m
from spatial.hexes.neighbours import Neighbours, ring_neighbours
from spatial.hexes.study_area import study_area_from_polygons
from spatial.targets.areas.growth import AreaRules, grow_areas
from spatial.targets.ranking import RankedAreas, areas_by_total, best_areas, rank_areas

GRID: HexGrid = fill(study_area_from_polygons("box", [shapely.box(1.39, 53.19, 1.41, 53.2)]), 10)
NEAR: Neighbours = ring_neighbours(GRID, ring=1)
REACH: Neighbours = ring_neighbours(GRID, ring=2)
OUTLINES = outlines_m(GRID, np.arange(len(GRID)))
RULES = AreaRules(fewest_cells=3, most_cells=7, fewest_incidents=1, fewest_dates=1)


def _counts(incidents: np.ndarray) -> CellCounts:
    held = np.flatnonzero(incidents)
    tiers = pd.DataFrame(
        {
            "position": held, "tier": "injury", "incidents": incidents[held],
            "harm": incidents[held] * 10_000, "root_harm": incidents[held],
        }
    )  # fmt: skip
    nothing = np.zeros(len(incidents), dtype=np.int64)
    return CellCounts(incidents, incidents * 10_000, incidents, nothing, tiers, 0, 0)


def _dates(incidents: np.ndarray) -> pd.DataFrame:
    held = np.flatnonzero(incidents)
    day = pd.Timestamp("2026-01-01") + pd.to_timedelta(held % 28, unit="D")
    return pd.DataFrame({"position": held, "date": day, "incidents": incidents[held]})


def _busy(seed: int, share: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.where(rng.random(len(GRID)) < share, rng.integers(1, 90, len(GRID)), 0)


def _ranked(incidents: np.ndarray, places: int, *, separation_m: float = 0.0) -> RankedAreas:
    return rank_areas(
        _counts(incidents), _dates(incidents), GRID, measure=Measure.COUNT, rules=RULES,
        places=places, rivals=3, separation_m=separation_m,
    )  # fmt: skip


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.floats(0.05, 0.9), st.integers(1, 12), st.booleans())
def test_stopping_early_gives_what_growing_everything_gives(
    seed: int,
    share: float,
    places: int,
    some: bool,  # noqa: FBT001 (drawn)
) -> None:
    values = _busy(seed, share)
    rng = np.random.default_rng(seed + 1)
    seeds = (values > 0) & (rng.random(len(GRID)) < 0.5) if some else None
    dates = _dates(values)
    got = best_areas(values, dates, GRID, rules=RULES, places=places, seeds=seeds)
    everything = [
        np.sort(area) for area in grow_areas(values, NEAR, REACH, rules=RULES, seeds=seeds)
    ]
    everything.sort(key=lambda area: (-int(values[area].sum()), int(area[0])))
    # the dates hold every cell with a value, so that an area of value has an incident
    everything = [area for area in everything if values[area].any()]
    assert [area.tolist() for area in got] == [area.tolist() for area in everything[:places]]


def test_a_shorter_list_is_the_head_of_a_longer_one() -> None:
    values = _busy(5, 0.4)
    long = list(areas_by_total(values, _dates(values), GRID, rules=RULES))
    short = best_areas(values, _dates(values), GRID, rules=RULES, places=4)
    assert [area.tolist() for area in short] == [area.tolist() for area in long[:4]]
    totals = [int(values[area].sum()) for area in long]
    assert totals == sorted(totals, reverse=True)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 60.0, 150.0, 300.0]))
def test_places_are_separated_and_never_overlap(seed: int, separation_m: float) -> None:
    ranked = _ranked(_busy(seed, 0.4), 8, separation_m=separation_m)
    shapes = [shapely.union_all(OUTLINES[area]) for area in ranked.areas]
    for one, other in itertools.combinations(shapes, 2):
        assert one.distance(other) >= separation_m - 0.01
    cells = ranked.positions.tolist()
    assert len(cells) == len(set(cells))
    # the next best are others
    assert not set(cells) & {int(cell) for area in ranked.rivals for cell in area}


def test_who_is_passed_over_is_counted() -> None:
    values = _busy(3, 0.5)
    near = _ranked(values, 6)
    apart = _ranked(values, 6, separation_m=200.0)
    # the first place is the first either way
    assert apart.areas[0].tolist() == near.areas[0].tolist()
    said = [note for note in apart.notes if "at least 200 m apart" in note.text]
    assert len(said) == 1
    assert said[0].loud
    longer = _ranked(values, 60).areas
    shapes = [shapely.union_all(OUTLINES[area]) for area in longer]
    taken: list[int] = []
    passed = 0
    for place, shape in enumerate(shapes):
        if len(taken) == 6:
            break
        if any(shape.distance(shapes[other]) < 200.0 for other in taken):
            passed += 1
        else:
            taken.append(place)
    assert f"{passed} places were passed over" in said[0].text
    assert not any("m apart" in note.text for note in near.notes)


def test_fewer_places_than_asked_for_says_what_would_give_more() -> None:
    values = np.zeros(len(GRID), dtype=np.int64)
    values[[10, 120]] = 50
    ranked = _ranked(values, 5, separation_m=100_000.0)
    assert len(ranked.areas) == 1
    (loud,) = [note.text for note in ranked.notes if "asked for" in note.text]
    assert loud.startswith("Only 1 of the 5 places asked for can be given")
    assert "a smaller separation" in loud


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    values = _busy(seed, 0.4)
    counts, dates = _counts(values), _dates(values)
    shuffled = CellCounts(
        counts.incidents, counts.harm, counts.root_harm, counts.without_weight,
        counts.by_tier.sample(frac=1, random_state=seed), 0, 0,
    )  # fmt: skip
    # several rows of one cell, in any order within it
    split = pd.concat([dates.assign(incidents=0), dates]).sort_values("position", kind="stable")
    one, other = (
        rank_areas(c, d, GRID, measure=Measure.HARM, rules=RULES, places=6)
        for c, d in ((counts, dates), (shuffled, split))
    )
    assert [area.tolist() for area in one.areas] == [area.tolist() for area in other.areas]


@pytest.mark.parametrize("places", [1, 3])
def test_an_area_hemmed_in_leaves_no_greater_cell_to_a_later_one(places: int) -> None:
    # a cell cut off from all others grows nothing, however much it holds, and joins nothing
    values = _busy(9, 0.5)
    best = int(np.argmax(values))
    row = np.repeat(np.arange(len(NEAR)), NEAR.cardinalities)
    kept = (row == best) == (NEAR.indices == best)
    sizes = np.bincount(row[kept], minlength=len(NEAR))
    cut = Neighbours(
        np.concatenate([[0], np.cumsum(sizes)]), NEAR.indices[kept], NEAR.weights[kept],
        includes_self=True,
    )  # fmt: skip
    areas = best_areas(values, _dates(values), GRID, rules=RULES, places=places, adjoining=cut)
    assert len(areas) == places
    assert not any(best in area for area in areas)
