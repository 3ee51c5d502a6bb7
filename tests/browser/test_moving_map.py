"""The map over time in a real browser: by keyboard, with less motion asked for, and offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

NEWEST = "1 Nov 2025 to 31 Oct 2026"
BEFORE = "1 Oct 2025 to 30 Sep 2026"
# what would move or fade for longer than an eye can see
_MOVING = """() => [...document.querySelectorAll('*')].filter((node) => {
  const { transitionDuration: turns, animationDuration: plays } = getComputedStyle(node);
  return `${turns},${plays}`.split(',').some((seconds) => parseFloat(seconds) > 0.001);
}).map((node) => node.outerHTML.slice(0, 80))"""


def test_the_months_are_stepped_through_by_keyboard(browser: Browser, app_address: str) -> None:
    page = browser.new_page(
        viewport={"width": 1366, "height": 768}, reduced_motion="reduce", locale="en-GB"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(app_address)
    page.locator(".st-key-show_panel button").first.click(timeout=60_000)
    page.locator(".st-key-show_over_time label").first.click()
    page.keyboard.press("Escape")
    said = page.locator(".said b")
    expect(said).to_contain_text(NEWEST, timeout=60_000)
    expect(said).to_contain_text("(blue fill)")
    expect(page.locator('tr[aria-current="true"]')).to_contain_text(NEWEST)
    # the device asks for less motion: nothing plays, and the reason is said
    expect(page.get_by_role("button", name="Play")).to_be_disabled()
    expect(page.locator(".still")).to_contain_text("less motion")
    assert page.evaluate(_MOVING) == []
    slider = page.get_by_role("slider", name="Window shown")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text(BEFORE)
    expect(page.locator('tr[aria-current="true"]')).to_contain_text(BEFORE)
    assert slider.get_attribute("aria-valuetext") == BEFORE
    page.get_by_label("Each step").select_option(label="3 months")
    expect(said).to_contain_text("1 Aug 2026 to 31 Oct 2026")
    page.locator("select.subject").select_option(label="Antisocial behaviour")
    expect(said).to_contain_text("serious violence is not shown")
    page.get_by_role("button", name="Rank places for this window").click()
    window = page.get_by_role("combobox", name="Window", exact=True)
    expect(window).to_have_value("Last 3 months", timeout=60_000)
    assert all(url.startswith((app_address, "data:", "blob:")) for url in asked)
    page.close()
