"""England and Wales at resolution 9: seconds and memory from points to a corrected Gi* map.

There is no national boundary at hand: the study area is every cell in which anything was recorded
in 2025, widened step by step until it holds 1.4 million cells, which is about what the country has.
Indexing the points and widening stand in for the fill, and are measured apart.

Run from the project's folder: python -m benchmarks.national [RING]
The open data lie in ../shared/data; nothing else is needed.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
import shapely

from benchmarks.getis_ord import POINTS
from benchmarks.scale import peak_gb
from spatial.hexes.grid import HexGrid
from spatial.hexes.neighbours import ring_neighbours
from spatial.hexes.study_area import study_area_from_polygons
from spatial.hotspots.getis_ord import gi_star
from spatial.hotspots.significance import (
    benjamini_hochberg,
    one_sided,
    randomisation_tails,
    significance_classes,
    two_sided,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESOLUTION: Final = 9
CELLS: Final = 1_400_000
AIM_SECONDS, AIM_GB = 20.0, 4.0


def indexed_points() -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return each point's cell, and whether it is violence."""
    points = pd.read_parquet(POINTS, columns=["Longitude", "Latitude", "Crime type"]).dropna()
    violence = (points["Crime type"] == "Violence and sexual offences").to_numpy()
    # four million records lie on fewer than a million points
    corners, which = np.unique(
        points["Longitude"].to_numpy() + 1j * points["Latitude"].to_numpy(), return_inverse=True
    )
    cells = [h3_int.latlng_to_cell(one.imag, one.real, RESOLUTION) for one in corners.tolist()]
    return np.array(cells, dtype=np.uint64)[which], violence


def widened(cells: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Add the cells one step away, again and again, until there are enough; return that many."""
    known, border = set(cells.tolist()), set(cells.tolist())
    while len(known) < CELLS:
        border = {near for cell in border for near in h3_int.grid_disk(cell, 1)} - known
        known |= set(sorted(border)[: CELLS - len(known)])
    return np.array(sorted(known), dtype=np.uint64)


def main(ring: str = "1") -> int:
    """Print seconds of each step, and the most memory held."""
    if not POINTS.is_file():
        print(f"No real data at hand ({POINTS.name}): nothing was measured.")
        return 0
    clock = [time.perf_counter()]

    def lap(name: str) -> None:
        clock.append(time.perf_counter())
        print(
            f"  {name:44} {clock[-1] - clock[-2]:6.1f} s   {peak_gb():.1f} GB at most", flush=True
        )

    cells, violence = indexed_points()
    lap(f"{len(cells):,} points indexed")
    # the outline plays no part in what is measured
    country = study_area_from_polygons("England and Wales", [shapely.box(-6, 49.8, 2, 56)])
    grid = HexGrid(country, RESOLUTION, widened(np.unique(cells)))
    lap(f"{len(grid):,} cells, widened from those of points")
    start = clock[-1]
    values = np.bincount(grid.positions(cells[violence]), minlength=len(grid)).astype(np.int64)
    lap(f"{int(values.sum()):,} incidents counted ({(values == 0).mean():.1%} empty)")
    neighbours = ring_neighbours(grid, ring=int(ring))
    lap(f"neighbours, ring {ring}: {len(neighbours.indices):,} links")
    z = gi_star(values, neighbours)
    tails = randomisation_tails(values, neighbours, rng=np.random.default_rng(0))
    adjusted = benjamini_hochberg(two_sided(one_sided(z, tails)))
    classes = significance_classes(z, adjusted)
    lap(f"Gi* z, {tails.method} p, FDR: {int(np.isin(classes, ['hot 95', 'hot 99']).sum()):,} hot")
    print(
        f"  without indexing and widening {clock[-1] - start:.1f} s, with them "
        f"{clock[-1] - clock[0]:.1f} s (aim {AIM_SECONDS:.0f}); "
        f"{peak_gb():.1f} GB (aim {AIM_GB:.0f})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
