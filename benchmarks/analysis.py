"""Hexes, Gi* and targets for the whole sample town. Aim: 1 s on two cores.

Run from the project's folder: python -m benchmarks.analysis
"""

from __future__ import annotations

import statistics
import time

from sample_geo.ready import ready_store
from spatial.hexes import grid, neighbours
from spatial.incidents.store import IncidentStore
from spatial.results import TargetRequest, TaskingRequest
from spatial.run import targets, tasking
from spatial.targets import names
from spatial.window import year_to

REPEATS = 5


def _cold() -> None:
    # what is cached by content is built again
    grid.fill.cache_clear()
    neighbours.forget_tables()
    names._read_named_lines.cache_clear()  # noqa: SLF001 (as above)


def main() -> None:
    """Print the median seconds, with caches cold and warm."""
    store = IncidentStore.open(ready_store())
    window = year_to(store.data_through)
    asked = {
        "targets": lambda: targets(store, TargetRequest("ark", window)),
        "tasking (both surfaces and targets)": lambda: tasking(
            store, TaskingRequest("ark", window)
        ),
    }
    for name, ask in asked.items():
        for kind in ("cold", "warm"):
            seconds = []
            for _ in range(REPEATS):
                if kind == "cold":
                    _cold()
                start = time.perf_counter()
                result = ask()
                seconds.append(time.perf_counter() - start)
            cells = result.violence.n_cells if hasattr(result, "violence") else ""
            print(f"{name}, {kind} caches: {statistics.median(seconds):.2f} s {cells}")


if __name__ == "__main__":
    main()
