"""The register opened: a SQLite file or a PostgreSQL database, read or written by many at once."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from sqlite3 import DatabaseError as DatabaseFault
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy
from filelock import FileLock, Timeout
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from config.errors import BadInputError
from config.register import load_register_rules
from register.anchor import anchor_beside, drop_anchor
from register.audit import ANCHORS
from register.errors import ChangedElsewhereError, RegisterBusyError, RegisterGoneError
from register.keeping import changed_elsewhere
from register.schema import migrate, newest, revision

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITING: Final = "harmhex_writing"
# any number, the same for every writer: "harmhex" on a telephone's keys
_LOCK: Final = 4276439
_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.05
_BUSY_STATES: Final = frozenset({"55P03", "57014", "40P01", "40001"})


class Register:
    """An open register; sessions of many threads and processes may use it at once.

    Attributes
    ----------
    name
        What messages call it: the file's name, or the address without its password.
    file
        The SQLite file, or None.
    anchor
        The audit's anchor file, or None.
    """

    def __init__(self, engine: Engine, *, file: Path | None, anchor: Path | None) -> None:
        self.name = file.name if file is not None else engine.url.render_as_string()
        self.file = file
        self.anchor = anchor
        self._engine = engine
        shared: dict[str, Any] = {_WRITING: False}
        if file is None:
            shared |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = engine.execution_options(**shared)
        self._writer = engine.execution_options(**{_WRITING: True})
        self._identity = None if file is None else _identity(file)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that reads one state of the register, whatever others write meanwhile.

        Raises
        ------
        RegisterGoneError, RegisterBusyError
        """
        with self._said_plainly(), Session(self._reader, expire_on_commit=False) as session:
            event.listen(session, "before_flush", _refuse_write)
            self._require_same_file()
            yield session

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that alone writes; all of it is kept at the end, or none of it.

        Others wait for it, some milliseconds as a rule: do nothing slow inside.

        Raises
        ------
        ChangedElsewhereError, RegisterGoneError, RegisterBusyError
        """
        with self._said_plainly(), Session(self._writer, expire_on_commit=False) as session:
            self._require_same_file()
            self._take_turn(session)
            yield session
            session.flush()
            anchors = session.info.pop(ANCHORS, [])
            with self._said_plainly(committing=True):
                session.commit()
            if self.anchor is not None and anchors:
                drop_anchor(self.anchor, anchors)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _take_turn(self, session: Session) -> None:
        # the turn is taken before anything is read, so that nobody reads what another is changing
        for attempt in range(_TRIES):
            try:
                session.connection()
                break
            except OperationalError as error:
                session.rollback()
                if attempt == _TRIES - 1 or not _is_busy(error):
                    raise
                time.sleep(_PAUSE_SECONDS)
        if self.file is None:
            wait = int(1000 * load_register_rules().wait_seconds)
            session.execute(text(f"SET LOCAL lock_timeout = {wait}"))
            # one who went away must not keep the others waiting
            session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {2 * wait}"))
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})

    def _require_same_file(self) -> None:
        # a deleted file can still be written to by who has it open, and nobody would ever read it
        if self.file is not None and _identity(self.file) != self._identity:
            msg = (
                f"The register {self.name} was moved or replaced while it was open. Nothing was "
                "kept; put it back, or start the program again."
            )
            raise RegisterGoneError(msg)

    @contextlib.contextmanager
    def _said_plainly(self, *, committing: bool = False) -> Iterator[None]:
        try:
            yield
        except StaleDataError as error:
            raise ChangedElsewhereError(changed_elsewhere()) from error
        except (OperationalError, InterfaceError) as error:
            if _is_busy(error):
                msg = (
                    f"The register {self.name} is busy: others have been writing to it for long. "
                    "Nothing of this was kept; try again."
                )
                raise RegisterBusyError(msg) from error
            kept = (
                "It is not known whether the change was kept: reload and look before you repeat it."
                if committing and self.file is None
                else "Nothing of this was kept; try again once it is back."
            )
            msg = f"The register {self.name} cannot be reached or written. {kept}"
            raise RegisterGoneError(msg) from error
        except DatabaseError as error:
            # SQLite says so of a file that was spoilt while it was open; kinds of it are our faults
            if type(error.orig) is not DatabaseFault:
                raise
            msg = (
                f"The register {self.name} is damaged and cannot be read. Nothing of this was "
                "kept; restore it from a backup."
            )
            raise RegisterGoneError(msg) from error


def open_register(place: str | Path) -> Register:
    """Open a register, making it or bringing it up to date if need be.

    Parameters
    ----------
    place
        A file (made with its folder if new), or the address of a database: ``sqlite:///FILE`` or
        ``postgresql://NAME@HOST/DATABASE``. :func:`config.register.register_url` gives the one in
        force.

    Raises
    ------
    BadInputError
        It cannot be reached or written, is something else, or was made by a newer version.
    """
    url = _url(place)
    if url.get_backend_name() == "sqlite":
        return _open_file(Path(url.database or ""))
    return _open_server(url)


def _open_file(file: Path) -> Register:
    path = file.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        wait = load_register_rules().wait_seconds
        # several processes may open it for the first time at once
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=wait):
            # nobody but its owner reads it, from the first byte on
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            engine = _sqlite_engine(path, wait)
            _prepare(engine, name=path.name)
    except Timeout as error:
        msg = f"Another program is opening the register {path.name!r}. Wait for it and try again."
        raise RegisterBusyError(msg) from error
    except OSError as error:
        msg = (
            f"The register {path.name!r} cannot be opened ({error.strerror or error}). Check the "
            "path and its permissions."
        )
        raise BadInputError(msg) from error
    return Register(engine, file=path, anchor=anchor_beside(path))


def _open_server(url: URL) -> Register:
    try:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=30,
            connect_args={"connect_timeout": int(load_register_rules().wait_seconds)},
        )
    except ModuleNotFoundError as error:
        msg = "PostgreSQL needs one more package. Install Harmhex as 'harmhex[postgres]'."
        raise BadInputError(msg) from error
    _prepare(engine, name=url.render_as_string())
    return Register(engine, file=None, anchor=anchor_beside(None))


def _prepare(engine: Engine, *, name: str) -> None:
    try:
        with engine.connect() as connection:
            if revision(connection) == newest():
                return
        with engine.execution_options(**{_WRITING: True}).begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            migrate(connection, name=name)
    except DatabaseError as error:
        engine.dispose()
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        msg = f"The register {name} cannot be opened ({reason}). Check its address and its rights."
        raise RegisterGoneError(msg) from error
    except BadInputError:
        engine.dispose()
        raise


def _sqlite_engine(path: Path, wait: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": wait},
        poolclass=sqlalchemy.QueuePool,
        pool_size=10,
        max_overflow=30,
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's own)
        # transactions are begun below, not by the driver
        connection.isolation_level = None
        try:
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                "secure_delete = ON",
            ):
                connection.execute(f"PRAGMA {pragma}").close()
        except DatabaseFault:
            # no pool knows of it yet
            connection.close()
            raise

    @event.listens_for(engine, "begin")
    def _begun(connection: sqlalchemy.Connection) -> None:
        # a writer takes its turn at once: one that only reads first could not become one later
        writes = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _url(place: str | Path) -> URL:
    given = str(place).strip()
    if isinstance(place, Path) or "://" not in given:
        if not given:
            msg = "The register's place is empty. Give a file or the address of a database."
            raise BadInputError(msg)
        return URL.create("sqlite", database=given)
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        msg = "The register's address cannot be read. Write postgresql://NAME@HOST/DATABASE."
        raise BadInputError(msg) from error
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database not in {None, "", ":memory:"}:
        return url
    msg = (
        f"The register cannot be kept in {url.drivername!r}. Give a file, or the address of a "
        "PostgreSQL database."
    )
    raise BadInputError(msg)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_busy(error: DatabaseError | InterfaceError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    said = str(error.orig)
    return state in _BUSY_STATES or "database is locked" in said or "database is busy" in said


def _refuse_write(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        msg = "this session only reads; use register.writing()"
        raise RuntimeError(msg)
