"""Every page of the navigation, and what opens on them: by axe-core, and at 200%.

The rules are those of WCAG 2.2, levels A and AA, whatever their impact. At 200% of common screens
(half their size) all of each page must be there, and scroll one way. What neither can see (keyboard
paths, motion) is tried in the files beside this one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.watched import LAPTOP, WAIT, ZOOMED, opened, settled
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

# what sticks out to the right of the window, but for maps and what scrolls within its own frame
_OUTSIDE = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const scrolls = (node) => {
    for (let up = node.parentElement; up && up !== main; up = up.parentElement) {
      if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX)) return true;
    }
    return false;
  };
  const out = [];
  if (main.scrollWidth > main.clientWidth + 1) out.push(`page ${main.scrollWidth}`);
  if (document.documentElement.scrollWidth > window.innerWidth + 1) out.push('document');
  for (const node of main.querySelectorAll('button, input, h2, h3, p, th, [role=listbox]')) {
    const box = node.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || scrolls(node)) continue;
    if (box.right > window.innerWidth + 1 || box.left < -1) {
      out.push(`${node.tagName} ${(node.innerText || node.ariaLabel || '').slice(0, 40)}`);
    }
  }
  // the marking is read beside the word that the town is not real
  const marking = document.createRange();
  marking.selectNodeContents(document.querySelector('.hx-top'));
  const unreal = document.querySelector('.hx-fictional').getBoundingClientRect();
  if (marking.getBoundingClientRect().left < unreal.right) out.push('the marking');
  return out.slice(0, 6);
}"""


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
    """The script of axe-core; empty where nobody fetched it."""
    named = os.environ.get(VARIABLE, "")
    if not named and os.environ.get("CI") == "true":
        pytest.fail(f"{VARIABLE} names no axe-core, and accessibility must be checked here")
    return Path(named).read_text(encoding="utf-8") if named else ""


@pytest.fixture
def scanned(axe: str) -> None:
    if not axe:
        pytest.skip(f"{VARIABLE} does not name the file axe.min.js of axe-core")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=LAPTOP, locale="en-GB")
    yield context.new_page()
    context.close()


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of every page: each opened once, because opening is what takes time."""

    findings: dict[str, list[str]] = field(default_factory=dict)
    outside: dict[str, list[str]] = field(default_factory=dict)
    maps_alone: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen(axe: str, page: Page, app_address: str) -> Seen:
    """Every page as it opens, enlarged, and with what opens on it."""
    seen = Seen()
    found = seen.findings
    for address in ADDRESSES:
        opened(page, f"{app_address}/{address}")
        for size in ZOOMED:
            page.set_viewport_size(size)
            settled(page)
            if outside := page.evaluate(_OUTSIDE):
                seen.outside[f"{address or 'tasking'} {size['width']}"] = outside
        # a map says nothing that a list or table beside it does not
        drawn = page.locator("[data-testid=stDeckGlJsonChart]").count()
        if drawn and not page.locator("[role=listbox], table, [data-testid=stDataFrame]").count():
            seen.maps_alone.append(address)
        page.set_viewport_size(LAPTOP)
        settled(page)
        _scan(page, axe, address or "tasking", found)
        for name, step in (STEPS.get(address, {}) if axe else {}).items():
            step(page)
            settled(page)
            _scan(page, axe, f"{address or 'tasking'}: {name}", found)
    return seen


@pytest.mark.usefixtures("scanned")
def test_nothing_of_ours_breaks_a_rule(seen: Seen) -> None:
    accepted = {str(finding) for finding, _ in ACCEPTED}
    assert {name: where for name, where in seen.findings.items() if name not in accepted} == {}


def test_every_page_is_whole_at_twice_its_size(seen: Seen) -> None:
    assert seen.outside == {}


def test_a_map_says_nothing_that_no_list_or_table_says(seen: Seen) -> None:
    assert seen.maps_alone == []


@pytest.mark.usefixtures("scanned")
def test_what_is_accepted_still_occurs(seen: Seen) -> None:
    assert {str(finding) for finding, _ in ACCEPTED} <= set(seen.findings)
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
    if not axe:
        return
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
