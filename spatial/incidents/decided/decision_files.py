"""Decision files: decisions as CSV, to be looked over, carried to another store and read there."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from spatial.incidents.decided.deciding import MOST_DECISIONS, Asked, refuse
from spatial.incidents.decided.decisions import Choice, Reason, is_on_earth, ordered
from spatial.incidents.parts import csv_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from spatial.incidents.decided.decisions import Decision

DECISION_COLUMNS: Final = (
    "source", "longitude", "latitude", "decision", "to_longitude", "to_latitude", "reason",
    "decided_on",
)  # fmt: skip
_NEEDED: Final = ("longitude", "latitude", "decision")
_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(\.\d*)?|\.\d+)([eE]-\d{1,2})?")
_LARGEST: Final = 2_000_000
_QUOTED: Final = re.compile(r"^'(?=[=+\-@\t\r])")


def decisions_csv(decisions: Iterable[Decision]) -> bytes:
    """Write decisions as CSV (UTF-8), in `DECISION_COLUMNS`; :func:`read_asked` reads it back."""
    return csv_bytes(
        DECISION_COLUMNS,
        (
            (
                one.source, one.longitude, one.latitude, one.choice.value,
                "" if one.to_longitude is None else one.to_longitude,
                "" if one.to_latitude is None else one.to_latitude,
                one.reason.value, one.decided_on.isoformat(),
            )
            for one in ordered(decisions)
        ),
    )  # fmt: skip


def read_asked(path: Path) -> tuple[Asked, ...]:
    """Read decisions from a CSV file.

    Parameters
    ----------
    path
        UTF-8, with commas or semicolons: the columns longitude, latitude and decision, and any
        others of `DECISION_COLUMNS`. Without a reason it is "other"; without a source, a row is
        about every source that has the point, and the store must hold one.

    Raises
    ------
    BadInputError
        The file is no such table, or rows of it cannot be used: each is named with its number, as a
        spreadsheet shows it.
    """
    rows = _rows(path)
    problems: list[tuple[int | None, str]] = []
    asked: list[Asked] = []
    for number, row in rows:
        try:
            asked.append(_asked(row, number))
        except ValueError as error:
            problems.append((number, str(error)))
    refuse(problems, file=path.name)
    if not asked:
        msg = f"{path.name} holds no decision below its headings. Nothing was recorded."
        raise BadInputError(msg)
    return tuple(asked)


def reason_named(text: str) -> Reason:
    """Return a reason by its name, however its words are joined.

    Raises
    ------
    ValueError
        It is none.
    """
    named = " ".join(re.split(r"[\s_-]+", text.strip().casefold()))
    if named not in {str(reason) for reason in Reason}:
        msg = f"{text!r} is no reason (choose one of {', '.join(Reason)})"
        raise ValueError(msg)
    return Reason(named)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Read the table, its headings checked, blank rows left out."""
    text = _text(path)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        table = [(lines.line_num, line) for line in lines]
    except csv.Error as error:
        msg = f"{path.name} is not readable as CSV ({error}). Save it again as CSV (UTF-8)."
        raise BadInputError(msg) from error
    header = [name.strip().casefold() for name in table[0][1]] if table else []
    strange = [name for name in header if name not in DECISION_COLUMNS]
    missing = [name for name in _NEEDED if name not in header]
    if strange or missing or len(set(header)) < len(header):
        what = (
            f"has a column {strange[0]!r}, which is not known"
            if strange
            else f"has no column {missing[0]!r}"
            if missing
            else "has a column twice"
        )
        others = ", ".join(name for name in DECISION_COLUMNS if name not in _NEEDED)
        msg = (
            f"{path.name} {what}. A file of decisions has the columns {', '.join(_NEEDED)}, and "
            f"may have {others}."
        )
        raise BadInputError(msg)
    ragged = [number for number, line in table[1:] if any(line) and len(line) != len(header)]
    refuse([(number, "wrong number of columns") for number in ragged], file=path.name)
    rows = [
        (number, dict(zip(header, (cell.strip() for cell in line), strict=True)))
        for number, line in table[1:]
        if any(cell.strip() for cell in line)
    ]
    if len(rows) > MOST_DECISIONS:
        msg = f"{path.name} has {len(rows):,} rows, and at most {MOST_DECISIONS:,} are read."
        raise BadInputError(msg)
    return rows


def _text(path: Path) -> str:
    if not path.is_file():
        msg = f"There is no file {path.name!r}. Check the name and the folder."
        raise BadInputError(msg)
    if path.stat().st_size > _LARGEST:
        msg = (
            f"{path.name} is too large for a file of decisions (over 2 MB). Check which file it is."
        )
        raise BadInputError(msg)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{path.name} is not text in UTF-8. Save it again as CSV (UTF-8)."
        raise BadInputError(msg) from error
    if "\0" in text:
        msg = f"{path.name} is not a table of text. Save it again as CSV (UTF-8)."
        raise BadInputError(msg)
    return text


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _asked(row: Mapping[str, str], number: int) -> Asked:
    """Read one row.

    Raises
    ------
    ValueError
        What is wrong with it.
    """
    choice = row["decision"].casefold()
    if choice not in {str(one) for one in Choice}:
        msg = f"{row['decision']!r} is no decision (choose one of {', '.join(Choice)})"
        raise ValueError(msg)
    goes = (row.get("to_longitude", ""), row.get("to_latitude", ""))
    point = (_number(row["longitude"], "longitude"), _number(row["latitude"], "latitude"))
    if not is_on_earth(point):
        msg = (
            f"longitude {row['longitude']!r} and latitude {row['latitude']!r} are no point on Earth"
        )
        raise ValueError(msg)
    source = _QUOTED.sub("", row.get("source", "")) or None
    return Asked(
        *point,
        Choice(choice),
        reason_named(row["reason"]) if row.get("reason") else Reason.OTHER,
        to=(_number(goes[0], "to_longitude"), _number(goes[1], "to_latitude"))
        if any(goes)
        else None,
        source=source,
        decided_on=_day(row["decided_on"]) if row.get("decided_on") else None,
        row=number,
        waits=source is not None,
    )


def _number(text: str, column: str) -> float:
    if not _NUMBER.fullmatch(text):
        msg = f"{column} {text!r} is no number of degrees"
        raise ValueError(msg)
    return float(text)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        msg = f"decided_on {text!r} is no date such as 2026-11-21"
        raise ValueError(msg) from error
