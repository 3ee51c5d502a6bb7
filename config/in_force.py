"""Which settings are in force: a file that is named, else the store's, else the shipped ones."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.basemap import load_basemap
from config.crest import load_crest
from config.dose import load_dose_rules
from config.force import load_force
from config.force_file import (
    FILE_NAME,
    SECTION_NAMES,
    SHIPPED,
    ForceFile,
    Origin,
    Section,
    force_file,
    held,
    put,
    read_force_file,
)
from config.period_return import load_return_layout
from config.periods import load_periods
from config.print import load_print_settings
from config.register import load_register_rules
from config.risk_terrain import load_risk_rules
from config.settings import load_settings
from config.shifts import load_shifts
from config.watch import load_watch_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE_VARIABLE: Final = "HARMHEX_SETTINGS"
"""Environment variable that names a force's own settings, where no ``--settings`` does."""

_LOADERS: Final[tuple[Callable[[], object], ...]] = (
    load_settings,
    load_force,
    load_crest,
    load_basemap,
    load_shifts,
    load_dose_rules,
    load_print_settings,
    load_register_rules,
    load_return_layout,
    load_periods,
    load_risk_rules,
    load_watch_list,
)


def put_in_force(*, named: Path | None = None, store: Path | None = None) -> ForceFile:
    """Find, check and put in force the settings that a door was started with.

    Parameters
    ----------
    named
        The file of ``--settings``; None for the one that ``HARMHEX_SETTINGS`` names.
    store
        Folder of the store, whose own ``settings.toml`` counts where no file is named.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a setting will not do.
    """
    found = find(named=named, store=store)
    put(found)
    return found


@contextlib.contextmanager
def in_force(*, named: Path | None = None, store: Path | None = None) -> Iterator[ForceFile]:
    """Put settings in force as :func:`put_in_force` does, for as long as one command runs."""
    before = force_file()
    try:
        yield put_in_force(named=named, store=store)
    finally:
        put(before)


def find(*, named: Path | None = None, store: Path | None = None) -> ForceFile:
    """Find and check the settings that :func:`put_in_force` would put in force.

    Raises
    ------
    BadInputError
        As :func:`put_in_force`.
    """
    path, origin = where(named=named, store=store)
    return SHIPPED if path is None else checked(read_force_file(path, origin))


def where(*, named: Path | None = None, store: Path | None = None) -> tuple[Path | None, Origin]:
    """Return the file that counts, and what kind of file it is; None for the shipped settings."""
    said = os.environ.get(FILE_VARIABLE, "").strip()
    if named is not None or said:
        return (named or Path(said)), Origin.NAMED
    if store is not None and (store / FILE_NAME).is_file():
        return store / FILE_NAME, Origin.STORE
    return None, Origin.SHIPPED


def checked(file: ForceFile) -> ForceFile:
    """Return a force's file once every one of its settings will do.

    Raises
    ------
    BadInputError
        One will not: the message names file, key, value, what it may be, and the remedy.
    """
    with held(file):
        for name in SECTION_NAMES:
            file.table(Section(name))
        for load in _LOADERS:
            load()
    return file
