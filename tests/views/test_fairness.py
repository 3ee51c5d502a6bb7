"""The Fairness page, as a person meets it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from tests.views.conftest import words_of

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.incidents.store import IncidentStore


def run_fairness_page() -> None:
    from views import fairness  # noqa: PLC0415 (AppTest runs this function alone)

    fairness.page()


@pytest.mark.usefixtures("on_saltmere")
@pytest.mark.slow
def test_the_page_compares_and_says_what_it_cannot() -> None:
    page = AppTest.from_function(run_fairness_page, default_timeout=60).run()
    assert not page.exception
    said = words_of(page)
    assert "live under the 12 patrol areas" in said
    assert "most deprived tenth of areas make up" in said
    assert "Mixed or multiple ethnic groups" in said
    assert "no earlier list is given" in said
    assert "need not hold of anyone in it" in said
    # a form each as a page and as Markdown, and three tables
    assert len(page.get("download_button")) == 9
    # so many places that no tenth of the residents is too few to be shown
    page.number_input(key="places").set_value(60).run()
    assert "live under the 60 patrol areas" in words_of(page)
    assert "Something went wrong" not in words_of(page)
    page.number_input(key="places").set_value(0).run()
    assert "Places: 0 cannot be shown" in words_of(page)
    assert not page.exception


@pytest.mark.slow
def test_without_a_census_it_says_what_is_missing(
    saltmere_store: IncidentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(saltmere_store.path, tmp_path / "store")
    manifest = tmp_path / "store" / "store.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    for layer in ("census", "population"):
        del content["extras"][f"context/{layer}.geojson"]
    manifest.write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setenv("HARMHEX_STORE", str(tmp_path / "store"))
    page = AppTest.from_function(run_fairness_page, default_timeout=60).run()
    assert not page.exception
    said = words_of(page)
    assert "No population layer is loaded" in said
    assert "no census table with deciles is loaded" in said
    assert "no census table with groups is loaded" in said
