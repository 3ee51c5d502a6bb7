"""Which settings a run of the app holds: those that were named, else the store's, else shipped."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.force_file import SHIPPED, ForceFile, Origin, hold, put, read_force_file
from config.in_force import checked, where
from views import frame

if TYPE_CHECKING:
    from collections.abc import Hashable

STORE_VARIABLE: Final = "HARMHEX_STORE"


class _Read:
    """The file as it was read last, by every session alike."""

    lock = Lock()
    stamp: Hashable = ()
    path: Path | None = None
    file: ForceFile = SHIPPED
    wrong: str = ""


def begin() -> None:
    """Begin a run of the app: hold the settings that count now, so that it is made of one set.

    A file that was changed is read again. One that will not do is said on the page, and those that
    were in force stay so.
    """
    path, origin = where(store=store_folder())
    with _Read.lock:
        stamp = _stamp(path, origin)
        if stamp != _Read.stamp:
            _read(path, origin)
            _Read.stamp = stamp
        file, wrong = _Read.file, _Read.wrong
        put(file)
    hold(file)
    if wrong:
        kept = "shipped settings" if file is SHIPPED else "settings before it"
        frame.say(f"{wrong} Until then the {kept} are in force.")


def store_folder() -> Path | None:
    """Return the folder of the store that the app was started on; None where none was named."""
    named = os.environ.get(STORE_VARIABLE, "")
    return Path(named) if named else None


def _read(path: Path | None, origin: Origin) -> None:
    other, _Read.path, _Read.wrong = path != _Read.path, path, ""
    try:
        _Read.file = SHIPPED if path is None else checked(read_force_file(path, origin))
    except BadInputError as error:
        _Read.wrong = str(error)
        # what another store's file says is not this one's
        _Read.file = SHIPPED if other else _Read.file


def _stamp(path: Path | None, origin: Origin) -> Hashable:
    if path is None:
        return (origin,)
    try:
        found = path.stat()
    except OSError:
        return (origin, str(path), "gone")
    return (origin, str(path), found.st_mtime_ns, found.st_size, found.st_ino)
