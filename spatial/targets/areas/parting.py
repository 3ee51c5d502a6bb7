"""Parting: which adjoining cells a patrol on foot cannot pass between, barriers being loaded."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from spatial.hexes.ground import cells_near, outlines_m
from spatial.hexes.neighbours import Neighbours, ring_neighbours
from spatial.notes import Note, Notes
from spatial.targets.areas.barriers import MOTORWAY

if TYPE_CHECKING:
    from typing import Literal

    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.targets.areas.barriers import Barriers

    _Crossing = Literal["intersects", "crosses"]

# a line is a wall so wide on either side, and water so much wider than drawn, that pieces of one
# barrier leave no gap between them
_HALF_WALL_M: Final = 0.5
# a street opens so much of a line on either side of where it crosses, and of water along it
_LINE_GAP_M: Final = 10.0
_WATER_GAP_M: Final = 3.5
# two cells adjoin for a walker along at least so much of their common edge
_LEAST_PASSAGE_M: Final = 2.0
_LEAST_GROUND_M2: Final = 10.0
# outlines of neighbours are computed apart: equal to far less than this
_HAIR_M: Final = 0.05
_MOST_CORNERS: Final = 48


@lru_cache(maxsize=4)
def walkable(grid: HexGrid, barriers: Barriers) -> tuple[Neighbours, Notes]:
    """Return which cells adjoin for a patrol on foot: no barrier lies between them.

    Parameters
    ----------
    grid
        The cells.
    barriers
        On the grid's metric plane.

    Returns
    -------
    One step, each cell included, in the grid's order: :func:`ring_neighbours` less the pairs that
    are parted; and what was loaded, and how many pairs it parts.

    Notes
    -----
    Barriers cut a cell into pieces of ground. A cell stands for the piece in which most of its
    streets run (where none is loaded or none runs there, the largest piece), and two cells adjoin
    if their pieces meet along 2 m or more of the common edge. So a seafront cell whose centre lies
    in the sea is its promenade; a railway along an edge parts; one that runs through the middle of
    both cells leaves each to its side; a river that ends within a cell divides nothing; a cell
    without ground adjoins none. Where a street crosses a barrier there is a way through, 20 m wide
    in a line, 7 m wide across water; a street that only touches a motorway does not cross it.

    It misleads where a bridge or a footpath is missing from the streets (cells are parted that
    are not), where a wall or fence is not in the layers, and in the smaller piece of a cell that a
    barrier runs through: that lies beyond the barrier, and belongs to the cell all the same.
    """
    adjoining = ring_neighbours(grid, ring=1)
    if not len(barriers):
        return adjoining, (_NOTHING_LOADED,)
    changed, homes = _homes(grid, barriers)
    row = np.repeat(np.arange(len(adjoining)), adjoining.cardinalities)
    pairs = np.asarray(adjoining.indices)
    once = row < pairs
    # a pair of which neither cell is cut stays as it is
    cut = np.zeros(len(grid), dtype=bool)
    cut[changed] = True
    asked = once & (cut[row] | cut[pairs])
    first, second = row[asked], pairs[asked]
    apart = ~_meet(_ground_of(grid, first, second, changed, homes), first, second)
    parted = np.column_stack([first[apart], second[apart]])
    note = Note(
        f"No patrol area lies across a barrier ({barriers.words}, from {_listed(barriers)}): "
        f"{len(parted):,} pairs of adjoining cells are parted; a street that crosses joins them."
    )
    return _without(adjoining, row, parted), (note,)


_NOTHING_LOADED: Final = Note(
    "No barriers are loaded (streets with railways and motorways, water, sea, barriers): a patrol "
    "area may lie across a river, a railway or a motorway."
)


def _listed(barriers: Barriers) -> str:
    return " and ".join(barriers.layers)


def _homes(grid: HexGrid, barriers: Barriers) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return the cells that barriers take ground from, and the piece each then stands for."""
    walls = _walls(barriers)
    near, wall = cells_near(grid, walls)
    cells = np.unique(near)
    outlines = outlines_m(grid, cells)
    place = np.searchsorted(cells, near)
    real = shapely.intersects(outlines[place], walls[wall])
    ground = _less(outlines, place[real], walls[wall[real]])
    changed = shapely.area(ground) < shapely.area(outlines)
    return cells[changed], _home_pieces(ground[changed], barriers.streets)


def _less(
    ground: NDArray[np.object_], place: NDArray[np.int64], walls: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Take from each piece of ground the walls that lie at its place, one of each at a time."""
    left = ground.copy()
    order = np.argsort(place, kind="stable")
    place, walls = place[order], walls[order]
    turn = np.arange(len(place)) - np.searchsorted(place, place)
    for step in range(int(turn.max(initial=-1)) + 1):
        now = turn == step
        left[place[now]] = shapely.difference(left[place[now]], walls[now])
    return left


def _home_pieces(ground: NDArray[np.object_], streets: NDArray[np.object_]) -> NDArray[np.object_]:
    pieces, cell = shapely.get_parts(ground, return_index=True)
    area = shapely.area(pieces)
    real = area >= _LEAST_GROUND_M2
    pieces, cell, area = pieces[real], cell[real], area[real]
    walked = np.zeros(len(pieces))
    divided = np.flatnonzero(np.bincount(cell, minlength=len(ground))[cell] > 1)
    if len(streets) and len(divided):
        piece, street = shapely.STRtree(streets).query(pieces[divided], predicate="intersects")
        length = shapely.length(shapely.intersection(pieces[divided][piece], streets[street]))
        np.add.at(walked, divided[piece], length)
    # most street, then most ground, to the decimetre: not to the last bit of a sum
    best_last = np.lexsort((area.round(1), walked.round(1), cell))
    last = np.flatnonzero(np.diff(cell[best_last], append=-1))
    homes = np.full(len(ground), shapely.Polygon(), dtype=object)
    homes[cell[best_last][last]] = pieces[best_last][last]
    return homes


def _ground_of(
    grid: HexGrid,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    changed: NDArray[np.int64],
    homes: NDArray[np.object_],
) -> NDArray[np.object_]:
    """Return the ground of the cells of some pairs, at their positions; others have none."""
    ground = np.full(len(grid), None, dtype=object)
    ground[changed] = homes
    whole = np.setdiff1d(np.concatenate([first, second]), changed)
    if len(whole):
        ground[whole] = outlines_m(grid, whole)
    return ground


def _meet(
    ground: NDArray[np.object_], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.bool_]:
    each, of = np.unique(first, return_inverse=True)
    reached = shapely.buffer(ground[each], _HAIR_M, quad_segs=1)[of]
    passage = shapely.length(shapely.intersection(shapely.boundary(ground[second]), reached))
    meeting: NDArray[np.bool_] = passage >= _LEAST_PASSAGE_M
    return meeting


def _without(
    adjoining: Neighbours, row: NDArray[np.int64], parted: NDArray[np.int64]
) -> Neighbours:
    size = len(adjoining)
    gone = np.concatenate([parted, parted[:, ::-1]])
    links = row * size + np.asarray(adjoining.indices, dtype=np.int64)
    kept = ~np.isin(links, gone[:, 0] * size + gone[:, 1])
    sizes = np.bincount(row[kept], minlength=size)
    return Neighbours(
        np.concatenate([[0], np.cumsum(sizes)]),
        np.asarray(adjoining.indices)[kept],
        np.asarray(adjoining.weights)[kept],
        includes_self=adjoining.includes_self,
    )


def _walls(barriers: Barriers) -> NDArray[np.object_]:
    """Return what cannot be walked through, as small polygons in metres."""
    pieces, barrier = _small_pieces(barriers.shapes)
    lines = shapely.get_dimensions(pieces) == 1
    motorway = (np.array(barriers.kinds) == MOTORWAY)[barrier]
    walls = shapely.buffer(pieces, _HALF_WALL_M, quad_segs=2)
    if len(barriers.streets):
        tree = shapely.STRtree(barriers.streets)
        ways: tuple[tuple[NDArray[np.bool_], _Crossing, float], ...] = (
            (lines & ~motorway, "intersects", _LINE_GAP_M),
            (lines & motorway, "crosses", _LINE_GAP_M),
            (~lines, "intersects", _WATER_GAP_M),
        )
        for which, predicate, gap in ways:
            piece, street = tree.query(pieces[which], predicate=predicate)
            crossing = shapely.intersection(pieces[which][piece], barriers.streets[street])
            # a street along a line does not cross it, and one at the water's edge is dry
            dimension = 0 if gap == _LINE_GAP_M else 1
            parts, of = shapely.get_parts(crossing, return_index=True)
            right = shapely.get_dimensions(parts) == dimension
            gaps = shapely.buffer(parts[right], gap)
            walls[which] = _less(walls[which], piece[of[right]], gaps)
    left: NDArray[np.object_] = walls[~shapely.is_empty(walls)]
    return left


def _small_pieces(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut shapes into pieces of few corners, so that each cell meets only what lies near it."""
    pieces, source = shapely.get_parts(shapes, return_index=True)
    done: list[NDArray[np.object_]] = []
    of: list[NDArray[np.int64]] = []
    while len(pieces):
        small = shapely.get_num_coordinates(pieces) <= _MOST_CORNERS
        done.append(pieces[small])
        of.append(source[small])
        pieces, source = pieces[~small], source[~small]
        if not len(pieces):
            break
        west, south, east, north = shapely.bounds(pieces).T
        wide = east - west >= north - south
        middle_x = np.where(wide, (west + east) / 2, east)
        middle_y = np.where(wide, north, (south + north) / 2)
        halves = np.concatenate(
            [
                shapely.box(west, south, middle_x, middle_y),
                shapely.box(
                    np.where(wide, middle_x, west), np.where(wide, south, middle_y), east, north
                ),
            ]
        )
        cut = shapely.intersection(np.tile(pieces, 2), halves)
        parts, at = shapely.get_parts(cut, return_index=True)
        same = shapely.get_dimensions(parts) == shapely.get_dimensions(np.tile(pieces, 2)[at])
        pieces, source = parts[same], np.tile(source, 2)[at][same]
    return np.concatenate(done), np.concatenate(of)
