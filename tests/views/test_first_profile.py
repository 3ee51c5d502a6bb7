"""The profile that a store is opened on, and why it is another than the preferred one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from spatial.incidents.load import load_incidents
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import police_uk, written
from tests.views.conftest import run_tasking_page, words_of
from views import answers
from views.first_profile import PREFERENCE, first_profile, no_violence

if TYPE_CHECKING:
    from pathlib import Path


def run_boxes() -> None:
    import streamlit as st  # noqa: PLC0415 (AppTest runs this function alone)

    from views import answers, choices  # noqa: PLC0415 (likewise)

    store = answers.open_store()
    choices.begin(store)
    st.write(choices.profile_box(store))


def of_months(folder: Path, *kinds: str) -> IncidentStore:
    rows = [{"Crime type": kind, "Crime ID": f"{at:064}"} for at, kind in enumerate(kinds)]
    file = written(folder / "street.csv", police_uk(*rows))
    load_incidents([file], folder / "store", today=dt.date(2026, 1, 1))
    return IncidentStore.open(folder / "store")


def test_every_profile_of_violence_has_its_place() -> None:
    assert set(PREFERENCE) == set(answers.violence_profiles())


def test_the_sample_town_begins_with_the_preferred_one(saltmere_store: IncidentStore) -> None:
    assert first_profile(saltmere_store) == ("ark", "")


def test_open_data_begin_with_what_they_can_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = of_months(tmp_path, "Violence and sexual offences", "Robbery", "Robbery")
    name, why = first_profile(store)
    assert name == "violence_proxy"
    assert why == (
        "Community harm (Ark) cannot be told from these data: 2 incidents of the last 12 months "
        "may be, but what tells was not recorded (domestic, public place). Shown in its place: "
        "Violence proxy (open data)."
    )
    monkeypatch.setenv("HARMHEX_STORE", str(store.path))
    page = AppTest.from_function(run_boxes, default_timeout=30).run()
    assert not page.exception
    assert [one.value for one in page.markdown] == ["violence_proxy"]
    assert why in words_of(page)
    # whoever chose another profile needs no reason
    page.selectbox(key="profile").select("robbery").run()
    assert [one.value for one in page.markdown] == ["robbery"]
    assert "cannot be told" not in words_of(page)


def test_a_store_without_violence_stays_with_the_preferred_one(tmp_path: Path) -> None:
    assert first_profile(of_months(tmp_path, "Burglary")) == ("ark", "")


def test_where_nothing_could_be_one_that_is_said(tmp_path: Path) -> None:
    name, why = first_profile(of_months(tmp_path, "Violence and sexual offences"))
    assert name == "violence_proxy"
    assert why.startswith("No incident of Community harm (Ark) is in the last 12 months")


def test_a_store_of_antisocial_behaviour_alone_says_so_and_where_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = of_months(tmp_path, "Anti-social behaviour", "Anti-social behaviour", "Burglary")
    said = no_violence(store)
    assert said.startswith("These data hold no serious violence")
    assert "2 incidents of antisocial behaviour" in said
    assert "page Analysis, profile Antisocial behaviour" in said
    assert not no_violence(of_months(tmp_path / "b", "Anti-social behaviour", "Robbery"))
    assert not no_violence(of_months(tmp_path / "c", "Burglary"))
    monkeypatch.setenv("HARMHEX_STORE", str(store.path))
    for run in (run_tasking_page, run_daily_page):
        page = AppTest.from_function(run, default_timeout=30).run()
        assert not page.exception
        assert said in words_of(page)
        assert "No incident of profile" not in words_of(page)


def run_daily_page() -> None:
    from views.daily import page as daily  # noqa: PLC0415 (AppTest runs this function alone)

    daily.page()
