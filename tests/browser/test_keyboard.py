"""Without a mouse: places looked into, a list adopted and carried off, a doubtful point chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.watched import WAIT, opened, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.watched import Watched

pytestmark = pytest.mark.browser

_MOST_STEPS = 60
# what has the focus, also within a component of our own
_FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  const style = getComputedStyle(node);
  return [node.getAttribute('role') || node.tagName.toLowerCase(),
    node.innerText || node.ariaLabel || '',
    // a box of the framework shows it by its border
    style.outlineStyle !== 'none' || style.boxShadow !== 'none' || node.tagName === 'INPUT'];
}"""


def test_a_place_is_chosen_looked_into_and_the_list_carried_off_by_keyboard(
    laptop: Watched, app_address: str
) -> None:
    page = laptop.page
    opened(page, app_address)
    expect(page.get_by_role("option").first).to_be_visible(timeout=WAIT)
    _tab_to(page, "button", "CSV")
    with page.expect_download(timeout=WAIT) as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename.endswith(".csv")
    settled(page)
    _tab_to(page, "listbox", "")
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    settled(page)
    page.keyboard.press("Enter")
    drawer = page.locator(".st-key-drawer")
    expect(drawer.get_by_text("Why here")).to_be_visible(timeout=WAIT)
    name = second.locator(".name").evaluate("node => node.firstChild.textContent")
    expect(drawer).to_contain_text(name)
    # down the list, the drawer with it
    page.get_by_role("listbox").focus()
    page.keyboard.press("ArrowDown")
    third = page.get_by_role("option").nth(2)
    name = third.locator(".name").evaluate("node => node.firstChild.textContent")
    expect(drawer).to_contain_text(name, timeout=WAIT)
    settled(page)
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0, timeout=WAIT)
    # put away from within, by its button and by Escape: back to the list, at the same place
    for key in ("Enter", "Escape"):
        page.get_by_role("listbox").focus()
        page.keyboard.press("Enter")
        expect(drawer.get_by_text("Why here")).to_be_visible(timeout=WAIT)
        settled(page)
        drawer.get_by_role("button", name="Close").focus()
        page.keyboard.press(key)
        expect(drawer).to_have_count(0, timeout=WAIT)
        expect(page.get_by_role("listbox")).to_be_focused(timeout=WAIT)
        expect(third).to_have_attribute("aria-selected", "true")
    laptop.clean()


def test_a_panel_takes_the_keyboard_and_gives_it_back(laptop: Watched, app_address: str) -> None:
    page = laptop.page
    opened(page, f"{app_address}/?places=4")
    expect(page.get_by_role("option").first).to_be_visible(timeout=WAIT)
    _tab_to(page, "button", "Adopt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Adopt")).to_be_focused()
    # the framework's boxes come a moment after their panel
    expect(page.get_by_label("Remark")).to_be_visible(timeout=WAIT)
    _tab_to(page, "input", "Remark")
    page.keyboard.type("Kept by keyboard")
    _tab_to(page, "button", "Adopt this list")
    # no further than to its end
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Adopt", exact=True)).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Enter")
    _tab_to(page, "button", "Adopt this list")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is on the page Register.")).to_be_visible(timeout=WAIT)
    settled(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Adopt", exact=True)).to_be_focused()
    laptop.clean()


def test_a_doubtful_point_is_chosen_from_its_table(laptop: Watched, app_address: str) -> None:
    page = laptop.page
    opened(page, f"{app_address}/data")
    table = page.locator("[class*=st-key-suspects] canvas").first
    table.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_role("radio").first).to_be_visible(timeout=WAIT)
    settled(page)
    _tab_to(page, "button", "Record")
    laptop.clean()


def _tab_to(page: Page, role: str, words: str) -> None:
    """Press Tab until the focus is on something of a role and words; it must be seen to be."""
    met = []
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        at, said, seen = page.evaluate(_FOCUSED)
        met.append((at, said[:20]))
        if at == role and words in said:
            assert seen, "the focus is not seen on it"
            return
    pytest.fail(f"{role} {words!r} is not reached by Tab: {met}")
