"""Choosing cells for a change: by clicking on the map, from a list, or by a grid reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from layers.targets.cell_choice import cell_at, cell_choice
from layers.targets.map import CHOICE_LAYER

if TYPE_CHECKING:
    import pandas as pd

    from spatial.results import HotspotResult, TargetResult

MAP: Final = "targets_map"
_STEM: Final = "change_cells"
_REFERENCE: Final = "change_reference"
_AT: Final = "change_at"
_CLICKED: Final = "change_clicked"
_RINGS: Final = {"nudge": 2, "split": 0, "add": 2}
_LABELS: Final = {
    "nudge": "Cells of the place",
    "split": "Cells of the new part",
    "add": "Cells of the place",
}


def ask(
    kind: str, area_id: str, result: TargetResult, surface: HotspotResult
) -> tuple[tuple[str, ...], ...]:
    """Ask for the cells that a change needs, and return them in its groups; none for most kinds."""
    if kind not in _RINGS:
        return ()
    if kind == "add":
        _point(result)
    found = offered(kind, area_id, result, surface)
    if found is None or found.empty:
        return ()
    words = dict(zip(found["cell"], found["words"], strict=True))
    # what was taken and is offered no more must go, or the box refuses to be drawn
    key = _key(kind, area_id)
    st.session_state[key] = [cell for cell in st.session_state.get(key, ()) if cell in words]
    taken: list[str] = st.multiselect(
        f"{_LABELS[kind]} (or click on the map)",
        list(words),
        format_func=words.__getitem__,
        key=key,
    )
    if kind == "split":
        rest = [cell for cell in words if cell not in taken]
        return (tuple(sorted(rest)), tuple(sorted(taken)))
    return (tuple(sorted(taken)),)


def offered(
    kind: str, area_id: str, result: TargetResult, surface: HotspotResult
) -> pd.DataFrame | None:
    """Return the cells on offer for a change (`CHOICE_COLUMNS`), or None."""
    if kind not in _RINGS:
        return None
    around = _around(kind, area_id, result)
    if not around:
        return None
    state = st.session_state
    taken = state.get(_key(kind, area_id))
    if taken is None:
        taken = state[_key(kind, area_id)] = [] if kind == "split" else sorted(around)
    incidents = dict(
        zip(surface.cells["cell"], surface.cells["incidents"].astype(int), strict=True)
    )
    held = {
        cell: str(row["name"])
        for row in result.areas.to_dict("records")
        for cell in str(row["cells"]).split()
        if row["area_id"] != area_id or kind == "add"
    }
    return cell_choice(around, incidents, taken=taken, ring=_RINGS[kind], held=held)


def takes(kind: str, layer: str) -> bool:
    """Return whether a click on a cell of a layer of the map belongs to a kind of change.

    A cell that is on offer; of a place by hand, the first one says where it is.
    """
    if kind == "add" and not st.session_state.get(_AT):
        return True
    return kind in _RINGS and layer == CHOICE_LAYER


def clicked(kind: str, area_id: str, cell: str) -> None:
    """Take a cell that was clicked on, or leave it; for a place by hand, begin where it was."""
    state = st.session_state
    if kind == "add" and not state.get(_AT):
        state[_AT] = cell
        return
    key = _key(kind, area_id)
    taken = list(state.get(key, ()))
    state[key] = [one for one in taken if one != cell] if cell in taken else [*taken, cell]


def forget() -> None:
    """Forget what was chosen, for the next change begins anew."""
    state = st.session_state
    for name in list(state):
        if str(name).startswith(_STEM) or name in {_AT, _REFERENCE, _CLICKED}:
            del state[name]


def _point(result: TargetResult) -> None:
    """Ask where a place by hand shall be; a click on the map says it too."""
    text = st.text_input(
        "Where: a grid reference like TG 2711 7142, or click on the map", key=_REFERENCE
    )
    state = st.session_state
    if text and state.get(_CLICKED) != text:
        state[_CLICKED] = text
        state[_AT] = cell_at(text, resolution=result.resolution)


def _around(kind: str, area_id: str, result: TargetResult) -> list[str]:
    if kind == "add":
        at = st.session_state.get(_AT)
        return [str(at)] if at else []
    rows = result.areas.loc[result.areas["area_id"] == area_id, "cells"]
    return str(rows.iloc[0]).split() if len(rows) else []


def _key(kind: str, area_id: str) -> str:
    if kind == "add":
        return f"{_STEM}_add_{st.session_state.get(_AT, '')}"
    return f"{_STEM}_{kind}_{area_id}"
