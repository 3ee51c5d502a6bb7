"""What an address can say of a page: which choices, by which names, and which values will do."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.harm_scheme import harm_scheme_names
from config.profile import Family, Measure
from config.settings import load_settings
from config.shifts import load_shifts
from layers.questions import QUESTIONS
from layers.wording import RANKED_WORDS
from spatial.hexes.grid import EVER_INCIDENT
from spatial.window import Window, day_words
from views import answers, choices
from views.first_profile import first_profile
from views.windows import preset_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from spatial.incidents.store import IncidentStore

_MOST_PLACES: Final = 60
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")


class UnfitError(ValueError):
    """A value in an address will not do; the message says why, to stand after "which"."""


@dataclass(frozen=True, slots=True)
class Link:
    """One choice as an address says it.

    Attributes
    ----------
    name
        In the address.
    words
        What a sentence calls it.
    key
        Its name in session state.
    pages
        Addresses of the pages that have it.
    read
        Makes the value of its text, or raises `UnfitError`.
    usual
        What it is where an address says nothing.
    """

    name: str
    words: str
    key: str
    pages: tuple[str, ...]
    read: Callable[[str, IncidentStore], Any]
    usual: Callable[[IncidentStore], Any]

    def text(self, store: IncidentStore, *, always: bool = False) -> str | None:
        """Return what an address says of the choice made; None for the usual one."""
        value = st.session_state.get(self.key)
        if value is None or (not always and value == self.usual(store)):
            return None
        said = {True: "on", False: "off"}.get(value) if isinstance(value, bool) else str(value)
        if not said:
            return None
        try:
            self.read(said, store)
        except UnfitError:
            return None
        return said

    def take(self, text: str, store: IncidentStore) -> None:
        """Make the choice that an address says.

        Raises
        ------
        UnfitError
            It will not do.
        """
        st.session_state[self.key] = self.read(text, store)

    def reset(self) -> None:
        """Forget the choice, so that the page begins with the usual one."""
        st.session_state.pop(self.key, None)


class WindowLink:
    """The window, by its first and last day: an address says both or neither."""

    names: Final = ("from", "to")

    @staticmethod
    def text(store: IncidentStore, *, always: bool = False) -> dict[str, str]:
        """Return what an address says of the window; nothing for the usual one."""
        dates = st.session_state.get("dates") or ()
        first = next(iter(choices.named_windows(store)))
        if len(dates) != 2 or (not always and st.session_state.get("preset") == first):  # noqa: PLR2004 (a first and a last day)
            return {}
        return {"from": dates[0].isoformat(), "to": dates[1].isoformat()}

    @staticmethod
    def take(found: dict[str, str], store: IncidentStore) -> None:
        """Choose the window that an address says.

        Raises
        ------
        UnfitError
            A day is missing or no date, the last is before the first, or they lie outside the data.
        """
        try:
            first, last = (dt.date.fromisoformat(found[name]) for name in ("from", "to"))
        except (KeyError, ValueError) as error:
            msg = "needs a first and a last day, as in from=2026-01-01&to=2026-03-31"
            raise UnfitError(msg) from error
        if first > last:
            msg = "ends before it begins"
            raise UnfitError(msg)
        named = choices.named_windows(store)
        earliest = min(store.data_from, *(window.first for window in named.values()))
        if first < earliest or last > store.data_through:
            msg = (
                f"lies outside the data ({day_words(store.data_from)} to "
                f"{day_words(store.data_through)})"
            )
            raise UnfitError(msg)
        state = st.session_state
        state["dates"] = (first, last)
        state["preset"] = preset_of(Window(first, last), named)

    @staticmethod
    def reset() -> None:
        """Forget the window chosen."""
        for key in ("dates", "preset"):
            st.session_state.pop(key, None)


def _one_of(offered: Callable[[IncidentStore], Iterable[object]]) -> Callable[..., Any]:
    def read(text: str, store: IncidentStore) -> object:
        for value in offered(store):
            if str(value) == text:
                return value
        msg = "does not exist here"
        raise UnfitError(msg)

    return read


def _whole(least: int, most: int) -> Callable[..., int]:
    def read(text: str, store: IncidentStore) -> int:
        del store  # the same everywhere
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not least <= int(text) <= most:
            msg = f"is no whole number from {least} to {most:,}"
            raise UnfitError(msg)
        return int(text)

    return read


def _code(text: str, store: IncidentStore) -> str:
    del store  # whether there is such a one, the page says
    if not _CODE.fullmatch(text):
        msg = "is no name that this app gives"
        raise UnfitError(msg)
    return text


def _switch(text: str, store: IncidentStore) -> bool:
    del store  # the same everywhere
    if text not in {"on", "off"}:
        msg = "is neither on nor off"
        raise UnfitError(msg)
    return text == "on"


def _always(value: object) -> Callable[[IncidentStore], object]:
    return lambda _: value


def _violence(_store: IncidentStore) -> Iterable[str]:
    return answers.violence_profiles()


def _first_profile(store: IncidentStore) -> str:
    # what an address leaves out is what the page begins with
    return first_profile(store)[0]


def _areas(store: IncidentStore) -> list[str]:
    return [*sorted(store.study_areas()), EVER_INCIDENT]


def _analysis_profile(store: IncidentStore) -> str:
    # one of violence is every page's: the page takes it over itself
    return str(st.session_state.get("profile") or _first_profile(store))


class _Place(Link):
    """A place; whether it stands on the list is known once the list is, and said then."""

    def take(self, text: str, store: IncidentStore) -> None:
        st.session_state[self.key] = st.session_state[PLACE_ASKED] = self.read(text, store)

    def reset(self) -> None:
        for key in (self.key, PLACE_ASKED):
            st.session_state.pop(key, None)


class _AnalysisProfile(Link):
    """The Analysis page's profile, of either family; one of violence is every page's."""

    def take(self, text: str, store: IncidentStore) -> None:
        name = self.read(text, store)
        st.session_state[self.key] = name
        if answers.profiles()[name].family is Family.SERIOUS_VIOLENCE:
            st.session_state["profile"] = name

    def text(self, store: IncidentStore, *, always: bool = False) -> str | None:
        usual = st.session_state.get(self.key) == _first_profile(store)
        return None if usual and not always else super().text(store, always=True)


_LISTS: Final = ("tasking", "targets", "fairness")
_WINDOWED: Final = (*_LISTS, "analysis", "risk-terrain", "daily", "accuracy")
_RESOLUTIONS: Final = (0, 8, 9, 10)
_PARTS: Final = {
    "targets": ("places", "curve", "compared", "change", "schedule", "visits", "files"),
    "accuracy": ("answer", "rankings", "time", "places", "patrols", "files"),
    "risk-terrain": ("setup", "factors", "places", "what_if", "later", "tried", "files"),
}

PLACE_ASKED: Final = "area_asked"
"""Name in session state of the place that an address asked for."""
WINDOW: Final = WindowLink()
WINDOW_PAGES: Final = ("tasking", "targets", "fairness", "analysis", "risk-terrain")
LINKS: Final = (
    Link("profile", "the profile", "profile", (*_LISTS, "risk-terrain", "daily"),
         _one_of(_violence), _first_profile),
    _AnalysisProfile("profile", "the profile", "analysis_profile", ("analysis", "accuracy"),
                     _one_of(lambda _: answers.profiles()), _analysis_profile),
    Link("area", "the study area", "study_area", _WINDOWED, _one_of(_areas), _always(None)),
    Link("places", "the number of places", "places", (*_LISTS, "analysis"),
         _whole(1, _MOST_PLACES), lambda _: load_settings().places),
    Link("detail", "the size of cells", "detail", ("tasking", "targets"),
         _one_of(_always(_RESOLUTIONS)), _always(0)),
    Link("detail", "the size of cells", "resolution", ("analysis", "risk-terrain"),
         _one_of(_always(_RESOLUTIONS)), _always(0)),
    Link("rank", "what ranks the places", "rank_by", _LISTS,
         _one_of(_always(tuple(RANKED_WORDS))), _always(Measure.EXPECTED_HARM)),
    Link("weights", "the harm weights", "weights", (*_LISTS, "analysis", "risk-terrain"),
         _one_of(lambda _: harm_scheme_names()), _always("")),
    _Place("place", "the place", "area", ("tasking",), _code, _always(None)),
    Link("violence", "serious violence on the map", "show_violence", ("tasking",), _switch,
         _always(True)),  # noqa: FBT003 (what a check box holds)
    Link("disorder", "antisocial behaviour on the map", "show_disorder", ("tasking",), _switch,
         _always(True)),  # noqa: FBT003 (what a check box holds)
    Link("last", "the last period on the map", "show_last_period", ("tasking",), _switch,
         _always(False)),  # noqa: FBT003 (what a check box holds)
    Link("open", "all that is known of the place", "drawer_open", ("tasking",), _switch,
         _always(False)),  # noqa: FBT003 (what is open or not)
    Link("two-way", "the two-way map", "show_two_way", ("tasking",), _switch,
         _always(False)),  # noqa: FBT003 (what a check box holds)
    Link("shift", "the shift", "task_shift", ("tasking",),
         _one_of(lambda _: [one.name for one in load_shifts().shift]), _always("")),
    Link("day", "the day of the week", "task_day", ("tasking",), _whole(0, 6), _always(-1)),
    Link("question", "the question", "question", ("analysis",),
         _one_of(_always(tuple(one.name for one in QUESTIONS))), _always(QUESTIONS[0].name)),
    Link("measure", "the measure", "measure", ("analysis",),
         _one_of(_always(tuple(Measure))), _always(Measure.COUNT)),
    Link("ring", "the neighbourhood", "ring", ("analysis",), _whole(1, 3), _always(1)),
    Link("ahead", "the months that are scored", "accuracy_horizon", ("accuracy",),
         _one_of(_always((1, 3, 6))), _always(3)),
    Link("part", "the part of the page", "accuracy_part", ("accuracy",),
         _one_of(_always(_PARTS["accuracy"])), _always(_PARTS["accuracy"][0])),
    Link("part", "the part of the page", "list_part", ("targets",),
         _one_of(_always(_PARTS["targets"])), _always("places")),
    Link("by", "how many by", "list_by", ("targets",),
         _one_of(_always(("places", "hours", "share"))), _always("places")),
    Link("hours", "the hours", "list_hours", ("targets",), _whole(1, 100_000),
         lambda _: 20 * load_settings().period_days),
    Link("share", "the share of harm", "list_share", ("targets",), _whole(1, 100), _always(25)),
    Link("shift", "the shift", "list_shift", ("targets",),
         _one_of(lambda _: [one.name for one in load_shifts().shift]), _always("")),
    Link("part", "the part of the page", "risk_part", ("risk-terrain",),
         _one_of(_always(_PARTS["risk-terrain"])), _always("setup")),
    Link("operation", "the operation", "operation", ("evaluation",), _code, _always("")),
)  # fmt: skip


def links_of(address: str) -> tuple[Link, ...]:
    """Return what the address of a page can say beside its window."""
    return tuple(link for link in LINKS if address in link.pages)
