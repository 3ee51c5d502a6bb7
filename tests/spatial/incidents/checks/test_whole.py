"""The whole store: looked at once for its content, and never for another's or by other rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from config.settings import load_settings
from spatial.incidents.checks import whole
from spatial.incidents.checks.months import month_gaps
from spatial.incidents.checks.whole import whole_store
from spatial.incidents.store import IncidentStore

if TYPE_CHECKING:
    import pytest


def test_a_store_opened_again_is_not_looked_at_again(saltmere_store: IncidentStore) -> None:
    found = whole_store(saltmere_store)
    assert whole_store(IncidentStore.open(saltmere_store.path)) is found
    assert found.gaps.equals(month_gaps(saltmere_store))


def test_other_incidents_or_other_rules_are_looked_at_for_themselves(
    saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = whole_store(saltmere_store)
    loads = tuple(replace(load, rows_digest="others") for load in saltmere_store.loads)
    other = replace(saltmere_store, loads=loads)
    assert other.fingerprint != saltmere_store.fingerprint
    assert whole_store(other) is not found
    settings = load_settings()
    stricter = settings.quality.model_copy(update={"thin_month": 0.99})
    changed = settings.model_copy(update={"quality": stricter})
    monkeypatch.setattr(whole, "load_settings", lambda: changed)
    assert whole_store(saltmere_store) is not found


def test_a_store_that_does_not_say_what_it_holds_is_looked_at_each_time(
    saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[IncidentStore] = []
    monkeypatch.setattr(whole, "_look", looked.append)
    nameless = replace(saltmere_store, loads=())
    whole_store(nameless)
    whole_store(nameless)
    assert len(looked) == 2
