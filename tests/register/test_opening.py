from __future__ import annotations

import datetime as dt
import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text

from config.errors import BadInputError
from register import Register, anniversaries, open_register
from register.errors import ChangedElsewhereError, RegisterBusyError, RegisterGoneError
from register.schema import VERSION_TABLE, newest
from register.tables import Base
from tests.register.conftest import POSTGRES, WHO, an_anniversary


def test_both_databases_are_tried() -> None:
    if not POSTGRES:
        pytest.skip("no PostgreSQL was given (HARMHEX_TEST_POSTGRES), so only files were tried")
    assert make_url(POSTGRES).get_backend_name() == "postgresql"


@pytest.mark.usefixtures("kept")
def test_the_migrations_make_the_tables_that_the_program_reads(place: str) -> None:
    url = place if "://" in place else f"sqlite:///{place}"
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert context.get_current_revision() == newest()
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_many_open_a_new_register_at_once(place: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(open_register, [place] * 8))
    for one in opened:
        with one.writing() as session:
            anniversaries.add(session, an_anniversary(), **WHO)
    with opened[0].reading() as session:
        assert len(anniversaries.listed(session)) == 8
    for one in opened:
        one.close()


def test_a_failed_write_keeps_nothing(kept: Register) -> None:
    def fail() -> None:
        with kept.writing() as session:
            anniversaries.add(session, an_anniversary(), **WHO)
            msg = "the power failed"
            raise RuntimeError(msg)

    with pytest.raises(RuntimeError):
        fail()
    with kept.reading() as session:
        assert anniversaries.listed(session) == ()


def test_a_reading_session_cannot_write(kept: Register) -> None:
    with pytest.raises(RuntimeError, match="only reads"), kept.reading() as session:
        anniversaries.add(session, an_anniversary(), **WHO)


def test_two_edits_at_once_lose_neither(kept: Register) -> None:
    with kept.writing() as session:
        first = anniversaries.add(session, an_anniversary(), **WHO)
    with kept.writing() as session:
        anniversaries.change(
            session, first.id, an_anniversary(radius_m=400), version=first.version, **WHO
        )
    with (
        pytest.raises(ChangedElsewhereError, match="changed by someone else since you opened it"),
        kept.writing() as session,
    ):
        anniversaries.change(
            session, first.id, an_anniversary(radius_m=100), version=first.version, **WHO
        )
    with pytest.raises(ChangedElsewhereError), kept.writing() as session:
        anniversaries.withdraw(session, first.id, version=first.version, **WHO)
    with kept.reading() as session:
        (only,) = anniversaries.listed(session)
    assert (only.radius_m, only.version) == (400, 2)


def test_of_many_edits_on_one_version_one_is_kept(kept: Register) -> None:
    with kept.writing() as session:
        first = anniversaries.add(session, an_anniversary(), **WHO)

    def edit(number: int) -> bool:
        try:
            with kept.writing() as session:
                draft = an_anniversary(radius_m=100 + number)
                anniversaries.change(session, first.id, draft, version=1, **WHO)
        except ChangedElsewhereError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(edit, range(10))) == 1


def test_an_unknown_record_is_said(kept: Register) -> None:
    for item in ("", "'; DROP TABLE audit; --", "\x00", "0" * 36):
        with pytest.raises(BadInputError, match="no record"), kept.writing() as session:
            anniversaries.withdraw(session, item, version=1, **WHO)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    opened = open_register(tmp_path / "new" / "register.sqlite")
    mode = stat.S_IMODE((tmp_path / "new" / "register.sqlite").stat().st_mode)
    opened.close()
    assert mode == 0o600 or os.name == "nt"


def test_a_path_with_odd_signs(tmp_path: Path) -> None:
    folder = tmp_path / "50% of #1? & more"
    opened = open_register(folder / "register.sqlite")
    opened.close()
    assert (folder / "register.sqlite").stat().st_size > 0


def test_another_databases_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "map.gpkg"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE gpkg_contents (name TEXT)")
    connection.close()
    with pytest.raises(BadInputError, match=r"map.gpkg is a database of something else"):
        open_register(path)
    path.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    with pytest.raises(BadInputError, match="cannot be opened"):
        open_register(path)
    with pytest.raises(BadInputError, match="cannot be opened"):
        open_register(tmp_path)


def test_a_newer_register_is_left_alone(file: Register) -> None:
    assert file.file is not None
    file.close()
    with sqlite3.connect(file.file) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    connection.close()
    with pytest.raises(BadInputError, match="newer version"):
        open_register(file.file)


@pytest.mark.parametrize("place", ["", "mysql://h/d", "postgresql://h:x/d", "sqlite://"])
def test_a_place_that_is_none(place: str) -> None:
    with pytest.raises(BadInputError):
        open_register(place)


def test_a_password_is_never_said() -> None:
    address = "postgresql://me:secret@127.0.0.1:1/register"
    with pytest.raises(RegisterGoneError, match="cannot be opened") as said:
        open_register(address)
    assert "secret" not in str(said.value)


def test_a_file_gone_mid_session_is_said(file: Register) -> None:
    assert file.file is not None
    with file.writing() as session:
        anniversaries.add(session, an_anniversary(), **WHO)
    aside = file.file.rename(file.file.with_name("elsewhere.sqlite"))
    for ask in (file.reading, file.writing):
        with pytest.raises(RegisterGoneError, match="moved or replaced"), ask() as session:
            anniversaries.listed(session)
    aside.rename(file.file)
    with file.reading() as session:
        assert len(anniversaries.listed(session)) == 1


def test_a_server_gone_mid_session_is_said_and_comes_back(kept: Register) -> None:
    if kept.dialect == "sqlite":
        pytest.skip("a file has no server")

    def cut_off() -> None:
        with kept.writing() as session:
            anniversaries.add(session, an_anniversary(), **WHO)
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(RegisterGoneError, match="Nothing of this was kept"):
        cut_off()
    with kept.reading() as session:
        assert anniversaries.listed(session) == ()


def test_one_who_holds_on_too_long_is_said(
    kept: Register, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    from config.register import load_register_rules  # noqa: PLC0415 (replaced here)

    hasty = load_register_rules().model_copy(update={"wait_seconds": 0.2})
    monkeypatch.setattr("register.opening.load_register_rules", lambda: hasty)
    second = open_register(place)
    with (
        kept.writing(),
        pytest.raises(RegisterBusyError, match="Nothing of this was kept"),
        second.writing(),
    ):
        pass
    with second.writing() as session:
        anniversaries.add(session, an_anniversary(), **WHO)
    second.close()


def test_a_reader_sees_one_state_while_others_write(kept: Register) -> None:
    with kept.reading() as session:
        assert anniversaries.listed(session) == ()
        with kept.writing() as other:
            anniversaries.add(other, an_anniversary(), **WHO)
        assert anniversaries.listed(session) == ()
    with kept.reading() as session:
        (one,) = anniversaries.listed(session)
    assert one.created_at == one.changed_at == dt.datetime(2026, 12, 1, 9, 30, tzinfo=dt.UTC)


def test_a_register_that_is_spoilt_while_it_is_open(tmp_path: Path) -> None:
    register = open_register(tmp_path / "register.sqlite")
    with register.reading() as session:
        anniversaries.listed(session)
    for file in tmp_path.glob("register.sqlite*"):
        file.write_bytes(b"x" * 4096)
    with pytest.raises(RegisterGoneError, match="damaged"), register.reading() as session:
        anniversaries.listed(session)
    register.close()
