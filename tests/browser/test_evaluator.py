"""The evaluator's journey: register an operation whole, ask for its result, carry the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from sample_geo.ready import DATA
from tests.browser.served import served
from tests.browser.watched import LAPTOP, Watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PAPERS = ("operation_tern.toml", "operation_tern_areas.geojson", "operation_tern_allocation.csv")


@pytest.fixture
def new_address(app_address: str, cache: Path, tmp_path: Path) -> Iterator[str]:
    """The app on the sample town, with a register in which nothing is yet."""
    # the town is there already
    assert app_address
    named = {"XDG_CACHE_HOME": str(cache), "HARMHEX_REGISTER": str(tmp_path / "register.sqlite")}
    with served(tmp_path / "app.log", environment=named) as address:
        yield address


def test_from_a_registered_operation_to_the_report_in_hand(
    browser: Browser, new_address: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport=LAPTOP, accept_downloads=True, locale="en-GB")
    page = context.new_page()
    watched = Watched(page)
    page.goto(f"{new_address}/evaluation")
    page.get_by_text("By its file (TOML)").click(timeout=60_000)
    page.locator("input[type=file][multiple]").set_input_files([DATA / name for name in PAPERS])
    page.get_by_role("button", name="Register", exact=True).click(timeout=30_000)
    # the plan first; no outcome before somebody asks for it
    expect(page.get_by_text("Nobody has seen results of it here")).to_be_visible(timeout=60_000)
    assert page.locator(".hx-verdict").count() == 0
    page.get_by_role("button", name="Work out the result").click()
    verdict = page.locator(".hx-verdict")
    expect(verdict).to_contain_text("Incidents of Community harm (Ark) fell", timeout=60_000)
    expect(verdict).to_contain_text("41 incidents on 720 patrolled place-days against 108")
    # it was registered here long after it ended, and that stands beside the verdict
    expect(verdict).to_contain_text("rests on the word of whoever registered it")
    lead = verdict.locator(".hx-sentence").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name="Report", exact=True).click(timeout=60_000)
    report = tmp_path / "report.html"
    waiting.value.save_as(report)
    # what was entered by mistake can be withdrawn
    page.get_by_text("Withdraw this operation").click()
    page.get_by_text("Sure", exact=True).click()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_text("Withdrawn.")).to_be_visible(timeout=30_000)
    watched.clean()
    context.close()
    _reads_alone(browser, report, lead)


def _reads_alone(browser: Browser, report: Path, lead: str) -> None:
    """Open the report with no network: it says the same, and asks nobody for anything."""
    context = browser.new_context(offline=True, viewport=LAPTOP)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    expect(page.locator(".verdict .lead")).to_have_text(lead)
    assert page.locator("svg").count() >= 3
    assert asked == [report.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]
    context.close()
