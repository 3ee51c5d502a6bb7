"""Every page of the app: its name, its stable address, who may open it, and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import streamlit as st

from config.access import Action
from views import access, fairness, frame
from views.accessibility import page as accessibility
from views.accuracy import page as accuracy
from views.adopted_run import page as adopted_run
from views.analysis import page as analysis
from views.daily import page as daily
from views.evaluation import page as evaluation
from views.loading import page as loading
from views.method import page as method
from views.overlays import page as overlays
from views.quality import page as quality
from views.register import page as register
from views.risk_terrain import page as risk_terrain
from views.settings import page as settings
from views.targets import page as targets
from views.tasking import page as tasking

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streamlit.navigation.page import StreamlitPage

_BAR: Final = ""
_ROOT: Final = "home"
_ADDRESS: Final = re.compile(r"[\w.~ -]{1,80}")
_ASKED: Final = "pages_asked"
_RECORDS: Final = "Data and records"
_TRUST: Final = "Checks and limits"


@dataclass(frozen=True, slots=True)
class Listed:
    """One page.

    Attributes
    ----------
    address
        The last part of its address, which bookmarks rely on: it never changes.
    group
        The menu it stands in; empty for the bar itself.
    shown
        Whether the navigation shows it; others are opened by a link.
    """

    title: str
    address: str
    action: Action
    draw: Callable[[], None]
    group: str = _BAR
    shown: bool = True


PAGES: Final = (
    Listed("Tasking", "tasking", Action.SEE_TASKING, tasking.page),
    Listed("Daily", "daily", Action.SEE_DAILY, daily.page),
    Listed("Targets", "targets", Action.SEE_TARGETS, targets.page),
    Listed("Evaluation", "evaluation", Action.SEE_EVALUATION, evaluation.page),
    Listed("Analysis", "analysis", Action.SEE_ANALYSIS, analysis.page),
    Listed("Risk terrain", "risk-terrain", Action.SEE_RISK_TERRAIN, risk_terrain.page),
    Listed("Overlays", "overlays", Action.SEE_OVERLAYS, overlays.page),
    Listed("Data and quality", "data", Action.SEE_QUALITY, quality.page, _RECORDS),
    Listed("Load data", "load", Action.LOAD_DATA, loading.page, _RECORDS),
    Listed("Register", "register", Action.SEE_REGISTER, register.page, _RECORDS),
    Listed("Accuracy", "accuracy", Action.SEE_ACCURACY, accuracy.page, _TRUST),
    Listed("Fairness", "fairness", Action.SEE_FAIRNESS, fairness.page, _TRUST),
    Listed("Method and limits", "method", Action.SEE_METHOD, method.page, _TRUST),
    Listed(
        "Accessibility statement", "accessibility", Action.SEE_METHOD, accessibility.page, _TRUST
    ),
    Listed("Settings", "settings", Action.SEE_SETTINGS, settings.page, _RECORDS),
    Listed("Adopted run", "run", Action.SEE_TASKING, adopted_run.page, shown=False),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """The page that is open, and those that whoever is asking may open, by address."""

    listed: Listed
    page: StreamlitPage
    pages: Mapping[str, StreamlitPage]


def navigate() -> Opened:
    """Draw the navigation of whoever is asking, and return which page is open."""
    offered = {
        one.address: st.Page(
            one.draw,
            title=one.title,
            # Streamlit answers the first page at the root alone: its own address is a page beside
            url_path=_ROOT if one is PAGES[0] else one.address,
            default=one is PAGES[0],
            visibility="visible" if one.shown else "hidden",
        )
        for one in PAGES
    }
    first = PAGES[0]
    again = st.Page(first.draw, title=first.title, url_path=first.address, visibility="hidden")
    beside = [(first.action, again)]
    allowed = access.pages([(one.action, offered[one.address]) for one in PAGES] + beside)
    listed = {one: offered[one.address] for one in PAGES if offered[one.address] in allowed}
    groups: dict[str, list[StreamlitPage]] = {}
    for one, made in listed.items():
        groups.setdefault(one.group, []).append(made)
    if again in allowed:
        groups[_BAR].append(again)
    elsewhere = [
        _hidden(one.title, one.address, _refusal(one.action)) for one in PAGES if one not in listed
    ]
    if unknown := _unknown_address():
        elsewhere.append(_hidden("No such page", unknown, _say_unknown))
    groups.setdefault(_BAR, []).extend(elsewhere)
    page = st.navigation(groups, position="top")
    # a page that is not there has no address of ours: nothing on it can be chosen or linked to
    usual = replace(first, address="") if page in elsewhere else first
    opened = next((one for one, made in listed.items() if made == page), usual)
    return Opened(opened, page, {one.address: made for one, made in listed.items()})


def _hidden(title: str, address: str, draw: Callable[[], None]) -> StreamlitPage:
    return st.Page(draw, title=title, url_path=address, visibility="hidden")


def _refusal(action: Action) -> Callable[[], None]:
    """Return a page that says, and records, that whoever is asking may not open this one."""

    def refused() -> None:
        with frame.plain_errors():
            access.require(action)

    return refused


def _unknown_address() -> str:
    """Return the last part of the address that the browser came to, where no page has it.

    Streamlit answers it with a box of its own over the first page unless a page has that address.
    """
    asked = st.session_state.get(_ASKED)
    if asked is None:
        # once: later Streamlit puts the address together from the pages that it knows
        asked = unquote(urlsplit(st.context.url or "").path).rstrip("/").rpartition("/")[2]
        st.session_state[_ASKED] = asked
    base = str(st.get_option("server.baseUrlPath") or "").rstrip("/").rpartition("/")[2]
    known = {"", base, _ROOT, *(one.address for one in PAGES)}
    return "" if asked in known or not _ADDRESS.fullmatch(asked) else str(asked)


def _say_unknown() -> None:
    frame.say("There is no page at this address. Choose one above.", kind="plain")
