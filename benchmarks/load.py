"""Loading real open data, against DuckDB's unprocessed copy of the same CSV files to Parquet.

Run from the repository: ``python -m benchmarks.load [ARCHIVE.zip]``. The archive is unpacked once;
both sides then read the same loose files. Each is timed five times, in turn; medians are printed.
The peer only guesses types and copies; the load also checks, classifies, weighs, indexes at three
resolutions, tells duplicates and writes GeoParquet.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from spatial.incidents.load import load_incidents

if TYPE_CHECKING:
    from collections.abc import Callable

ARCHIVE = Path(__file__).parents[2] / "shared" / "data" / "police_uk" / "essex-2025.zip"
REPEATS = 5
THREADS = 2
AIM = 4.0


def copy_with_duckdb(folder: Path, target: Path) -> None:
    """Copy every CSV below a folder to one Parquet file, as DuckDB does unasked."""
    with duckdb.connect(config={"threads": THREADS}) as connection:
        files = str(folder / "**" / "*.csv").replace("'", "''")
        out = str(target).replace("'", "''")
        query = f"COPY (SELECT * FROM read_csv('{files}')) TO '{out}'"  # noqa: S608 (our own paths)
        connection.execute(query)


def seconds(work: Callable[[], object]) -> float:
    """Time one piece of work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(archive: Path = ARCHIVE) -> int:
    """Print medians and their ratio."""
    if not archive.is_file():
        print(f"No archive of real data at hand ({archive.name}): nothing was measured.")
        return 0
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    with tempfile.TemporaryDirectory() as scratch:
        folder, store = Path(scratch) / "csv", Path(scratch) / "store"
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
        rows = load_incidents([folder], store).read  # also warms both sides' file cache
        ours, theirs = [], []
        for _ in range(REPEATS):
            shutil.rmtree(store)
            ours.append(seconds(lambda: load_incidents([folder], store)))
            theirs.append(seconds(lambda: copy_with_duckdb(folder, Path(scratch) / "copy.parquet")))
    load, copy = statistics.median(ours), statistics.median(theirs)
    print(f"{archive.name}: {rows:,} rows, two cores, median of {REPEATS}")
    print(f"  harmhex load   {load:.3f} s  ({min(ours):.3f}-{max(ours):.3f})")
    print(f"  DuckDB copy    {copy:.3f} s  ({min(theirs):.3f}-{max(theirs):.3f})")
    print(f"  ratio          {load / copy:.2f}  (aim: at most {AIM:.0f})")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
