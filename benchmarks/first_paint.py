"""Seconds from opening the address to map and list on the screen, on Saltmere, server warm.

Run ``python -m benchmarks.first_paint`` in the checkout (needs the ``test`` extra and chromium).
Each visit is a new browser context, so nothing is cached in the browser; the server has answered
the same question once before, as it has on any day but the first. The map counts as shown when its
canvas stands and the list beside it has its rows, drawn by software (no graphics card is used, so a
real screen is faster).
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks.served_app import served
from sample_geo.ready import DATA
from spatial.intake import load

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VISITS = 5
AIM_SECONDS = 3.0
WAIT_MS = 60_000


def main() -> None:
    """Measure and print the median, and every visit."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("chromium is not installed, so there is nothing to paint with")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        load([DATA], store)
        with served(store) as app, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=[
                    "--no-sandbox",
                    "--use-gl=angle",
                    "--use-angle=swiftshader",
                    "--enable-unsafe-swiftshader",
                    "--ignore-gpu-blocklist",
                ],
            )
            first = _visit(browser, app.address)
            seconds = [_visit(browser, app.address) for _ in range(VISITS)]
            browser.close()
    print(f"first visit of a cold server: {first:.2f} s")
    print(f"warm visits: {', '.join(f'{second:.2f}' for second in seconds)} s")
    print(
        f"first paint, median of {VISITS}: {statistics.median(seconds):.2f} s (aim {AIM_SECONDS} s)"
    )


def _visit(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(".st-key-map canvas").first.wait_for(state="visible", timeout=WAIT_MS)
    page.get_by_role("option").first.wait_for(state="visible", timeout=WAIT_MS)
    seconds = time.perf_counter() - begun
    context.close()
    return seconds


if __name__ == "__main__":
    main()
