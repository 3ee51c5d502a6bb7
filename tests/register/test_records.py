"""Targets, overrides, visits, operations, decisions, and what is only noted."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from config.errors import BadInputError
from register import Register, audit, decisions, journal, operations, overrides, targets, visits
from register.archive import ArchivedFile, archive_troubles, files_of, put_away
from register.decisions import DecisionDraft
from register.operations import OperationDraft
from register.overrides import OverrideDraft
from register.targets import TargetArea, TargetsDraft
from register.visits import VisitDraft
from tests.register.conftest import NOW, TODAY, WHO

CELLS = ("8a195d2a1a07fff", "8a195d2a1a0ffff", "8a195d2a1a17fff")


def a_list(run: str = "run1", first: dt.date = TODAY) -> TargetsDraft:
    return TargetsDraft(
        run_id=run, profile="ark", study_area="Saltmere", first_date=first,
        last_date=first + dt.timedelta(days=13), data_through=first - dt.timedelta(days=2),
    )  # fmt: skip


def areas(*ids: str) -> tuple[TargetArea, ...]:
    return tuple(
        TargetArea(area_id=one, rank=rank, name=f"Area {one}", cells=(CELLS[rank - 1],))
        for rank, one in enumerate(ids, 1)
    )


def test_an_adopted_list_comes_back_with_its_files(kept: Register, tmp_path: Path) -> None:
    files = put_away(tmp_path / "archive", "run1", {"targets.csv": b"a,b\n", "map.pdf": b"%PDF"})
    with kept.writing() as session:
        one = targets.adopt(session, a_list(), areas("a1", "a2"), files, **WHO)
    with kept.reading() as session:
        assert targets.listed(session) == (one,)
        assert targets.areas_of(session, one.id) == areas("a1", "a2")
        assert files_of(session, one.id) == files
        (entry,) = audit.entries(session)
    assert (entry.action, entry.run_id, entry.details) == (
        "adopted", "run1", {"areas": 2, "files": 2},
    )  # fmt: skip
    assert files[1].sha256 == hashlib.sha256(b"a,b\n").hexdigest()
    assert archive_troubles(tmp_path / "archive", files) == ()


def test_previous_targets_as_a_plain_table(kept: Register) -> None:
    later = TODAY + dt.timedelta(days=14)
    with kept.writing() as session:
        targets.adopt(session, a_list("run1"), areas("a1", "a2"), (), **WHO)
        newer = targets.adopt(session, a_list("run2", later), areas("a2", "a3"), (), **WHO)
    with kept.reading() as session:
        previous = targets.previous_table(session, before=later)
        every = targets.every_table(session)
        assert targets.previous_table(session, before=TODAY).empty
    assert list(previous["area_id"]) == ["a1", "a2"]
    assert list(every["area_id"]) == ["a2", "a3", "a1", "a2"]
    assert list(previous["cells"]) == [CELLS[0], CELLS[1]]
    with kept.writing() as session:
        targets.withdraw(session, newer.id, version=1, **WHO)
    with kept.reading() as session:
        assert list(targets.every_table(session)["run_id"]) == ["run1", "run1"]


def test_lists_that_are_refused(kept: Register) -> None:
    with kept.writing() as session:
        targets.adopt(session, a_list(), areas("a1"), (), **WHO)
    for wrong in ((), areas("a1", "a1")):
        with pytest.raises(BadInputError), kept.writing() as session:
            targets.adopt(session, a_list("run2"), wrong, (), **WHO)
    with pytest.raises(BadInputError, match="adopted already"), kept.writing() as session:
        targets.adopt(session, a_list(), areas("a1"), (), **WHO)
    with kept.reading() as session:
        assert len(targets.listed(session)) == 1


def test_the_archive_is_whole_and_cannot_be_left(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    files = put_away(folder, "run1", {"targets.csv": b"a"})
    assert put_away(folder, "run1", {"targets.csv": b"a"}) == files
    with pytest.raises(BadInputError, match="other content"):
        put_away(folder, "run1", {"targets.csv": b"b"})
    for name in ("../evil", "a/b", ".hidden", "a\\b"):
        with pytest.raises(BadInputError):
            put_away(folder, "run2", {name: b""})
    with pytest.raises(BadInputError):
        put_away(folder, "..", {"a": b""})
    (folder / "run1" / "targets.csv").write_bytes(b"changed")
    missing = ArchivedFile("run1/gone.csv", "0" * 64, 1)
    assert archive_troubles(folder, (*files, missing)) == (
        "run1/targets.csv is not what was archived",
        "run1/gone.csv is missing from the archive",
    )
    assert sorted(path.name for path in folder.iterdir()) == ["run1"]


def test_overrides_as_a_plain_table_until_withdrawn(kept: Register) -> None:
    with kept.writing() as session:
        drop = overrides.add(
            session, OverrideDraft(kind="drop", areas=("a1",), reason="A prison"), **WHO
        )
        overrides.add(
            session,
            OverrideDraft(kind="split", areas=("a2",), cells=((CELLS[1], CELLS[0]), (CELLS[2],)),
                          reason="A river runs through it"),
            **WHO,
        )  # fmt: skip
    with kept.reading() as session:
        table = overrides.table(session)
    assert list(table["kind"]) == ["drop", "split"]
    assert table["cells"].iloc[1] == f"{CELLS[0]} {CELLS[1]};{CELLS[2]}"
    assert table["by"].iloc[0] == "tasking.lead"
    with kept.writing() as session:
        overrides.withdraw(session, drop.id, version=1, **WHO)
    with kept.reading() as session:
        assert list(overrides.table(session)["kind"]) == ["split"]


@pytest.mark.parametrize(
    "draft",
    [
        OverrideDraft(kind="delete", areas=("a",), reason="x"),
        OverrideDraft(kind="drop", reason="x"),
        OverrideDraft(kind="drop", areas=("a",), reason=""),
        OverrideDraft(kind="merge", areas=("a",), reason="x"),
        OverrideDraft(kind="split", areas=("a",), cells=((CELLS[0],),), reason="x"),
        OverrideDraft(kind="split", areas=("a",), cells=((CELLS[0],), (CELLS[0],)), reason="x"),
        OverrideDraft(kind="nudge", areas=("a",), cells=((),), reason="x"),
        OverrideDraft(kind="rename", areas=("a",), reason="x"),
        OverrideDraft(kind="add", cells=((CELLS[0],),), reason="x"),
    ],
)
def test_overrides_that_are_refused(draft: OverrideDraft) -> None:
    with pytest.raises(BadInputError):
        overrides.checked(draft)


def test_what_one_moment_made_keeps_its_order(kept: Register) -> None:
    reasons = [f"Reason {number}" for number in range(12)]
    for begin in (0, 6):
        with kept.writing() as session:
            for reason in reasons[begin : begin + 6]:
                overrides.add(
                    session, OverrideDraft(kind="drop", areas=("a1",), reason=reason), **WHO
                )
    with kept.reading() as session:
        assert list(overrides.table(session)["reason"]) == reasons


def test_visits_by_day_and_as_a_table(kept: Register) -> None:
    with kept.writing() as session:
        for start in ("2026-12-02 23:59", "01/12/2026 18:30", "2026-12-03T00:00"):
            draft = VisitDraft(area_id="a1", start=start, minutes=12, seen=("quiet",))
            visits.add(session, draft, **WHO)
    with kept.reading() as session:
        found = visits.listed(session, first=TODAY, last=dt.date(2026, 12, 2))
        table = visits.table(session)
    assert [one.start for one in found] == ["2026-12-01T18:30", "2026-12-02T23:59"]
    assert list(table["minutes"]) == [12, 12, 12]
    for wrong in ({"minutes": 0}, {"start": "2027-02-29 10:00"}, {"seen": ("aliens",)}):
        given = {"area_id": "a", "start": "2026-12-01 10:00", "minutes": 5, **wrong}
        with pytest.raises(BadInputError):
            visits.checked(VisitDraft(**given))  # type: ignore[arg-type]


def test_an_operation_keeps_its_earlier_versions(kept: Register) -> None:
    draft = OperationDraft(
        name="Operation Pier", design="crossover", areas=("a1", "a2"), comparators=("c1",),
        first_date=TODAY, last_date=dt.date(2027, 2, 28), weekdays=(5, 4), start="18:00",
        end="02:00",
    )  # fmt: skip
    with kept.writing() as session:
        one = operations.add(session, draft, **WHO)
    assert one.weekdays == (4, 5)
    changed = OperationDraft(
        name="Operation Pier", design="crossover", areas=("a1",), first_date=TODAY,
        last_date=dt.date(2027, 3, 31),
    )  # fmt: skip
    with kept.writing() as session:
        operations.change(session, one.id, changed, version=1, **WHO)
    with kept.reading() as session:
        first, second = operations.history(session, one.id)
        assert [o.areas for o in operations.listed(session)] == [("a1",)]
    assert first.content["areas"] == ["a1", "a2"]
    assert (second.version, second.action) == (2, "changed")


@pytest.mark.parametrize(
    "changes",
    [
        {"areas": ()},
        {"comparators": ("a1",)},
        {"last_date": dt.date(2026, 11, 1)},
        {"start": "18:00"},
        {"start": "25:00", "end": "26:00"},
        {"weekdays": (7,)},
        {"design": "hope"},
    ],
)
def test_operations_that_are_refused(changes: dict[str, object]) -> None:
    given = {
        "name": "Pier", "design": "before_after", "areas": ("a1",), "first_date": TODAY,
        "last_date": TODAY,
    }  # fmt: skip
    with pytest.raises(BadInputError):
        operations.checked(OperationDraft(**{**given, **changes}))  # type: ignore[arg-type]


def test_decisions_are_owned_and_followed_up(kept: Register) -> None:
    draft = DecisionDraft(
        meeting_on=TODAY, text="Patrol the pier on Fridays", owner="Harbour team",
        due_on=dt.date(2026, 12, 8), run_id="run1", area_id="a1",
    )  # fmt: skip
    with kept.writing() as session:
        one = decisions.add(session, draft, **WHO)
    with kept.reading() as session:
        assert decisions.overdue(session, dt.date(2026, 12, 8)) == ()
        assert decisions.overdue(session, dt.date(2026, 12, 9)) == (one,)
    done = DecisionDraft(
        meeting_on=TODAY, text=draft.text, owner=draft.owner, due_on=draft.due_on, state="done",
        outcome="Twelve visits made",
    )  # fmt: skip
    with kept.writing() as session:
        decisions.change(session, one.id, done, version=1, **WHO)
    with kept.reading() as session:
        assert decisions.overdue(session, dt.date(2026, 12, 9)) == ()
        assert len(decisions.history(session, one.id)) == 2
    with pytest.raises(BadInputError, match="needs an outcome"):
        decisions.checked(DecisionDraft(meeting_on=TODAY, text="x", owner="x", state="dropped"))


def test_what_is_noted_is_in_the_audit_too(kept: Register) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    with kept.writing() as session:
        journal.note_load(
            session, load_id="abc", source="csv", read=5, stored=3, rejected=1, duplicates=1,
            data_through=TODAY, **WHO,
        )  # fmt: skip
        journal.note_export(
            session, what="targets", file="targets.csv", sha256=digest,
            marking="OFFICIAL-SENSITIVE", run_id="run1", **WHO,
        )  # fmt: skip
        journal.note_sign_in(session, role="analyst", method="oidc", outcome="accepted", **WHO)
        journal.note_sign_in(session, role="", method="proxy", outcome="refused", **WHO)
    with kept.reading() as session:
        assert journal.loads(session)[0].stored == 3
        assert journal.exports(session)[0].run_id == "run1"
        assert sorted(one.outcome for one in journal.sign_ins(session)) == ["accepted", "refused"]
        actions = [one.action for one in audit.entries(session)]
    assert actions == ["refused", "signed_in", "exported", "loaded"]
    with pytest.raises(BadInputError, match="does not add up"), kept.writing() as session:
        journal.note_load(
            session, load_id="abc", source="csv", read=5, stored=3, rejected=1, duplicates=0,
            data_through=None, now=NOW, by="x",
        )  # fmt: skip
    with pytest.raises(BadInputError, match="SHA-256"), kept.writing() as session:
        journal.note_export(
            session, what="x", file="x", sha256="123", marking="OFFICIAL", now=NOW, by="x"
        )
