"""The fields of each kind of overlay, with what stands in the record that is open."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.holidays import HOLIDAYS
from config.register import load_register_rules
from layers.overlays import plain
from register.anniversaries import Anniversary, AnniversaryDraft
from register.events import Event, EventDraft
from register.tension import Tension, TensionDraft, hidden_themes
from register.tension_scale import HANDLING, INFORMATION_GRADES, SOURCE_GRADES
from views import records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

AnyDraft = AnniversaryDraft | EventDraft | TensionDraft
Record = Anniversary | Event | Tension

_EARLIEST: Final = dt.date(1900, 1, 1)
_LATEST: Final = dt.date(2199, 12, 31)


class _Boxes:
    """Boxes of one form: keyed by the record and version, filled with what stands in it."""

    def __init__(self, opened: Any, stem: str) -> None:  # noqa: ANN401 (a record of any kind, or none)
        self._opened = opened
        self._stem = stem

    def of(self, name: str, otherwise: object) -> Any:  # noqa: ANN401 (as above)
        """Return a field of the record, or what a new one begins with."""
        return otherwise if self._opened is None else getattr(self._opened, name)

    def text(self, words: str, name: str, *, longest: int | None = None, hint: str = "") -> str:
        return st.text_input(
            words,
            self.of(name, ""),
            max_chars=longest,
            key=f"{self._stem}_{name}",
            help=hint or None,
        )

    def whole(self, words: str, name: str, otherwise: int, hint: str = "") -> int:
        # no bounds here: the register refuses with a sentence
        given = st.number_input(
            words,
            value=int(self.of(name, otherwise)),
            step=1,
            key=f"{self._stem}_{name}",
            help=hint or None,
        )
        return int(given)

    def degrees(self, words: str, name: str) -> float | None:
        given: float | None = st.number_input(
            words,
            value=self.of(name, None),
            format="%.6f",
            step=None,
            key=f"{self._stem}_{name}",
            placeholder="degrees, WGS84",
        )
        return given

    def day(self, words: str, name: str, otherwise: dt.date | None) -> Any:  # noqa: ANN401 (Streamlit's own)
        return st.date_input(
            words,
            self.of(name, otherwise),
            min_value=_EARLIEST,
            max_value=_LATEST,
            format="DD/MM/YYYY",
            key=f"{self._stem}_{name}",
        )

    def choice(
        self,
        words: str,
        name: str,
        among: Sequence[Any],
        said: Callable[[Any], str] = lambda word: plain(str(word)),
        otherwise: object = None,
    ) -> Any:  # noqa: ANN401 (one of those given)
        held = self.of(name, among[0] if otherwise is None else otherwise)
        # a word that the settings no longer list is still shown, and refused when it is sent
        offered = list(among) if held in among else [held, *among]
        return st.selectbox(
            words, offered, offered.index(held), format_func=said, key=f"{self._stem}_{name}"
        )


def _anniversary(
    opened: Any,  # noqa: ANN401 (of this kind, or none)
    stem: str,
    day: dt.date,
    beats: Sequence[str],
) -> Callable[[], AnniversaryDraft]:
    del beats
    rules = load_register_rules()
    boxes = _Boxes(opened, stem)
    one, two, three = st.columns(3)
    with one:
        label = boxes.text("What it is", "label", longest=rules.longest_label)
        date = boxes.day("Day it happened", "date", day)
        kind = boxes.choice("Kind", "kind", rules.anniversary_kinds)
    with two:
        place, longitude, latitude, radius = _place(boxes)
    with three:
        before = boxes.whole("Days before", "lead_in_days", 3)
        after = boxes.whole("Days after", "lead_out_days", 1)
        holiday = _holiday(boxes, "Also remembered on")
        source = boxes.text("Source", "source", longest=rules.longest_text)
    return lambda: AnniversaryDraft(
        label=label, date=date, place=place, longitude=longitude, latitude=latitude,  # type: ignore[arg-type]  # the register refuses None with a sentence
        radius_m=radius, lead_in_days=before, lead_out_days=after, kind=kind, source=source,
        holiday=holiday,
    )  # fmt: skip


def _event(
    opened: Any,  # noqa: ANN401 (of this kind, or none)
    stem: str,
    day: dt.date,
    beats: Sequence[str],
) -> Callable[[], EventDraft]:
    del beats
    rules = load_register_rules()
    boxes = _Boxes(opened, stem)
    one, two, three = st.columns(3)
    with one:
        label = boxes.text("What it is", "label", longest=rules.longest_label)
        first = boxes.day("First day", "first_date", day)
        days = boxes.whole("Days each time", "days", 1)
        kind = boxes.choice("Kind", "kind", rules.event_kinds)
    with two:
        place, longitude, latitude, radius = _place(boxes)
    with three:
        rule = boxes.text("Comes back (iCalendar rule)", "rule", hint="FREQ=WEEKLY;BYDAY=SA")
        holiday = _holiday(boxes, "Or with a bank holiday")
        offset = boxes.whole("Days after that holiday", "offset_days", 0)
        before = boxes.whole("Days before", "lead_in_days", 0)
        after = boxes.whole("Days after", "lead_out_days", 0)
        source = boxes.text("Source", "source", longest=rules.longest_text)
    return lambda: EventDraft(
        label=label, first_date=first, place=place, longitude=longitude, latitude=latitude,  # type: ignore[arg-type]  # the register refuses None with a sentence
        radius_m=radius, lead_in_days=before, lead_out_days=after, kind=kind, source=source,
        days=days, rule=rule, holiday=holiday, offset_days=offset,
        except_dates=boxes.of("except_dates", ()), extra_dates=boxes.of("extra_dates", ()),
    )  # fmt: skip


def _tension(
    opened: Any,  # noqa: ANN401 (of this kind, or none)
    stem: str,
    day: dt.date,
    beats: Sequence[str],
) -> Callable[[], TensionDraft]:
    rules = load_register_rules()
    scale = rules.tension
    hidden = hidden_themes(records.sight())
    boxes = _Boxes(opened, stem)
    one, two, three = st.columns(3)
    with one:
        level = boxes.choice("Level", "level", scale.levels)
        theme = boxes.choice(
            "Theme", "theme", [word for word in scale.themes if word not in hidden]
        )
        text = boxes.text("What is known", "text", longest=rules.longest_text)
        entered = boxes.day("Holds from", "entered_on", day)
    with two:
        beat = boxes.choice("Beat", "beat", ["", *sorted(beats)], lambda name: name or "None")
        place, longitude, latitude, radius = _place(boxes)
    with three:
        source = boxes.choice(
            "Source", "source_grade", list(SOURCE_GRADES), lambda n: f"{n} {SOURCE_GRADES[n]}", 2
        )
        information = boxes.choice(
            "Information",
            "information_grade",
            list(INFORMATION_GRADES),
            lambda letter: f"{letter} {INFORMATION_GRADES[letter]}",
            "D",
        )
        handling = boxes.choice(
            "Handling", "handling", list(HANDLING), lambda letter: f"{letter} {HANDLING[letter]}"
        )
        conditions = boxes.text("Conditions", "conditions", longest=rules.longest_text)
        expires = boxes.day(f"Expires (empty: {scale.expire_days} days on)", "expires_on", None)
    return lambda: TensionDraft(
        level=level, theme=theme, text=text, source_grade=source, information_grade=information,
        handling=handling, entered_on=entered, beat=beat, place=place, longitude=longitude,
        latitude=latitude, radius_m=radius, conditions=conditions,
        review_on=_review(boxes, entered, expires), expires_on=expires,
    )  # fmt: skip


FIELDS: Final[dict[str, Callable[..., Callable[[], AnyDraft]]]] = {
    "anniversaries": _anniversary,
    "events": _event,
    "tension": _tension,
}


def _review(boxes: _Boxes, entered: dt.date, expires: dt.date | None) -> dt.date | None:
    """Return the day of review that stands, or the settings' day, but none after the expiry."""
    held: dt.date | None = boxes.of("review_on", None)
    if held is None and isinstance(entered, dt.date):
        held = entered + dt.timedelta(days=load_register_rules().tension.review_days)
    return held if expires is None or held is None else min(held, expires)


def _place(boxes: _Boxes) -> tuple[str, float | None, float | None, int]:
    rules = load_register_rules()
    place = boxes.text("Place: a street or landmark", "place", longest=rules.longest_label)
    longitude = boxes.degrees("Longitude", "longitude")
    latitude = boxes.degrees("Latitude", "latitude")
    return place, longitude, latitude, boxes.whole("Metres round it", "radius_m", rules.radius_m)


def _holiday(boxes: _Boxes, words: str) -> str:
    chosen: str = boxes.choice(
        words, "holiday", ["", *HOLIDAYS], lambda name: HOLIDAYS[name] if name else "None", ""
    )
    return chosen
