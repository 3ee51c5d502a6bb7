"""Backup and restore: a whole register in one file that either database can take back.

The file is a zip: ``register.json`` (the schema, and count and SHA-256 of every part), a JSON line
per record in ``tables/NAME.jsonl``, and the archived outputs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final

from sqlalchemy import Table, func, insert, select

from config.errors import BadInputError
from register import audit
from register.anchor import highest, set_aside
from register.archive import archive_troubles, every_file
from register.columns import moment_text, read_moment
from register.schema import newest
from register.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from register.opening import Register

_HEAD: Final = "register.json"
_FORMAT: Final = 1
_CHUNK: Final = 500
_MOST_HEAD_BYTES: Final = 10_000_000
# the same bytes whenever the register is the same
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a backup holds.

    Attributes
    ----------
    records
        How many of each table.
    files
        How many archived outputs.
    audit_entries, audit_head
        The audit's length and last hash.
    lost
        After a restore: audit entries that the anchor knew and the backup does not hold.
    notes
        Archived outputs that were missing or changed and so are not in it.
    """

    records: dict[str, int]
    files: int
    audit_entries: int
    audit_head: str
    lost: int = 0
    notes: tuple[str, ...] = ()


def backup(
    register: Register, path: Path, *, archive: Path | None, now: dt.datetime, by: str
) -> BackupSummary:
    """Write a register and its archived outputs into one file, whole or not at all.

    It is one state of the register, whatever others write meanwhile.

    Parameters
    ----------
    archive
        Folder of the archived outputs; None where there is none.
    """
    with register.writing() as session:
        audit.record(session, "backed_up", noun="register", now=now, by=by)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, staged = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        # mkstemp lets nobody else read it, and so it stays
        with os.fdopen(handle, "wb") as stream, register.reading() as session:
            summary = _write(session, stream, archive)
            stream.flush()
            os.fsync(stream.fileno())
        Path(staged).replace(path)
    except BaseException:
        Path(staged).unlink(missing_ok=True)
        raise
    return summary


def restore(
    register: Register, path: Path, *, archive: Path | None, now: dt.datetime, by: str
) -> BackupSummary:
    """Fill an empty register from a backup, all of it or nothing.

    An anchor that was kept is set aside and a new one begun; how many audit entries it knew that
    the backup does not hold is in the summary and in the audit.

    Raises
    ------
    BadInputError
        The file is no backup, is damaged, was made by another schema, or the register is not empty.
    """
    with _opened(path) as packed:
        head = _head(packed, path.name)
        with register.writing() as session:
            _require_empty(session, register.name)
            for table in Base.metadata.sorted_tables:
                _fill(session, table, packed, head, path.name)
            _require_whole(session, path.name)
            entries, digest = audit.head(session)
            heads = sorted(audit.hashes(session).items())
            known = 0 if register.anchor is None else highest(register.anchor)
            lost = max(known - entries, 0)
            files = _put_back(packed, head, archive, path.name)
            details = {"entries": entries, "lost": lost, "head": digest}
            if register.anchor is not None:
                set_aside(register.anchor, now=now)
            session.info[audit.ANCHORS] = heads
            audit.record(session, "restored", noun="register", details=details, now=now, by=by)
    records = {name: part["records"] for name, part in head["tables"].items()}
    return BackupSummary(records, files, entries, digest, lost, tuple(head["notes"]))


def _write(session: Session, stream: IO[bytes], archive: Path | None) -> BackupSummary:
    tables: dict[str, dict[str, Any]] = {}
    files: dict[str, str] = {}
    held = every_file(session)
    notes = [] if archive is None else list(archive_troubles(archive, held))
    if archive is None and held:
        notes.append("The archive's folder was not given, so archived outputs are not in it.")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in Base.metadata.sorted_tables:
            lines = [json.dumps(row, ensure_ascii=False) for row in _rows(session, table)]
            content = "".join(f"{line}\n" for line in lines).encode()
            _pack(packed, f"tables/{table.name}.jsonl", content)
            tables[table.name] = {"records": len(lines), "sha256": _digest(content)}
        for one in held:
            found = None if archive is None else archive / one.path
            content = found.read_bytes() if found is not None and found.is_file() else b""
            if _digest(content) == one.sha256:
                _pack(packed, f"archive/{one.path}", content)
                files[one.path] = one.sha256
        head = {
            "format": _FORMAT,
            "schema": newest(),
            "tables": tables,
            "files": files,
            "notes": notes,
        }
        _pack(packed, _HEAD, json.dumps(head, ensure_ascii=False, sort_keys=True).encode())
    entries, digest = audit.head(session)
    counts = {name: part["records"] for name, part in tables.items()}
    return BackupSummary(counts, len(files), entries, digest, notes=tuple(notes))


def _rows(session: Session, table: Table) -> Iterator[dict[str, Any]]:
    ordered = select(table).order_by(*table.primary_key.columns)
    for row in session.execute(ordered.execution_options(yield_per=_CHUNK)).mappings():
        yield {str(name): _plain(value) for name, value in row.items()}


def _fill(
    session: Session, table: Table, packed: zipfile.ZipFile, head: dict[str, Any], name: str
) -> None:
    content = _part(packed, f"tables/{table.name}.jsonl", name)
    if _digest(content) != head["tables"].get(table.name, {}).get("sha256"):
        _damaged(name, f"tables/{table.name}.jsonl")
    rows = []
    for line in content.decode().splitlines():
        rows.append(_read(table, json.loads(line)))
        if len(rows) == _CHUNK:
            session.execute(insert(table), rows)
            rows = []
    if rows:
        session.execute(insert(table), rows)


def _put_back(
    packed: zipfile.ZipFile, head: dict[str, Any], archive: Path | None, name: str
) -> int:
    if archive is None:
        return 0
    for relative, digest in head["files"].items():
        parts = PurePosixPath(relative).parts
        # a path that leads out of the archive is none of ours
        if len(parts) != 2 or any(part.startswith(".") or "\\" in part for part in parts):  # noqa: PLR2004 (a run and a name)
            _damaged(name, relative)
        content = _part(packed, f"archive/{relative}", name)
        if _digest(content) != digest:
            _damaged(name, relative)
        target = archive / relative
        if target.is_file() and _digest(target.read_bytes()) == digest:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(content)
        part.replace(target)
    return len(head["files"])


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    except OSError as error:
        msg = f"The backup {path.name!r} cannot be opened ({error.strerror}). Check the path."
        raise BadInputError(msg) from error
    except zipfile.BadZipFile as error:
        msg = f"{path.name!r} is no backup of a register, or is cut off. Give another copy."
        raise BadInputError(msg) from error


def _head(packed: zipfile.ZipFile, name: str) -> dict[str, Any]:
    if _HEAD not in packed.namelist() or packed.getinfo(_HEAD).file_size > _MOST_HEAD_BYTES:
        msg = f"{name!r} is no backup of a register. Give a file that `register backup` wrote."
        raise BadInputError(msg)
    head: dict[str, Any] = json.loads(_part(packed, _HEAD, name))
    if head.get("format") != _FORMAT or head.get("schema") != newest():
        msg = (
            f"The backup {name!r} was made by another version (schema {head.get('schema')!r}, this "
            f"one works with {newest()!r}). Restore it with that version, then open it with this."
        )
        raise BadInputError(msg)
    return head


def _part(packed: zipfile.ZipFile, part: str, name: str) -> bytes:
    try:
        return packed.read(part)
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        msg = f"The backup {name!r} is damaged ({part}). Give another copy; nothing was restored."
        raise BadInputError(msg) from error


def _damaged(name: str, part: str) -> None:
    msg = f"The backup {name!r} is damaged ({part}). Give another copy; nothing was restored."
    raise BadInputError(msg)


def _require_empty(session: Session, name: str) -> None:
    for table in Base.metadata.sorted_tables:
        if session.scalar(select(func.count()).select_from(table)):
            msg = f"The register {name} is not empty ({table.name}). Restore into a new one."
            raise BadInputError(msg)


def _require_whole(session: Session, name: str) -> None:
    session.flush()
    troubles = list(audit.chain_troubles(session))
    if troubles:
        msg = f"The audit in the backup {name!r} is not whole: {troubles[0]}. Give another copy."
        raise BadInputError(msg)


def _pack(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(entry, content)


def _plain(value: Any) -> Any:  # noqa: ANN401 (any column)
    if isinstance(value, dt.datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _read(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _typed(table.columns[name].type.python_type, value) for name, value in row.items()
    }


def _typed(kind: type[Any], value: Any) -> Any:  # noqa: ANN401 (any column)
    if value is None or not isinstance(value, str):
        return value
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    return read_moment(value) if kind is dt.datetime else value


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
