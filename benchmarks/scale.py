"""Loading up to 20 million rows, against DuckDB's unprocessed copy of the same CSV files.

Run from the repository: ``python -m benchmarks.scale [MILLIONS ...]``. The four million published
crimes of England and Wales in 2025 are tiled, one year earlier each time, into the layout of the
open-data archive (a CSV a force and month); the ids, which that file lacks, are made up. Each side
runs in a process of its own on two cores, so that its peak memory is its own; throughput at every
size shows whether it stays flat.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from benchmarks.load import THREADS, copy_with_duckdb
from spatial.incidents.load import load_incidents

if TYPE_CHECKING:
    from collections.abc import Callable

POINTS = Path(__file__).parents[2] / "shared/data/police_uk/england-wales-2025-points.parquet"
SIZES = (1, 4, 8, 20)
AIM_TIMES, AIM_GB = 3.0, 4.0
ASB = "Anti-social behaviour"


def write_archive(folder: Path, *, rows: int) -> int:
    """Write so many rows, tiled by year, as the archive lays them out; return their bytes."""
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            f"""
            CREATE VIEW tiled AS
            SELECT CASE WHEN "Crime type" = '{ASB}' THEN ''
                        ELSE sha256(tile || '-' || place) END AS "Crime ID",
                   (2025 - tile) || right("Month", 3) AS "Month",
                   force_slug AS "Reported by", force_slug AS "Falls within",
                   "Longitude", "Latitude", "Location", "LSOA code", "LSOA name", "Crime type",
                   "Last outcome category", '' AS "Context", force_slug
            FROM (SELECT *, row_number() OVER () AS place FROM read_parquet('{POINTS}')),
                 range(ceil({rows} / 4015457)::INT) AS tiles (tile)
            ORDER BY tile, place LIMIT {rows}
            """  # noqa: S608 (our own paths)
        )
        groups = connection.execute(
            "CREATE TABLE held AS SELECT * FROM tiled; "
            'SELECT DISTINCT "Month", force_slug FROM held ORDER BY ALL'
        ).fetchall()
        connection.execute('CREATE TABLE sorted AS FROM held ORDER BY "Month", force_slug')
        for month, force in groups:
            target = folder / month / f"{month}-{force}-street.csv"
            target.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"COPY (SELECT * EXCLUDE (force_slug) FROM sorted WHERE \"Month\" = '{month}' "  # noqa: S608 (our own names)
                f"AND force_slug = '{force}') TO '{target}' (HEADER)"
            ).fetchall()
    return sum(path.stat().st_size for path in folder.rglob("*.csv"))


def alone(work: Callable[..., object], *given: object) -> tuple[float, float]:
    """Run one piece of work in a process of its own; return its seconds and peak gigabytes."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_timed, args=(queue, work, given))
    process.start()
    seconds, peak = queue.get()
    process.join()
    return seconds, peak


def _timed(queue: multiprocessing.Queue, work: Callable[..., object], given: tuple) -> None:  # type: ignore[type-arg]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    start = time.perf_counter()
    work(*given)
    seconds = time.perf_counter() - start
    queue.put((seconds, peak_gb()))


def peak_gb() -> float:
    """Return the most memory this process has held, where the system tells."""
    # not getrusage: a new process starts with the peak of the one that made it
    status = Path("/proc/self/status")
    if not status.is_file():
        return float("nan")
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1e6


def load(folder: Path, store: Path) -> None:
    """Load a folder into a new store."""
    result = load_incidents([folder], store)
    print(
        f"  read {result.read:,} = {result.stored:,} stored + {result.rejected:,} rejected + "
        f"{result.duplicates:,} duplicates"
    )


def main(*millions: str) -> int:
    """Print seconds, ratio, throughput and peak memory at each size."""
    if not POINTS.is_file():
        print(f"No real data at hand ({POINTS.name}): nothing was measured.")
        return 0
    for size in [float(text) for text in millions] or SIZES:
        rows = int(size * 1e6)
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "csv"
            content = write_archive(folder, rows=rows)
            print(f"{rows:,} rows, {content / 1e9:.2f} GB of CSV, two cores")
            copy, copy_peak = alone(copy_with_duckdb, folder, Path(scratch) / "copy.parquet")
            ours, peak = alone(load, folder, Path(scratch) / "store")
            rates = rows / copy / 1e3, rows / ours / 1e3
            print(f"  DuckDB copy    {copy:6.1f} s  {rates[0]:6.0f} k rows/s  {copy_peak:.1f} GB")
            print(
                f"  harmhex load   {ours:6.1f} s  {rates[1]:6.0f} k rows/s  {peak:.1f} GB "
                f"(aim: {AIM_GB:.0f})"
            )
            print(
                f"  ratio          {ours / copy:6.2f}  (aim: at most {AIM_TIMES:.0f})", flush=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
