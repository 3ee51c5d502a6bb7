from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from config.access import Role
from layers.partners.near import LABEL
from tests.views.conftest import APP, deck_of, words_of
from tests.views.people import Kept, claims, places_of

if TYPE_CHECKING:
    from spatial.partners.standing import StandingStore
    from spatial.partners.store import PartnerStore


def has_choice(page: AppTest) -> bool:
    return any(box.key == "partner" for box in page.selectbox)


def test_a_store_without_partners_offers_none(tasking_page: AppTest) -> None:
    assert not tasking_page.exception
    assert not has_choice(tasking_page)


def test_one_layer_at_a_time_with_its_own_legend(
    partner_store: PartnerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMHEX_STORE", str(partner_store.path))
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert not page.exception
    assert page.selectbox(key="partner").options == [
        "None", "Ambulance call-outs to assaults", "Emergency department: assaults",
        "Deaths by violence",
    ]  # fmt: skip
    assert "partner-diamonds" not in deck_of(page)
    before = words_of(page)

    page.selectbox(key="partner").select("ambulance service").run()
    assert not page.exception
    assert deck_of(page)["partner-diamonds"]["data"]
    assert "confidence medium" in words_of(page)
    # the answer itself has not changed; what earlier lists held is told when it is known
    box = '<div class="hx-box'
    first = before.split(box)[1]
    assert "12 places hold" in first
    assert words_of(page).split(box)[1] == first

    page.selectbox(key="partner").select("register of deaths").run()
    assert not page.exception
    assert deck_of(page)["partner-diamonds"]["data"] == []
    assert "no cell has 3 or more in this window" in words_of(page)
    assert "call-outs" not in words_of(page)


def test_a_source_that_is_gone_is_no_longer_chosen(
    partner_store: PartnerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMHEX_STORE", str(partner_store.path))
    page = AppTest.from_file(APP, default_timeout=60)
    page.session_state["partner"] = "fire brigade"
    page.run()
    assert not page.exception
    assert page.selectbox(key="partner").value == ""


def test_premises_and_beats_lie_on_the_map_like_the_others(
    standing_store: StandingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMHEX_STORE", str(standing_store.path))
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert not page.exception
    assert page.selectbox(key="partner").options[-2:] == [
        "Licensed premises", "Safeguarding concerns by beat",
    ]  # fmt: skip
    for source, letters, said in (
        ("licensing register", {"L"}, "Where the register is thin, it looks quiet"),
        ("safeguarding partnership", {"S2", "S3"}, "No mark: fewer than 3, kept back"),
    ):
        page.selectbox(key="partner").select(source).run()
        assert not page.exception
        drawn = deck_of(page)["partner-diamonds"]["data"]
        assert {row["letter"] for row in drawn} == letters
        assert said in words_of(page)
        assert "Not in police figures" in words_of(page)
    # beats are drawn over whatever window and place: their period is said
    assert "1 Aug 2026 to 31 Oct 2026" in words_of(page)


def test_what_is_near_a_place_is_in_its_details_and_changes_nothing_else(
    standing_store: StandingStore, tasking_page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = places_of(tasking_page)
    monkeypatch.setenv("HARMHEX_STORE", str(standing_store.path))
    rows = places_of(AppTest.from_file(APP, default_timeout=60).run())
    near = [dict(row["details"]).get(LABEL, "") for row in rows]
    assert all(re.search(r"ambulance service (\d+|fewer than 3); ", line) for line in near)
    assert any(re.search(r"licensed premises \d+$", line) for line in near)
    # same places, ids, ranks and numbers: the run's own
    for row, before in zip(rows, plain, strict=True):
        row["details"] = [pair for pair in row["details"] if pair[0] != LABEL]
        assert row == before


def test_a_viewer_sees_neither_layer_nor_what_is_near(
    by_oidc: Kept, standing_store: StandingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMHEX_STORE", str(standing_store.path))
    for role, sees in ((Role.ANALYST, True), (Role.VIEWER, False)):
        page = AppTest.from_file(APP, default_timeout=60)
        page.user = claims(role)
        page.session_state["partner"] = "safeguarding partnership"
        page.run()
        assert not page.exception
        assert ("Safeguarding" in words_of(page)) is sees
        assert ("partner-diamonds" in deck_of(page)) is sees
        assert any(LABEL in dict(row["details"]) for row in places_of(page)) is sees
    assert by_oidc.facts
