"""The shifts on the Settings page: a line each, in the order of the day."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from config.force_file import force_file
from config.shifts import DAY_HOURS, load_shifts
from config.store_settings import DEFAULT
from layers.settings_words import SHIFTS
from layers.wording import escaped
from views import frame
from views.settings import entry

_MOST: Final = 6


def draw(*, changing: bool) -> None:
    """Draw the shifts in force, and, for whoever may change them, boxes to set them."""
    box, told, why = st.columns([5, 4, 9], gap="medium")
    with box:
        if changing:
            _boxes()
        else:
            lines = "".join(f"<b>{escaped(one.words)}</b>" for one in load_shifts().shift)
            st.html(f'<div class="hx-setting"><span>Shifts</span>{lines}</div>')
    with told:
        waiting, own = SHIFTS.path in entry.entered(), entry.is_own(SHIFTS)
        words = "not saved yet" if waiting else entry.origin_words(SHIFTS)
        default = ", ".join(_short(one) for one in entry.default_of(SHIFTS))
        st.html(entry.told_html(words if own or waiting else "", default))
        if changing and (own or waiting) and entry.entered().get(SHIFTS.path) is not DEFAULT:
            st.button("Back to the default", key="settings_default_shifts", on_click=_to_default)
    why.html(f'<p class="hx-setting-why">{escaped(entry.reason(SHIFTS))}</p>')


def _boxes() -> None:
    held = entry.shown(SHIFTS)
    tag = f"{force_file().digest}_{entry.drawn()}"
    state = st.session_state
    state.setdefault(f"settings_shift_count_{tag}", len(held))
    number = st.number_input(
        "Number of shifts", min_value=1, max_value=_MOST, step=1, key=f"settings_shift_count_{tag}"
    )
    _note([_shift(at, held[at] if at < len(held) else _new(at), tag) for at in range(int(number))])


def _shift(at: int, one: dict[str, Any], tag: str) -> dict[str, Any]:
    keys = {part: f"settings_shift_{part}_{at}_{tag}" for part in ("name", "starts", "ends")}
    for part, key in keys.items():
        st.session_state.setdefault(key, one[part])
    name, starts, ends = st.columns([3, 2, 2], gap="small")
    order = f"Shift {at + 1}"
    named = name.text_input(order, key=keys["name"], max_chars=30)
    hours = {
        part: int(
            column.number_input(
                f"{order} {word} (hour)", min_value=0, max_value=most, step=1, key=keys[part]
            )
        )
        for part, word, most, column in (
            ("starts", "from", DAY_HOURS - 1, starts),
            ("ends", "to", DAY_HOURS, ends),
        )
    }
    return {"name": named.strip().lower(), **hours}


def _new(at: int) -> dict[str, Any]:
    return {"name": f"shift {at + 1}", "starts": 0, "ends": 1}


def _note(given: list[dict[str, Any]]) -> None:
    waiting = entry.entered()
    is_default = given == entry.default_of(SHIFTS)
    if is_default and waiting.get(SHIFTS.path) is DEFAULT:
        return
    if given == entry.value_of(SHIFTS):
        waiting.pop(SHIFTS.path, None)
    elif is_default and entry.is_own(SHIFTS):
        waiting[SHIFTS.path] = DEFAULT
    else:
        waiting[SHIFTS.path] = given


@frame.fenced
def _to_default() -> None:
    if entry.is_own(SHIFTS):
        entry.entered()[SHIFTS.path] = DEFAULT
    else:
        entry.entered().pop(SHIFTS.path, None)
    entry.redraw()


def _short(one: dict[str, Any]) -> str:
    return f"{one['name']} {one['starts']} to {one['ends']}"
