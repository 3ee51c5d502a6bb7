from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from layers.handout import handout_html
from layers.print.folder import read_targets_folder
from layers.targets.files import target_files
from tests.layers.listed import target_result

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from spatial.incidents.store import IncidentStore

pytestmark = pytest.mark.browser


def test_the_hand_out_opens_offline_and_asks_for_nothing(
    browser: Browser, saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    folder = tmp_path / "targets"
    folder.mkdir()
    for name, content in target_files(target_result(), formats=()).items():
        (folder / name).write_bytes(content)
    file = tmp_path / "handout.html"
    file.write_bytes(handout_html(read_targets_folder(folder), saltmere_store))
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(file.as_uri())
    # the map itself is drawn: rings of the areas, and a number on each
    page.wait_for_selector(".hx-rank")
    assert page.locator(".hx-rank").all_inner_texts() == [str(rank) for rank in range(1, 8)]
    assert page.locator(".leaflet-overlay-pane path").count() >= 7
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(300)
    assert asked == [file.as_uri()]
    assert wrong == []
    context.close()
