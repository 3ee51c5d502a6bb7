from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from tests.views.conftest import run_quality_page, words_of

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore


@pytest.fixture
def quality_page(on_saltmere: str) -> AppTest:
    assert on_saltmere
    return AppTest.from_function(run_quality_page, default_timeout=60).run()


def test_the_page_balances(quality_page: AppTest, saltmere_store: IncidentStore) -> None:
    assert not quality_page.exception
    (load,) = saltmere_store.loads
    assert load.read == load.stored + load.rejected + load.duplicates
    sentence = (
        f"{load.read:,} rows read = {load.stored:,} stored + {load.rejected:,} rejected + "
        f"{load.duplicates:,} duplicates"
    )
    assert sentence in words_of(quality_page)


def test_every_note_of_the_load_is_shown(
    quality_page: AppTest, saltmere_store: IncidentStore
) -> None:
    said = words_of(quality_page)
    assert said.count("<li>") == sum(len(load.notes) for load in saltmere_store.loads)


def test_the_tables_say_what_can_be_trusted(quality_page: AppTest) -> None:
    heads = words_of(quality_page)
    for title in (
        "Incidents by month", "Loads", "Rejected rows", "Completeness", "Flags not recorded",
        "Codes in no list", "Codes without a harm weight", "Pile-ups on one point",
        "Records that contradict themselves",
    ):  # fmt: skip
        assert title in heads
    completeness = next(
        table.value for table in quality_page.dataframe if "field" in table.value.columns
    )
    assert completeness["share"].between(0, 100).all()
    assert "Public place" in set(completeness["field"])
    odd = next(table.value for table in quality_page.dataframe if "miscoding" in table.value)
    assert "antisocial behaviour marked domestic" in set(odd["miscoding"])
    assert (odd["incidents"] > 0).all()


def test_the_banner_heads_the_page(quality_page: AppTest) -> None:
    said = words_of(quality_page)
    assert "Data quality: read with care" in said
    assert said.index("hx-banner") < said.index("rows read =")


def test_what_was_planted_is_shown(quality_page: AppTest) -> None:
    said = words_of(quality_page)
    for title in (
        "Months missing or thin", "Changes in the use of flags", "Data to, by source",
        "Completeness by month",
    ):  # fmt: skip
        assert title in said
    assert "From Sep 2024 to Oct 2024 domestic is recorded for 72% of offences" in said
    assert "Worst gap: domestic in Sep 2024" in said
    assert "hx-fallen" in said


def test_rejected_rows_can_be_taken_away(quality_page: AppTest) -> None:
    labels = [button.label for button in quality_page.get("download_button")]
    assert any(label.startswith("Rejected rows of load") for label in labels)


def test_no_store_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARMHEX_STORE", raising=False)
    page = AppTest.from_function(run_quality_page).run()
    assert not page.exception
    assert "No incident store is open" in words_of(page)
