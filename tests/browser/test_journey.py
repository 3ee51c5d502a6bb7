"""The main journey: open, look, switch a layer, choose a place, carry the list away."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Download, Page

pytestmark = pytest.mark.browser

WALL = {"width": 1920, "height": 1080}
# Streamlit looks for its own files beside the page's address before it looks at the root
_HARMLESS = ("Failed to load resource: the server responded with a status of 404",)


class Watched:
    """A page, and everything it asked for or complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type == "error" and not message.text.startswith(_HARMLESS)
                else None
            ),
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"data", "blob"}:
            self.hosts.add(parts.hostname or address)


@pytest.fixture
def watched(browser: Browser, app_address: str) -> Iterator[Watched]:
    context = browser.new_context(viewport=WALL, accept_downloads=True, locale="en-GB")
    watched = Watched(context.new_page())
    watched.page.goto(app_address)
    expect(watched.page.locator(".st-key-map canvas").first).to_be_visible(timeout=60_000)
    expect(watched.page.get_by_role("option").first).to_be_visible(timeout=60_000)
    yield watched
    context.close()


def test_open_toggle_select_download_and_nothing_leaves_the_machine(
    watched: Watched, tmp_path: Path
) -> None:
    page = watched.page
    legend = page.locator(".hx-legend")
    expect(page.get_by_role("option")).to_have_count(12)
    expect(legend).to_contain_text("hot spot of antisocial behaviour")

    page.get_by_text("Antisocial behaviour", exact=True).click()
    expect(legend).not_to_contain_text("hot spot of antisocial behaviour")

    second = page.get_by_role("option").nth(1)
    name = second.locator(".name").inner_text()
    second.click()
    expect(second).to_have_attribute("aria-selected", "true")
    expect(second.get_by_text("Grid reference")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").nth(2)).to_have_attribute("aria-selected", "true")

    rows = list(csv.DictReader(io.StringIO(_text_of(_download(page, "CSV")).lstrip("\ufeff"))))
    assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, 13)]
    assert rows[1]["name"] == name
    assert {row["marking"] for row in rows} == {"OFFICIAL-SENSITIVE"}
    geojson = json.loads(_text_of(_download(page, "GeoJSON")))
    assert [item["properties"]["name"] for item in geojson["features"]] == [
        row["name"] for row in rows
    ]

    page.screenshot(path=tmp_path / "tasking.png")
    assert watched.hosts == {"127.0.0.1"}
    assert watched.complaints == []


def test_the_tasking_page_fits_a_wall_screen_and_a_laptop(watched: Watched) -> None:
    page = watched.page
    for size in (WALL, {"width": 1366, "height": 768}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.wait_for_timeout(500)
        over = page.evaluate(
            "(() => { const main = document.querySelector('[data-testid=stMain]');"
            " return [main.scrollHeight - main.clientHeight,"
            " document.documentElement.scrollWidth - window.innerWidth]; })()"
        )
        assert over == [0, 0], size
        for words in ("Where to patrol", "How this was made"):
            box = page.get_by_text(words).first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= size["height"]


def test_notes_are_one_click_behind_and_the_second_page_balances(watched: Watched) -> None:
    page = watched.page
    page.get_by_role("button", name="How this was made").click()
    expect(page.get_by_text("Choices made on the way")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Places", exact=True).fill("5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(5)
    page.get_by_role("link", name="Data and quality").click()
    expect(page.get_by_text("nothing is lost silently")).to_be_visible()
    expect(page.get_by_text("Pile-ups on one point")).to_be_visible()
    page.get_by_role("link", name="Tasking").click()
    # what was chosen is still chosen
    expect(page.get_by_role("option")).to_have_count(5)
    assert watched.hosts == {"127.0.0.1"}
    assert watched.complaints == []


def _download(page: Page, label: str) -> Download:
    with page.expect_download(timeout=30_000) as waiting:
        page.get_by_role("button", name=label, exact=True).click()
    return waiting.value


def _text_of(download: Download) -> str:
    path = download.path()
    return path.read_text(encoding="utf-8")


def test_a_list_is_built_tried_and_scheduled_on_the_targets_page(watched: Watched) -> None:
    page = watched.page
    page.get_by_role("link", name="Targets").click()
    expect(page.locator(".st-key-targets_map canvas").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("officer-hours").first).to_be_visible()
    page.get_by_text("Change", exact=True).first.click()
    page.get_by_label("Reason").fill("Private grounds")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Show what it changes").click()
    expect(page.get_by_text("not kept yet")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Gives up")).to_be_visible()
    page.get_by_role("button", name="Leave it").click()
    expect(page.get_by_text("not kept yet")).to_have_count(0)
    page.get_by_text("Schedule", exact=True).first.click()
    page.get_by_role("button", name="Make the schedule").click()
    expect(page.get_by_text("told from chance")).to_be_visible(timeout=60_000)
    calendar = _text_of(_download(page, "iCalendar"))
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert watched.hosts == {"127.0.0.1"}
    assert watched.complaints == []
