from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy import func, select

from register import (
    Register,
    anniversaries,
    audit,
    decisions,
    events,
    journal,
    targets,
    tension,
    visits,
)
from register.anchor import verify
from register.archive import archive_troubles, files_of, put_away
from register.decisions import DecisionDraft
from register.events import EventDraft
from register.retention import expired, prune
from register.tables import HistoryRow
from register.targets import TargetArea, TargetsDraft
from register.tension import Sight
from tests.register.conftest import NOW, TODAY, WHO, a_tension, an_anniversary


def on(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def nouns(kept: Register, day: dt.date) -> list[str]:
    with kept.reading() as session:
        return [one.noun for one in expired(session, day)]


def test_each_record_goes_when_its_own_period_is_over(kept: Register, tmp_path: Path) -> None:
    files = put_away(tmp_path, "run1", {"targets.csv": b"x"})
    with kept.writing() as session:
        anniversaries.add(session, an_anniversary(), **WHO)
        gone = anniversaries.add(session, an_anniversary(), **WHO)
        anniversaries.withdraw(session, gone.id, version=1, **WHO)
        events.add(
            session,
            EventDraft(label="Once", first_date=TODAY, place="Pier", longitude=0.7, latitude=51.5),
            **WHO,
        )
        events.add(
            session,
            EventDraft(label="For ever", first_date=TODAY, place="Pier", longitude=0.7,
                       latitude=51.5, rule="FREQ=YEARLY"),
            **WHO,
        )  # fmt: skip
        entry = tension.add(session, a_tension(), sight=Sight.ALL, today=TODAY, **WHO)
        visits.add(
            session, visits.VisitDraft(area_id="a", start="2026-12-01 18:00", minutes=5), **WHO
        )
        decisions.add(session, DecisionDraft(meeting_on=TODAY, text="open", owner="x"), **WHO)
        decisions.add(
            session,
            DecisionDraft(meeting_on=TODAY, text="x", owner="x", state="done", outcome="x"),
            **WHO,
        )
        journal.note_sign_in(session, role="viewer", method="oidc", outcome="accepted", **WHO)
        adopted = targets.adopt(
            session,
            TargetsDraft(run_id="run1", profile="ark", study_area="S", first_date=TODAY,
                         last_date=TODAY, data_through=TODAY),
            (TargetArea(area_id="a", rank=1, name="A", cells=()),),
            files,
            **WHO,
        )  # fmt: skip
    assert nouns(kept, on(90)) == []
    assert nouns(kept, on(91)) == ["anniversaries", "events"]
    # tension: 365 days from its expiry, 28 days on
    assert nouns(kept, on(28 + 365)).count("tension") == 0
    assert nouns(kept, on(28 + 366)) == ["anniversaries", "events", "tension", "sign_ins"]
    late = on(5000)
    assert nouns(kept, late) == [
        "anniversaries", "events", "tension", "visits", "decisions", "sign_ins",
    ]  # fmt: skip
    with kept.writing() as session:
        counts = prune(session, expired(session, late), now=NOW, by="records")
    assert counts == dict.fromkeys(nouns_of(counts), 1)
    with kept.reading() as session:
        assert expired(session, late) == ()
        assert len(anniversaries.listed(session)) == 1
        assert [one.label for one in events.listed(session)] == ["For ever"]
        assert tension.listed(session, sight=Sight.ALL) == ()
        left = select(func.count()).where(HistoryRow.item_id == entry.id)
        assert session.scalar(left) == 0
        assert [one.text for one in decisions.listed(session)] == ["open"]
        assert targets.listed(session) == (adopted,)
        assert archive_troubles(tmp_path, files_of(session, adopted.id)) == ()
        pruned = [one.noun for one in audit.entries(session) if one.action == "pruned"]
        assert sorted(pruned) == sorted(counts)
        assert verify(session, kept.anchor).whole


def nouns_of(counts: dict[str, int]) -> list[str]:
    return list(counts)


def test_a_withdrawn_entry_goes_from_its_withdrawal(kept: Register) -> None:
    with kept.writing() as session:
        entry = tension.add(session, a_tension(), sight=Sight.ALL, today=TODAY, **WHO)
        tension.withdraw(session, entry.id, version=1, sight=Sight.ALL, **WHO)
    assert nouns(kept, on(365)) == []
    assert nouns(kept, on(366)) == ["tension"]


def test_many_are_removed_in_one_go(kept: Register) -> None:
    with kept.writing() as session:
        rows = [visits.VisitDraft(area_id="a", start="2026-12-01T18:00", minutes=5)] * 1201
        visits.add_all(session, rows, **WHO)
    with kept.writing() as session:
        assert prune(session, expired(session, on(3000)), **WHO) == {"visits": 1201}
    with kept.reading() as session:
        assert visits.listed(session) == ()
