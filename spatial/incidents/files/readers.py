"""Reading one CSV file: bytes to columns of text, chunk by chunk, every row accounted for."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from config.errors import BadInputError
from spatial.incidents.files.csv_text import Utf8Stream, look_through
from spatial.incidents.files.raw_rows import RawRows, joined_rows, no_rows, without_blank
from spatial.incidents.tally import Choice, Tally, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from spatial.incidents.files.csv_text import Opened

_WORD: Final = pa.dictionary(pa.int32(), pa.string())
CHUNK_BYTES: Final = 16 << 20
"""A chunk is the rows of so much text: no more of a file than a few chunks is held at once."""
_FIRST_ROW: Final = 2
_SEARCHED: Final = 1 << 20
_LONGEST_CELL: Final = 1 << 20
# In order of preference where a header holds as many of the one as of the other.
_SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file, looked through once and not held.

    Attributes
    ----------
    name
        As reports name it.
    sha256
        Of the content as it was given.
    header
        Column names, in order, stripped.
    encoding
        What the content is written in: "utf-8", "utf-16" or "cp1252".
    separator
        What stands between two cells.
    is_quoted
        Whether any quotation mark comes in it, so that a cell may hold line breaks.
    has_lines
        Whether any line ends.
    is_old_macintosh
        Whether lines end in a carriage return alone.
    opened
        Opens the content as it was given.
    """

    name: str
    sha256: str
    header: tuple[str, ...]
    encoding: str
    separator: str
    is_quoted: bool
    has_lines: bool
    is_old_macintosh: bool
    opened: Opened

    def has(self, column: str) -> bool:
        """Whether the file has a column of that name, in any case."""
        return column.casefold() in (name.casefold() for name in self.header)

    @property
    def choices(self) -> Tally:
        """What was decided when the file was opened."""
        separated = f"{self.name} is separated by {_SEPARATORS[self.separator]}"
        return tally(
            (Choice.WINDOWS_TEXT, self.name, int(self.encoding == "cp1252")),
            (Choice.UTF_16, self.name, int(self.encoding == "utf-16")),
            (Choice.SEPARATOR, separated, int(self.separator != ",")),
        )

    def read(self, wanted: Sequence[str]) -> RawRows:
        """Parse the wanted columns of the whole file (see `chunks`)."""
        return joined_rows(list(self.chunks(wanted)))

    def chunks(self, wanted: Sequence[str]) -> Iterator[RawRows]:
        """Parse the wanted columns, a chunk of rows after another.

        Parameters
        ----------
        wanted
            Column names, in any case, each of which the file has. No other column is kept, even for
            a moment.

        Raises
        ------
        BadInputError
            A quotation mark is never closed, so that rows can no longer be told apart; or one row
            is longer than a chunk.
        """
        with self.opened() as stream:
            text = Utf8Stream(
                stream, encoding=self.encoding, is_old_macintosh=self.is_old_macintosh
            )
            yield from _parsed(self, text, wanted)


def open_csv(name: str, opened: Opened) -> CsvFile:
    """Look a file through: its hash, encoding, header and separator.

    Parameters
    ----------
    name
        As reports name it.
    opened
        Opens the content; called again for every reading.

    Raises
    ------
    BadInputError
        The file is empty, is not text, has no header, has a header twice, or leaves a quotation
        mark open.
    """
    look = look_through(name, opened)
    # the separator is what stands oftenest in the first line, outside quotation marks
    bare = re.sub('"[^"]*"', "", look.line)
    separator = max(_SEPARATORS, key=bare.count)
    cells = next(csv.reader([look.line], delimiter=separator), [])
    header = checked_header(name, cells)
    file = CsvFile(
        name, look.sha256, header, look.encoding, separator, look.is_quoted, look.has_lines,
        look.is_old_macintosh, opened,
    )  # fmt: skip
    if look.is_quoted:
        _refuse_open_mark(file, is_odd=look.has_odd_marks)
    return file


def _visible(cell: str) -> str:
    """Leave out marks of writing direction, zero-width blanks and the like."""
    return "".join(letter for letter in cell if unicodedata.category(letter) != "Cf")


def checked_header(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    """Return column names without surrounding blanks.

    Raises
    ------
    BadInputError
        All are blank, or one comes twice (in any case).
    """
    header = tuple(_visible(cell).strip() for cell in cells)
    if not any(header):
        msg = f"{name} has nothing in its first row. The first row must hold the column names."
        raise BadInputError(msg)
    known: set[str] = set()
    for column in header:
        key = column.casefold()
        if column and key in known:
            msg = f"{name} has the column {column!r} twice. Remove or rename one and load again."
            raise BadInputError(msg)
        known.add(key)
    return header


def _parsed(file: CsvFile, text: Utf8Stream, wanted: Sequence[str]) -> Iterator[RawRows]:
    ragged: list[int] = []
    swallowed: list[int] = []

    def note_ragged(row: pa_csv.InvalidRow) -> str:
        ragged.append(row.number)
        # an odd number of marks: one was left open, and may have swallowed whole rows
        if "\n" in row.text and row.text.count('"') % 2:
            swallowed.append(row.number)
        return "skip"

    # columns go by position, so that blank or strange headers cannot confuse the parser
    places = {column.casefold(): f"c{place}" for place, column in enumerate(file.header)}
    chosen = [places[column.casefold()] for column in wanted]
    try:
        reader = pa_csv.open_csv(
            pa.PythonFile(text, mode="r"),
            # one thread: rows are numbered only then, and chunks are worked on side by side instead
            read_options=pa_csv.ReadOptions(
                use_threads=False,
                block_size=CHUNK_BYTES,
                skip_rows=1,
                column_names=[f"c{place}" for place in range(len(file.header))],
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=file.separator,
                newlines_in_values=file.is_quoted,
                ignore_empty_lines=False,
                invalid_row_handler=note_ragged,
            ),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(dict.fromkeys(chosen)),
                column_types=dict.fromkeys(chosen, _WORD),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
        number = _FIRST_ROW
        for batch in _batches(reader):
            _refuse_swallowed(file.name, swallowed)
            columns = {
                name: batch.column(place) for name, place in zip(wanted, chosen, strict=True)
            }
            rows, mine = _numbered(number, batch.num_rows, ragged)
            number += batch.num_rows + len(mine)
            yield without_blank(columns, rows, ragged=mine)
    except pa.ArrowInvalid as error:
        # a header that not even a line end follows
        if "Empty CSV file" in str(error) or not file.has_lines:
            yield no_rows(wanted)
            return
        if "straddling" in str(error):
            msg = (
                f"{file.name} has a row longer than {CHUNK_BYTES >> 20} MB, or one that opens a "
                "quotation mark and does not close it. Mend that row and load again."
            )
            raise BadInputError(msg) from error
        msg = f"{file.name} is not a CSV file that can be read. Export it again as CSV UTF-8."
        raise BadInputError(msg) from error
    _refuse_swallowed(file.name, swallowed)
    left = tuple(row for row in ragged if row >= number)
    if left or number == _FIRST_ROW:
        yield no_rows(wanted, ragged=left)


def _batches(reader: pa_csv.CSVStreamingReader) -> Iterator[pa.RecordBatch]:
    while True:
        try:
            yield reader.read_next_batch()
        except StopIteration:
            return


def _numbered(
    first: int, length: int, ragged: list[int]
) -> tuple[NDArray[np.int64], tuple[int, ...]]:
    """Give the rows of a batch their numbers, past the ragged ones before and among them."""
    past = np.asarray([row for row in ragged if row >= first], dtype=np.int64)
    taken = 0
    # each ragged row pushes the last good one on, perhaps past another
    while (more := int((past < first + length + taken).sum())) > taken:
        taken = more
    mine = past[:taken]
    numbers = np.arange(first, first + length + taken, dtype=np.int64)
    return np.delete(numbers, mine - first), tuple(mine.tolist())


def _refuse_swallowed(name: str, swallowed: list[int]) -> None:
    if swallowed:
        msg = (
            f"{name}, row {swallowed[0]}, opens a quotation mark that is never closed, so the "
            "rows after it cannot be told apart. Mend that row and load again."
        )
        raise BadInputError(msg)


def _refuse_open_mark(file: CsvFile, *, is_odd: bool) -> None:
    """Refuse a file in which a quotation mark left open swallows rows.

    A stray mark inside a cell does no harm, nor do line breaks in a cell of free text; a cell that
    holds whole rows, with as many separators as the first row, has swallowed them.
    """
    if not is_odd and not _may_swallow(file):
        return
    limit = csv.field_size_limit(_LONGEST_CELL)
    row = 0
    try:
        for cells in _plain_rows(file, is_strict=is_odd):
            row += 1
            if any("\n" in cell and _holds_rows(cell, file) for cell in cells):
                _refuse_swallowed(file.name, [row])
    except csv.Error as error:
        # a cell beyond all bounds is what an open mark has swallowed
        if "end of data" in str(error) or "field limit" in str(error):
            _refuse_swallowed(file.name, [row + 1])
    finally:
        csv.field_size_limit(limit)


def _may_swallow(file: CsvFile) -> bool:
    """Whether any line of a file, taken alone, leaves a quotation mark open."""
    with file.opened() as stream:
        text = Utf8Stream(stream, encoding=file.encoding, is_old_macintosh=file.is_old_macintosh)
        left = b""
        while block := text.read(_SEARCHED):
            lines = (left + block).split(b"\n")
            left = lines.pop()
            if any(line.count(b'"') % 2 for line in lines):
                return True
    return False


def _plain_rows(file: CsvFile, *, is_strict: bool) -> Iterator[list[str]]:
    with file.opened() as stream:
        text = Utf8Stream(stream, encoding=file.encoding, is_old_macintosh=file.is_old_macintosh)
        lines = io.TextIOWrapper(io.BufferedReader(text), encoding="utf-8", newline="")
        try:
            yield from csv.reader(lines, delimiter=file.separator, strict=is_strict)
        finally:
            lines.detach()


def _holds_rows(cell: str, file: CsvFile) -> bool:
    """Whether a whole line inside a cell has as many separators as the first row."""
    whole = cell.split("\n")[1:-1]
    return any(line.count(file.separator) >= len(file.header) - 1 > 0 for line in whole)
