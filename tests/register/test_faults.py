"""A killed writer, and twenty people at once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import func, select

from register import Register, anniversaries, audit, open_register, targets, tension
from register.anchor import verify
from register.due import due
from register.errors import ChangedElsewhereError
from register.tables import HistoryRow, TargetAreaRow
from register.tension import Sight
from register.tension_trend import by_beat
from tests.register.conftest import NOW, TODAY, a_tension, an_anniversary
from tests.register.writer import AREAS

ROOT = Path(__file__).parents[2]
WRITES = 200


def killed_after(place: str, first: int, confirmed: int, anchor: Path) -> int:
    """Start a writer, kill it once it confirmed so many writes; return the last confirmed."""
    command = [sys.executable, "-m", "tests.register.writer", place, str(first), str(WRITES)]
    environment = {**os.environ, "HARMHEX_AUDIT_ANCHOR": str(anchor), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 (our own program)
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        assert process.stdout is not None
        last = first - 1
        for _ in range(confirmed):
            line = process.stdout.readline()
            if not line:
                break
            last = int(line)
        process.kill()
        # what it confirmed before the kill reached it counts too
        for line in process.stdout:
            last = int(line) if line.endswith("\n") else last
    return last


@pytest.mark.slow
def test_a_writer_killed_in_the_middle_tears_and_loses_nothing(kept: Register, place: str) -> None:
    assert kept.anchor is not None
    first = 0
    for confirmed in (37, 90, WRITES):
        last = killed_after(place, first, confirmed, kept.anchor)
        with kept.reading() as session:
            runs = {one.run_id for one in targets.listed(session)}
            areas = session.scalar(select(func.count()).select_from(TargetAreaRow))
            history = session.scalar(select(func.count()).select_from(HistoryRow))
            verdict = verify(session, kept.anchor)
        # nothing confirmed is lost; at most the one under way is there besides, and is whole
        assert {f"run{number}" for number in range(last + 1)} <= runs
        assert len(runs) - (last + 1) in {0, 1}
        assert areas == AREAS * len(runs)
        assert history == len(runs)
        assert verdict.whole, verdict.troubles
        assert verdict.entries == len(runs)
        first = len(runs)
    assert first == WRITES


def session_of_work(given: tuple[str, int, int]) -> tuple[int, int]:
    """One person's reads and writes; return how many were done, and changes met by others'."""
    place, seed, times = given
    chance = random.Random(seed)  # noqa: S311 (who does what, the same every run)
    opened = open_register(place)
    who = {"now": NOW, "by": f"person {seed}"}
    met = 0
    for _ in range(times):
        deed = chance.randrange(6)
        try:
            if deed == 0:
                with opened.writing() as session:
                    anniversaries.add(session, an_anniversary(), **who)  # type: ignore[arg-type]
            elif deed == 1:
                with opened.writing() as session:
                    tension.add(session, a_tension(), sight=Sight.ALL, today=TODAY, **who)  # type: ignore[arg-type]
            elif deed == 2:
                # read in one session, changed in another, as a form does
                with opened.reading() as session:
                    one = chance.choice(anniversaries.listed(session))
                with opened.writing() as session:
                    draft = an_anniversary(radius_m=one.radius_m + 1)
                    anniversaries.change(session, one.id, draft, version=one.version, **who)  # type: ignore[arg-type]
            elif deed == 3:
                with opened.reading() as session:
                    due(session, TODAY)
            elif deed == 4:
                with opened.reading() as session:
                    by_beat(session, TODAY, sight=Sight.OPEN)
            else:
                with opened.writing() as session:
                    audit.record(session, "seen", noun="page", item="overlays", **who)  # type: ignore[arg-type]
        except ChangedElsewhereError:
            met += 1
    opened.close()
    return times, met


def many_sessions(given: tuple[str, int]) -> tuple[int, int]:
    """Ten people of one process."""
    place, first = given
    with ThreadPoolExecutor(10) as pool:
        work = [(place, seed, 25) for seed in range(first, first + 10)]
        done = list(pool.map(session_of_work, work))
    return sum(times for times, _ in done), sum(met for _, met in done)


@pytest.mark.slow
def test_twenty_people_at_once_meet_no_error(kept: Register, place: str) -> None:
    with kept.writing() as session:
        for _ in range(3):
            anniversaries.add(session, an_anniversary(), now=NOW, by="first")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(many_sessions, [(place, 0), (place, 100)]))
    assert sum(times for times, _ in done) == 500
    with kept.reading() as session:
        verdict = verify(session, kept.anchor)
        counted = {
            action: sum(one.action == action for one in audit.entries(session, most=1000))
            for action in ("added", "changed")
        }
        listed = anniversaries.listed(session)
        entries = len(tension.listed(session, sight=Sight.ALL))
    assert verdict.whole, verdict.troubles
    assert counted["added"] == len(listed) + entries
    # every change that was kept stands on the one before it
    assert sum(one.version - 1 for one in listed) == counted["changed"]
    assert sum(one.radius_m - 250 for one in listed) == counted["changed"]
    assert counted["changed"] > 0
