"""Sixty patrol-area sheets of the sample town, and what one weighs.

There is no peer in the same run: seconds of the clock and of the processor, with nothing cached.
The machine's other work shows in the first and not in the second.

Run from the project's folder: python -m benchmarks.print
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from pathlib import Path
from typing import Final

from layers.print.files import print_files
from layers.print.folder import read_targets_folder
from layers.print.occasion import Occasion
from layers.targets.files import target_files
from sample_geo.ready import DATA
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.results import TargetRequest
from spatial.run import targets
from spatial.window import Window

PLACES: Final = 60
YEAR: Final = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
AIM_SECONDS: Final = 20
AIM_BYTES: Final = 400_000


def main() -> None:
    """Make the list, print it, and say what that took."""
    with tempfile.TemporaryDirectory() as holder:
        store_folder, list_folder = Path(holder, "store"), Path(holder, "targets")
        load([DATA], store_folder)
        store = IncidentStore.open(store_folder)
        request = TargetRequest("ark", YEAR, places=PLACES)
        list_folder.mkdir()
        made = target_files(targets(store, request), request=request, formats=())
        for name, content in made.items():
            (list_folder / name).write_bytes(content)
        clock, processor = time.perf_counter(), time.process_time()
        found = print_files(
            store, read_targets_folder(list_folder), Occasion(first=dt.date(2026, 11, 21))
        )
        seconds, worked = time.perf_counter() - clock, time.process_time() - processor
    each = len(found["sheets.pdf"]) / PLACES
    print(f"{PLACES} sheets of two sides: {seconds:.1f} s by the clock (aim {AIM_SECONDS} s),")
    print(
        f"{worked:.1f} s of one processor; {each / 1000:.0f} kB a sheet (aim {AIM_BYTES // 1000})."
    )


if __name__ == "__main__":
    main()
