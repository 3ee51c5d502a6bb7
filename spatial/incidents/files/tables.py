"""Tables: files that hold typed columns, read as the text columns that a CSV file would hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from spatial.incidents.files.raw_rows import RawRows, joined_rows, no_rows, without_blank
from spatial.incidents.tally import Choice, Tally, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ZONE: Final = "Europe/London"


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file of typed columns, opened.

    Attributes
    ----------
    name
        As reports name it.
    sha256
        Of the content as it was given.
    header
        Column names, in order, stripped.
    reader
        Reads the columns asked for, and no other, piece by piece.
    choices
        What was decided when the file was opened.
    """

    name: str
    sha256: str
    header: tuple[str, ...]
    reader: Callable[[Sequence[str]], Iterator[RawRows]]
    choices: Tally = field(default_factory=Counter)

    def has(self, column: str) -> bool:
        """Whether the file has a column of that name, in any case."""
        return column.casefold() in (name.casefold() for name in self.header)

    def chunks(self, wanted: Sequence[str]) -> Iterator[RawRows]:
        """Read the wanted columns piece by piece, at least one, in the order of the file.

        The first record is row 2, as if the names were row 1; numbers go on from piece to piece.
        Parquet and GeoPackage are never held whole. Workbooks and GeoJSON are, and come as one
        piece; their size is limited (see `spatial.incidents.files.workbooks` and
        `spatial.incidents.files.geofiles`).
        """
        nothing = True
        for rows in self.reader(wanted):
            nothing = False
            yield rows
        if nothing:
            yield no_rows(wanted)

    def read(self, wanted: Sequence[str]) -> RawRows:
        """Read the wanted columns whole."""
        return joined_rows(list(self.chunks(wanted)))


def text_rows(
    name: str,
    columns: dict[str, pa.Array | pa.ChunkedArray],
    *,
    length: int,
    first: int = 2,
    as_written: bool = False,
) -> RawRows:
    """Turn typed columns into rows of text.

    Parameters
    ----------
    name
        The file, for notes.
    columns
        By the name asked for.
    length
        Number of records.
    first
        Row number of the first.
    as_written
        Whether times that name a zone are taken as they stand, because the format of the file gives
        every time a zone, meant or not.
    """
    zoned = 0
    texts: dict[str, pa.DictionaryArray] = {}
    typed: set[str] = set()
    for column, values in columns.items():
        texts[column] = as_text(values, as_written=as_written)
        if pa.types.is_temporal(values.type):
            typed.add(column)
        if pa.types.is_timestamp(values.type) and values.type.tz is not None:
            zoned += length - values.null_count
    raw = without_blank(texts, np.arange(first, first + length, dtype=np.int64))
    kind = Choice.UNZONED if as_written else Choice.ZONED
    return replace(raw, typed=frozenset(typed), choices=tally((kind, name, zoned)))


def is_text_like(kind: pa.DataType) -> bool:
    """Whether a column of this type can be written as text, one value a row."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return not (pa.types.is_nested(kind) or _is_bytes(kind) or pa.types.is_duration(kind))


def as_text(values: pa.Array | pa.ChunkedArray, *, as_written: bool = False) -> pa.DictionaryArray:
    """Write typed values as text, null where blank.

    Dates and times become yyyy-mm-ddTHH:MM:SS, those with a time zone by the clocks of the United
    Kingdom; numbers are written in full, without an exponent and without a needless ".0"; true and
    false are those words.
    """
    if isinstance(values, pa.Array):
        values = pa.chunked_array([values])
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    kind = values.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        texts = _clock_text(values, as_written=as_written)
    elif pa.types.is_floating(kind):
        texts = _plain_numbers(values)
    else:
        texts = values.cast(pa.string())
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    encoded = texts.dictionary_encode()
    if isinstance(encoded, pa.DictionaryArray):
        return encoded
    if encoded.num_chunks == 0:
        return pa.array([], pa.string()).dictionary_encode()
    return encoded.unify_dictionaries().combine_chunks()


def _clock_text(values: pa.ChunkedArray, *, as_written: bool) -> pa.ChunkedArray:
    """Write dates and times, as the clock on the wall shows them."""
    kind = values.type
    zone = kind.tz if pa.types.is_timestamp(kind) else None
    moments = pd.Series(
        values.cast(pa.timestamp("s", tz=zone), safe=False).to_pandas(ignore_metadata=True)
    )
    if zone is not None and as_written:
        moments = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    elif zone is not None:
        moments = moments.dt.tz_convert(ZONE).dt.tz_localize(None)
    stamps = moments.to_numpy(dtype="datetime64[s]")
    texts = np.datetime_as_string(stamps, unit="s")
    return pa.chunked_array([pa.array(texts.astype(object), pa.string(), mask=np.isnat(stamps))])


def _plain_numbers(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Write numbers in the fewest figures that say them exactly; infinity and the like are null."""
    texts = pc.if_else(pc.is_finite(values), values, None).cast(pa.string())
    far = pc.fill_null(pc.match_substring(texts, "e"), fill_value=False)
    if pc.any(far).as_py():
        # the very large and very small come with an exponent
        numbers = values.filter(far).to_numpy()
        plain = pa.array([plain_number(number) for number in numbers], pa.string())
        texts = pc.replace_with_mask(texts.combine_chunks(), far.combine_chunks(), plain)
        texts = pa.chunked_array([texts])
    return texts


def plain_number(number: float | np.floating) -> str:
    """Write one number in full, in the fewest figures that say it exactly."""
    return str(np.format_float_positional(number, trim="-"))


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or isinstance(kind, pa.BaseExtensionType)
    )
