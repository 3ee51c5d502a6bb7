"""CSV in and out: anniversaries, events, visits, tension, a row each; all are taken in, or none."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, Final

from config.errors import BadInputError
from register import anniversaries, events, tension, visits
from register.anniversaries import AnniversaryDraft
from register.dates import read_date
from register.errors import RowsRefusedError
from register.events import EventDraft
from register.tension import TensionDraft
from register.visits import VisitDraft

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

Draft = AnniversaryDraft | EventDraft | TensionDraft | VisitDraft

NOUNS: Final = ("anniversaries", "events", "visits", "tension")
"""What may be brought in from a file."""
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "anniversaries": (
        "label", "date", "place", "longitude", "latitude", "radius_m", "lead_in_days",
        "lead_out_days", "kind", "source", "holiday",
    ),
    "events": (
        "label", "first_date", "place", "longitude", "latitude", "radius_m", "lead_in_days",
        "lead_out_days", "kind", "source", "days", "rule", "holiday", "offset_days",
        "except_dates", "extra_dates",
    ),
    "visits": (
        "area_id", "start", "minutes", "officers", "seen", "done", "operation_id", "source",
    ),
    "tension": (
        "level", "theme", "text", "source_grade", "information_grade", "handling", "entered_on",
        "beat", "place", "longitude", "latitude", "radius_m", "conditions", "review_on",
        "expires_on",
    ),
}  # fmt: skip
"""The columns of each kind, in any order; those of ``NEEDED`` must be there."""
MARKING: Final = "marking"
"""A column that every export carries and no record: it is left out when a file comes back."""
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "anniversaries": ("label", "date", "place", "longitude", "latitude"),
    "events": ("label", "first_date", "place", "longitude", "latitude"),
    "visits": ("area_id", "start", "minutes"),
    "tension": (
        "level", "theme", "text", "source_grade", "information_grade", "handling", "entered_on",
    ),
}  # fmt: skip

_MOST_ROWS: Final = 20_000
_MOST_BYTES: Final = 20_000_000
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,15})?")


def read_csv(
    content: bytes, noun: str, *, name: str, today: dt.date
) -> tuple[tuple[int, Draft], ...]:
    """Return the drafts of a CSV file, with the row each stood in.

    Parameters
    ----------
    content
        UTF-8; separated by comma, semicolon or tab; a header with ``COLUMNS`` of the noun; days as
        2026-12-14 or 14/12/2026; several words or days in a cell are separated by spaces. An
        apostrophe that keeps a spreadsheet from running a cell is taken off.
    name
        What messages call the file.
    today
        No tension may be entered for a day after it.

    Raises
    ------
    BadInputError
        It is no such file.
    RowsRefusedError
        Rows cannot be read; it names them all.
    """
    header, rows = _table(content, name)
    _require_columns(header, noun, name)
    drafts: list[tuple[int, Draft]] = []
    troubles: list[tuple[int, str]] = []
    for number, cells in rows:
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            troubles.append((number, f"{len(cells)} cells under {len(header)} columns"))
            continue
        values = {
            column: _plain(cell)
            for column, cell in zip(header, cells, strict=False)
            if cell.strip() and column != MARKING
        }
        try:
            drafts.append((number, _draft(noun, values, today=today)))
        except BadInputError as error:
            troubles.append((number, str(error)))
    if troubles:
        raise RowsRefusedError(name, tuple(troubles), called="row")
    return tuple(drafts)


def checked(draft: Draft, *, today: dt.date, **limits: Any) -> Draft:  # noqa: ANN401 (the force's area, where it counts)
    """Return a draft cleaned by its own room."""
    if isinstance(draft, TensionDraft):
        return tension.checked(draft, today=today, **limits)
    if isinstance(draft, AnniversaryDraft):
        return anniversaries.checked(draft, **limits)
    return (
        events.checked(draft, **limits) if isinstance(draft, EventDraft) else visits.checked(draft)
    )


def _table(content: bytes, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    if len(content) > _MOST_BYTES:
        msg = f"{name} has {len(content):,} bytes; {_MOST_BYTES:,} are the most. Split it."
        raise BadInputError(msg)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{name} is not UTF-8 text. Save it as 'CSV UTF-8'."
        raise BadInputError(msg) from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        msg = f"{name} is no readable CSV ({error}). Save it again from the spreadsheet."
        raise BadInputError(msg) from error
    if not lines:
        msg = f"{name} is empty. Give a file with a header and rows."
        raise BadInputError(msg)
    header = [cell.strip().casefold().replace(" ", "_") for cell in lines[0]]
    rows = [(number, row) for number, row in enumerate(lines[1:], 2) if any(map(str.strip, row))]
    if not rows or len(rows) > _MOST_ROWS:
        msg = f"{name} holds {len(rows):,} rows; 1 to {_MOST_ROWS:,} can be taken in at once."
        raise BadInputError(msg)
    return header, rows


def _require_columns(header: list[str], noun: str, name: str) -> None:
    known = COLUMNS[noun]
    # a column that nobody knows may hold names of people: it is not dropped in silence
    unknown = [column for column in header if column not in (*known, MARKING)]
    missing = [column for column in NEEDED[noun] if column not in header]
    twice = [column for column in known if header.count(column) > 1]
    for wrong, said in (
        (unknown, "is not known"),
        (missing, "is missing"),
        (twice, "stands twice"),
    ):
        if wrong:
            msg = f"{name}: the column {wrong[0][:40]!r} {said}. {noun} have {', '.join(known)}."
            raise BadInputError(msg)


def _draft(noun: str, values: Mapping[str, str], *, today: dt.date) -> Draft:
    makers: dict[str, Callable[..., Draft]] = {
        "anniversaries": AnniversaryDraft,
        "events": EventDraft,
        "visits": VisitDraft,
        "tension": TensionDraft,
    }
    missing = [column for column in NEEDED[noun] if column not in values]
    if missing:
        msg = f"{missing[0]} is empty. Fill it in."
        raise BadInputError(msg)
    read = {column: _read(column, text) for column, text in values.items()}
    return checked(makers[noun](**read), today=today)


def _read(column: str, text: str) -> object:
    if column in {"date", "first_date"} or column.endswith("_on"):
        return read_date(text, what=column)
    if column in {"longitude", "latitude"}:
        if not _NUMBER.fullmatch(text):
            msg = f"{column}: {text[:20]!r} is no number of degrees. Give it like 0.5012."
            raise BadInputError(msg)
        return float(text)
    if column.endswith("_m") or column in {
        "lead_in_days", "lead_out_days", "days", "offset_days", "minutes", "officers",
        "source_grade",
    }:  # fmt: skip
        if not _WHOLE.fullmatch(text):
            msg = f"{column}: {text[:20]!r} is no whole number. Correct it."
            raise BadInputError(msg)
        return int(text)
    if column in {"except_dates", "extra_dates", "seen", "done"}:
        return tuple(text.split())
    return text


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if re.match(r"'[=+\-@]", text) else text
