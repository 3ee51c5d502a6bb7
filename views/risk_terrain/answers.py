"""Risk terrains kept between clicks: worked out with progress and a stop, then shared."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.risk_terrain import load_risk_rules
from config.settings import load_settings
from layers.risk.files import risk_files
from spatial.risk_report import risk_terrain
from spatial.risk_terrain.progress import Progress
from views.risk_terrain.factors import laid_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from spatial.incidents.store import IncidentStore
    from spatial.risk_results import RiskRequest, RiskResult
    from views.risk_terrain.factors import ChosenFactors

_MOST: Final = 6


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
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(slots=True)
class _Kept:
    results: OrderedDict[str, RiskResult] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)


def kept(key: str) -> RiskResult | None:
    """Return the answer of a key; None where nobody worked it out, or it was let go since."""
    held = _held()
    with held.lock:
        if key in held.results:
            held.results.move_to_end(key)
        return held.results.get(key)


def work_out(store: IncidentStore, asked: Asked, tell: Callable[[str, float], None]) -> str:
    """Work out a risk terrain and keep it; return its key.

    Parameters
    ----------
    tell
        Draws how far it is. Streamlit ends a run that draws once its page was left, or anything on
        it was clicked: that is what stops the work. Nothing is kept of it then.

    Raises
    ------
    BadInputError
        See :func:`spatial.risk_report.risk_terrain`.
    """
    key = asked.key(store)
    if kept(key) is None:
        with laid_out(asked.factors.files) as paths:
            request = replace(asked.request, factors=paths, type_columns=asked.factors.type_columns)
            result = risk_terrain(store, request, progress=Progress(tell=tell))
        held = _held()
        with held.lock:
            held.results[key] = result
            while len(held.results) > _MOST:
                held.results.popitem(last=False)
    return key


@st.cache_data(show_spinner=False, max_entries=6)
def files_of(run_id: str, *, _result: RiskResult) -> dict[str, bytes]:
    """Return the files of a risk terrain, as ``harmhex risk-terrain`` writes them."""
    del run_id  # part of the key only
    return risk_files(_result)


@st.cache_resource(show_spinner=False)
def _held() -> _Kept:
    return _Kept()
