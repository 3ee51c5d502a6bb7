"""The sergeant's journey: the pack of one team on paper, and a map that partners may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser.watched import WAIT, carried, settled

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.watched import Watched

pytestmark = pytest.mark.browser

# places of the list lie in it
TEAM = "Pier and Old Town"


def test_from_the_list_to_a_teams_pack_and_a_map_for_partners(
    browser: Browser, laptop: Watched, app_address: str, tmp_path: Path
) -> None:
    page = laptop.page
    page.goto(f"{app_address}/targets?places=6")
    expect(page.get_by_text("officer-hours").first).to_be_visible(timeout=WAIT)
    page.get_by_text("Adopt and files", exact=True).first.click()
    page.get_by_role("button", name="Write the files").click(timeout=WAIT)
    _choose(page, "What", "A team's pack")
    _choose(page, "Team", TEAM)
    page.get_by_role("button", name="Print", exact=True).click(timeout=WAIT)
    with pypdfium2.PdfDocument(carried(page, "Download the PDF", tmp_path)) as document:
        said = " ".join(one.get_textpage().get_text_bounded() for one in document)
    assert "OFFICIAL-SENSITIVE" in said
    assert TEAM in " ".join(said.split())
    _choose(page, "What", "A map for partners (opens offline)")
    page.get_by_role("button", name="Print", exact=True).click(timeout=WAIT)
    handed_out = carried(page, "Download the HTML", tmp_path)
    laptop.clean()
    _opens_alone(browser, handed_out)


def _choose(page: Page, box: str, what: str) -> None:
    page.get_by_role("combobox", name=box, exact=True).click(timeout=WAIT)
    page.get_by_role("option", name=what, exact=True).click()
    settled(page)


def _opens_alone(browser: Browser, file: Path) -> None:
    """Open the hand-out with no network: the map itself is drawn, and asks nobody for anything."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(file.as_uri())
    # rings of the areas, and a number on each
    page.wait_for_selector(".hx-rank")
    assert page.locator(".hx-rank").all_inner_texts() == [str(rank) for rank in range(1, 7)]
    assert page.locator(".leaflet-overlay-pane path").count() >= 6
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(300)
    assert asked == [file.as_uri()]
    assert wrong == []
    context.close()
