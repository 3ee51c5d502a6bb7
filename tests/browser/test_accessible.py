"""Accessibility by axe-core: every page of the navigation, and what opens on them.

The rules are those of WCAG 2.2, levels A and AA, whatever their impact. What such a check cannot
see (keyboard paths, zoom, motion) is tried in the files beside this one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.watched import LAPTOP, WAIT, opened, settled
from views.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# no rule of WCAG, but ours to keep: a screen reader announces each empty head
ALSO = {"empty-table-header": {"enabled": True}}
VARIABLE = "HARMHEX_AXE"
# the first page stands at the root
ADDRESSES = tuple("" if at == 0 else one.address for at, one in enumerate(PAGES) if one.shown)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one kind of element breaks, wherever it stands."""

    rule: str
    element: str


# findings inside Streamlit's own widgets that neither style nor label of ours can change, with the
# reason; one that is no longer found must be taken out
ACCEPTED: tuple[tuple[Finding, str], ...] = ()


@pytest.fixture(scope="module")
def axe() -> str:
    named = os.environ.get(VARIABLE, "")
    if not named:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{VARIABLE} names no axe-core, and accessibility must be checked here")
        pytest.skip(f"{VARIABLE} does not name the file axe.min.js of axe-core")
    return Path(named).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=LAPTOP, locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def found(axe: str, page: Page, app_address: str) -> dict[str, list[str]]:
    """Where each finding was made, on the pages as they open and with what opens on them."""
    found: dict[str, list[str]] = {}
    for address in ADDRESSES:
        opened(page, f"{app_address}/{address}")
        _scan(page, axe, address or "tasking", found)
        for name, step in STEPS.get(address, {}).items():
            step(page)
            settled(page)
            _scan(page, axe, f"{address or 'tasking'}: {name}", found)
    return found


def test_nothing_of_ours_breaks_a_rule(found: dict[str, list[str]]) -> None:
    accepted = {str(finding) for finding, _ in ACCEPTED}
    assert {name: where for name, where in found.items() if name not in accepted} == {}


def test_what_is_accepted_still_occurs(found: dict[str, list[str]]) -> None:
    assert {str(finding) for finding, _ in ACCEPTED} <= set(found)
    assert all(len(reason) > 20 for _, reason in ACCEPTED)


def test_every_page_of_the_navigation_was_looked_at(page: Page, app_address: str) -> None:
    opened(page, f"{app_address}/method")
    offered = set(_links(page))
    for name in ("Data and records", "Checks and limits"):
        page.locator("[data-testid=stTopNavSection]").get_by_text(name).click()
        expect(page.get_by_role("menuitem").first).to_be_visible()
        offered |= set(_links(page))
        page.keyboard.press("Escape")
        expect(page.get_by_role("menuitem")).to_have_count(0)
    assert offered == {f"{app_address}/{address}" for address in ADDRESSES}


def _links(page: Page) -> list[str]:
    links = page.locator("a[data-testid=stTopNavLink], a[role=menuitem]")
    found: list[str] = links.evaluate_all("nodes => nodes.map((node) => node.href)")
    return found


def _scan(page: Page, axe: str, where: str, found: dict[str, list[str]]) -> None:
    page.evaluate(axe)
    answer: dict[str, Any] = page.evaluate(
        "([tags, rules]) => axe.run(document, {runOnly: {type: 'tag', values: tags}, rules,"
        " resultTypes: ['violations']})",
        [TAGS, ALSO],
    )
    for broken in answer["violations"]:
        for node in broken["nodes"]:
            name = str(Finding(broken["id"], _kind(node["html"])))
            places = found.setdefault(name, [])
            if where not in places:
                places.append(where)


def _kind(html: str) -> str:
    """Return an element's first tag, without what differs from one drawing to the next."""
    return html.split(">", maxsplit=1)[0][:160]


def _drawer(page: Page) -> None:
    page.get_by_role("option").nth(1).click()
    expect(page.locator(".st-key-drawer").get_by_text("Why here")).to_be_visible(timeout=WAIT)


def _two_way(page: Page) -> None:
    page.locator(".st-key-show_panel button").first.click()
    page.locator(".st-key-show_two_way label").first.click()
    expect(page.locator(".hx-two")).to_be_visible(timeout=WAIT)


def _panel(name: str) -> Callable[[Page], None]:
    def step(page: Page) -> None:
        page.keyboard.press("Escape")
        page.get_by_role("button", name=name, exact=True).first.click(timeout=WAIT)
        expect(page.locator("[data-testid=stPopoverBody]")).to_be_visible()

    return step


def _part(name: str) -> Callable[[Page], None]:
    def step(page: Page) -> None:
        page.get_by_role("radiogroup").get_by_text(name, exact=True).first.click(timeout=WAIT)

    return step


STEPS: dict[str, dict[str, Callable[[Page], None]]] = {
    "": {
        "a place's drawer": _drawer,
        "two-way": _two_way,
        "adopting": _panel("Adopt"),
        "how it was made": _panel("How this was made"),
    },
    "targets": {
        part: _part(part)
        for part in ("How many", "Compare", "Change", "Schedule", "Visits", "Adopt and files")
    },
}
