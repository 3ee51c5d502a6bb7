from __future__ import annotations

import re

import pytest

from config.errors import BadInputError
from layers import handout
from layers.handout import handout_html
from layers.print.folder import TargetsFolder, read_targets_folder
from layers.targets.files import target_files
from spatial.incidents.store import IncidentStore
from tests.layers.listed import AWKWARD_NAMES, target_result

INCIDENTS = (40, 2, 31, 1, 25, 22, 19)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> TargetsFolder:
    made = tmp_path_factory.mktemp("handout")
    for name, content in target_files(target_result(incidents=INCIDENTS), formats=()).items():
        (made / name).write_bytes(content)
    return read_targets_folder(made)


@pytest.fixture(scope="module")
def page(folder: TargetsFolder, saltmere_store: IncidentStore) -> str:
    return handout_html(folder, saltmere_store).decode()


def test_nothing_in_the_file_is_asked_for_elsewhere(page: str) -> None:
    # no tag loads anything, no style names a picture, and the policy forbids both
    assert not re.search(r"<(?:link|img|iframe|script[^>]+src|source|object)\b", page)
    styles = re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL)
    assert not any("url(" in style or "@import" in style for style in styles)
    assert "default-src 'none'" in page
    assert 'lang="en-GB"' in page
    head = page.index("Content-Security-Policy")
    assert head < page.index("<script>")


def test_names_are_shown_as_written_and_never_run(page: str) -> None:
    assert "Smith &amp; Sons &lt;Yard&gt;" in page
    assert "<Yard>" not in page
    for name in AWKWARD_NAMES[2:4]:
        assert name in page


def test_small_counts_and_what_partners_need_not_know_stay_home(page: str) -> None:
    cells = re.findall(r'<td class="hx-number">([^<]+)</td>', page)
    assert len(cells) == len(INCIDENTS)
    assert cells[1] == cells[3] == "kept back"
    assert "40" in cells
    assert "robberies" not in page
    assert "1115.5" not in page
    assert "A blank is not 0." in page


def test_marking_and_the_partners_own_handling_line_stand_on_it(page: str) -> None:
    body = page[page.index("<body>") :]
    assert body.count("OFFICIAL-SENSITIVE") == 2
    assert "Do not pass it on." in body
    assert body.rindex("OFFICIAL-SENSITIVE") > body.index("folium-map")


def test_the_same_list_is_the_same_bytes(
    folder: TargetsFolder, saltmere_store: IncidentStore, page: str
) -> None:
    assert handout_html(folder, saltmere_store).decode() == page


def test_without_its_package_it_says_so(
    folder: TargetsFolder, saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handout, "_LEAFLET", ("No-Such-Leaflet", "nowhere"))
    with pytest.raises(BadInputError, match="needs the package No-Such-Leaflet"):
        handout_html(folder, saltmere_store)
    monkeypatch.setattr(handout, "_LEAFLET", ("XStatic-Leaflet", "nowhere"))
    with pytest.raises(BadInputError, match="Install it again"):
        handout_html(folder, saltmere_store)


def test_a_list_far_from_the_loaded_ground_is_drawn_without_it(
    folder: TargetsFolder, saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IncidentStore, "context_layers", lambda _self: {})
    assert b"folium-map" in handout_html(folder, saltmere_store)
