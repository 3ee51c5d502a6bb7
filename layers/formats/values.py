"""Values: what a cell of a table becomes in a file, and which characters no file may hold."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any, Final

import numpy as np
import pandas as pd

# what XML cannot hold or a reader cannot see: controls, halves of pairs, what is no character; and
# the marks that turn the order of everything after them, so that a name could disguise a file
_UNWRITABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069\ufeff]"
)
_BREAKS: Final = re.compile(r"[\t\r\n\u2028\u2029]+")


def json_value(value: Any) -> Any:  # noqa: ANN401 (a cell of a table is anything)
    """Return a table's value as JSON holds it: null for what is not there, dates as ISO text."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def json_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as JSON holds them, value by value (:func:`json_value`)."""
    return [
        {str(name): json_value(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def clean_text(text: str) -> str:
    """Return text that every format can hold: one line, nothing that cannot be seen or written.

    Letters of every script stay, and so do emoji, with the joiners inside them.
    """
    return _UNWRITABLE.sub("", _BREAKS.sub(" ", text)).strip()
