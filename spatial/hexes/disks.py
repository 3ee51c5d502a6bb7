"""Disks: which cells of a grid lie within some steps of each other, by arithmetic on their indexes.

An H3 index spells a cell's path down from one of 122 base cells, a digit a resolution. Inside one
hexagonal base cell that path is a place on a plane lattice with two whole-number axes, where the
neighbours are six fixed steps away; so the whole grid is joined by looking places up, and only
cells whose disk leaves their base cell, or lies in a pentagonal one, are asked of H3 one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3_int
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_FINEST: Final = 15
_BASE_CELL_AT: Final = np.uint64(45)
_BASE_CELL_BITS: Final = np.uint64(127)
_RESOLUTION_AT: Final = np.uint64(52)
_RESOLUTION_BITS: Final = np.uint64(15)
# the unit step of each of the digits 0 to 6, on the lattice's two axes (H3's i - k and j - k)
_STEP_A: Final = np.array([0, -1, 0, -1, 1, 0, 1, 0], dtype=np.int32)
_STEP_B: Final = np.array([0, -1, 1, 0, 0, -1, 1, 0], dtype=np.int32)
# places held at once in a look-up table (256 MB), and how many of them may stand empty
_MOST_PLACES: Final = 1 << 26
_PLACES_A_CELL: Final = 64


def resolutions(cells: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the resolution that each H3 index (uint64) states, shape as ``cells``."""
    return ((cells >> _RESOLUTION_AT) & _RESOLUTION_BITS).astype(np.int64)


def disks(
    cells: NDArray[np.uint64], *, resolution: int, ring: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Find each cell's disk among the cells.

    Parameters
    ----------
    cells
        Ascending, unique, all of one resolution, shape (n,).
    resolution
        Theirs.
    ring
        Steps: 1 is the six that adjoin.

    Returns
    -------
    Positions of the disk's cells, itself included, ascending within a row and -1 (first) where one
    is not among the cells: int32, shape (n, 1 + 3 ring (ring + 1)). And how many cells the whole
    disk has, shape (n,): fewer round a pentagon.

    Notes
    -----
    Lattice and digits as in H3 (https://h3geo.org/docs/core-library/coordsystems).
    """
    steps = _steps_within(ring)
    found = np.full((len(cells), len(steps)), -1, dtype=np.int32)
    whole = np.full(len(cells), len(steps), dtype=np.int64)
    bases = ((cells >> _BASE_CELL_AT) & _BASE_CELL_BITS).astype(np.int64)
    kinds, starts = np.unique(bases, return_index=True)
    pentagons = {h3_int.get_base_cell_number(cell) for cell in h3_int.get_pentagons(0)}
    ask: list[NDArray[np.int64]] = []
    for base, start, stop in zip(kinds, starts, [*starts[1:], len(cells)], strict=True):
        if int(base) in pentagons:
            ask.append(np.arange(start, stop))
            continue
        a, b = _lattice(cells[start:stop], resolution)
        _join(found[start:stop], a, b, steps, int(start))
        if len(kinds) > 1:
            # what is missing may lie in another base cell that the grid reaches into
            short = np.flatnonzero((found[start:stop] < 0).any(axis=1))
            leaves = _leaves(a[short], b[short], steps, resolution)
            ask.append(start + short[leaves])
    for position in np.concatenate(ask).tolist() if ask else ():
        disk = np.array(h3_int.grid_disk(int(cells[position]), ring), dtype=np.uint64)
        place = np.minimum(np.searchsorted(cells, disk), len(cells) - 1)
        found[position] = -1
        found[position, : len(disk)] = np.where(cells[place] == disk, place, -1)
        whole[position] = len(disk)
    found.sort(axis=1)
    return found, whole


def _steps_within(ring: int) -> list[tuple[int, int]]:
    reach = range(-ring, ring + 1)
    return [(a, b) for a in reach for b in reach if abs(a - b) <= ring]


def _lattice(
    cells: NDArray[np.uint64], resolution: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    # each finer resolution turns the lattice one way, then back, and stretches it by root seven
    a = np.zeros(len(cells), dtype=np.int32)
    b = np.zeros(len(cells), dtype=np.int32)
    for level in range(1, resolution + 1):
        digit = (cells >> np.uint64(3 * (_FINEST - level))) & np.uint64(7)
        a, b = (2 * a + b, 3 * b - a) if level % 2 else (3 * a - b, a + 2 * b)
        a += _STEP_A[digit]
        b += _STEP_B[digit]
    return a, b


def _join(
    found: NDArray[np.int32],
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    steps: list[tuple[int, int]],
    first: int,
) -> None:
    # one number a place, with a margin so that a step off the edge is not a step onto a far cell
    margin = max(step for step, _ in steps)
    width = int(np.ptp(b)) + 1 + 2 * margin
    height = int(np.ptp(a)) + 1 + 2 * margin
    key = (a.astype(np.int64) - int(a.min()) + margin) * width + (b - b.min() + margin)
    at = _look_up(key, height * width)
    for column, (da, db) in enumerate(steps):
        place = at(key + (da * width + db))
        found[:, column] = np.where(place < 0, -1, place + first)


def _look_up(
    key: NDArray[np.int64], places: int
) -> Callable[[NDArray[np.int64]], NDArray[np.int32]]:
    # a table of every place where it is filled well enough, else a search among the taken ones
    if places <= min(_MOST_PLACES, _PLACES_A_CELL * len(key) + 1_000_000):
        table = np.full(places, -1, dtype=np.int32)
        table[key] = np.arange(len(key), dtype=np.int32)
        return lambda wanted: table[wanted]
    order = np.argsort(key).astype(np.int32)
    taken = key[order]

    def search(wanted: NDArray[np.int64]) -> NDArray[np.int32]:
        place = np.minimum(np.searchsorted(taken, wanted), len(taken) - 1)
        return np.where(taken[place] == wanted, order[place], np.int32(-1))

    return search


def _leaves(
    a: NDArray[np.int32], b: NDArray[np.int32], steps: list[tuple[int, int]], resolution: int
) -> NDArray[np.bool_]:
    # climb to the base cell: a place that does not end at its middle belongs to another one
    leaves = np.zeros(len(a), dtype=np.bool_)
    for da, db in steps:
        up_a, up_b = a + da, b + db
        for level in range(resolution, 0, -1):
            # the nearest whole number to a seventh: there is no half
            if level % 2:
                up_a, up_b = (3 * up_a - up_b + 3) // 7, (up_a + 2 * up_b + 3) // 7
            else:
                up_a, up_b = (2 * up_a + up_b + 3) // 7, (3 * up_b - up_a + 3) // 7
        leaves |= (up_a != 0) | (up_b != 0)
    return leaves
