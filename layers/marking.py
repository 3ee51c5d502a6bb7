"""Marking: the security marking and handling line, and file names that begin with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from config.settings import load_settings
from layers.formats.values import clean_text

if TYPE_CHECKING:
    import datetime as dt

OUTSIDE_HANDLING: Final = "For the recipients' own work at these places. Do not pass it on."
"""What files for partners and funders say in place of the force's own line."""

# an audit entry names the file, and takes no longer name
_LONGEST: Final = 120
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9.]+")
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,12}")
_NOT_IN_A_PART: Final = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Marking:
    """What every page and file says of itself.

    Attributes
    ----------
    marking
        ``OFFICIAL`` or ``OFFICIAL-SENSITIVE``, or what a force writes.
    handling
        The line beside it; may be empty.
    """

    marking: str
    handling: str

    @property
    def line(self) -> str:
        """Both, as one line."""
        return f"{self.marking}. {self.handling}" if self.handling else self.marking


def marking_in_force() -> Marking:
    """Return the marking of the settings."""
    settings = load_settings()
    return Marking(clean_text(settings.marking), clean_text(settings.handling))


def download_name(
    name: str,
    marking: str | None = None,
    *,
    study_area: str = "",
    last: dt.date | None = None,
    run_id: str = "",
) -> str:
    """Return the name a file is offered under: its marking first, then what it is of.

    ``targets.csv`` of Saltmere: ``OFFICIAL-SENSITIVE_saltmere_targets_2026-10-31_<run>.csv``.
    A name that begins with the marking already is not marked again.

    Parameters
    ----------
    name
        File name with its ending.
    marking
        None for the setting's.
    study_area, last, run_id
        What the file is of; left out where empty.

    Returns
    -------
    Letters, digits, ``_ . -`` only, so that every system takes it; 120 characters at most, cut in
    the middle part, never in the marking or the ending.
    """
    mark = _plain(marking_in_force().marking if marking is None else marking, _NOT_IN_A_PART)
    path = PurePath(name)
    ending = path.suffix if _ENDING.fullmatch(path.suffix) else ""
    stem = path.stem.removeprefix(f"{mark}_")
    words = [_plain(study_area, _NOT_IN_A_PART).lower()]
    words += [_plain(part, _NOT_IN_A_NAME) for part in stem.split("_")]
    of = ["" if last is None else last.isoformat(), _plain(run_id, _NOT_IN_A_PART)]
    tail = "".join(f"_{part}" for part in of if part) + ending
    room = _LONGEST - len(mark) - 1 - len(tail)
    middle = "_".join(filter(None, words))[: max(room, 0)].strip("_-.")
    return f"{mark}_{middle}{tail}" if middle else f"{mark}{tail}"


def _plain(text: str, unwanted: re.Pattern[str]) -> str:
    # accents are dropped from letters that have them: a name must survive any system
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return unwanted.sub("-", letters).strip("-.")
