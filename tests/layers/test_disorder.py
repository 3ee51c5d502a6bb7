from __future__ import annotations

import math

import h3
import shapely

from layers.disorder import cell_union, disorder_layers, hatch, outline
from spatial.projection import national_grid
from tests.layers import invented

DISK = h3.grid_disk(invented.CENTRE, 2)


def test_hatch_lies_inside_its_cells() -> None:
    inside = cell_union(DISK).buffer(1e-6)  # a tenth of a metre for rounding to six decimals
    lines = shapely.multilinestrings([shapely.linestrings(hatch(DISK))])
    assert inside.covers(lines).all()


def test_every_cell_is_hatched_several_times() -> None:
    lines = shapely.linestrings(hatch(DISK))
    for cell in DISK:
        assert shapely.intersects(lines, cell_union([cell])).sum() >= 3


def test_hatch_rises_at_45_degrees_on_the_ground() -> None:
    plane = national_grid()
    for (x1, y1), (x2, y2) in hatch([invented.CENTRE]):
        east, north = plane.forward([x1, x2], [y1, y2])
        run, rise = float(east[1] - east[0]), float(north[1] - north[0])
        if math.hypot(run, rise) > 20:
            assert abs(math.degrees(math.atan2(rise, run)) - 45) < 1


def test_hatch_ignores_the_order_of_the_cells() -> None:
    assert hatch(DISK[::-1]) == hatch(DISK)


def test_outline_goes_round_the_group_and_round_its_hole() -> None:
    ring = h3.grid_ring(invented.CENTRE, 1)
    assert len(outline(DISK)) == 1
    assert len(outline(ring)) == 2


def test_no_cell_is_no_line() -> None:
    assert hatch([]) == []
    assert outline([]) == []


def test_disorder_is_never_filled() -> None:
    cells = invented.surface(family="antisocial_behaviour", centre=invented.CENTRE, rings=2, seed=5)
    kinds = {layer.type for layer in disorder_layers(cells)}
    assert kinds == {"LineLayer", "PathLayer"}
