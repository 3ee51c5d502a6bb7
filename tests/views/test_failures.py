"""No traceback on a screen, whatever fails: a sentence, a reference, and the rest of the page."""

import html
import logging
import re
import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from config.errors import BadInputError
from spatial.incidents.store import IncidentStore
from tests.views.conftest import on_page, words_of
from views import answers, frame, pages, waiting
from views.first_run import guide

_REFERENCE = re.compile(r"reference ([0-9a-f]{8})")


@pytest.fixture
def own_store(
    saltmere_store: IncidentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A store of somebody's own, which a test may spoil."""
    store = tmp_path / "own"
    shutil.copytree(saltmere_store.path, store)
    monkeypatch.setenv("HARMHEX_STORE", str(store))
    return store


def fails(*_given: object, **_more: object) -> None:
    msg = "secret of the house: /home/somebody"
    raise RuntimeError(msg)


def assert_plain(app: AppTest, caplog: pytest.LogCaptureFixture) -> None:
    """One sentence with a reference that the log knows, and nothing of the program's inside."""
    said = words_of(app)
    assert not app.exception
    found = _REFERENCE.search(said)
    assert found
    assert any(found[1] in one.getMessage() and one.exc_info for one in caplog.records)
    for inside in ("Traceback", "RuntimeError", "secret of the house", ".py"):
        assert inside not in said


def test_a_page_that_fails(
    on_saltmere: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert on_saltmere
    monkeypatch.setattr(answers, "answer", fails)
    app = on_page()
    assert_plain(app, caplog)
    # the frame and the controls still work
    assert "hx-marking" in words_of(app)
    assert app.number_input(key="places")


@pytest.mark.parametrize(
    ("room", "name"), [(pages, "navigate"), (frame, "restore_choices"), (guide, "_done")]
)
def test_the_frame_itself_fails(
    own_store: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    room: object,
    name: str,
) -> None:
    assert own_store.is_dir()
    monkeypatch.setattr(room, name, fails)
    assert_plain(on_page(), caplog)


def test_a_log_that_cannot_be_written_hides_nothing(
    on_saltmere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert on_saltmere

    class Full(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise OSError(28, f"No space left on device: {record.name}")

    handler = Full()
    logging.getLogger("harmhex.app").addHandler(handler)
    monkeypatch.setattr(answers, "answer", fails)
    try:
        app = on_page()
    finally:
        logging.getLogger("harmhex.app").removeHandler(handler)
    assert not app.exception
    assert _REFERENCE.search(words_of(app))


def with_a_button() -> None:
    import streamlit as st  # noqa: PLC0415 (AppTest runs this function alone)

    from tests.views import test_failures as here  # noqa: PLC0415, PLW0406 (likewise)
    from views import frame  # noqa: PLC0415 (likewise)

    frame.say_failed()
    st.button("Fail", on_click=frame.fenced(here.fails))
    st.button("Refuse", on_click=frame.fenced(here.refuses), args=("the places",))
    st.write("The rest of the page")


def refuses(what: str) -> None:
    msg = f"Choose {what} first."
    raise BadInputError(msg)


def test_a_callback_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    app = AppTest.from_function(with_a_button).run()
    app.button[0].click().run()
    assert_plain(app, caplog)
    assert app.markdown[0].value == "The rest of the page"
    app.button[1].click().run()
    assert "Choose the places first." in words_of(app)
    assert not app.run().html


def test_a_store_that_vanishes_while_it_is_open(own_store: Path) -> None:
    app = on_page()
    assert app.number_input(key="places")
    own_store.rename(own_store.with_name("elsewhere"))
    app.run()
    assert not app.exception
    assert "does not exist" in words_of(app)
    assert "Load your data" in next(one.label for one in app.get("page_link"))
    own_store.with_name("elsewhere").rename(own_store)
    assert app.run().number_input(key="places")


@pytest.mark.parametrize("spoil", [b"", b"{", b"[]", b'{"version": 99}', b"\xff\xfe"])
def test_a_store_whose_manifest_is_spoilt(
    own_store: Path, spoil: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (own_store / "store.json").write_bytes(spoil)
    app = on_page()
    assert not app.exception
    said = words_of(app)
    assert "hx-say" in said
    assert "Traceback" not in said
    # a person's remedy, not the log's
    assert not [one for one in caplog.records if one.exc_info and one.name == "harmhex.app"]


def test_incidents_that_vanish_under_the_store(own_store: Path) -> None:
    for part in own_store.rglob("*.parquet"):
        part.unlink()
    app = on_page()
    assert not app.exception
    assert "hx-say" in words_of(app)


def test_incidents_that_are_spoilt_are_said_once(own_store: Path) -> None:
    for part in own_store.rglob("*.parquet"):
        part.write_bytes(b"PAR1garbage")
    # what was kept of the same store would be shown
    st.cache_data.clear()
    waiting.forget()
    app = on_page()
    assert not app.exception
    assert words_of(app).count("cannot be read") == 1


def test_a_register_that_cannot_be_opened(
    on_saltmere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert on_saltmere
    spoilt = tmp_path / "register.sqlite"
    spoilt.write_bytes(b"no database" * 100)
    monkeypatch.setenv("HARMHEX_REGISTER", str(spoilt))
    app = on_page()
    assert not app.exception
    assert "people&#x27;s changes count" in words_of(app)
    # the list goes into files, which say so too
    assert "people&#x27;s changes count in this list" in words_of(app)
    # whom a list without people's changes falls on is another question than the one asked
    app = on_page("fairness")
    assert "live under" in words_of(app)
    assert "people&#x27;s changes count" in words_of(app)


def test_partner_layers_that_cannot_be_read_take_nothing_else_away(own_store: Path) -> None:
    folder = own_store / "partners"
    folder.mkdir(exist_ok=True)
    (folder / "partners.json").write_bytes(b"{")
    app = on_page()
    assert not app.exception
    assert "What partners saw is not shown" in words_of(app)
    assert "hx-maptitle" in words_of(app)


def test_a_bookmark_of_a_place_that_left_the_list(on_saltmere: str) -> None:
    assert on_saltmere
    app = on_page(place="T-999", open="on")
    said = words_of(app)
    assert "the place T-999, which is not on this list" in said
    # no other place's story opens in its stead
    assert "drawer_close" not in [one.key for one in app.button]


def test_a_bookmark_of_an_operation_that_is_gone(on_saltmere: str) -> None:
    assert on_saltmere
    app = on_page("evaluation", operation="00000000-0000-7000-8000-000000000000")
    assert "00000000-0000-7000-8000-000000000000) is not in the register" in words_of(app)


@pytest.mark.parametrize("address", [one.address for one in pages.PAGES])
def test_every_page_without_a_store_says_what_to_do(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMHEX_STORE", str(tmp_path / "new"))
    app = on_page(address)
    assert not app.exception
    said = words_of(app)
    assert "reference" not in said
    # what cannot be shown without data says where data come from
    if address not in {"method", "accessibility", "settings", "run", "load"}:
        assert "Load" in said, address
        assert "hx-say" in said


SPOILT = (b"", b'{"type": "FeatureCollection", "features": [{"type"', b"\xff\xfe", b"[]")


@pytest.mark.parametrize(
    ("layer", "address", "says"),
    [
        ("sea", "tasking", "layer 'sea' of this store cannot be read"),
        ("beats", "tasking", "drawn without the layer 'beats'"),
        ("streets", "targets", "layer 'streets' of this store cannot be read"),
        ("streets", "daily", "No incident is named after a street"),
        ("beats", "daily", "No incident is named after a beat"),
        ("places", "data", "layer 'places' of this store cannot be read"),
        ("saltmere", "data", "is not readable GeoJSON"),
    ],
)
def test_a_layer_that_is_spoilt_is_named(
    own_store: Path,
    caplog: pytest.LogCaptureFixture,
    layer: str,
    address: str,
    says: str,
) -> None:
    store = IncidentStore.open(own_store)
    spoilt = {**store.study_areas(), **store.context_layers()}[layer]
    spoilt.write_bytes(SPOILT[len(layer + address) % len(SPOILT)])
    # what was kept of the same store would be shown
    st.cache_data.clear()
    st.cache_resource.clear()
    waiting.forget()
    app = on_page(address)
    assert not app.exception
    said = html.unescape(words_of(app))
    assert says in said
    assert "reference" not in said
    assert not [one for one in caplog.records if one.exc_info and one.name == "harmhex.app"]
    if address == "daily":
        # the rest of the page stands, with its map
        assert "The incidents of the 24 hours" in said or "hx-daily" in said
        assert "drawn without the layer" in said
    if address == "data":
        assert any(one.key == "loads" for one in app.dataframe) or "Loads" in said
