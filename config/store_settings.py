"""The store's own settings: one file beside its data, changed key by key and never half-written."""

from __future__ import annotations

import contextlib
import copy
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock, Timeout

from config.errors import BadInputError
from config.force_file import FILE_NAME, Origin, read_force_file, said_in
from config.in_force import checked
from config.toml_text import toml_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.crest import Crest

_LOCK: Final = ".settings.lock"
_WAIT_SECONDS: Final = 10
_MODE: Final = 0o644
_HEAD: Final = (
    "This store's own settings, as saved on the page Settings.",
    "What is not here has its default. docs/settings.md says what may be set.",
)


class _Default:
    """What a setting is set to when it is to have its default again."""


DEFAULT: Final = _Default()


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that was changed: its key, and what the store's file said before and says now.

    ``None`` stands for the default.
    """

    key: str
    old: Any
    new: Any


def changed_tables(
    tables: Mapping[str, Any], changes: Mapping[str, object]
) -> tuple[dict[str, Any], tuple[Change, ...]]:
    """Return tables with some settings changed, and what has really changed.

    Parameters
    ----------
    tables
        As read from a force's file.
    changes
        Key with its tables (``quality.care_unlocated``) to its value, or ``DEFAULT``.
    """
    found = copy.deepcopy(dict(tables))
    made = []
    for key, value in changes.items():
        *path, last = key.split(".")
        inner = found
        for part in path:
            inner = inner.setdefault(part, {})
        old = inner.get(last)
        if value is DEFAULT:
            inner.pop(last, None)
            new = None
        else:
            inner[last] = new = copy.deepcopy(value)
        if old != new:
            made.append(Change(key, old, new))
    return _without_empty(found), tuple(made)


def save_settings(
    store: Path, changes: Mapping[str, object], *, crest: Crest | None = None
) -> tuple[Change, ...]:
    """Change settings in a store's file, once the whole of it will do.

    Parameters
    ----------
    store
        The store's folder.
    changes
        As :func:`changed_tables`.
    crest
        A crest to be kept beside the file; its name is ``changes["force.crest"]``.

    Returns
    -------
    What has really changed; the file is not touched where nothing has.

    Raises
    ------
    BadInputError
        A setting will not do, or the file cannot be read or written; nothing is changed then.
    """
    path = store / FILE_NAME
    if not store.is_dir():
        msg = (
            f"The store {store.name!r} does not exist yet. Load files into it, then save settings."
        )
        raise BadInputError(msg)
    try:
        with FileLock(str(store / _LOCK), timeout=_WAIT_SECONDS):
            tables = read_force_file(path, Origin.STORE).tables if path.is_file() else {}
            wanted, made = changed_tables(tables, changes)
            if not made:
                return ()
            if crest is not None:
                _write(store / crest.file_name, crest.content)
            checked(said_in(wanted, Origin.STORE, path))
            _write(path, toml_text(wanted, head=_HEAD).encode())
            return made
    except Timeout as error:
        msg = "Somebody else is saving settings just now. Nothing was changed; save again."
        raise BadInputError(msg) from error
    except OSError as error:
        msg = (
            f"{path.name} cannot be written ({(error.strerror or 'no reason').lower()}). Nothing "
            "was changed; check the store's disk and permissions."
        )
        raise BadInputError(msg) from error


def _without_empty(tables: dict[str, Any]) -> dict[str, Any]:
    kept = {
        key: _without_empty(value) if isinstance(value, dict) else value
        for key, value in tables.items()
    }
    return {key: value for key, value in kept.items() if value != {}}


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_MODE)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink(missing_ok=True)
        raise
