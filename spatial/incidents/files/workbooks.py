"""Workbooks: one sheet of an Excel file, its values without its formulas."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import itertools
import threading
import warnings
import zipfile
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

import numpy as np
import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from config.errors import BadInputError
from spatial.incidents.files.raw_rows import RawRows, without_blank
from spatial.incidents.files.readers import checked_header
from spatial.incidents.files.tables import TableFile, plain_number
from spatial.incidents.tally import Choice, Tally, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    from spatial.incidents.files.sources import SourceFile

MOST_WORKBOOK: Final = 500_000_000
"""A workbook of more bytes is refused: it can only be read by holding its rows."""
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_MOST_BYTES: Final = 4 << 30
_ERRORS: Final = frozenset(
    {
        "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!",
        "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA",
    }
)  # fmt: skip
# What the library raises at the many ways in which a file can be no workbook.
_BROKEN: Final = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, IndexError,
    AttributeError, ParseError, EOFError, OSError,
)  # fmt: skip
# The library warns of styles and menus it leaves out; warnings are global, so one file at a time.
_ONE_AT_A_TIME: Final = threading.Lock()


def open_workbook(source: SourceFile) -> TableFile:
    """Open the first sheet that holds anything, of the sheets that are not hidden.

    Its first row with anything in it holds the column names. Rows are numbered as the sheet numbers
    them. Formulas and macros are never run: a cell is the value that was saved with it.

    Raises
    ------
    BadInputError
        It is no workbook, is protected with a password, has no filled sheet, or its header is
        blank or holds a name twice.
    """
    name = source.name
    with source.opened() as stream:
        content = stream.read(MOST_WORKBOOK + 1)
    if len(content) > MOST_WORKBOOK:
        msg = (
            f"{name} has more than {MOST_WORKBOOK / 1e6:.0f} MB, and a workbook can only be read "
            "whole. Save the sheet as CSV UTF-8."
        )
        raise BadInputError(msg)
    if not content:
        msg = f"{name} is empty. Export it again."
        raise BadInputError(msg)
    if content.startswith(_OLD_OFFICE):
        msg = (
            f"{name} is protected with a password, or is an old .xls workbook by another name. "
            "Save it as .xlsx without a password."
        )
        raise BadInputError(msg)
    sheets: list[str] = []
    found: tuple[str, int, tuple[Any, ...]] | None = None
    with _opened(name, content) as book:
        for sheet in book.worksheets:
            sheets.append(sheet.title)
            if found is None and sheet.sheet_state == "visible":
                for number, cells in enumerate(_rows(sheet), start=1):
                    if any(cell is not None for cell in cells):
                        found = (sheet.title, number, cells)
                        break
    if found is None:
        msg = f"{name} has no sheet with anything in it. Export it again."
        raise BadInputError(msg)
    title, first, cells = found
    header = checked_header(name, [_text(cell) or "" for cell in cells])
    said = f"{name} has {len(sheets)} sheets: only {title!r} was read."
    return TableFile(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        header=header,
        reader=partial(_read, name, content, title=title, first=first, header=header),
        choices=tally((Choice.SHEETS, said, int(len(sheets) > 1))),
    )


def _read(  # noqa: PLR0913 (where the rows are)
    name: str,
    content: bytes,
    wanted: Sequence[str],
    *,
    title: str,
    first: int,
    header: tuple[str, ...],
) -> Iterator[RawRows]:
    """Read the wanted columns of a sheet, in one piece."""
    places = {column.casefold(): place for place, column in enumerate(header)}
    chosen = [places[column.casefold()] for column in wanted]
    columns: list[list[str | None]] = [[] for _ in wanted]
    typed: set[str] = set()
    length = filled = errors = 0
    with _opened(name, content) as book:
        for cells in itertools.islice(_rows(book[title]), first, None):
            length += 1
            filled = length if any(cell is not None for cell in cells) else filled
            for column, place, values in zip(wanted, chosen, columns, strict=True):
                cell = cells[place] if place < len(cells) else None
                if isinstance(cell, dt.date):
                    typed.add(column)
                elif isinstance(cell, str) and cell in _ERRORS:
                    errors += 1
                values.append(_text(cell))
    # sheets often end in rows that were once formatted: they are no rows
    arrays = {
        column: pa.array(values[:filled], pa.string()).dictionary_encode()
        for column, values in zip(wanted, columns, strict=True)
    }
    rows = np.arange(first + 1, first + 1 + filled, dtype=np.int64)
    choices: Tally = tally((Choice.ERROR_CELLS, name, errors))
    yield replace(without_blank(arrays, rows), typed=frozenset(typed), choices=choices)


@contextlib.contextmanager
def _opened(name: str, content: bytes) -> Iterator[openpyxl.Workbook]:
    """Open a workbook for reading; whatever is wrong with it is said in one sentence."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _check_size(name, content)
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            with contextlib.closing(book):
                yield book
        except BadInputError:
            raise
        except _BROKEN as error:
            msg = (
                f"{name} is not a workbook that can be read. Save it again as .xlsx, or as CSV "
                "UTF-8."
            )
            raise BadInputError(msg) from error


def _check_size(name: str, content: bytes) -> None:
    """Refuse a workbook that was made to fill the memory."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        size = sum(item.file_size for item in packed.infolist())
    if size > _MOST_BYTES:
        msg = f"{name} unpacks to more than 4 GB. Save the sheet as CSV UTF-8."
        raise BadInputError(msg)


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[Any, ...]]:
    """Yield the cells of every row from the first, whatever size the file claims to have."""
    sheet.reset_dimensions()
    yield from sheet.iter_rows(values_only=True)


def _text(cell: Any) -> str | None:  # noqa: ANN401, PLR0911 (a cell holds anything; a kind a line)
    """Write one cell as text, None where it is blank or an error."""
    if cell is None:
        return None
    if isinstance(cell, str):
        return None if cell in _ERRORS or not cell else cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return plain_number(cell)
    if isinstance(cell, dt.datetime):
        # a date is a fraction of days: the second it means may come out a hair early
        return (cell + dt.timedelta(milliseconds=500)).strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(cell, dt.date):
        return f"{cell.isoformat()}T00:00:00"
    return str(cell)
