"""Two hundred maps without any clustering: how often any cell is called hot or cold.

Incidents are dealt over cells at random, 97 cells in 100 staying empty. Raw p is one-sided in the
direction of z, as both report it; a discovery is any cell at FDR 0.05, two-sided, over the map.

Run from the project's folder: python -m benchmarks.null_maps [MAPS] [MAPS FOR ESDA]
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Final

import esda
import h3.api.basic_int as h3_int
import numpy as np

from spatial.hexes.grid import grid_of_cells
from spatial.hexes.lattice import ring_lattice
from spatial.hotspots.getis_ord import gi, gi_star
from spatial.hotspots.significance import (
    benjamini_hochberg,
    one_sided,
    randomisation_tails,
    two_sided,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from spatial.hexes.neighbours import Neighbours

STEPS: Final = 24
EMPTY: Final = 0.97
PERMUTATIONS: Final = 999
LEVEL: Final = 0.05
AIM_RAW, AIM_MAPS = 0.05, 0.09


def null_maps(cells: int, maps: int) -> Iterator[NDArray[np.int64]]:
    """Yield maps of counts, one to nine in each of the cells that are not empty."""
    rng = np.random.default_rng(20)
    for _ in range(maps):
        values = np.zeros(cells, dtype=np.int64)
        filled = rng.choice(cells, round((1 - EMPTY) * cells), replace=False)
        values[filled] = np.minimum(rng.geometric(0.6, len(filled)), 9)
        yield values


def ours(neighbours: Neighbours, values: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return one-sided p of Gi* or Gi, as the neighbours are."""
    z = (gi_star if neighbours.includes_self else gi)(values, neighbours)
    tails = randomisation_tails(values, neighbours, rng=np.random.default_rng(0))
    return np.where(z == 0, 1.0, one_sided(z, tails))


def report(
    name: str,
    p_of: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    maps: list[NDArray[np.int64]],
) -> None:
    """Print how often a method calls something where there is nothing."""
    raw, called = [], 0
    for values in maps:
        p = p_of(values)
        raw.append((p < LEVEL).mean())
        called += int((benjamini_hochberg(two_sided(p)) <= LEVEL).any())
    print(
        f"  {name:34} raw p < .05 in {np.mean(raw):6.2%} of cells on average; an FDR discovery in "
        f"{called} of {len(maps)} maps",
        flush=True,
    )


def main(maps: str = "200", peer_maps: str = "200") -> int:
    """Print our figures and the peer's."""
    disk = h3_int.grid_disk(h3_int.latlng_to_cell(51.75, 0.5, 9), STEPS)
    grid = grid_of_cells(np.array(disk, dtype=np.uint64), name="disk", resolution=9)
    lattice = ring_lattice(grid, ring=1)
    graph = lattice.without_self().to_graph()
    drawn = list(null_maps(len(grid), int(maps)))
    print(
        f"{len(drawn)} maps of {len(grid):,} cells, {EMPTY:.0%} empty, ring 1 "
        f"(aims: raw at most {AIM_RAW:.0%}; discoveries in at most "
        f"{AIM_MAPS * len(drawn):.0f} maps)"
    )

    def peer(values: NDArray[np.int64], *, star: bool) -> NDArray[np.float64]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            local = esda.G_Local(
                values.astype(float), graph, transform="B", star=star, permutations=PERMUTATIONS,
                n_jobs=1, seed=1, keep_simulations=False,
            )  # fmt: skip
        return np.asarray(local.p_sim)

    report("harmhex Gi*", lambda values: ours(lattice.neighbours, values), drawn)
    others = lattice.neighbours.without_self()
    report("harmhex Gi (own value held out)", lambda values: ours(others, values), drawn)
    if few := drawn[: int(peer_maps)]:
        report("esda G_Local star=True", lambda values: peer(values, star=True), few)
        report("esda G_Local star=False", lambda values: peer(values, star=False), few)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
