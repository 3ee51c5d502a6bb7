"""Text tables: a CSV file that this program wrote, or a person after its pattern, read back."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MOST_BYTES: Final = 20_000_000
# an apostrophe keeps a spreadsheet from running the cell; full-width signs included
_KEPT_FROM_RUNNING: Final = re.compile("'[=+\\-@\uff1d\uff0b\uff0d\uff20]")


@dataclass(frozen=True, slots=True)
class TextTable:
    """The rows of one file, as text.

    Attributes
    ----------
    name
        What messages call the file.
    columns
        In its order, in lower case.
    rows
        The row's number as a spreadsheet shows it (the header is 1), and its cells by column.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_text_table(
    path: Path, *, needed: Sequence[str], known: Sequence[str] | None = None
) -> tuple[TextTable, bytes]:
    """Read a CSV file.

    Parameters
    ----------
    path
        UTF-8, with or without a byte order mark; separated by comma, semicolon or tab. The
        apostrophe that keeps a spreadsheet from running a cell is taken off.
    needed
        Columns that must be there.
    known
        All the columns there may be; None where others are left alone.

    Returns
    -------
    The table, and the bytes it was read from.

    Raises
    ------
    BadInputError
        It is not there, is no such file, or has no row.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path.name!r} cannot be read ({error.strerror}). Check the name and the folder."
        raise BadInputError(msg) from error
    return parse_text_table(content, name=path.name, needed=needed, known=known), content


def parse_text_table(
    content: bytes, *, name: str, needed: Sequence[str], known: Sequence[str] | None = None
) -> TextTable:
    """Read the bytes of a CSV file: see :func:`read_text_table`."""
    lines = _lines(content, name)
    columns = tuple(cell.strip().casefold() for cell in lines[0]) if lines else ()
    _require_columns(columns, name, needed, known)
    rows = []
    for number, cells in enumerate(lines[1:], 2):
        if not any(map(str.strip, cells)):
            continue
        if any(map(str.strip, cells[len(columns) :])):
            msg = (
                f"{name}, row {number}: {len(cells)} cells stand under {len(columns)} columns. "
                "Quote cells that hold a separator."
            )
            raise BadInputError(msg)
        # a short row lacks its last cells
        filled = [*cells, *[""] * (len(columns) - len(cells))]
        rows.append(
            (number, {column: _plain(cell) for column, cell in zip(columns, filled, strict=False)})
        )
    return TextTable(name, columns, tuple(rows))


def _lines(content: bytes, name: str) -> list[list[str]]:
    if len(content) > _MOST_BYTES:
        msg = f"{name} has {len(content):,} bytes; {_MOST_BYTES:,} are the most. Shorten it."
        raise BadInputError(msg)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{name} is not UTF-8 text. Save it as 'CSV UTF-8'."
        raise BadInputError(msg) from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        msg = f"{name} is no readable CSV ({error}). Save it again from the spreadsheet."
        raise BadInputError(msg) from error


def _require_columns(
    columns: Sequence[str], name: str, needed: Sequence[str], known: Sequence[str] | None
) -> None:
    missing = [column for column in needed if column not in columns]
    # a misspelt column would be lost in silence
    unknown = [column for column in columns if known is not None and column not in known]
    twice = [column for column in columns if column and columns.count(column) > 1]
    for wrong, said in ((unknown, "is not known"), (missing, "is missing"), (twice, "is twice")):
        if wrong:
            listed = ", ".join(known or needed)
            msg = f"{name}: the column {wrong[0][:40]!r} {said}. It has {listed}."
            raise BadInputError(msg)


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if _KEPT_FROM_RUNNING.match(text) else text
