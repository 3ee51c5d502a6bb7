"""Tables of the Data and quality page: made once, with a head in words and plain columns."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.force_file import settings_key
from layers.wording import escaped
from spatial.window import day_words
from views import waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from spatial.incidents.store import IncidentStore

_ROW_PX: Final = 30
_HEAD_PX: Final = 38
_MOST_ROWS: Final = 12


def head(title: str, words: str) -> None:
    """Draw a heading and the sentence that says how to read what is under it."""
    st.html(f'<h2 class="hx-h2">{escaped(title)}</h2><p class="hx-words">{escaped(words)}</p>')


def table_of(store: IncidentStore, made_by: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """Return a table that a function makes of a store, made once while store and settings stay."""
    loads = " ".join(load.load_id for load in store.loads)
    name = f"{made_by.__module__}.{made_by.__name__}"
    key = f"{store.path} {store.fingerprint} {loads} {settings_key()}"
    found = waiting.answer(
        f"table {name} {key}", lambda _: made_by(store), doing="Looking through the data"
    )
    # what is kept is everybody's
    return found.copy()


def grid(table: pd.DataFrame, *, key: str, **columns: Any) -> None:  # noqa: ANN401 (Streamlit's own column types)
    """Draw a table, as high as its rows up to twelve; a column ``share`` (0-1) is in per cent."""
    shown = table.assign(share=table["share"] * 100) if "share" in table else table
    st.dataframe(
        shown,
        hide_index=True,
        column_config=columns,
        row_height=_ROW_PX,
        height=min(len(table), _MOST_ROWS) * _ROW_PX + _HEAD_PX,
        key=key,
    )


def whole(title: str, width_px: int | None = None) -> Any:  # noqa: ANN401 (Streamlit's own column type)
    """Return a column of whole numbers."""
    return st.column_config.NumberColumn(title, format="localized", width=width_px)


def share(title: str, width_px: int | None = None) -> Any:  # noqa: ANN401 (Streamlit's own column type)
    """Return a column of per cent with bars."""
    return st.column_config.ProgressColumn(
        title, format="%.1f%%", min_value=0, max_value=100, width=width_px
    )


def text(title: str, width_px: int) -> Any:  # noqa: ANN401 (Streamlit's own column type)
    """Return a column of text of a width that leaves room for the others on a laptop's screen."""
    return st.column_config.TextColumn(title, width=width_px)


def day(text: str) -> str:
    """Write an ISO date in words; nothing for nothing."""
    return day_words(dt.date.fromisoformat(text)) if text else ""


def plain(word: str) -> str:
    """Write a column's name or a tier as words."""
    return word.replace("_", " ").capitalize()
