"""What is due and what is tense, from a full register. Aim: a page in 1 s, so this well under it.

Run from the project's folder: python -m benchmarks.register [ADDRESS OF AN EMPTY DATABASE]
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from streamlit.testing.v1 import AppTest

from config.register import load_register_rules
from register import Register, anniversaries, events, keeping, open_register, tension
from register.anchor import verify
from register.anniversaries import AnniversaryDraft
from register.due import due
from register.events import EventDraft
from register.tables import TensionRow
from register.tension import Sight, TensionDraft
from register.tension_trend import by_beat
from sample_geo.ready import ready_store
from views import records

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 5
ENTRIES = 10_000
DAYS = 2_000
EVENTS = 500
TODAY = dt.date(2026, 12, 1)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
WEST, SOUTH = 0.6, 51.4


def _fill(kept: Register) -> None:
    chance = random.Random(5)  # noqa: S311 (invented records, the same every run)
    rules = load_register_rules().tension

    def place() -> dict[str, float]:
        return {
            "longitude": round(WEST + chance.random() / 5, 6),
            "latitude": round(SOUTH + chance.random() / 5, 6),
        }

    days = [
        anniversaries.checked(
            AnniversaryDraft(
                label=f"Anniversary {number}",
                date=TODAY - dt.timedelta(days=chance.randrange(10_000)),
                place="A street",
                **place(),  # type: ignore[arg-type]
            )
        )
        for number in range(DAYS)
    ]
    fixtures = [
        events.checked(
            EventDraft(
                label=f"Event {number}",
                first_date=TODAY - dt.timedelta(days=chance.randrange(8_000)),
                place="A ground",
                rule=chance.choice(
                    [
                        "FREQ=WEEKLY",
                        "FREQ=DAILY;INTERVAL=3",
                        "FREQ=YEARLY",
                        "FREQ=MONTHLY;BYDAY=1SA",
                    ]
                ),
                **place(),  # type: ignore[arg-type]
            )
        )
        for number in range(EVENTS)
    ]
    entries = []
    for number in range(ENTRIES):
        # half of them count today: more than any force has
        draft = TensionDraft(
            level=chance.choice(rules.levels),
            theme=chance.choice(rules.themes),
            text=f"Entry {number}",
            source_grade=2,
            information_grade="B",
            handling="P",
            entered_on=TODAY - dt.timedelta(days=chance.randrange(56)),
            beat=f"Beat {number % 60}" if number % 2 else "",
            place="A street",
            **place(),  # type: ignore[arg-type]
        )
        whole = tension.checked(draft, today=TODAY)
        entries.append(TensionRow(**keeping.values_of(whole), renewed_on=whole.entered_on))
    with kept.writing() as session:
        anniversaries.add_all(session, days, now=NOW, by="benchmark")
        events.add_all(session, fixtures, now=NOW, by="benchmark")
        keeping.place(session, entries, now=NOW, by="benchmark")


def _median(ask: Callable[[], object]) -> float:
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _measure(kept: Register) -> None:
    beats = {
        f"Beat {column}-{row}": shapely.box(
            WEST + column / 50, SOUTH + row / 50, WEST + (column + 1) / 50, SOUTH + (row + 1) / 50
        )
        for column in range(10)
        for row in range(10)
    }
    start = time.perf_counter()
    _fill(kept)
    print(f"{ENTRIES} entries, {DAYS} anniversaries, {EVENTS} events: filled in "
          f"{time.perf_counter() - start:.1f} s ({kept.dialect})")  # fmt: skip
    with kept.reading() as session:
        found = len(due(session, TODAY))
        print(f"due ({found}): {_median(lambda: due(session, TODAY)):.3f} s")
        current = len(tension.current(session, TODAY, sight=Sight.ALL))
        seconds = _median(lambda: tension.current(session, TODAY, sight=Sight.ALL))
        print(f"current tension ({current}): {seconds:.3f} s")
        seconds = _median(lambda: by_beat(session, TODAY, sight=Sight.ALL, beats=beats))
        print(f"tension by beat, with its trend: {seconds:.3f} s")
        print(f"audit verified: {_median(lambda: verify(session, kept.anchor)):.3f} s")

    def write() -> None:
        with kept.writing() as session:
            anniversaries.add(
                session,
                AnniversaryDraft(label="One", date=TODAY, place="A", longitude=0.7, latitude=51.5),
                now=NOW,
                by="benchmark",
            )

    print(f"one anniversary added: {_median(write):.3f} s")


def _page() -> None:
    """Draw the Overlays page over the same register, as the server does for one person."""
    from views.overlays import page as overlays  # noqa: PLC0415 (the page runs this function alone)

    overlays.page()


def _measure_page(place: str) -> None:
    os.environ |= {"HARMHEX_REGISTER": place, "HARMHEX_STORE": str(ready_store())}
    records.today = lambda _store: TODAY
    page = AppTest.from_function(_page, default_timeout=120)
    page.run()
    print(f"the Overlays page, on the server: {_median(page.run):.3f} s")


def main() -> None:
    """Print the median seconds of each question, on a file or on the database given."""
    if len(sys.argv) > 1:
        _measure(open_register(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "register.sqlite"
        kept = open_register(place)
        _measure(kept)
        kept.close()
        _measure_page(str(place))


if __name__ == "__main__":
    main()
