from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from tests.views.conftest import APP, deck_of, words_of

if TYPE_CHECKING:
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
    # the answer itself has not changed
    strip = 'class="hx-strip"'
    assert words_of(page).split(strip)[1][:400] == before.split(strip)[1][:400]

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
