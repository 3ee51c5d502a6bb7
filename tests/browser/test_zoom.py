"""At 200% of a common screen (half its size): all of each page is there, and scrolls one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessible import ADDRESSES
from tests.browser.watched import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ZOOMED = {"width": 960, "height": 540}
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
  return out.slice(0, 6);
}"""


def test_every_page_is_whole_at_twice_its_size(browser: Browser, app_address: str) -> None:
    context = browser.new_context(viewport=ZOOMED, device_scale_factor=1, locale="en-GB")
    page = context.new_page()
    outside = {}
    maps_alone = []
    for address in ADDRESSES:
        opened(page, f"{app_address}/{address}")
        if found := page.evaluate(_OUTSIDE):
            outside[address or "tasking"] = found
        # a map says nothing that a list or table beside it does not
        drawn = page.locator("[data-testid=stDeckGlJsonChart]").count()
        beside = page.locator("[role=listbox], table, [data-testid=stDataFrame]").count()
        if drawn and not beside:
            maps_alone.append(address)
    context.close()
    assert outside == {}
    assert maps_alone == []
