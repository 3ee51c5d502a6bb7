"""Reading one CSV file: bytes to columns of text, every row numbered or accounted for."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from config.errors import BadInputError
from spatial.incidents.tally import Choice, Tally, tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_WORD: Final = pa.dictionary(pa.int32(), pa.string())
_LONGEST_BLOCK: Final = 1 << 30
# In order of preference where a header holds as many of the one as of the other.
_SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file as text.

    Attributes
    ----------
    name
        As reports name it.
    data
        The content in UTF-8, without a byte-order mark.
    sha256
        Of the content as it was given.
    header
        Column names, in order, stripped.
    encoding
        What the content was written in: "utf-8", "utf-16" or "cp1252".
    separator
        What stands between two cells.
    """

    name: str
    data: bytes
    sha256: str
    header: tuple[str, ...]
    encoding: str
    separator: str = ","

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
        """Parse the wanted columns (see `read_rows`)."""
        return read_rows(self, wanted)


@dataclass(frozen=True, slots=True)
class RawRows:
    """The wanted columns of one file, as text.

    Attributes
    ----------
    columns
        By the name asked for: dictionary arrays of text, null where blank, all of one length.
    rows
        The row number of each: records counted from 1 for the header, so the first row of data is
        row 2. Blank records count, as in a spreadsheet; a quoted line break starts no new one.
    ragged
        Row numbers of rows with too many or too few columns, in order.
    blank
        Row numbers of rows with nothing in any wanted column, in order. Not in ``columns``.
    typed
        The columns whose dates the file held as dates, not as text: written as
        yyyy-mm-ddTHH:MM:SS, whatever format a mapping names.
    choices
        What was decided while the rows were read.
    """

    columns: dict[str, pa.DictionaryArray]
    rows: NDArray[np.int64]
    ragged: tuple[int, ...]
    blank: tuple[int, ...]
    typed: frozenset[str] = frozenset()
    choices: Tally = field(default_factory=Counter)

    @property
    def read(self) -> int:
        """Return the number of rows of data, good and bad."""
        return len(self.rows) + len(self.ragged) + len(self.blank)


def open_csv(name: str, content: bytes) -> CsvFile:
    """Decode a file and read its header.

    Raises
    ------
    BadInputError
        The file is empty, is not text, has no header, or has a header twice.
    """
    digest = hashlib.sha256(content).hexdigest()
    if not content.strip():
        msg = f"{name} is empty. Export it again."
        raise BadInputError(msg)
    data, encoding = _as_utf_8(name, content)
    # the parser takes \n and \r\n; old Macintosh line ends are rewritten
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    line = data.partition(b"\n")[0].decode("utf-8").rstrip("\r")
    # the separator is what stands oftenest in the first line, outside quotation marks
    bare = re.sub('"[^"]*"', "", line)
    separator = max(_SEPARATORS, key=bare.count)
    cells = next(csv.reader([line], delimiter=separator), [])
    header = checked_header(name, cells)
    return CsvFile(name, data, digest, header, encoding, separator)


def _as_utf_8(name: str, content: bytes) -> tuple[bytes, str]:
    """Return the content in UTF-8 without a byte-order mark, and what it was written in."""
    if content.startswith(_UTF_16_MARKS):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError as error:
            msg = f"{name} is Unicode (UTF-16) text that breaks off. Export it again."
            raise BadInputError(msg) from error
        if "\0" not in text:
            return text.encode("utf-8"), "utf-16"
    if b"\0" in content:
        msg = f"{name} is not a text file. Give a CSV file, or a zip archive of CSV files."
        raise BadInputError(msg)
    data = content.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return data.decode("cp1252").encode("utf-8"), "cp1252"
        except UnicodeDecodeError as error:
            msg = f"{name} is not text in UTF-8 or Windows-1252. Save it as CSV UTF-8."
            raise BadInputError(msg) from error
    return data, "utf-8"


def checked_header(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    """Return column names without surrounding blanks.

    Raises
    ------
    BadInputError
        All are blank, or one comes twice (in any case).
    """
    header = tuple(cell.strip() for cell in cells)
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


def read_rows(file: CsvFile, wanted: Sequence[str]) -> RawRows:
    """Parse the wanted columns of a file; no other column is kept, even for a moment.

    Parameters
    ----------
    file
        An opened file that has every wanted column (see `CsvFile.has`).
    wanted
        Column names, in any case.

    Raises
    ------
    BadInputError
        A quotation mark is never closed, so that rows can no longer be told apart.
    """
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
        table = pa_csv.read_csv(
            pa.BufferReader(file.data),
            # one thread: rows are numbered only then, and files are read side by side instead
            read_options=pa_csv.ReadOptions(
                use_threads=False,
                block_size=min(len(file.data) + 1, _LONGEST_BLOCK),
                skip_rows=1,
                column_names=[f"c{place}" for place in range(len(file.header))],
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=file.separator,
                newlines_in_values=b'"' in file.data,
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
    except pa.ArrowInvalid as error:
        if "Empty CSV file" in str(error):
            return _no_rows(wanted)
        msg = f"{file.name} is not a CSV file that can be read. Export it again as CSV UTF-8."
        raise BadInputError(msg) from error
    if swallowed:
        msg = (
            f"{file.name}, row {swallowed[0]}, opens a quotation mark that is never closed, so the "
            "rows after it cannot be told apart. Mend that row and load again."
        )
        raise BadInputError(msg)
    columns = {
        column: _one_array(table.column(place))
        for column, place in zip(wanted, chosen, strict=True)
    }
    numbers = np.arange(2, 2 + table.num_rows + len(ragged), dtype=np.int64)
    rows = np.delete(numbers, np.asarray(ragged, dtype=np.int64) - 2)
    return without_blank(columns, rows, ragged=tuple(ragged))


def _one_array(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Join the blocks of a column over one dictionary."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if column.num_chunks == 0:
        return pa.array([], pa.string()).dictionary_encode()
    return column.unify_dictionaries().combine_chunks()


def without_blank(
    columns: dict[str, pa.DictionaryArray],
    rows: NDArray[np.int64],
    *,
    ragged: tuple[int, ...] = (),
) -> RawRows:
    """Set aside the rows with nothing in any wanted column."""
    blank = np.ones(len(rows), dtype=bool)
    for array in columns.values():
        if array.null_count == 0:
            blank[:] = False
            break
        blank &= array.is_null().to_numpy(zero_copy_only=False)
    if not blank.any():
        return RawRows(columns, rows, ragged, ())
    keep = pa.array(~blank)
    kept = {column: array.filter(keep) for column, array in columns.items()}
    return RawRows(kept, rows[~blank], ragged, tuple(rows[blank].tolist()))


def _no_rows(wanted: Sequence[str]) -> RawRows:
    nothing = pa.array([], pa.string()).dictionary_encode()
    return RawRows(dict.fromkeys(wanted, nothing), np.empty(0, dtype=np.int64), (), ())
