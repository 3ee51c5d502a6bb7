"""An invented area and record: what the tests of rankings and scores are made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import h3.api.basic_int as h3_int
import numpy as np

from spatial.accuracy.ground import BacktestGround, backtest_ground
from spatial.accuracy.record import Record
from spatial.accuracy.timeline import Horizon, Timeline, plan_timeline
from spatial.hexes.grid import HexGrid, grid_of_cells

BEGINS = dt.date(2024, 1, 1)
THROUGH = dt.date(2025, 12, 31)
QUARTER = Horizon(months=3)
KINDS = ("robbery", "serious_injury", "other: theft", "other: drugs")


def town(rings: int = 9) -> HexGrid:
    """Return the cells within some steps of one."""
    centre = h3_int.latlng_to_cell(51.5, 0.7, 9)
    cells = np.array(sorted(h3_int.grid_disk(centre, rings)), dtype=np.uint64)
    return grid_of_cells(cells, name="Town", resolution=9)


def record(grid: HexGrid, *, seed: int = 1, events: int = 4000) -> Record:
    """Return two years of four kinds, busier in some cells than in others."""
    rng = np.random.default_rng(seed)
    n = len(grid)
    busy = rng.gamma(0.3, size=n)
    position = rng.choice(n, size=events, p=busy / busy.sum())
    kind = rng.choice(4, size=events, p=[0.2, 0.1, 0.5, 0.2])
    day = np.sort(rng.integers(0, (THROUGH - BEGINS).days + 1, size=events))
    days = np.array([365.0, 1460.0, 0.0, 0.0])[kind]
    mine = kind < 2
    points = np.array([h3_int.cell_to_latlng(cell)[::-1] for cell in grid.cells.tolist()])
    return Record(
        cells=n,
        kinds=KINDS,
        tiers=2,
        day=day,
        position=position,
        kind=kind,
        incidents=np.ones(events),
        harm=days,
        root_harm=np.sqrt(days),
        points=np.round(points, 4),
        site_day=day[mine],
        site=position[mine],
        site_incidents=np.ones(int(mine.sum())),
    )


def timeline() -> Timeline:
    """Return quarters from month 12 on."""
    return plan_timeline(BEGINS, THROUGH, horizon=QUARTER, months_only=False)


def ground(grid: HexGrid, held: Record) -> BacktestGround:
    """Return the ground of both."""
    return backtest_ground(grid, held.points)


def dealt_anew(held: Record, *, first: int, seed: int = 7) -> Record:
    """Return the record with all that happened from a day on moved, renamed and made graver."""
    rng = np.random.default_rng(seed)
    later, sites = held.day >= first, held.site_day >= first
    moved = rng.permutation(held.cells)

    def changed(values: np.ndarray, rows: np.ndarray, new: np.ndarray) -> np.ndarray:
        return np.where(rows, new, values)

    return replace(
        held,
        position=changed(held.position, later, moved[held.position]),
        kind=changed(held.kind, later, rng.integers(0, 4, size=len(held.kind))),
        incidents=changed(held.incidents, later, held.incidents * 9),
        harm=changed(held.harm, later, held.harm * 100 + 1),
        root_harm=changed(held.root_harm, later, held.root_harm * 10 + 1),
        site=changed(held.site, sites, moved[held.site]),
        site_incidents=changed(held.site_incidents, sites, held.site_incidents * 9),
    )
