"""Tables as CSV: what a spreadsheet opens without running it, the same bytes for the same table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers.formats.values import json_value

if TYPE_CHECKING:
    import pandas as pd

_BYTE_ORDER_MARK: Final = "\ufeff"
# a spreadsheet runs a text cell that begins with one of these
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def table_csv(table: pd.DataFrame) -> bytes:
    """Write a table as CSV: UTF-8 with a byte order mark, CRLF, ISO dates, a header.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left
    alone; what is null is empty.
    """
    lines = [",".join(map(str, table.columns))]
    lines += [",".join(map(csv_cell, row)) for row in table.itertuples(index=False)]
    return (_BYTE_ORDER_MARK + "\r\n".join(lines) + "\r\n").encode()


def csv_cell(value: Any) -> str:  # noqa: ANN401 (as above)
    """Return one cell of a CSV file, formula-safe and quoted where it must be."""
    plain = json_value(value)
    if plain is None:
        return ""
    if not isinstance(plain, str):
        return repr(plain)
    safe = f"'{plain}" if plain.startswith(_FORMULA_STARTS) else plain
    quoted = safe.replace('"', '""')
    return f'"{quoted}"' if any(letter in safe for letter in ',"\r\n') else safe
