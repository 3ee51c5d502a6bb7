"""The Settings page: read by everybody, changed by an administrator, said what it does."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from config.force_file import FILE_NAME, SHIPPED, put
from config.in_force import FILE_VARIABLE
from layers.settings_words import PARTS, consequence, in_words
from spatial.incidents.store import IncidentStore
from tests.views.conftest import words_of
from tests.views.people import Kept, claims
from views.settings import held


def run_settings_page() -> None:
    from views import fictional, frame  # noqa: PLC0415 (AppTest runs this function alone)
    from views.settings import held, page  # noqa: PLC0415 (AppTest runs this function alone)

    held.begin()
    frame.dress()
    fictional.draw()
    page.page()


@pytest.fixture
def store(
    saltmere_store: IncidentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A copy of the sample town's store that settings may be saved in."""
    place = Path(shutil.copytree(saltmere_store.path, tmp_path / "store"))
    monkeypatch.setenv("HARMHEX_STORE", str(place))
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    yield place
    put(SHIPPED)
    held._Read.stamp = ()  # noqa: SLF001 (the next test's store is another)


@pytest.fixture
def opened(store: Path, by_oidc: Kept) -> Callable[..., AppTest]:
    assert store.exists()
    assert not by_oidc.facts

    def open_as(role: str, part: str = "") -> AppTest:
        page = AppTest.from_function(run_settings_page, default_timeout=60)
        page.user = claims(role)
        if part:
            page.session_state["settings_part"] = part
        page.run()
        assert not page.exception
        return page

    return open_as


def _box(page: AppTest, label: str) -> object:
    boxes = [*page.number_input, *page.text_input, *page.selectbox]
    return next(one for one in boxes if one.label == label)


def _click(page: AppTest, label: str) -> None:
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception


def test_everybody_reads_and_only_an_administrator_is_offered_a_box(
    opened: Callable[..., AppTest],
) -> None:
    page = opened("viewer", "Places")
    said = words_of(page)
    assert "An administrator may change them" in said
    assert "Number of places proposed when none is asked for." in said
    assert "<span>Places proposed</span><b>12</b>" in said
    assert not page.number_input
    assert not page.button
    for part in PARTS:
        page = opened("administrator", part.title)
        labels = {one.label for one in (*page.number_input, *page.text_input, *page.selectbox)}
        assert {one.label for one in part.entries} <= labels
        assert "not saved yet" not in words_of(page)


@pytest.mark.parametrize("role", ["viewer", "analyst", "administrator"])
def test_a_key_in_the_maps_address_is_shown_to_who_may_change_it(
    opened: Callable[..., AppTest], store: Path, role: str
) -> None:
    (store / FILE_NAME).write_text(
        '[basemap]\nkind = "xyz"\nattribution = "Crown copyright"\n'
        'address = "https://maps.police.internal:8443/{z}/{x}/{y}.png?key=abc123"\n',
        encoding="utf-8",
    )
    page = opened(role, "Background map")
    entered = [str(one.value) for one in page.text_input]
    said = words_of(page)
    if role == "administrator":
        assert any(one.endswith("?key=abc123") for one in entered)
        return
    assert "<span>Address</span><b>maps.police.internal:8443</b>" in said
    assert "abc123" not in said
    assert not entered


def test_a_change_is_checked_saved_audited_and_taken_back(
    opened: Callable[..., AppTest], store: Path, by_oidc: Kept
) -> None:
    page = opened("administrator", "Places")
    _box(page, "Places proposed").set_value(15).run()
    said = words_of(page)
    assert "1 change not saved yet" in said
    assert "Places proposed: 12, to be 15" in said
    assert "another run id" in said
    assert not (store / FILE_NAME).exists()
    _click(page, "Save")
    assert tomllib.loads((store / FILE_NAME).read_text("utf-8")) == {"places": 15}
    assert "Saved: Places proposed." in words_of(page)
    changed = [one for one in by_oidc.facts if one["action"] == "changed"]
    assert [(one["noun"], one["item"], one["details"]) for one in changed] == [
        ("setting", "places", {"old": "default", "new": "15"})
    ]
    # whoever looks next sees it, with its default
    assert "<b>Set for this store</b><span>Default: 12</span>" in words_of(
        opened("analyst", "Places")
    )
    _click(page, "Back to the default")
    assert "Places proposed: 15, to be the default, 12" in words_of(page)
    _click(page, "Save")
    assert tomllib.loads((store / FILE_NAME).read_text("utf-8")) == {}


def test_what_will_not_do_cannot_be_saved(opened: Callable[..., AppTest]) -> None:
    page = opened("administrator", "Places")
    _box(page, "Fewest cells of a place").set_value(9).run()
    assert "Fewest cells of a place is 9, more than Most cells of a place, 7." in words_of(page)
    assert next(one for one in page.button if one.label == "Save").disabled
    _click(page, "Discard")
    assert "not saved yet" not in words_of(page)
    assert _box(page, "Fewest cells of a place").value == 3


def test_shares_are_per_cent_and_shifts_a_line_each(
    opened: Callable[..., AppTest], store: Path
) -> None:
    page = opened("administrator", "Small numbers and data quality")
    box = _box(page, "Rows rejected: care (%)")
    assert box.value == 1.0
    box.set_value(2.5).run()
    _click(page, "Save")
    page = opened("administrator", "Shifts and patrols")
    _box(page, "Number of shifts").set_value(2).run()
    _box(page, "Shift 2 to (hour)").set_value(6).run()
    _box(page, "Shift 1").set_value("Day").run()
    _click(page, "Save")
    assert tomllib.loads((store / FILE_NAME).read_text("utf-8")) == {
        "quality": {"care_rejected": 0.025},
        "shifts": {
            "shift": [
                {"name": "day", "starts": 6, "ends": 14},
                {"name": "late", "starts": 14, "ends": 6},
            ]
        },
    }


def test_a_named_file_is_read_only(
    opened: Callable[..., AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "ours.toml"
    named.write_text('marking = "OFFICIAL"\n[force]\nname = "Ours <b>"', encoding="utf-8")
    monkeypatch.setenv(FILE_VARIABLE, str(named))
    page = opened("administrator")
    said = words_of(page)
    assert "The settings come from the file &#x27;ours.toml&#x27;" in said
    assert not page.text_input
    assert '<div class="hx-marking hx-top"' in said
    assert ">OFFICIAL<" in said
    assert '<div class="hx-force">Ours &lt;b&gt;</div>' in said
    # mended wrongly while the app runs: what was in force stays, and that is said
    named.write_text("places = 0  # and longer than before, so that it is read", encoding="utf-8")
    page = opened("administrator")
    assert "places is 0" in words_of(page)
    assert ">OFFICIAL<" in words_of(page)


def test_the_sample_is_called_fictional_whatever_its_folder(
    opened: Callable[..., AppTest],
) -> None:
    assert "Fictional sample: no place, person or incident in it is real" in words_of(
        opened("viewer")
    )


def test_words_for_people_not_keys() -> None:
    assert "run id" in consequence(["dose.minutes"])
    assert "no run id" in consequence(["force.name", "basemap.kind"])
    assert in_words(
        "settings.toml: fewest_cells is 9. Mend it, or leave it out for the default."
    ) == ("Fewest cells of a place is 9. Change it, or go back to the default.")
