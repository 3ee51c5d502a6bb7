"""Method and limits, and the accessibility statement: pages that need no data."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from config.version import VERSION
from tests.views.conftest import words_of
from tests.views.people import Kept, claims


def run_method_page() -> None:
    from views.method import page as method  # noqa: PLC0415 (AppTest runs this function alone)

    method.page()


def run_accessibility_page() -> None:
    from views.accessibility import page  # noqa: PLC0415 (AppTest runs this function alone)

    page.page()


def test_every_role_may_read_how_it_is_made_without_any_store(
    by_oidc: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not by_oidc.facts
    monkeypatch.delenv("HARMHEX_STORE", raising=False)
    page = AppTest.from_function(run_method_page)
    page.user = claims("viewer")
    said = words_of(page.run())
    assert not page.exception
    assert "What it must not be used for" in said
    assert 'href="#part-limits"' in said
    assert VERSION in said
    # a viewer takes no file away
    assert not page.get("download_button")


def test_the_statement_can_be_read_and_taken_away() -> None:
    page = AppTest.from_function(run_accessibility_page).run()
    assert not page.exception
    said = words_of(page)
    assert "partially compliant" in said
    assert "Equality Advisory and Support Service" in said
    assert [one.label for one in page.get("download_button")] == ["This page as a file"]
