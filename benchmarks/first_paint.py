"""Seconds from opening the address to map and list on the screen, on Saltmere, server warm.

Run ``python -m benchmarks.first_paint`` in the checkout (needs the ``test`` extra and chromium).
Each visit is a new browser context, so nothing is cached in the browser; the server has answered
the same question once before, as it has on any day but the first. The map counts as shown when its
canvas stands and the list beside it has its rows, drawn by software (no graphics card is used, so a
real screen is faster).
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from sample_geo.ready import DATA
from spatial.intake import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
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
        with _app(store) as address, sync_playwright() as playwright:
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
            first = _visit(browser, address)
            seconds = [_visit(browser, address) for _ in range(VISITS)]
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


@contextmanager
def _app(store: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 (our own command, no shell)
        [
            sys.executable,
            "-m",
            "harmhex",
            "app",
            "--store",
            str(store),
            "--port",
            str(port),
            "--no-browser",
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(f"{address}/_stcore/health")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_ready(address: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 (our own http address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    sys.exit("the app did not start within a minute")


if __name__ == "__main__":
    main()
