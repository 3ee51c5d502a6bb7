"""Risk terrains worked out beside the page, step by step with Cancel, and kept between clicks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from config.risk_terrain import load_risk_rules
from config.settings import load_settings
from layers.risk.files import risk_files
from spatial.risk_report import risk_terrain
from views import waiting
from views.risk_terrain.factors import laid_out

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.risk_results import RiskRequest, RiskResult
    from views.risk_terrain.factors import ChosenFactors
    from views.workroom import Steps


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked, as they chose it.

    Attributes
    ----------
    request
        Without files.
    factors
        The files, and how their kinds are read.
    """

    request: RiskRequest
    factors: ChosenFactors

    def key(self, store: IncidentStore) -> str:
        """Return what the answer depends on: data, configuration, request, factor layers."""
        parts = (
            store.fingerprint,
            store.extras_fingerprint,
            load_risk_rules().model_dump_json(),
            load_settings().model_dump_json(),
            repr(self.request),
            self.factors.key,
        )
        words = "\n".join(parts)
        return f"risk {hashlib.sha256(words.encode()).hexdigest()}"


def answer(store: IncidentStore, asked: Asked) -> RiskResult:
    """Return what somebody asked, kept or worked out now, with what is being done and Cancel.

    Raises
    ------
    views.waiting.NotYetError
        Whoever asks stopped it; nothing is kept of it then.
    BadInputError
        See :func:`spatial.risk_report.risk_terrain`.
    """

    def work(steps: Steps) -> RiskResult:
        with laid_out(asked.factors.files) as paths:
            request = replace(asked.request, factors=paths, type_columns=asked.factors.type_columns)
            return risk_terrain(store, request, progress=steps.progress)

    return waiting.answer(asked.key(store), work, doing="Working out the risk terrain")


@st.cache_data(show_spinner=False, max_entries=6)
def files_of(run_id: str, *, _result: RiskResult) -> dict[str, bytes]:
    """Return the files of a risk terrain, as ``harmhex risk-terrain`` writes them."""
    del run_id  # part of the key only
    return risk_files(_result)
