from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.errors import BadInputError
from register import Register, anniversaries, audit, open_register, overrides, targets, tension
from register.anchor import verify
from register.archive import archive_troubles, files_of, put_away
from register.backup import backup, restore
from register.overrides import OverrideDraft
from register.schema import newest
from register.tables import Base
from register.targets import TargetArea, TargetsDraft
from register.tension import Sight
from tests.register.conftest import TODAY, WHO, a_tension, an_anniversary

CELL = "8a195d2a1a07fff"


def filled(kept: Register, archive: Path) -> None:
    files = put_away(archive, "run1", {"targets.csv": b"a,b\r\n"})
    with kept.writing() as session:
        one = anniversaries.add(session, an_anniversary(label="Caf\u00e9 \u201cx\u201d"), **WHO)
        anniversaries.change(session, one.id, an_anniversary(), version=1, **WHO)
        tension.add(session, a_tension(theme="religion"), sight=Sight.ALL, today=TODAY, **WHO)
        overrides.add(
            session,
            OverrideDraft(kind="add", cells=((CELL,),), name="By hand", reason="Local knowledge"),
            **WHO,
        )
        targets.adopt(
            session,
            TargetsDraft(run_id="run1", profile="ark", study_area="S", first_date=TODAY,
                         last_date=TODAY, data_through=TODAY),
            (TargetArea(area_id="a", rank=1, name="A", cells=(CELL,)),),
            files,
            **WHO,
        )  # fmt: skip


def content(kept: Register) -> dict[str, list[Any]]:
    with kept.reading() as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in {"audit", "audit_head"}
        }


def test_a_backup_restores_to_the_same(kept: Register, tmp_path: Path) -> None:
    filled(kept, tmp_path / "archive")
    done = backup(kept, tmp_path / "b.zip", archive=tmp_path / "archive", **WHO)
    assert (done.files, done.records["anniversaries"], done.notes) == (1, 1, ())
    target = open_register(tmp_path / "other" / "register.sqlite")
    target.anchor = tmp_path / "other.anchor"
    back = restore(target, tmp_path / "b.zip", archive=tmp_path / "archive2", **WHO)
    assert (back.lost, back.files) == (0, 1)
    assert content(target) == content(kept)
    with target.reading() as session:
        verdict = verify(session, target.anchor, noted=f"{done.audit_entries}:{done.audit_head}")
        assert (verdict.whole, verdict.remarks) == (True, ())
        assert verdict.entries == done.audit_entries + 1
        (adopted,) = targets.listed(session)
        files = files_of(session, adopted.id)
    assert archive_troubles(tmp_path / "archive2", files) == ()
    # life goes on
    with target.writing() as session:
        anniversaries.add(session, an_anniversary(), **WHO)
    with target.reading() as session:
        assert verify(session, target.anchor).whole
    target.close()


def test_from_a_file_into_either_database(file: Register, kept: Register, tmp_path: Path) -> None:
    filled(file, tmp_path / "archive")
    backup(file, tmp_path / "b.zip", archive=None, **WHO)
    restore(kept, tmp_path / "b.zip", archive=None, **WHO)
    assert content(kept) == content(file)
    with kept.reading() as session:
        assert verify(session, kept.anchor).whole


def test_the_same_register_gives_the_same_bytes(file: Register, tmp_path: Path) -> None:
    filled(file, tmp_path / "archive")
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    backup(file, first, archive=tmp_path / "archive", **WHO)
    restored = open_register(tmp_path / "x.sqlite")
    restore(restored, first, archive=None, **WHO)
    backup(file, second, archive=tmp_path / "archive", **WHO)
    restored.close()
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as two:
        for name in one.namelist():
            if "audit" not in name and name != "register.json":
                assert one.read(name) == two.read(name)


def test_what_the_backup_does_not_hold_is_said(file: Register, tmp_path: Path) -> None:
    filled(file, tmp_path / "archive")
    backup(file, tmp_path / "b.zip", archive=tmp_path / "archive", **WHO)
    with file.writing() as session:
        anniversaries.add(session, an_anniversary(), **WHO)
    assert file.file is not None
    file.close()
    # the disk failed; the anchor is still there
    for path in tmp_path.glob("register.sqlite*"):
        path.unlink()
    fresh = open_register(file.file)
    back = restore(fresh, tmp_path / "b.zip", archive=None, **WHO)
    assert back.lost == 1
    with fresh.reading() as session:
        assert verify(session, fresh.anchor).whole
        assert audit.entries(session, most=1)[0].details["lost"] == 1
    assert len(list(tmp_path.glob("*.until-*"))) == 1
    fresh.close()


def test_missing_outputs_are_said(file: Register, tmp_path: Path) -> None:
    filled(file, tmp_path / "archive")
    (tmp_path / "archive" / "run1" / "targets.csv").write_bytes(b"changed")
    done = backup(file, tmp_path / "b.zip", archive=tmp_path / "archive", **WHO)
    assert done.notes == ("run1/targets.csv is not what was archived",)
    assert done.files == 0


def test_only_into_an_empty_register(file: Register, tmp_path: Path) -> None:
    filled(file, tmp_path / "archive")
    backup(file, tmp_path / "b.zip", archive=None, **WHO)
    before = content(file)
    with pytest.raises(BadInputError, match="not empty"):
        restore(file, tmp_path / "b.zip", archive=None, **WHO)
    assert content(file) == before


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))


def test_damaged_backups_restore_nothing(file: Register, tmp_path: Path) -> None:
    filled(file, tmp_path / "archive")
    good, bad = tmp_path / "b.zip", tmp_path / "bad.zip"
    backup(file, good, archive=tmp_path / "archive", **WHO)

    def evil(name: str, part: bytes) -> bytes:
        if name != "register.json":
            return part
        head = json.loads(part)
        head["files"] = {"../evil": head["files"]["run1/targets.csv"]}
        return json.dumps(head).encode()

    def edited(name: str, part: bytes) -> bytes:
        return part.replace(b"arcade", b"market") if "anniversaries" in name else part

    def newer(name: str, part: bytes) -> bytes:
        known = f'"{newest()}"'.encode()
        return part.replace(known, b'"9999"') if name == "register.json" else part

    damages: list[Callable[[], object]] = [
        lambda: rewritten(good, bad, evil),
        lambda: rewritten(good, bad, edited),
        lambda: rewritten(good, bad, newer),
        lambda: bad.write_bytes(good.read_bytes()[:-200]),
        lambda: bad.write_bytes(b"not a zip"),
        bad.unlink,
    ]
    for number, damage in enumerate(damages):
        damage()
        fresh = open_register(tmp_path / f"{number}" / "register.sqlite")
        with pytest.raises(BadInputError):
            restore(fresh, bad, archive=tmp_path / "back", **WHO)
        with fresh.reading() as session:
            assert anniversaries.listed(session) == ()
            assert audit.head(session)[0] == 0
        fresh.close()
    assert not (tmp_path / "evil").exists()
