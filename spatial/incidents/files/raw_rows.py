"""Raw rows: the wanted columns of some rows of one file, as text, every row numbered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.incidents.tally import Tally


@dataclass(frozen=True, slots=True)
class RawRows:
    """The wanted columns of some rows of one file, as text.

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


def no_rows(wanted: Sequence[str], *, ragged: tuple[int, ...] = ()) -> RawRows:
    """Return no good row, and perhaps some ragged ones."""
    nothing = pa.array([], pa.string()).dictionary_encode()
    return RawRows(dict.fromkeys(wanted, nothing), np.empty(0, dtype=np.int64), ragged, ())


def joined_rows(chunks: Sequence[RawRows]) -> RawRows:
    """Put chunks of one file, in its order, under one another."""
    if len(chunks) == 1:
        return chunks[0]
    choices: Tally = Counter()
    for chunk in chunks:
        choices += chunk.choices
    return RawRows(
        columns={
            name: pa.chunked_array([chunk.columns[name] for chunk in chunks])
            .unify_dictionaries()
            .combine_chunks()
            for name in chunks[0].columns
        },
        rows=np.concatenate([chunk.rows for chunk in chunks]),
        ragged=tuple(row for chunk in chunks for row in chunk.ragged),
        blank=tuple(row for chunk in chunks for row in chunk.blank),
        typed=frozenset().union(*(chunk.typed for chunk in chunks)),
        choices=choices,
    )


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
