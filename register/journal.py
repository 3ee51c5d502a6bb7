"""What happened to files and accounts: loads, exports and sign-ins, written once, never changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from config.errors import BadInputError
from register import audit, keeping, words
from register.places import whole
from register.tables import ExportRow, LoadRow, SignInRow

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

METHODS: Final = ("oidc", "proxy", "local")
OUTCOMES: Final = ("accepted", "refused", "expired", "signed_out")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_MOST_ROWS: Final = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One load of data: how many rows were read, and what became of them."""

    id: str
    at: dt.datetime
    by: str
    load_id: str
    source: str
    read: int
    stored: int
    rejected: int
    duplicates: int
    data_through: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One file that left the program: what, its name and SHA-256, its marking and run."""

    id: str
    at: dt.datetime
    by: str
    what: str
    file: str
    sha256: str
    marking: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One sign-in: by which method, with which role, and whether it was accepted."""

    id: str
    at: dt.datetime
    by: str
    role: str
    method: str
    outcome: str


def note_load(  # noqa: PLR0913 (the figures of one load)
    session: Session,
    *,
    load_id: str,
    source: str,
    read: int,
    stored: int,
    rejected: int,
    duplicates: int,
    data_through: dt.date | None,
    now: dt.datetime,
    by: str,
) -> Load:
    """Note a load; ``read = stored + rejected + duplicates`` must hold."""
    figures = {"read": read, "stored": stored, "rejected": rejected, "duplicates": duplicates}
    for name, value in figures.items():
        whole(value, what=name, least=0, most=_MOST_ROWS)
    if read != stored + rejected + duplicates:
        msg = f"The load {load_id!r} does not add up: {figures}. Load it again."
        raise BadInputError(msg)
    row = LoadRow(
        id=keeping.new_id(session, now),
        at=now,
        by=words.account(by),
        load_id=words.code(load_id, what="load_id"),
        source=words.code(source, what="source"),
        data_through=data_through,
        **figures,
    )
    session.add(row)
    audit.record(session, "loaded", noun="loads", item=load_id, details=figures, now=now, by=by)
    session.flush()
    return keeping.seen(row, Load)


def note_export(  # noqa: PLR0913 (what is said of one file)
    session: Session,
    *,
    what: str,
    file: str,
    sha256: str,
    marking: str,
    run_id: str = "",
    now: dt.datetime,
    by: str,
) -> Export:
    """Note a file that leaves the program, before it does."""
    if not _HASH.fullmatch(sha256):
        msg = f"sha256: {sha256[:70]!r} is no SHA-256. Give its 64 hexadecimal digits."
        raise BadInputError(msg)
    row = ExportRow(
        id=keeping.new_id(session, now),
        at=now,
        by=words.account(by),
        what=words.code(what, what="what"),
        file=words.code(file, what="file"),
        sha256=sha256,
        marking=words.code(marking, what="marking"),
        run_id=words.code(run_id, what="run_id", needed=False),
    )
    session.add(row)
    audit.record(
        session,
        "exported",
        noun=row.what,
        item=row.file,
        run_id=row.run_id,
        details={"sha256": sha256},
        now=now,
        by=by,
    )
    session.flush()
    return keeping.seen(row, Export)


def note_sign_in(  # noqa: PLR0913 (what is said of one sign-in)
    session: Session, *, role: str, method: str, outcome: str, now: dt.datetime, by: str
) -> SignIn:
    """Note a sign-in, a refused one, or its end; ``role`` is empty where none was given."""
    row = SignInRow(
        id=keeping.new_id(session, now),
        at=now,
        by=words.account(by),
        role=words.code(role, what="role", needed=False),
        method=words.choice(method, METHODS, what="method"),
        outcome=words.choice(outcome, OUTCOMES, what="outcome"),
    )
    session.add(row)
    action = {"accepted": "signed_in", "refused": "refused"}.get(outcome, "signed_out")
    audit.record(session, action, noun="sign_ins", item=row.id, now=now, by=by)
    session.flush()
    return keeping.seen(row, SignIn)


def loads(session: Session, *, most: int = 500) -> tuple[Load, ...]:
    """Return the loads, newest first."""
    rows = session.scalars(select(LoadRow).order_by(LoadRow.at.desc(), LoadRow.id).limit(most))
    return tuple(keeping.seen(row, Load) for row in rows)


def exports(session: Session, *, most: int = 500) -> tuple[Export, ...]:
    """Return the exports, newest first."""
    rows = session.scalars(
        select(ExportRow).order_by(ExportRow.at.desc(), ExportRow.id).limit(most)
    )
    return tuple(keeping.seen(row, Export) for row in rows)


def sign_ins(session: Session, *, most: int = 500) -> tuple[SignIn, ...]:
    """Return the sign-ins, newest first."""
    rows = session.scalars(
        select(SignInRow).order_by(SignInRow.at.desc(), SignInRow.id).limit(most)
    )
    return tuple(keeping.seen(row, SignIn) for row in rows)
