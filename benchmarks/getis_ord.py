"""Neighbours, Gi* and p of every resolution-10 cell of two counties, against libpysal and esda.

Both sides in one process on the same counts: violence of 2025 in Essex and Bedfordshire, two steps.
The peer's compilation is done beforehand, on a small map, and is not counted. Its permutations are
of the other null (own value held out, its only one), so Gi is set against it as well.

Run from the project's folder: python -m benchmarks.getis_ord [REPEATS]
The open data lie in ../shared/data; nothing else is needed.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import esda
import geopandas as gpd
import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
from libpysal.graph import Graph

from spatial.hexes.grid import HexGrid, fill
from spatial.hexes.neighbours import forget_tables, ring_neighbours
from spatial.hexes.study_area import study_area_from_polygons
from spatial.hotspots.getis_ord import gi, gi_star
from spatial.hotspots.significance import (
    benjamini_hochberg,
    one_sided,
    randomisation_tails,
    two_sided,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
POINTS: Final = DATA / "police_uk" / "england-wales-2025-points.parquet"
FORCES: Final = {"essex": "Essex Police", "bedfordshire": "Bedfordshire Police"}
RING: Final = 2
PERMUTATIONS: Final = 999
LEVEL: Final = 0.05
AIM_WHOLE, AIM_INFERENCE = 80, 200


def two_counties(resolution: int) -> HexGrid:
    """Return every cell of Essex and Bedfordshire."""
    areas = gpd.read_file(DATA / "boundaries" / "police_force_areas_dissolved.geojson")
    chosen = areas[areas["force"].isin(FORCES.values())]
    return fill(
        study_area_from_polygons("Essex and Bedfordshire", list(chosen.geometry)), resolution
    )


def violence_counts(grid: HexGrid) -> NDArray[np.int64]:
    """Count the year's violence of both forces into a grid."""
    points = pd.read_parquet(
        POINTS,
        columns=["Longitude", "Latitude"],
        filters=[
            ("force_slug", "in", list(FORCES)),
            ("Crime type", "==", "Violence and sexual offences"),
        ],
    ).dropna()
    cells = [
        h3_int.latlng_to_cell(y, x, grid.resolution)
        for x, y in points[["Longitude", "Latitude"]].to_numpy()
    ]
    positions = grid.positions(np.array(cells, dtype=np.uint64))
    return np.bincount(positions[positions >= 0], minlength=len(grid)).astype(np.int64)


def seconds(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the median seconds of some work, and what it gave."""
    taken, result = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), result


def ours(grid: HexGrid, values: NDArray[np.int64], repeats: int) -> tuple[float, float]:
    """Time our side; return the median seconds of all of it and of the inference alone."""

    def build() -> object:
        forget_tables()
        return ring_neighbours(grid, ring=RING)

    def infer() -> NDArray[np.float64]:
        z = gi_star(values, neighbours)
        tails = randomisation_tails(values, neighbours, rng=np.random.default_rng(0))
        return benjamini_hochberg(two_sided(one_sided(z, tails)))

    def infer_held_out() -> object:
        return gi(values, others), randomisation_tails(values, others, rng=np.random.default_rng(0))

    built, _ = seconds(build, repeats)
    neighbours = ring_neighbours(grid, ring=RING)
    inferred, adjusted = seconds(infer, repeats)
    others = neighbours.without_self()
    held_out, _ = seconds(infer_held_out, repeats)
    hot = int((np.asarray(adjusted) <= LEVEL).sum())
    print(
        f"  ours: neighbours {built:.2f} s, Gi* z, p and FDR {inferred:.2f} s ({hot:,} significant)"
    )
    print(f"        Gi (own value held out) z and p {held_out:.2f} s")
    return built + inferred, inferred


def peers(grid: HexGrid, values: NDArray[np.int64]) -> tuple[float, float]:
    """Time libpysal and esda once; return the seconds of all of it and of the inference alone."""
    names = grid.names().tolist()
    around = [f"{cell:x}" for cell in h3_int.grid_disk(int(grid.cells[len(grid) // 2]), 4)]
    small = Graph.build_h3(around, order=RING, weight="binary")
    local(small, np.arange(small.n))
    built, graph = seconds(lambda: Graph.build_h3(names, order=RING, weight="binary"), 1)
    # build_h3 loses cells without neighbours, and has an order of its own
    known = [int(name, 16) for name in graph.unique_ids]
    here = values[grid.positions(np.array(known, dtype=np.uint64))]
    inferred, _ = seconds(lambda: local(graph, here), 1)
    print(f"  peers: Graph.build_h3 {built:.1f} s, G_Local {inferred:.1f} s")
    return built + inferred, inferred


def local(graph: object, values: NDArray[np.int64]) -> object:
    """Run esda's Gi* with its permutations, on one core."""
    with warnings.catch_warnings():
        # cells without neighbours, and without variance
        warnings.simplefilter("ignore")
        return esda.G_Local(
            values.astype(float), graph, transform="B", star=True, permutations=PERMUTATIONS,
            n_jobs=1, seed=1, keep_simulations=False,
        )  # fmt: skip


def main(repeats: str = "5") -> int:
    """Print medians and ratios."""
    if not POINTS.is_file():
        print(f"No real data at hand ({POINTS.name}): nothing was measured.")
        return 0
    grid = two_counties(10)
    values = violence_counts(grid)
    print(
        f"{len(grid):,} cells at resolution 10, {int(values.sum()):,} incidents, "
        f"{(values == 0).mean():.1%} empty, ring {RING}, one process"
    )
    whole, inference = ours(grid, values, int(repeats))
    peer_whole, peer_inference = peers(grid, values)
    print(f"  all: {peer_whole / whole:.0f} times (aim {AIM_WHOLE})")
    print(f"  inference alone: {peer_inference / inference:.0f} times (aim {AIM_INFERENCE})")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
