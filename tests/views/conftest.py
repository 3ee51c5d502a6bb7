from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore

APP = str(Path(__file__).resolve().parents[2] / "app.py")


def run_quality_page() -> None:
    from views import frame, quality  # noqa: PLC0415 (AppTest runs this function alone)

    frame.dress()
    quality.page()


def run_tasking_page() -> None:
    from views import tasking  # noqa: PLC0415 (AppTest runs this function alone)

    tasking.page()


@pytest.fixture
def on_saltmere(saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch) -> str:
    """The app as it is started on the sample town: returns the store it is given."""
    monkeypatch.setenv("HARMHEX_STORE", str(saltmere_store.path))
    return os.environ["HARMHEX_STORE"]


@pytest.fixture
def tasking_page(on_saltmere: str) -> AppTest:
    assert on_saltmere
    return AppTest.from_file(APP, default_timeout=60).run()


def words_of(page: AppTest) -> str:
    """Everything the page says in our own HTML."""
    return "\n".join(element.body for element in page.html)


def deck_of(page: AppTest) -> dict[str, Any]:
    """The map's layers by name, as the browser gets them."""
    document = json.loads(page.get("deck_gl_json_chart")[0].proto.json)
    return {layer["id"]: layer for layer in document["layers"][0]}
