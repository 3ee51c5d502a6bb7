"""The ranked list on the page: a listbox that is told what is selected and says what was picked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from layers.listing import COLUMNS
from views import frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FOLDER: Final = Path(__file__).parent
_HTML: Final = """
<div class="frame">
  <div class="head" aria-hidden="true">
  </div>
  <ul role="listbox" tabindex="0"></ul>
</div>
"""


def place_list(  # noqa: PLR0913 (what it shows, and what it can say)
    rows: list[dict[str, Any]],
    *,
    selected: str | None,
    screen: str,
    key: str,
    on_pick: Callable[[str], None],
    on_screen: Callable[[str], None],
    on_open: Callable[[str], None] | None = None,
    on_close: Callable[[], None] | None = None,
    drawer: bool = False,
    columns: Sequence[Sequence[str | int]] = COLUMNS,
    folded: bool = False,
) -> None:
    """Draw the list, and pass on what it says.

    ``on_pick`` is called with the id of a row that a person chose: the page owns the selection and
    hands it in, so that list and map cannot disagree. ``on_screen`` is called with ``wall`` or
    ``laptop`` where the browser's window is not the ``screen`` the page was drawn for. ``on_open``
    is called with the id of a row that was clicked or entered, to show all of it (without it, that
    is a pick like any other), ``on_close`` when Escape is pressed; ``drawer`` says whether all of
    one is shown now, and when it no longer is, the focus comes back to the list. ``columns`` stand
    beside place and why: key of the row, head, pixels. ``folded`` keeps the details of a chosen row
    out of the list: they are its tooltip, and whoever draws the page shows them elsewhere.
    """

    @frame.fenced
    def opened() -> None:
        area_id = st.session_state[key].get("opened")
        if area_id:
            (on_open or on_pick)(str(area_id))

    @frame.fenced
    def closed() -> None:
        if on_close is not None and st.session_state[key].get("closed"):
            on_close()

    @frame.fenced
    def picked() -> None:
        area_id = st.session_state[key].get("picked")
        if area_id:
            on_pick(str(area_id))

    @frame.fenced
    def measured() -> None:
        size = st.session_state[key].get("screen")
        if size:
            on_screen(str(size))

    component = st.components.v2.component(
        "harmhex_place_list",
        html=_HTML,
        css=(_FOLDER / "place_list.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "place_list.js").read_text(encoding="utf-8"),
    )
    component(
        key=key,
        data={
            "rows": rows,
            "columns": [list(column) for column in columns],
            "folded": folded,
            "selected": selected,
            "screen": screen,
            "drawer": drawer,
            "label": "Places, by rank",
        },
        height="stretch",
        on_picked_change=picked,
        on_opened_change=opened,
        on_closed_change=closed,
        on_screen_change=measured,
    )
