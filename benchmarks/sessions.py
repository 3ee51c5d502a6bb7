"""How long an answer takes when many look at once: open pages that draw nothing, two processors.

Run ``python -m benchmarks.sessions`` in the checkout: on the sample town, twenty sessions open
Tasking and change a control again and again (window, number of places, place selected, a layer on
or off). Three ways: everyone clicks at the same moment and never pauses; everyone pauses five
seconds between changes, as people do at the least; and everyone asks what nobody asked before.
``python -m benchmarks.sessions --county`` asks one session on Essex (open data beside the checkout)
at resolutions 9 and 10, an answer worked out anew and then again from what is kept. Open data is
too coarse for resolution 10, and the page refuses it: a settings file lifts that for this
measurement of speed alone.

Seconds count from sending the change to the message that the script has finished, everything
received. Bytes are those of the messages, before the websocket's own compression. Memory per
session is what the server's process grew by while the sessions were open, after one had asked all
of it, divided by their number: the answers all share are not in it, what a session holds is. The
clients run on the same two processors; a meeting's browsers do not.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd

from benchmarks.served_app import ROOT, Served, served
from benchmarks.session_client import SessionClient
from config.in_force import FILE_VARIABLE as SETTINGS_VARIABLE
from sample_geo.ready import DATA
from spatial.intake import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.session_client import Answer

PROCESSORS: Final = 2
SESSIONS: Final = 20
CHANGES: Final = 10
PAUSE_SECONDS: Final = 5.0
AIM_MEDIAN_S, AIM_MEMORY_MB = 2.0, 60.0
AIM_COUNTY_S: Final = {9: 0.5, 10: 1.5}
OPEN_DATA: Final = ROOT.parent / "shared" / "data"
_MB: Final = 1e6


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a person does on the page, and how."""

    words: str
    do: Callable[[SessionClient], Answer]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sessions")
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--changes", type=int, default=CHANGES)
    parser.add_argument("--county", action="store_true", help="one session on Essex instead")
    asked = parser.parse_args(arguments)
    # children inherit it: server and clients share the two
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])
    with tempfile.TemporaryDirectory() as folder:
        if asked.county:
            _county(Path(folder) / "store")
        else:
            load([DATA], Path(folder) / "store")
            _many(Path(folder) / "store", sessions=asked.sessions, changes=asked.changes)


def _changes(client: SessionClient) -> list[Change]:
    """Return what a session does in turn: all of it shared with every other session."""
    rows = client.data("place_list")["rows"]
    ids = [str(row.get("id") or row["area_id"]) for row in rows]
    found = [
        Change("window", lambda one: one.choose("preset", "Last 6 months")),
        Change("window", lambda one: one.choose("preset", "Last 12 months")),
        Change("places", lambda one: one.number("places", 20)),
        Change("places", lambda one: one.number("places", 12)),
        Change("layer", lambda one: one.tick("show_disorder", on=False)),
        Change("layer", lambda one: one.tick("show_disorder", on=True)),
    ]
    picks = [
        Change("place selected", lambda one, area=area: one.tell("place_list", "picked", area))
        for area in ids[1:7]
    ]
    return [change for pair in zip(found, picks, strict=False) for change in pair]


def _many(store: Path, *, sessions: int, changes: int) -> None:
    with served(store) as app:
        print(f"server before anybody came: {app.memory_mb():.0f} MB")
        with SessionClient(app.port) as walker:
            _require_well(walker.open(), "opening")
            everything = _changes(walker)
            # twice: the first time fills what is kept, the second what a session holds
            for change in [*everything, *everything]:
                _require_well(change.do(walker), change.words)
            before = app.memory_mb()
            print(f"with one session that asked everything once: {before:.0f} MB")
            clients = _opened(app, sessions)
            try:
                _told("no pause", _ask(clients, everything, changes=changes, pause=0))
                grown = (app.memory_mb() - before) / sessions
                paused = _ask(clients, everything, changes=changes, pause=PAUSE_SECONDS)
                _told(f"{PAUSE_SECONDS:.0f} s pauses", paused)
                print(f"memory per session: {grown:.1f} MB (aim {AIM_MEMORY_MB:.0f} MB)")
                fresh = [_new_question(number) for number in range(sessions)]
                _told("each a new question, at the same moment", _ask_each(clients, fresh))
            finally:
                for client in clients:
                    client.close()


def _opened(app: Served, sessions: int) -> list[SessionClient]:
    clients = [SessionClient(app.port) for _ in range(sessions)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(sessions) as pool:
        answers = list(pool.map(SessionClient.open, clients))
    for answer in answers:
        _require_well(answer, "opening")
    seconds = time.perf_counter() - begun
    print(f"{sessions} sessions opened at the same moment, the last after {seconds:.1f} s")
    return clients


def _ask(
    clients: Sequence[SessionClient], changes_known: Sequence[Change], *, changes: int, pause: float
) -> list[tuple[str, Answer]]:
    together = threading.Barrier(len(clients))

    def session(number: int) -> list[tuple[str, Answer]]:
        together.wait()
        # spread over the pause, as people are; with none all begin at once
        time.sleep(pause * number / len(clients))
        answers = []
        for turn in range(changes):
            change = changes_known[(number + turn) % len(changes_known)]
            answers.append((change.words, change.do(clients[number])))
            time.sleep(pause)
        return answers

    with ThreadPoolExecutor(len(clients)) as pool:
        return [one for answers in pool.map(session, range(len(clients))) for one in answers]


def _new_question(number: int) -> Change:
    # 21 upwards: a number of places that the shared changes never ask for
    return Change("new question", lambda one: one.number("places", 21 + number))


def _ask_each(
    clients: Sequence[SessionClient], asked: Sequence[Change]
) -> list[tuple[str, Answer]]:
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = pool.map(lambda pair: pair[1].do(pair[0]), zip(clients, asked, strict=True))
        return [(change.words, answer) for change, answer in zip(asked, answers, strict=True)]


def _told(how: str, answers: Sequence[tuple[str, Answer]]) -> None:
    for words, answer in answers:
        _require_well(answer, words)
    seconds = [answer.seconds for _, answer in answers]
    sizes = [answer.size / _MB for _, answer in answers]
    late = statistics.quantiles(seconds, n=20)[-1]
    print(
        f"{how}: median {statistics.median(seconds):.2f} s, 95th of a hundred {late:.2f} s "
        f"(aim {AIM_MEDIAN_S:.0f} s at the median); {statistics.median(sizes):.2f} MB a change, "
        f"at most {max(sizes):.2f} MB; {len(answers)} changes"
    )
    for kind in sorted({words for words, _ in answers}):
        own = [answer for words, answer in answers if words == kind]
        print(
            f"    {kind}: median {statistics.median(one.seconds for one in own):.2f} s, "
            f"{statistics.median(one.size / _MB for one in own):.2f} MB"
        )


def _county(store: Path) -> None:
    archive = OPEN_DATA / "police_uk" / "essex-2025.zip"
    if not archive.is_file():
        sys.exit("the open data of Essex does not lie beside the checkout, so nothing is measured")
    areas = gpd.read_file(OPEN_DATA / "boundaries" / "police_force_areas_dissolved.geojson")
    outline = store.parent / "essex.geojson"
    essex = areas[areas.isin(["Essex Police"]).any(axis=1)]
    essex.assign(name="Essex")[["name", "geometry"]].to_file(outline)
    load([archive], store, boundary=outline)
    settings = store.parent / "settings.toml"
    settings.write_text("precise_enough_m = 5000\n", encoding="utf-8")
    loosened = {SETTINGS_VARIABLE: str(settings)}
    with served(store, variables=loosened) as app, SessionClient(app.port) as client:
        # open data has no offence codes: the page opens on a profile that finds none, and says so
        client.open()
        _line("first answer of the server", client.choose("profile", "Violence proxy (open data)"))
        for resolution, aim in AIM_COUNTY_S.items():
            _line(
                f"resolution {resolution}: first time",
                client.choose("detail", _detail(client, resolution)),
            )
            _line(f"resolution {resolution}: window never asked", _window(client, 0))
            known = [_window(client, turn) for turn in (0, 1) * 3]
            _line(f"resolution {resolution}: windows known (aim {aim} s)", *known)
            rows = client.data("place_list")["rows"]
            ids = [str(row.get("id") or row["area_id"]) for row in rows][:6]
            picked = [client.tell("place_list", "picked", area) for area in ids]
            _line(f"resolution {resolution}: place selected (aim {aim} s)", *picked)
        print(f"server: {app.memory_mb():.0f} MB")


def _detail(client: SessionClient, resolution: int) -> str:
    word = {9: "Middle", 10: "Fine"}[resolution]
    return next(one for one in client.controls["detail"].options if one.startswith(word))


def _window(client: SessionClient, turn: int) -> Answer:
    return client.choose("preset", ("Last 6 months", "Last 3 months")[turn])


def _line(what: str, *answers: Answer) -> None:
    for answer in answers:
        _require_well(answer, what)
    print(
        f"{what}: {statistics.median(one.seconds for one in answers):.2f} s, "
        f"{statistics.median(one.size for one in answers) / _MB:.2f} MB"
    )


def _require_well(answer: Answer, what: str) -> None:
    # a page that shows an error answers quickly, and is no answer
    if answer.said:
        sys.exit(f"{what}: the page says {answer.said[0]!r}")


if __name__ == "__main__":
    main()
