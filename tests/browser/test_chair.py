"""The chair's journey: a link opened, one place looked into, the list adopted, the pack in hand."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.watched import LAPTOP, WAIT, WALL, carried

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.watched import Watched

pytestmark = pytest.mark.browser


def test_from_a_link_to_the_adopted_list_and_its_pack(
    laptop: Watched, app_address: str, tmp_path: Path
) -> None:
    page = laptop.page
    page.goto(f"{app_address}/?places=6")
    expect(page.get_by_role("option")).to_have_count(6, timeout=WAIT)

    # who, what, when: all that is known of one place
    page.get_by_role("option").nth(1).click()
    drawer = page.locator(".st-key-drawer")
    for asked in ("Why here", "When", "What changed", "What was done", "What to do"):
        expect(drawer.get_by_role("heading", name=asked, exact=True)).to_be_visible(timeout=WAIT)
    drawer.get_by_role("button", name="Close").click()
    expect(drawer).to_have_count(0, timeout=WAIT)

    # against the last list: there is none yet, and the page says so
    expect(page.locator(".hx-strip")).to_contain_text("A first list")

    page.get_by_role("button", name="Adopt", exact=True).click()
    page.get_by_label("Remark").fill("Tasking meeting")
    page.get_by_role("button", name="Adopt this list").click()
    expect(page.get_by_text("It is on the page Register.")).to_be_visible(timeout=WAIT)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Print", exact=True).click()
    pack = carried(page, "Download the PDF", tmp_path).read_bytes()
    assert pack.startswith(b"%PDF-")
    # a tagged file: what is printed can be read aloud
    assert b"/MarkInfo" in pack or b"/StructTreeRoot" in pack

    page.goto(f"{app_address}/register")
    expect(page.get_by_text("Tasking meeting").first).to_be_visible(timeout=WAIT)
    laptop.clean()


def test_the_list_is_carried_off_as_it_stands(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    legend = page.locator(".hx-legend")
    expect(page.get_by_role("option")).to_have_count(12)
    expect(legend).to_contain_text("hot spot of antisocial behaviour")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_text("Antisocial behaviour", exact=True).click()
    expect(legend).not_to_contain_text("hot spot of antisocial behaviour")
    page.keyboard.press("Escape")
    second = page.get_by_role("option").nth(1)
    name = second.locator(".name").evaluate("node => node.firstChild.textContent")
    text = carried(page, "CSV", tmp_path).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, 13)]
    assert rows[1]["name"] == name
    assert {row["marking"] for row in rows} == {"OFFICIAL-SENSITIVE"}
    watched.clean()


def test_the_tasking_page_fits_a_wall_screen_and_a_laptop(watched: Watched) -> None:
    page = watched.page
    for size in (WALL, LAPTOP):
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


def test_notes_are_one_click_behind_and_what_was_chosen_stays_chosen(watched: Watched) -> None:
    page = watched.page
    page.get_by_role("button", name="How this was made").click()
    expect(page.get_by_text("Choices made on the way")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Places", exact=True).fill("5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(5, timeout=WAIT)
    # a panel that opens long after shows what is drawn, and takes nothing away
    page.wait_for_timeout(5_000)
    page.get_by_role("button", name="Show", exact=True).click()
    for box in ("Violence", "Antisocial behaviour", "Patrol areas", "Overlays"):
        expect(page.get_by_role("checkbox", name=box, exact=True)).to_be_checked(timeout=WAIT)
    page.keyboard.press("Escape")
    page.get_by_label("Places", exact=True).fill("6")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(6, timeout=WAIT)
    expect(page.locator(".hx-legend")).to_contain_text("hot spot of antisocial behaviour")
    page.get_by_role("link", name="Overlays", exact=True).click()
    expect(page).to_have_url(re.compile(r"/overlays$"), timeout=WAIT)
    page.get_by_role("link", name="Tasking", exact=True).click()
    expect(page.get_by_role("option")).to_have_count(6, timeout=WAIT)
    watched.clean()
