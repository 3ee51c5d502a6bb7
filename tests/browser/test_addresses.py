"""Addresses in a real browser: opened from a link, back and forward, two tabs, a copied link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1366, "height": 768}
_WAIT = 60_000


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=LAPTOP, locale="en-GB")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".hx-strip").first).to_be_visible(timeout=_WAIT)
    return page


def places(page: Page, number: int) -> None:
    expect(page.locator(".st-key-places input")).to_have_value(str(number), timeout=_WAIT)


def test_back_and_forward_go_through_what_was_chosen(
    context: BrowserContext, app_address: str
) -> None:
    page = opened(context, f"{app_address}/targets?profile=robbery&places=9")
    places(page, 9)
    page.locator(".st-key-places input").fill("7")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"profile=robbery&places=7$"), timeout=_WAIT)
    # a choice in flight is no step back: see views.links
    page.wait_for_timeout(1_500)
    page.go_back()
    places(page, 9)
    page.wait_for_timeout(1_500)
    page.go_forward()
    places(page, 7)
    page.wait_for_timeout(1_500)
    page.get_by_role("link", name="Analysis", exact=True).click()
    expect(page).to_have_url(re.compile(r"/analysis\?profile=robbery&places=7$"), timeout=_WAIT)
    for _ in range(4):
        page.wait_for_timeout(1_500)
        page.go_back()
        if "/targets" in page.url:
            break
    places(page, 7)
    assert "/targets" in page.url


def test_two_tabs_do_not_disturb_each_other_and_a_link_opens_the_same_view(
    context: BrowserContext, app_address: str
) -> None:
    one = opened(context, f"{app_address}/targets?places=9")
    two = opened(context, f"{app_address}/targets?places=3")
    places(two, 3)
    places(one, 9)
    two.get_by_role("button", name="Copy link").click(timeout=_WAIT)
    expect(two.get_by_text("Copied")).to_be_visible(timeout=_WAIT)
    copied = two.evaluate("navigator.clipboard.readText()")
    # dates in full: the link shows the same months once newer data are loaded
    assert "from=2025-11-01&to=2026-10-31" in copied
    places(opened(context, copied), 3)


def test_an_absurd_address_is_a_sentence_in_a_page_that_works(
    context: BrowserContext, app_address: str
) -> None:
    page = opened(context, f"{app_address}/targets?places=%3Cimg%20src%3Dx%3E&profile=nosuch")
    said = page.locator(".hx-say").first
    expect(said).to_contain_text("The page shows what it usually shows instead.")
    assert page.locator(".hx-say img").count() == 0
    expect(page.locator(".stException")).to_have_count(0)
    page.goto(f"{app_address}/evaluation?run=ffffffffffff")
    expect(page.locator(".hx-say").last).to_contain_text("No adopted list", timeout=_WAIT)
