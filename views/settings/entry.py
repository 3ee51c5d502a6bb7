"""Entering settings: one row each, with its default, where its value comes from, and the reason."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.access import Action
from config.basemap import Basemap, load_basemap
from config.dose import DoseRules
from config.force import ForceIdentity
from config.force_file import Origin, Section, force_file, read_section, shipped_table
from config.period_return import ReturnLayout
from config.print import PrintSettings
from config.reasons import reason_of
from config.refusal import limits
from config.register import RegisterRules
from config.settings import Settings
from config.shifts import Shifts
from config.store_settings import DEFAULT
from layers.settings_words import said
from layers.wording import escaped
from views import access, frame

if TYPE_CHECKING:
    from pydantic import BaseModel

    from layers.settings_words import Entry

ENTERED: Final = "settings_entered"
"""Session state: what was entered and not yet saved, by the key in a force's file."""
Value = str | int | float | list[Any] | dict[str, Any]
"""What a setting may be, as a force's file writes it."""
ROUND: Final = "settings_round"

_MODELS: Final[dict[str, type[BaseModel]]] = {
    "": Settings,
    "basemap": Basemap,
    "dose": DoseRules,
    "force": ForceIdentity,
    "period_return": ReturnLayout,
    "print": PrintSettings,
    "register": RegisterRules,
    "shifts": Shifts,
}
_ORIGINS: Final = {
    Origin.STORE: "set for this store",
    Origin.NAMED: "set in the file named at the start",
}
_KEYED: Final = "basemap.address"
_WHOLE_STEPS: Final = 5
_HUNDRED: Final = 100
_LINE: Final = 70


def entered() -> dict[str, Any]:
    """Return what was entered and not yet saved: key to value, or ``DEFAULT``."""
    found: dict[str, Any] = st.session_state.setdefault(ENTERED, {})
    return found


def value_of(entry: Entry) -> Value:
    """Return a setting's value in force, as a force's file would write it."""
    return _at(
        read_section(Section(entry.section), _MODELS[entry.section]).model_dump(mode="json"), entry
    )


def shown(entry: Entry) -> Value:
    """Return what a box shows: what was entered, else what is in force."""
    held = entered().get(entry.path, value_of(entry))
    return default_of(entry) if held is DEFAULT else held


def default_of(entry: Entry) -> Value:
    """Return a setting's default."""
    return _at(shipped_table(Section(entry.section)), entry)


def is_own(entry: Entry) -> bool:
    """Return whether the file in force says something of a setting."""
    found: Any = force_file().table(Section(entry.section))
    for part in entry.key.split("."):
        if not isinstance(found, dict) or part not in found:
            return False
        found = found[part]
    return True


def row(entry: Entry, *, changing: bool, above: str = "") -> str:
    """Draw one setting; whoever may change it is given a box, everybody else its value.

    Returns its reason, which is not said again where it is that of the setting ``above``.
    """
    box, told, why = st.columns([5, 4, 9], gap="medium")
    with box:
        if changing:
            _box(entry)
        else:
            label, value = escaped(entry.label), escaped(_read(entry))
            st.html(f'<div class="hx-setting"><span>{label}</span><b>{value}</b></div>')
    with told:
        _told(entry, changing=changing)
    because = reason(entry)
    words = "As above." if because and because == above else because
    why.html(f'<p class="hx-setting-why">{escaped(words)}</p>')
    return because


def reason(entry: Entry) -> str:
    """Return why a setting has its default."""
    inside = entry.key.removesuffix(".days")
    if entry.section == "register" and inside != entry.key:
        # a period says its reason beside it
        return str(_at(shipped_table(Section("register")), entry, key=f"{inside}.reason"))
    return reason_of(Section(entry.section), entry.key)


def _read(entry: Entry) -> str:
    """Return a setting's value as it is read: of an address that may hold a key, only the host."""
    if entry.path == _KEYED and not access.may(Action.CHANGE_SETTINGS):
        return said(load_basemap().host, entry.kind)
    return said(value_of(entry), entry.kind)


def origin_words(entry: Entry) -> str:
    """Return where a setting's value in force comes from."""
    return _ORIGINS.get(force_file().origin, "default") if is_own(entry) else "default"


def told_html(where: str, default: str) -> str:
    """Return where a value comes from, empty for the default, and what the default is."""
    said_first = f"<b>{escaped(where[:1].upper() + where[1:])}</b>" if where else ""
    is_own = "Default" if where else "As shipped"
    return f'<p class="hx-setting-told">{said_first}<span>{is_own}: {escaped(default)}</span></p>'


def _told(entry: Entry, *, changing: bool) -> None:
    default, own = said(default_of(entry), entry.kind), is_own(entry)
    short = default if len(default) <= _LINE else f"{default[:_LINE]}..."
    waiting = entry.path in entered()
    where = "not saved yet" if waiting else origin_words(entry)
    st.html(told_html(where if own or waiting else "", short))
    if changing and (own or waiting) and entered().get(entry.path) is not DEFAULT:
        st.button(
            "Back to the default",
            key=f"settings_default_{entry.path}",
            help=f"{entry.label}: {short}",
            on_click=_to_default,
            args=(entry,),
        )


def redraw() -> None:
    """Draw every box anew with what is entered or in force: a box keeps its own value otherwise."""
    st.session_state[ROUND] = drawn() + 1


def drawn() -> int:
    """Return how often the boxes were drawn anew: part of their names."""
    return int(st.session_state.get(ROUND, 0))


@frame.fenced
def _to_default(entry: Entry) -> None:
    if is_own(entry):
        entered()[entry.path] = DEFAULT
    else:
        entered().pop(entry.path, None)
    redraw()


def _box(entry: Entry) -> None:
    held = shown(entry)
    bounds = limits(_MODELS[entry.section], entry.key.split("."))
    key = _key(entry)
    given: Any
    if entry.kind in {"number", "percent"}:
        given = _number(entry, held, bounds, key)
    elif entry.kind == "choice":
        st.session_state.setdefault(key, held)
        given = st.selectbox(entry.label, list(bounds["enum"]), key=key)
    elif entry.kind == "words":
        st.session_state.setdefault(key, ", ".join(held))
        text = st.text_input(entry.label, key=key, help="With commas between.")
        given = [word for part in text.split(",") if (word := part.strip())]
    else:
        st.session_state.setdefault(key, held)
        given = st.text_input(entry.label, key=key, max_chars=bounds.get("maxLength")).strip()
    _note(entry, given)


def _number(entry: Entry, held: float, bounds: dict[str, Any], key: str) -> float | int:
    by = _HUNDRED if entry.kind == "percent" else 1
    low = bounds.get("minimum", bounds.get("exclusiveMinimum"))
    high = bounds.get("maximum", bounds.get("exclusiveMaximum"))
    if bounds.get("type") == "integer":
        st.session_state.setdefault(key, int(held))
        return int(
            st.number_input(entry.label, min_value=low, max_value=high, step=1, key=key) or 0
        )
    st.session_state.setdefault(key, round(float(held) * by, 6))
    given = st.number_input(
        entry.label,
        min_value=None if low is None else float(low * by),
        max_value=None if high is None else float(high * by),
        step=1.0 if held * by >= _WHOLE_STEPS else 0.1,
        format="%.10g",
        key=key,
    )
    return round(float(given or 0.0) / by, 8)


def _note(entry: Entry, given: Value) -> None:
    """Keep what was entered, where it is not what is in force already."""
    own, in_force = is_own(entry), value_of(entry)
    waiting = entered()
    if waiting.get(entry.path) is DEFAULT and _same(given, default_of(entry)):
        return
    if _same(given, in_force):
        waiting.pop(entry.path, None)
    elif own and _same(given, default_of(entry)):
        waiting[entry.path] = DEFAULT
    else:
        waiting[entry.path] = given


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)


def _key(entry: Entry) -> str:
    return f"settings_box_{force_file().digest}_{drawn()}_{entry.path}"


def _at(table: Value, entry: Entry, *, key: str = "") -> Value:
    for part in (key or entry.key).split("."):
        table = table[part]
    return table
