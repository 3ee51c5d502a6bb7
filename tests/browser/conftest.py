"""A running app and a real browser, both on this machine only."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.served import served
from tests.browser.watched import LAPTOP, WAIT, WALL, Watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

# software drawing: a test machine has no graphics card
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed, and the browser journey must run here")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(CHROMIUM_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the app keeps the sample town."""
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="session")
def app_address(cache: Path) -> Iterator[str]:
    """The app as anybody first starts it: the sample town with partners' files and a register."""
    with served(cache / "app.log", environment={"XDG_CACHE_HOME": str(cache)}) as address:
        yield address


@pytest.fixture
def laptop(browser: Browser) -> Iterator[Watched]:
    """An empty page of a laptop's size."""
    context = browser.new_context(viewport=LAPTOP, accept_downloads=True, locale="en-GB")
    yield Watched(context.new_page())
    context.close()


@pytest.fixture
def watched(browser: Browser, app_address: str) -> Iterator[Watched]:
    """The Tasking page on a wall screen, drawn."""
    context = browser.new_context(viewport=WALL, accept_downloads=True, locale="en-GB")
    watched = Watched(context.new_page())
    watched.page.goto(app_address)
    expect(watched.page.locator(".st-key-map canvas").first).to_be_visible(timeout=WAIT)
    expect(watched.page.get_by_role("option").first).to_be_visible(timeout=WAIT)
    yield watched
    context.close()
