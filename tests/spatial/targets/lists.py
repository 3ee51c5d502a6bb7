"""Lists of places grown from invented counts, for the tests of identity and overrides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from config.profile import Measure
from spatial.hexes.counts import CellCounts
from spatial.hexes.grid import HexGrid, cell_names, fill
from spatial.hexes.neighbours import ring_neighbours
from spatial.hexes.study_area import study_area_from_polygons
from spatial.targets.areas.growth import AreaRules, grow_areas
from spatial.targets.kept.compared import Compared, compare
from spatial.targets.kept.identity import identify
from spatial.targets.kept.previous import PreviousList, previous_list
from spatial.targets.overridden.decided_list import DecidedList, also_known
from spatial.targets.overridden.override_effects import Holdings
from spatial.targets.overridden.override_list import Override, overrides_of
from spatial.targets.overridden.overrides import decide
from spatial.targets.ranking import RankedAreas

GRID: HexGrid = fill(study_area_from_polygons("box", [shapely.box(1.38, 53.185, 1.42, 53.205)]), 10)
NEAR = ring_neighbours(GRID, ring=1)
RULES = AreaRules(fewest_cells=3, most_cells=7)
Areas = Sequence[np.ndarray]


def values(seed: int, busy: float = 0.3) -> np.ndarray:
    """Whole numbers, one per cell."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random(len(GRID)) < busy, rng.integers(1, 900, len(GRID)), 0)


def jostled(value: np.ndarray, seed: int, share: float = 0.1) -> np.ndarray:
    """The same with some cells drawn anew: another fortnight."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random(len(value)) < share, rng.integers(0, 900, len(value)), value)


def ranked(value: np.ndarray, places: int) -> RankedAreas:
    """Areas grown from values, best first, the rest as rivals."""
    reach = ring_neighbours(GRID, ring=2)
    areas = [np.sort(area) for area in grow_areas(value, NEAR, reach, rules=RULES)]
    areas.sort(key=lambda area: (-int(value[area].sum()), int(area.min())))
    return RankedAreas(tuple(areas[:places]), (), Measure.HARM, tuple(areas[places:]))


def counts_of(value: np.ndarray) -> CellCounts:
    """Counts in which a cell's value is both its incidents and its days of harm."""
    none = np.zeros(len(value), dtype=np.int64)
    empty = pd.DataFrame(columns=["position", "tier", "incidents", "harm", "root_harm"])
    return CellCounts(value, value * 1000, none, none, empty, 0, 0)


def override(kind: str, number: int = 1, **what: str) -> dict[str, str]:
    """One row of the register's table."""
    filled = {"areas": "", "cells": "", "name": "", **what}
    return {
        "override_id": f"o{number}",
        "kind": kind,
        "reason": "agreed at the meeting",
        "by": "chair",
        "at": "2026-11-21T09:30:00+00:00",
        **filled,
    }


def overrides(*rows: dict[str, str]) -> tuple[Override, ...]:
    return overrides_of(pd.DataFrame(list(rows)))


def cells_of(area: np.ndarray) -> str:
    return " ".join(cell_names(GRID.cells[np.sort(area)]).tolist())


def listed(
    value: np.ndarray,
    *,
    places: int = 8,
    previous: PreviousList | None = None,
    changes: tuple[Override, ...] = (),
) -> tuple[DecidedList, Compared]:
    """One fortnight's list, from values to what is new, kept, moved and dropped."""
    grown = ranked(value, places)
    reserved = {key for one in changes for key in one.made_ids}
    identities = identify((*grown.areas, *grown.rivals), GRID, previous, reserved=reserved)
    decided = decide(
        grown,
        identities,
        changes,
        GRID,
        value=value,
        holdings=Holdings(counts_of(value), value / 2, weighs_harm=True),
    )
    streets = [f"Street {place.cells.min()}" for place in decided.places]
    dates = pd.DataFrame(
        {
            "position": np.arange(len(value)),
            "date": np.datetime64("2026-01-01") + np.arange(len(value)),
            "incidents": value,
        }
    )
    compared = compare(
        decided,
        previous,
        GRID,
        street_names=streets,
        dates=dates[dates["incidents"] > 0],
        rules=RULES,
        grown_names={
            place.area_id: f"Street {place.grown.min()}"
            for place in decided.places
            if len(place.grown)
        },
    )
    return decided, compared


def as_previous(
    decided: DecidedList, compared: Compared, previous: PreviousList | None = None
) -> PreviousList:
    """The list as the next fortnight reads it."""
    table = compared.places.assign(
        rank=range(1, len(decided.places) + 1),
        cells=[cells_of(place.cells) for place in decided.places],
    )
    return previous_list(
        table, called="the last list", also_known=also_known(decided, GRID, previous=previous)
    )
