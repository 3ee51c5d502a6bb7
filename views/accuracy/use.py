"""Use what the backtest recommends: the measure and window of the other pages, in one click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.profile import Family, Measure
from layers.accuracy.words import ranked_by_words
from layers.wording import RANKED_WORDS
from spatial.window import Window, year_to
from views import choices, frame
from views.windows import preset_of

if TYPE_CHECKING:
    from spatial.accuracy.recommendation import Recommendation
    from spatial.backtest_results import BacktestResult
    from spatial.incidents.store import IncidentStore

_SAID: Final = "accuracy_used"
_YEAR, _QUARTER = 12, 3


def offer(store: IncidentStore, result: BacktestResult) -> None:
    """Offer to rank the other pages' lists as the backtest recommends.

    Where there is no real difference that is last year's count, the plainest. Antisocial behaviour
    is ranked by its count in any case.
    """
    found = result.recommendation
    if found is None or result.profile.family is not Family.SERIOUS_VIOLENCE:
        return
    plain = not found.real_difference
    measure = Measure.COUNT if plain else Measure(found.measure)
    window = _window(store, _YEAR if plain else found.window_months)
    named = "the count of the last 12 months" if plain else _lowered(found)
    with st.container(key="accuracy_use", horizontal=True, vertical_alignment="center"):
        st.button(
            f"Use {named}",
            key="accuracy_use_it",
            on_click=_take,
            args=(store, result.profile.name, measure, window),
            help=f"The other pages then rank by {RANKED_WORDS[measure].lower()} over "
            f"{window.words}.",
        )
        if said := st.session_state.pop(_SAID, ""):
            st.html(f'<p class="hx-words" role="status"><b>{said}</b></p>')


def _lowered(found: Recommendation) -> str:
    words = ranked_by_words(found)
    return words[:1].lower() + words[1:]


def _window(store: IncidentStore, months: int | None) -> Window:
    last = store.data_through
    year = year_to(last)
    if months is None:
        return Window(store.data_from, last)
    if months == _QUARTER:
        return choices.named_windows(store)["Last 3 months"]
    return year if months == _YEAR else Window(year.before().first, last)


@frame.fenced
def _take(store: IncidentStore, profile: str, measure: Measure, window: Window) -> None:
    state = st.session_state
    state["profile"], state["rank_by"] = profile, measure
    state["dates"] = (window.first, window.last)
    state["preset"] = preset_of(window, choices.named_windows(store))
    state[_SAID] = (
        f"Tasking and Targets now rank by {RANKED_WORDS[measure].lower()} over {window.words}."
    )
