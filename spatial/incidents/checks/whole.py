"""The whole store: what is found in it whatever is asked, worked out once for its content."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from config.settings import load_settings
from spatial.incidents.checks.months import month_gaps
from spatial.incidents.checks.reach import reach
from spatial.incidents.checks.recording import flag_changes

if TYPE_CHECKING:
    import pandas as pd

    from spatial.incidents.store import IncidentStore


@dataclass(frozen=True, slots=True, eq=False)
class WholeStore:
    """Tables of one store, read by every banner; nobody may write to them.

    Attributes
    ----------
    spans
        See :func:`spatial.incidents.checks.reach.reach`.
    gaps
        See :func:`spatial.incidents.checks.months.month_gaps`.
    changes
        See :func:`spatial.incidents.checks.recording.flag_changes`.
    """

    spans: pd.DataFrame
    gaps: pd.DataFrame
    changes: pd.DataFrame


def whole_store(store: IncidentStore) -> WholeStore:
    """Return what is found in a whole store, kept by its content and the rules in force."""
    if not store.loads:
        # nothing says what such a store holds
        return _look(store)
    rules = load_settings().quality.model_dump_json()
    return _found(_Content(store.fingerprint, rules, store))


@dataclass(frozen=True, slots=True)
class _Content:
    """A store by its incidents, and the rules they are judged by: opened again, it is the same."""

    incidents: str
    rules: str
    store: IncidentStore = field(compare=False)


@lru_cache(maxsize=8)
def _found(content: _Content) -> WholeStore:
    return _look(content.store)


def _look(store: IncidentStore) -> WholeStore:
    return WholeStore(reach(store), month_gaps(store), flag_changes(store))
