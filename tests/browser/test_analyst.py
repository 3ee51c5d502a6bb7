"""The analyst's journey, from files to a list changed with a reason; and a store that vanishes."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from sample_geo.ready import DATA
from tests.browser.served import served
from tests.browser.watched import WAIT, carried, settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.watched import Watched

pytestmark = pytest.mark.browser

NEEDED = ("incidents.csv", "streets.geojson", "places.geojson")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own") / "store"


@pytest.fixture(scope="module")
def own_address(store: Path) -> Iterator[str]:
    """The app on a store of one's own, in which nothing is yet."""
    log = store.parent / "app.log"
    # whatever a later register of this folder holds, it is this store's own
    with served(log, ("--store", str(store)), {"HARMHEX_REGISTER": ""}) as address:
        yield address


def test_from_files_to_a_list_changed_with_a_reason(
    laptop: Watched, own_address: str, tmp_path: Path
) -> None:
    page = laptop.page
    page.goto(f"{own_address}/load")
    given = page.locator("input[type=file]")
    given.nth(0).set_input_files([DATA / name for name in NEEDED], timeout=WAIT)
    given.nth(1).set_input_files(DATA / "boundary.geojson")
    # a click is lost when a file still on its way arrives after it
    settled(page)
    page.get_by_role("button", name="Load", exact=True).click(timeout=WAIT)
    balance = page.get_by_text(re.compile(r"rows read = .* stored \+ .* rejected \+ .* duplicate"))
    expect(balance).to_be_visible(timeout=WAIT)

    page.goto(f"{own_address}/data")
    expect(page.get_by_text("nothing is lost silently")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Pile-ups on one point")).to_be_visible(timeout=WAIT)

    # the measure, the window, and what is more than chance
    page.goto(f"{own_address}/analysis?question=surface&measure=harm&from=2026-05-01&to=2026-10-31")
    expect(page.get_by_text("1 May 2026 to 31 Oct 2026").first).to_be_visible(timeout=WAIT)
    expect(page.locator(".st-key-measure input")).to_have_value(re.compile("arm"))
    expect(page.locator(".hx-legend")).to_contain_text(re.compile("hot spot", re.IGNORECASE))

    page.goto(f"{own_address}/targets?places=6&part=change")
    place = page.get_by_role("combobox", name="Place", exact=True)
    expect(place).to_be_visible(timeout=WAIT)
    taken_off = place.input_value().partition(". ")[2]
    page.get_by_label("Reason").fill("Private grounds")
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name="Show what it changes").click(timeout=WAIT)
    expect(page.get_by_text("not kept yet")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Gives up")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Keep this change").click(timeout=WAIT)
    expect(page.get_by_text("Kept. It counts for every list")).to_be_visible(timeout=WAIT)
    settled(page)
    page.get_by_text("Adopt and files", exact=True).first.click()
    page.get_by_role("button", name="Write the files").click(timeout=WAIT)
    written = carried(page, page.locator("[class*=st-key-file_targets] button").first, tmp_path)
    rows = list(csv.DictReader(io.StringIO(written.read_text(encoding="utf-8-sig"))))
    assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, 7)]
    assert taken_off not in {row["name"] for row in rows}
    laptop.clean()


@pytest.mark.parametrize("address", ["", "data", "targets"])
def test_a_store_that_vanishes_is_one_sentence(
    laptop: Watched, own_address: str, store: Path, address: str
) -> None:
    page = laptop.page
    away = store.with_name("away")
    store.mkdir(exist_ok=True)
    page.goto(f"{own_address}/{address}")
    settled(page)
    store.rename(away)
    try:
        page.reload()
        expect(page.locator(".hx-say").first).to_be_visible(timeout=WAIT)
        settled(page)
        assert page.locator(".stException").count() == 0
        said = page.locator(".hx-say").all_inner_texts()
        assert all(len(one) < 400 for one in said), said
    finally:
        if not store.exists():
            away.rename(store)
