"""What is tried beside the usual rankings: the risk terrain that was worked out on its own page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from spatial.backtest import backtest
from spatial.backtest_risk import risk_rivals
from views import access
from views.risk_terrain.answers import Asked
from views.risk_terrain.factors import laid_out
from views.risk_terrain.setup import RUN

if TYPE_CHECKING:
    from collections.abc import Callable

    from spatial.backtest_results import BacktestRequest, BacktestResult
    from spatial.incidents.store import IncidentStore
    from views.accuracy.patrolled import LeftOut
    from views.workroom import Steps

KEY: Final = "accuracy_risk"


def box() -> None:
    """Offer to try a risk terrain too, where one was worked out on its own page."""
    if _asked() is not None:
        st.checkbox(
            "Risk terrain too",
            key=KEY,
            help="The kinds of places and distances last chosen on the Risk terrain page, fitted "
            "anew on the months before the first list.",
        )


def key(store: IncidentStore) -> str:
    """Tell one choice from another."""
    asked = _chosen()
    return "" if asked is None else asked.key(store)


def work(
    store: IncidentStore, request: BacktestRequest, left_out: LeftOut
) -> Callable[[Steps], BacktestResult]:
    """Return the work of a backtest with what is chosen now: it may not ask the page later."""
    asked = _chosen()

    def run(steps: Steps) -> BacktestResult:
        patrolled = left_out.read()
        if asked is None:
            return backtest(store, request, patrolled=patrolled, progress=steps)
        with laid_out(asked.factors.files) as paths:
            model = replace(asked.request, factors=paths, type_columns=asked.factors.type_columns)
            fitted = risk_rivals(store, request, model, progress=steps)
        return backtest(store, request, fitted_once=fitted, patrolled=patrolled, progress=steps)

    return run


def _chosen() -> Asked | None:
    return _asked() if st.session_state.get(KEY) else None


def _asked() -> Asked | None:
    if not access.may(Action.SEE_RISK_TERRAIN):
        return None
    _, asked = st.session_state.get(RUN, ("", None))
    return asked if isinstance(asked, Asked) else None
