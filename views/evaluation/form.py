"""The fields of an operation: what was done where and when, and against what it is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.errors import BadInputError
from config.register import load_register_rules
from views import answers, frame
from views.evaluation.areas import MOST_MB, ChosenAreas, choose_areas, text_of

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from views.evaluation.entry import Entry

DESIGN_WORDS: Final = {
    "crossover": "Randomised crossover: days drawn by chance",
    "before_after": "Before and after, against comparators",
    "matched_comparison": "Before and after, against matched places",
    "staggered": "Waves: places that began on different days",
}
COMPARED_WORDS: Final = {
    "rest_of_force": "The rest of the force",
    "matched": "Places chosen by their level, trend and season before",
    "areas": "Areas that I name",
}
ORDER_WORDS: Final = {
    "chosen": "People chose who began when",
    "by_lot": "Chance drew who began when",
}
_EACH_OTHER: Final = "Only those that began later"
WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_MORNING: Final = "06:00"
_METRES: Final = 100


def draw(store: IncidentStore, entry: Entry) -> None:
    """Draw every box; what is typed is in the entry when this returns."""
    one, two, three = st.columns(3, gap="medium")
    with one:
        _what(entry)
    with two:
        _when(entry)
    with three:
        _before(entry)
    one, two, three = st.columns(3, gap="medium")
    with one:
        _where(store, entry)
    with two:
        _against(store, entry)
    with three:
        _drawn(entry)
        _around(entry)


def _what(entry: Entry) -> None:
    rules = load_register_rules()
    entry.put("name", entry.text("Name of the operation", "name", longest=rules.longest_label))
    designs = list(DESIGN_WORDS)
    kept = entry.kept("design") or designs[0]
    design = st.selectbox(
        "Design",
        designs,
        designs.index(kept),
        format_func=DESIGN_WORDS.__getitem__,
        key=entry.key("design"),
    )
    entry.put("design", design)
    profiles = answers.profiles()
    own = [one for one in entry.kept("profiles") or () if one.endswith(".toml")]
    chosen = st.multiselect(
        "What is counted: the first decides, others are beside it",
        [*profiles, *own],
        default=[one for one in entry.kept("profiles") or ["ark"] if one in {*profiles, *own}],
        format_func=lambda name: profiles[name].title if name in profiles else name,
        key=entry.key("profiles"),
    )
    entry.put("profiles", list(chosen))
    entry.attach({name: entry.kept_file(name) or "" for name in chosen if name in own})
    entry.put("remark", entry.text("Remark (may be empty)", "remark", longest=rules.longest_text))


def _when(entry: Entry) -> None:
    entry.put("first_date", entry.day("First day", "first_date", "first_date"))
    entry.put("last_date", entry.day("Last day", "last_date", "last_date"))
    chosen = st.multiselect(
        "Days of the week (empty: all)",
        list(range(7)),
        default=entry.kept("weekdays") or [],
        format_func=WEEKDAYS.__getitem__,
        key=entry.key("weekdays"),
    )
    entry.put("weekdays", sorted(chosen))
    start, end = st.columns(2)
    with start:
        entry.put("start", entry.text("From (empty: all day)", "start", longest=5, hint="18:00"))
    with end:
        entry.put("end", entry.text("Until", "end", longest=5, hint="02:00 is the next morning"))
    if (morning := entry.kept("day_starts")) and morning != _MORNING:
        entry.put("day_starts", morning)


def _before(entry: Entry) -> None:
    entry.span("Places chosen on data", "selection")
    if entry.said.get("design") != "crossover":
        entry.span("Time before", "baseline")
        st.html(
            '<p class="hx-words">The time before is of the same season, and not the months that '
            "the places were chosen on: what was high then falls by itself.</p>"
        )


def _where(store: IncidentStore, entry: Entry) -> None:
    areas = _areas(store, "Patrolled areas", entry, "areas")
    entry.put("areas", areas.said)
    entry.attach(areas.files)


def _against(store: IncidentStore, entry: Entry) -> None:
    design = entry.said.get("design")
    if design == "crossover":
        st.html(
            '<p class="hx-words">A crossover needs no comparators: every place is compared with '
            "its own other days.</p>"
        )
        return
    kinds = [kind for kind in COMPARED_WORDS if (design, kind) != ("matched_comparison",
                                                                   "rest_of_force")]  # fmt: skip
    if design == "staggered":
        kinds = [_EACH_OTHER, *kinds]
    kept = entry.kept("comparators", "kind")
    kind = st.selectbox(
        "Compared with",
        kinds,
        kinds.index(kept) if kept in kinds else 0,
        format_func=lambda one: COMPARED_WORDS.get(one, one),
        key=entry.key(f"compared_{design}"),
    )
    if kind == _EACH_OTHER:
        return
    said: dict[str, Any] = {"kind": kind}
    if kind == "matched":
        many = st.number_input(
            "Matched to each place",
            value=int(entry.kept("comparators", "how_many") or 2),
            min_value=1,
            max_value=50,
            step=1,
            key=entry.key("how_many"),
        )
        said["how_many"] = int(many)
    if kind == "areas":
        chosen = _areas(store, "Comparators", entry, "comparators")
        said |= chosen.said
        entry.attach(chosen.files)
    entry.put("comparators", said)


def _drawn(entry: Entry) -> None:
    if entry.said.get("design") == "staggered":
        _began(entry)
    if entry.said.get("design") != "crossover":
        return
    stands = entry.kept("crossover", "allocation")
    given = st.file_uploader(
        "Daily draw: CSV with date, area_id, treated" + (f" (empty: {stands})" if stands else ""),
        type=["csv"],
        key=entry.key("allocation"),
        max_upload_size=MOST_MB,
    )
    each = st.text_input(
        "Places drawn each day (a number, or: varies)",
        str(entry.kept("crossover", "treated_each_day") or ""),
        key=entry.key("each_day"),
    ).strip()
    wait = st.number_input(
        "Longest wait of a place, days (empty: none set)",
        value=entry.kept("crossover", "longest_wait_days"),
        min_value=1,
        max_value=366,
        step=1,
        key=entry.key("wait"),
    )
    said: dict[str, Any] = {}
    if given is not None:
        try:
            name, content = text_of(given)
        except BadInputError as error:
            entry.troubles.append(str(error))
        else:
            said["allocation"] = name
            entry.attach({name: content})
    elif stands:
        said["allocation"] = stands
        entry.attach({stands: entry.kept_file(stands) or ""})
    if each:
        said["treated_each_day"] = int(each) if each.isdecimal() else each
    if wait:
        said["longest_wait_days"] = int(wait)
    entry.put("crossover", said)


def _began(entry: Entry) -> None:
    """Ask on which day each place began, and who decided on the order."""
    typed = st.text_area(
        "First day of each place: its id, a comma, the day; a line each",
        "\n".join(f"{place}, {day}" for place, day in (entry.kept("starts") or {}).items()),
        key=entry.key("starts"),
        help="PA-C3FBE4, 2026-03-01",
    )
    starts: dict[str, str] = {}
    for line in typed.splitlines():
        place, comma, day = (part.strip() for part in line.rpartition(","))
        if not line.strip():
            continue
        if not comma or not place or place in starts:
            entry.troubles.append(
                f"First days: {line.strip()[:60]!r} is no id with a day, or names its place twice. "
                "Write PA-C3FBE4, 2026-03-01."
            )
            continue
        starts[place] = day
    entry.put("starts", starts)
    orders = list(ORDER_WORDS)
    order = st.selectbox(
        "The order",
        orders,
        orders.index(entry.kept("order") or orders[0]),
        format_func=ORDER_WORDS.__getitem__,
        key=entry.key("order"),
    )
    entry.put("order", order)


def _around(entry: Entry) -> None:
    metres = st.number_input(
        "Buffer: metres round the areas where trouble may have moved",
        value=int(_or(entry.kept("buffer_m"), _METRES)),
        step=50,
        key=entry.key("buffer_m"),
    )
    entry.said["buffer_m"] = int(metres)
    others = st.text_input(
        "Other distances to try, metres",
        ", ".join(str(one) for one in _or(entry.kept("buffers_m"), (50, 200))),
        key=entry.key("buffers_m"),
    )
    entry.put("buffers_m", _distances(entry, others))


def _distances(entry: Entry, typed: str) -> list[int]:
    parts = typed.replace(",", " ").split()
    wrong = [part for part in parts if not part.isdecimal()]
    if wrong:
        entry.troubles.append(
            f"Other distances: {wrong[0][:20]!r} is no whole number of metres. Write 50, 200."
        )
    return sorted({int(part) for part in parts if part.isdecimal()})


def _areas(store: IncidentStore, words: str, entry: Entry, table: str) -> ChosenAreas:
    """Ask for areas; what cannot be read is said beside the box, and again when it is sent."""
    try:
        return choose_areas(store, words, stem=entry.key(table), kept=entry.kept_areas(table))
    except BadInputError as error:
        frame.say(str(error))
        entry.troubles.append(str(error))
        return ChosenAreas()


def _or(value: Any, otherwise: Any) -> Any:  # noqa: ANN401 (a number or several)
    return otherwise if value is None else value
