"""The archive: outputs of adopted runs, put away so that they can be opened after an upgrade."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sqlalchemy import select

from config.errors import BadInputError
from register import words
from register.tables import TargetFileRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """One output: its path within the archive (``RUN/NAME``), SHA-256 and size in bytes."""

    path: str
    sha256: str
    size: int


def archive_beside(database: Path) -> Path:
    """Return the archive's folder beside a register's file."""
    return database.with_name(f"{database.stem}-archive")


def put_away(folder: Path, run_id: str, files: Mapping[str, bytes]) -> tuple[ArchivedFile, ...]:
    """Write a run's outputs into the archive, all of them or none.

    The same run may be put away again if its outputs are the same to the byte.

    Raises
    ------
    BadInputError
        A name is no plain file name, or the run is archived with other content.
    """
    run = words.code(run_id, what="run_id")
    for name in (run, *files):
        if PurePosixPath(name).name != name or "\\" in name or name.startswith("."):
            msg = f"{name[:60]!r} is no plain file name. Rename it without strokes."
            raise BadInputError(msg)
    kept = tuple(
        ArchivedFile(f"{run}/{name}", hashlib.sha256(content).hexdigest(), len(content))
        for name, content in sorted(files.items())
    )
    target = folder / run
    if target.exists():
        if archive_troubles(folder, kept):
            msg = (
                f"The run {run!r} is archived with other content. Adopt it under a run of its own."
            )
            raise BadInputError(msg)
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=folder, prefix=f".{run}."))
    try:
        for name, content in files.items():
            (staged / name).write_bytes(content)
        staged.replace(target)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return kept


def files_of(session: Session, targets_id: str) -> tuple[ArchivedFile, ...]:
    """Return the archived outputs of an adopted list, by path."""
    wanted = select(TargetFileRow).where(TargetFileRow.targets_id == targets_id)
    return tuple(
        ArchivedFile(row.path, row.sha256, row.size)
        for row in session.scalars(wanted.order_by(TargetFileRow.path))
    )


def every_file(session: Session) -> tuple[ArchivedFile, ...]:
    """Return every archived output that the register names, by path, each once."""
    rows = session.scalars(select(TargetFileRow).order_by(TargetFileRow.path))
    return tuple(dict.fromkeys(ArchivedFile(row.path, row.sha256, row.size) for row in rows))


def archive_troubles(folder: Path, files: tuple[ArchivedFile, ...]) -> tuple[str, ...]:
    """Return what is wrong with archived outputs: missing, or not what was put away."""
    troubles = []
    for one in files:
        path = folder / one.path
        if not path.is_file():
            troubles.append(f"{one.path} is missing from the archive")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != one.sha256:
            troubles.append(f"{one.path} is not what was archived")
    return tuple(troubles)
