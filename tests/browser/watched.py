"""A page of the running app, what it asked for and complained of, and files carried off it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

# the first answer of a cold app on a busy machine; a drawn page waits for none of it
WAIT = 90_000
WALL = {"width": 1920, "height": 1080}
LAPTOP = {"width": 1366, "height": 768}
ZOOMED = ({"width": 683, "height": 384}, {"width": 960, "height": 540})
"""A laptop and a wall screen at 200%."""
# Streamlit looks for its own files beside the page's address before it looks at the root
_HARMLESS = ("Failed to load resource: the server responded with a status of 404",)
# nothing runs, nothing is left over from the run before, nothing is announced to come; and it has
# been so for a moment, because what a page says of its screen starts another run
_SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const quiet = app !== null && app.dataset.testScriptState === 'notRunning'
    && document.querySelector('.hx-marking') !== null
    && document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]') === null
    && document.querySelector('[data-testid="stAppSkeleton"], .hx-waiting') === null;
  if (!quiet) delete window.quietSince;
  else window.quietSince ??= performance.now();
  return quiet && performance.now() - window.quietSince > 400;
}"""


class Watched:
    """A page, and everything it asked for or complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type == "error" and not message.text.startswith(_HARMLESS)
                else None
            ),
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def clean(self) -> None:
        """Nothing left this machine, and the browser complained of nothing."""
        assert self.hosts == {"127.0.0.1"}
        assert self.complaints == []

    def _note(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"data", "blob"}:
            self.hosts.add(parts.hostname or address)


def settled(page: Page) -> None:
    """Wait until the page is drawn whole."""
    page.evaluate("delete window.quietSince")
    page.wait_for_function(_SETTLED, timeout=WAIT)


def opened(page: Page, address: str) -> None:
    """Open an address of the app and wait until its page is drawn whole."""
    page.goto(address, timeout=WAIT)
    expect(page.locator(".hx-marking").first).to_be_visible(timeout=WAIT)
    settled(page)


def carried(page: Page, button: Locator | str, folder: Path) -> Path:
    """Press a button that hands a file over, and return where it was put."""
    # what a page drew before may stand beside what it draws now until it is done
    settled(page)
    pressed = (
        page.get_by_role("button", name=button, exact=True) if isinstance(button, str) else button
    )
    with page.expect_download(timeout=WAIT) as waiting:
        pressed.click(timeout=WAIT)
    place = folder / waiting.value.suggested_filename
    waiting.value.save_as(place)
    return place
