"""What an operation was to be: its design, its ground on a map, and its versions."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from layers.evaluation.map import operation_deck, operation_legend
from layers.findings import notes_html
from layers.rows import rows_html
from layers.wording import counted, escaped
from spatial.window import day_words
from views import answers, frame
from views.evaluation import evaluated
from views.evaluation.form import COMPARED_WORDS, DESIGN_WORDS, WEEKDAYS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from register.operation_versions import OperationVersion
    from spatial.evaluation.footprint import Footprint
    from spatial.incidents.store import IncidentStore
    from views.evaluation.evaluated import Registered

_ALL_WEEK: Final = 7
# pixels; the style sheet sets the height, a laptop's column the width
_PANE: Final = (560, 390)
_TIMES: Final = {1: "once", 2: "twice"}


def draw(store: IncidentStore, known: Registered) -> None:
    """Draw the plan of an operation whose results nobody has seen."""
    opened = known.operation
    planned = evaluated.planned(opened)
    st.html(
        f'<h2 class="hx-h2">{escaped(opened.name)}</h2>'
        f'<p class="hx-words">{escaped(design_words(known))}</p>'
    )
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        ground(
            store,
            planned.treated,
            buffer=planned.buffer,
            comparators=planned.comparators,
            buffer_m=opened.buffer_m,
            compared=_compared(opened.plan),
            said={},
        )
    with right:
        facts(known)
        frame.put(notes_html(planned.notes))
        history(known)


def design_words(known: Registered) -> str:
    """Say in a line what was done where and when."""
    one = known.operation
    days = [WEEKDAYS[day] for day in one.weekdays]
    parts = [
        DESIGN_WORDS.get(one.design, one.design),
        counted(len(one.areas), "place"),
        f"{day_words(one.first_date)} to {day_words(one.last_date)}",
        ", ".join(days) if days and len(days) < _ALL_WEEK else "",
        f"{one.start} to {one.end}" if one.start else "all day",
    ]
    return " · ".join(part for part in parts if part)


def ground(  # noqa: PLR0913 (the parts of one map)
    store: IncidentStore,
    treated: Footprint,
    *,
    buffer: Footprint | None,
    comparators: Footprint | None,
    buffer_m: int,
    compared: str,
    said: Mapping[str, str],
) -> None:
    """Draw the map of areas, buffers and comparators."""
    with st.container(key="evaluation_map_pane"):
        st.pydeck_chart(
            operation_deck(
                treated,
                answers.ground(store),
                buffer=buffer,
                comparators=comparators,
                said=said,
                pane=_PANE,
            ),
            height="stretch",
            key="evaluation_map",
            alt="Map of the patrolled areas, the ground round them, and the areas they are "
            "compared with. The lists on this page say the same.",
        )
        st.html(
            operation_legend(buffer_m=buffer_m, compared=compared, listed=comparators is not None)
        )


def facts(known: Registered) -> None:
    """Draw what is registered, as label and value."""
    one = known.operation
    said = tomllib.loads(one.plan)
    profiles = answers.profiles()
    titles = [profiles[name].title if name in profiles else name for name in one.profiles]
    crossover = said.get("crossover") or {}
    distances = sorted({one.buffer_m, *said.get("buffers_m", ())})
    rows = [
        ("What is counted", "; ".join(titles) + (": the first decides" if titles[1:] else "")),
        ("Places chosen on data", _span(said.get("selection"))),
        ("Time before", _span(said.get("baseline"))),
        ("Compared with", _compared(one.plan)),
        ("Drawn each day", str(crossover.get("treated_each_day", ""))),
        ("Round the areas", f"{one.buffer_m:,} m, and {_metres(distances, one.buffer_m)}"),
        ("Registered", registered_words(known)),
        ("Its digest", one.digest[:12]),
        ("Remark", one.remark),
    ]
    st.html(rows_html(("Registered beforehand", ""), [row for row in rows if row[1]]))


def registered_words(known: Registered) -> str:
    """Say who registered it and when: what the register knows, and what the file claims."""
    first = known.versions[0]
    held = f"in this register since {day_words(first.at.date())}, by {first.by}"
    claimed = tomllib.loads(known.operation.plan).get("registered") or {}
    if not claimed or claimed.get("by") in {one.by for one in known.versions}:
        return held
    return f"{held}; its file says {day_words(_day(claimed['at']))}, by {claimed['by']}"


def changed_words(known: Registered) -> str:
    """Say how often the operation was changed since its results were seen; empty for never."""
    if not known.changed:
        return ""
    times = _TIMES.get(known.changed, f"{known.changed} times")
    return (
        f"Changed {times} since results were first seen: this is not the design that was fixed "
        "beforehand. Its versions say what was changed."
    )


def history(known: Registered) -> None:
    """Draw the versions, with what was changed and whether results had been seen by then."""
    seen = known.seen_at
    words = (
        "Results of it have not been seen here."
        if seen is None
        else f"Results were first seen here on {day_words(seen.date())}, {seen:%H:%M} UTC."
    )
    with st.expander(f"{counted(len(known.versions), 'version')}", expanded=bool(known.changed)):
        st.html(f'<p class="hx-words">{escaped(words)}</p>')
        head = ("Version", "When (UTC)", "By", "What was changed", "Digest", "")
        st.html(rows_html(head, [_version(one) for one in known.versions]))


def _version(one: OperationVersion) -> tuple[str, ...]:
    changed = ", ".join((*(name.replace("_", " ") for name in one.fields), *one.files))
    if not changed:
        changed = "first registered" if one.version == 1 else "nothing listed here"
        if one.weighs:
            changed = "dates before, comparators or the draw"
    when = f"{day_words(one.at.date())} {one.at:%H:%M}"
    after = "after results were seen" if one.weighs and one.after_seen else ""
    return (str(one.version), when, one.by, changed, one.digest[:12], after)


def _compared(plan: str) -> str:
    against = tomllib.loads(plan).get("comparators") or {}
    if not against:
        return ""
    if against["kind"] == "areas":
        return counted(len(against.get("ids") or against.get("cells") or ()), "area") + " listed"
    return COMPARED_WORDS[against["kind"]].lower()


def _span(said: dict[str, Any] | None) -> str:
    return "" if not said else f"{day_words(said['first'])} to {day_words(said['last'])}"


def _metres(distances: list[int], own: int) -> str:
    others = [f"{one:,} m" for one in distances if one != own]
    return ", ".join(others) if others else "no other distance"


def _day(moment: dt.datetime | dt.date) -> dt.date:
    return moment.date() if hasattr(moment, "date") else moment
