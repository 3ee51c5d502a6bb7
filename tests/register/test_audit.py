from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError

from config.errors import BadInputError
from register import Register, anniversaries, audit, open_register
from register.anchor import Verdict, verify
from tests.register.conftest import NOW, WHO, an_anniversary


def check(kept: Register, *, noted: str | None = None) -> Verdict:
    with kept.reading() as session:
        return verify(session, kept.anchor, noted=noted)


def write(kept: Register, times: int = 5) -> None:
    for number in range(times):
        with kept.writing() as session:
            audit.record(session, "seen", noun="page", item=f"page {number}", run_id="r1", **WHO)


def tamper(place: str, *statements: str) -> None:
    """As somebody who has the database's own rights would: the triggers taken off first."""
    engine = create_engine(place if "://" in place else f"sqlite:///{place}")
    drops = (
        ["DROP TRIGGER audit_refuses_update", "DROP TRIGGER audit_refuses_delete"]
        if engine.dialect.name == "sqlite"
        else ["DROP TRIGGER audit_refuses_change ON audit"]
    )
    with engine.begin() as connection:
        for statement in (*drops, *statements):
            connection.execute(text(statement))
    engine.dispose()


def test_an_untouched_audit_is_whole(kept: Register) -> None:
    assert check(kept).whole
    write(kept)
    verdict = check(kept)
    assert (verdict.whole, verdict.entries, verdict.remarks) == (True, 5, ())
    assert check(kept, noted=f"5:{verdict.head}").whole
    write(kept, 1)
    assert check(kept, noted=f"5:{verdict.head}").whole


def test_what_is_done_is_recorded_without_its_content(kept: Register) -> None:
    with kept.writing() as session:
        one = anniversaries.add(session, an_anniversary(), **WHO)
        one = anniversaries.change(
            session, one.id, an_anniversary(label="Another label"), version=1, **WHO
        )
        anniversaries.withdraw(session, one.id, version=one.version, **WHO)
    with kept.reading() as session:
        found = audit.entries(session, noun="anniversaries", item=one.id)
        everything = json.dumps([str(entry) for entry in audit.entries(session)])
    assert [entry.action for entry in found] == ["withdrawn", "changed", "added"]
    assert found[1].details == {"fields": ["label"], "version": 2}
    assert {entry.by for entry in found} == {"tasking.lead"}
    assert {entry.at for entry in found} == {NOW}
    assert "Another label" not in everything
    assert "arcade" not in everything


@pytest.mark.parametrize("statement", ["UPDATE audit SET \"by\" = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_it(kept: Register, place: str, statement: str) -> None:
    write(kept, 1)
    engine = create_engine(place if "://" in place else f"sqlite:///{place}")
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert check(kept).whole


def test_postgresql_refuses_to_empty_it(kept: Register, place: str) -> None:
    if kept.dialect == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    write(kept, 1)
    engine = create_engine(place)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text("TRUNCATE audit"))
    engine.dispose()


FORGED = "'2026-12-01T09:30:00.000000Z', 'x', 'seen', 'page', '', '', '{}'"
COLUMNS = 'seq, at, "by", action, noun, item, run_id, details, previous, hash'


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE audit SET \"by\" = 'someone.else' WHERE seq = 3"], "entry 3 was changed"),
        (["UPDATE audit SET at = '2026-12-02T09:30:00.000000Z' WHERE seq = 1"], "entry 1 was"),
        (["UPDATE audit SET run_id = 'r2' WHERE seq = 5"], "entry 5 was changed"),
        (["DELETE FROM audit WHERE seq = 3"], "entry 3 missing before entry 4"),
        (["DELETE FROM audit WHERE seq = 1"], "entry 1 missing"),
        (
            [
                "DELETE FROM audit WHERE seq = 3",
                "UPDATE audit SET seq = seq - 1 WHERE seq = 4",
                "UPDATE audit SET seq = seq - 1 WHERE seq = 5",
            ],
            "entry 3 is not sealed to the one before it",
        ),
        (["DELETE FROM audit WHERE seq > 3"], "counted 5 entries and holds 3"),
        (
            [f"INSERT INTO audit ({COLUMNS}) VALUES (6, {FORGED}, '{'0' * 64}', '{'0' * 64}')"],
            "entry 6 is not sealed",
        ),
        # the cleverest: the end cut off and the count set back; only what is outside knows
        (
            [
                "DELETE FROM audit WHERE seq > 3",
                "UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit WHERE seq = 3)",
            ],
            "the anchor knows 5 entries, the register holds 3: the end is gone",
        ),
        (["DELETE FROM audit", "DELETE FROM audit_head"], "the end is gone"),
    ],
)
def test_tampering_is_found(kept: Register, place: str, statements: list[str], said: str) -> None:
    write(kept)
    tamper(place, *statements)
    verdict = check(kept)
    assert not verdict.whole
    assert any(said in trouble for trouble in verdict.troubles), verdict.troubles


def test_a_whole_chain_forged_anew_is_found_by_the_anchor(
    kept: Register, place: str, tmp_path: Path
) -> None:
    write(kept)
    forged = open_register(tmp_path / "forged.sqlite")
    for number in range(5):
        with forged.writing() as session:
            audit.record(session, "seen", noun="page", item=f"other {number}", **WHO)
    with forged.reading() as session:
        rows = audit.entries(session)
    forged.close()
    assert kept.anchor is not None
    lines = [line for line in kept.anchor.read_text().splitlines() if line]
    # the forger's own program wrote to the same anchor, as the variable says
    kept.anchor.write_text("\n".join(lines[:5]) + "\n")
    statements = ["DELETE FROM audit"]
    statements += [
        f"INSERT INTO audit ({COLUMNS}) VALUES ({row.seq}, '2026-12-01T09:30:00.000000Z', "
        f"'{row.by}', 'seen', 'page', '{row.item}', '', '{{}}', '{row.previous}', '{row.hash}')"
        for row in rows
    ]
    statements.append(f"UPDATE audit_head SET seq = 5, hash = '{rows[0].hash}'")
    tamper(place, *statements)
    verdict = check(kept)
    assert verdict.troubles == ("entry 1 is not the one that the anchor knows",)


def test_without_an_anchor_a_noted_head_finds_the_cut(kept: Register, place: str) -> None:
    write(kept)
    noted = check(kept).head
    tamper(
        place,
        "DELETE FROM audit WHERE seq > 3",
        "UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit WHERE seq = 3)",
    )
    kept.anchor = None
    verdict = check(kept)
    assert verdict.whole
    assert "No anchor file" in verdict.remarks[0]
    assert not check(kept, noted=f"5:{noted}").whole
    with pytest.raises(BadInputError, match="NUMBER:HASH"):
        check(kept, noted="five")


def test_a_kill_before_the_anchor_is_a_remark(kept: Register) -> None:
    write(kept, 3)
    assert kept.anchor is not None
    lines = kept.anchor.read_text().splitlines()
    kept.anchor.write_text("\n".join(lines[:-1]) + "\n")
    verdict = check(kept)
    assert verdict.whole
    assert "1 entries are not in audit.anchor (first 3)" in verdict.remarks[0]
    kept.anchor.write_text("rubbish\n" + kept.anchor.read_text())
    assert "line 1 is no anchor" in check(kept).troubles[0]


def test_entries_can_be_narrowed(kept: Register) -> None:
    write(kept)
    with kept.writing() as session:
        audit.record(
            session, "exported", noun="file", item="targets.csv",
            now=NOW + dt.timedelta(hours=1), by="analyst",
        )  # fmt: skip
    with kept.reading() as session:
        assert [one.seq for one in audit.entries(session, most=2)] == [6, 5]
        assert [one.seq for one in audit.entries(session, by="analyst")] == [6]
        since = NOW + dt.timedelta(minutes=1)
        assert [one.seq for one in audit.entries(session, since=since)] == [6]


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "deleted"},
        {"by": ""},
        {"item": "=HYPERLINK()"},
        {"details": {"text": "x" * 3000}},
    ],
)
def test_what_the_audit_does_not_take(kept: Register, wrong: dict[str, object]) -> None:
    given: dict[str, object] = {"action": "seen", "noun": "page", **WHO, **wrong}
    action = str(given.pop("action"))
    with pytest.raises(BadInputError), kept.writing() as session:
        audit.record(session, action, **given)  # type: ignore[arg-type]
    assert check(kept).entries == 0


def test_a_moment_without_a_zone_is_a_fault(kept: Register) -> None:
    with pytest.raises(ValueError, match="no time zone"), kept.writing() as session:
        audit.record(session, "seen", noun="page", now=dt.datetime(2026, 12, 1), by="x")  # noqa: DTZ001 (the fault itself)
