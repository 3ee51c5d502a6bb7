from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from config.mapping import load_mapping
from sample_geo import ready
from spatial.incidents.load import LoadResult
from spatial.incidents.mappings.kept import kept_mappings
from spatial.incidents.store import IncidentStore
from spatial.risk_terrain.progress import StoppedError
from tests.spatial.incidents.exports import csv_text, force_export, police_uk, snapshot, written
from tests.views.conftest import words_of
from views import waiting
from views.loading import page as loading
from views.loading import under_way
from views.loading.uploads import files_in, on_disk
from views.workroom import Workroom

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = ("Crime Ref", "HO Code", "When", "OS Grid Ref", "Victim Surname", "Offence Type", "Knife")
ROWS = [
    (f"C{day}", "8/6", f"{day:02}/03/2025 23:10", "TG 2711 7142", "Secretperson", kind, "")
    for day, kind in ((1, "Assault"), (2, "Assault"), (13, "ASB nuisance"))
]


def run_load_page() -> None:
    from views.loading import page as loading  # noqa: PLC0415 (AppTest runs this function alone)

    loading.page()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of large files that the app is started on; the store does not exist yet."""
    files = tmp_path / "files"
    written(files / "own.csv", csv_text(HEADER, ROWS))
    written(files / "essex" / "open.csv", police_uk({}))
    written(files / "known.csv", force_export({}, {"Incident Number": "2", "From": ""}))
    monkeypatch.setenv("HARMHEX_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("HARMHEX_FILES", str(files))
    return files


def opened(*names: str) -> AppTest:
    page = AppTest.from_function(run_load_page, default_timeout=60).run()
    assert not page.exception
    page.multiselect(key="picked_0").set_value(list(names)).run()
    assert not page.exception
    assert "Give the reference" not in words_of(page)
    return page


def field(page: AppTest, name: str) -> str:
    """The session's name of one field of the form."""
    (key,) = [box.key for box in page.selectbox if str(box.key).endswith(f"_new_{name}")]
    return str(key)


def test_a_known_file_is_previewed_loaded_and_taken_out(folder: Path, tmp_path: Path) -> None:
    page = opened("known.csv")
    said = words_of(page)
    assert "known.csv is read as Force export with Home Office codes" in said
    assert "2 rows = 1 stored + 1 rejected + 0 duplicates" in said
    assert page.dataframe[0].value["Would be"].tolist() == ["stored", "date missing"]
    assert not (tmp_path / "store").exists()

    page.button(key="load").click().run()
    assert not page.exception
    assert "2 rows read = 1 stored + 1 rejected + 0 duplicates" in words_of(page)
    (load,) = IncidentStore.open(tmp_path / "store").loads
    assert load.stored == 1
    # the files are let go
    assert page.multiselect(key="picked_1").value == []

    assert page.button(key="undo").disabled
    page.checkbox(key=f"undo_sure_{load.load_id}").check().run()
    page.button(key="undo").click().run()
    assert not page.exception
    assert f"The load {load.load_id} is taken out: 1 incident." in words_of(page)
    assert IncidentStore.open(tmp_path / "store").loads == ()
    assert folder.is_dir()


@pytest.mark.usefixtures("folder")
def test_a_click_is_not_lost_when_the_page_starts_over(tmp_path: Path) -> None:
    page = opened("known.csv")
    # as the click left it, in a run that a later file cut short
    page.session_state["load_asked"] = True
    page.run()
    assert "2 rows read = 1 stored + 1 rejected + 0 duplicates" in words_of(page)
    assert len(IncidentStore.open(tmp_path / "store").loads) == 1
    page.run()
    assert len(IncidentStore.open(tmp_path / "store").loads) == 1


@pytest.mark.usefixtures("folder")
def test_an_unknown_file_is_drafted_corrected_saved_and_loaded(tmp_path: Path) -> None:
    page = opened("own.csv")
    said = words_of(page)
    assert "How is own.csv to be read?" in said
    assert "<b>Victim Surname</b> (a name)" in said
    assert "Secretperson" not in said + page.main.__repr__()
    # no heading says when: that is asked for, and nothing can be loaded before
    assert "Still to be chosen: When it happened (from)" in said
    assert page.button(key="load").disabled
    assert "Victim Surname" not in page.selectbox(key=field(page, "occurred_from")).options

    page.selectbox(key=field(page, "occurred_from")).select("When").run()
    assert not page.exception
    # the format is told again by the column chosen
    assert page.selectbox(key=field(page, "format")).value == "%d/%m/%Y %H:%M"
    said = words_of(page)
    assert "3 rows = 3 stored + 0 rejected + 0 duplicates" in said
    # the tier of antisocial behaviour comes from the word, which the draft recognised
    assert page.dataframe[-1].value["Tier"].tolist() == ["injury", "injury", "disorder"]
    page.selectbox(key=field(page, "blank")).select("false").run()
    assert "read as no, as the mapping says: 3" in words_of(page)

    page.button(key="save").click().run()
    assert not page.exception
    (mapping,) = kept_mappings(tmp_path / "store")
    assert mapping.columns.occurred_from == "When"
    assert mapping.flags.blank == "false"
    assert mapping.verified
    assert "own.csv is read as own" in words_of(page)
    page.button(key="load").click().run()
    assert not page.exception
    (load,) = IncidentStore.open(tmp_path / "store").loads
    assert (load.stored, load.mapping) == (3, "own")


def test_a_name_that_is_taken_is_said(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "own.csv", folder / "police_uk.csv")
    page = opened("police_uk.csv")
    page.selectbox(key=field(page, "occurred_from")).select("When").run()
    page.button(key="save").click().run()
    assert not page.exception
    assert "&#x27;police_uk&#x27; is the name of a mapping that comes with" in words_of(page)
    assert kept_mappings(tmp_path / "store") == ()


@pytest.mark.usefixtures("folder")
def test_files_of_two_kinds_are_looked_at_one_by_one(tmp_path: Path) -> None:
    page = opened("known.csv", "own.csv", "essex/open.csv")
    # first the one that nothing fits
    assert "How is own.csv to be read?" in words_of(page)
    (kinds,) = [box for box in page.selectbox if "kinds of file" in box.label]
    assert len(kinds.options) == 3
    assert "First save a mapping for own.csv" in words_of(page)
    assert not (tmp_path / "store").exists()


def test_a_file_that_cannot_be_read_is_one_sentence(folder: Path) -> None:
    written(folder / "empty.csv", b"")
    page = opened("empty.csv")
    assert "empty.csv is empty. Export it again." in words_of(page)


@pytest.mark.usefixtures("folder")
def test_the_sample_town_is_never_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "_cache", lambda: tmp_path / "cache")
    town = tmp_path / "cache" / "saltmere-0123456789ab"
    monkeypatch.setenv("HARMHEX_STORE", str(town))
    assert ready.is_ready_store(town)
    assert not ready.is_ready_store(tmp_path / "saltmere-0123456789ab")
    page = opened("known.csv")
    said = words_of(page)
    assert "harmhex app --store FOLDER" in said
    # looking is allowed
    assert "2 rows = 1 stored + 1 rejected" in said
    assert "load" not in [button.key for button in page.button]
    assert "keep_weights" not in [button.key for button in page.button]
    assert snapshot(town) == {}


def test_files_outside_the_folder_are_not_offered(tmp_path: Path) -> None:
    inside = written(tmp_path / "files" / "a.csv", b"x")
    outside = written(tmp_path / "outside.csv", b"x")
    (tmp_path / "files" / "link.csv").symlink_to(outside)
    written(tmp_path / "files" / "letter.txt", b"x")
    assert files_in(tmp_path / "files") == {"a.csv": inside}


class Upload:
    def __init__(self, name: str) -> None:
        self.name = name

    def getbuffer(self) -> memoryview:
        return memoryview(b"rows")


def test_uploads_are_on_disk_for_a_moment_only_and_nowhere_else() -> None:
    names = ["a.csv", "a.csv", "../../evil.csv", "C:\\share\\b.csv"]
    with on_disk([Upload(name) for name in names]) as paths:  # type: ignore[list-item]
        assert [path.name for path in paths] == ["a.csv", "a.csv", "evil.csv", "b.csv"]
        assert len(set(paths)) == 4
        root = paths[0].parents[1]
        assert all(path.resolve().is_relative_to(root.resolve()) for path in paths)
        assert all(path.read_bytes() == b"rows" for path in paths)
    assert not root.exists()


def test_a_shipped_mapping_is_changed_under_a_name_of_ones_own(
    folder: Path, tmp_path: Path
) -> None:
    page = opened("known.csv")
    (toggle,) = page.toggle
    toggle.set_value(True).run()
    assert not page.exception
    page.button(key="save").click().run()
    assert not page.exception
    (mapping,) = kept_mappings(tmp_path / "store")
    shipped = load_mapping("force_export")
    assert mapping.name == "known"
    # the incidents keep their mark, or a corrected export would count them twice
    assert mapping.source == shipped.source
    assert mapping.columns == shipped.columns
    assert folder.is_dir()


@pytest.mark.usefixtures("folder")
def test_an_upload_is_loaded_with_its_boundary(tmp_path: Path) -> None:
    page = AppTest.from_function(run_load_page, default_timeout=60).run()
    boundary = (ready.DATA / "boundary.geojson").read_bytes()
    page.file_uploader(key="uploads_0").set_value([("known.csv", force_export({}), "text/csv")])
    page.file_uploader(key="boundary_0").set_value(("town.geojson", boundary, "application/json"))
    page.run()
    assert not page.exception
    page.button(key="load").click().run()
    assert not page.exception
    assert "1 row read = 1 stored" in words_of(page)
    store = IncidentStore.open(tmp_path / "store")
    assert len(store.study_areas()) == 1
    assert page.file_uploader(key="uploads_1").value in ([], None)


class Waiting:
    """In place of the load: says steps until it is stopped, or let go on."""

    def __init__(self) -> None:
        self.go, self.begun = threading.Event(), threading.Event()
        self.stopped = False

    def __call__(self, *_: object, progress: Callable[[str], None], **__: object) -> LoadResult:
        try:
            for step in range(1_000):
                progress(f"Reading file {step}")
                self.begun.set()
                if self.go.wait(0.01):
                    return LoadResult(1, 1, 0, 0, "", (), None)
        except StoppedError:
            self.stopped = True
            raise
        raise AssertionError


def cancelled(page: AppTest) -> str:
    """Cancel the load that is under way, as the button does; return its key."""
    key = str(page.session_state[under_way.BEGUN].key)
    page.session_state["waiting_stopped"] = {key}
    return key


@pytest.mark.usefixtures("folder")
def test_a_load_is_cancelled_between_its_steps_and_nothing_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited, room = Waiting(), Workroom()
    monkeypatch.setattr(under_way, "load", waited)
    monkeypatch.setattr(waiting, "_ROOM", room)
    page = opened("known.csv")
    held = under_way.begun([], [tmp_path / "known.csv"], None, store=tmp_path / "store")
    with room.waiting(held.key, held.work, changes=True) as job:
        assert waited.begun.wait(5)
        assert job.told[0].startswith("Reading file")
    held.fresh = False
    page.session_state[under_way.BEGUN] = held
    key = cancelled(page)
    room.leave(key)
    page.run()
    assert not page.exception
    # the page waited until the work had truly stopped
    assert waited.stopped
    assert not waiting.under_way(key)
    assert "The load was cancelled. The store is as it was." in words_of(page)
    assert "Begin again" not in [button.label for button in page.button]
    assert under_way.BEGUN not in page.session_state
    assert not (tmp_path / "store").exists()


@pytest.mark.usefixtures("folder")
def test_a_load_that_was_done_before_it_was_cancelled_is_said_to_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited, room = Waiting(), Workroom()
    waited.go.set()
    monkeypatch.setattr(under_way, "load", waited)
    monkeypatch.setattr(waiting, "_ROOM", room)
    monkeypatch.setattr(loading, "_note", lambda *_: None)
    page = opened("known.csv")
    held = under_way.begun([], [], None, store=tmp_path / "store")
    with room.waiting(held.key, held.work, changes=True) as job:
        assert job.done.wait(5)
    page.session_state[under_way.BEGUN] = held
    cancelled(page)
    room.forget()
    page.run()
    assert not page.exception
    said = words_of(page)
    assert "cancelled" not in said
    assert "Stored: no incidents" in said


@pytest.mark.usefixtures("folder")
def test_a_load_whose_page_was_left_is_not_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = Waiting()
    monkeypatch.setattr(under_way, "load", waited)
    page = opened("known.csv")
    held = under_way.begun([], [], None, store=tmp_path / "store")
    held.fresh = False
    page.session_state[under_way.BEGUN] = held
    page.run()
    assert "stopped because this page was left" in words_of(page)
    assert not waited.begun.is_set()
