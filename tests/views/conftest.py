from __future__ import annotations

import functools
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from register.opening import Register, open_register
from sample_geo.ready import DATA
from sample_geo.register_entries import fill_register
from tests.views.people import NOW, Clock, Kept
from views import access, records
from views.pages import PAGES
from views.signed_in import identity
from views.signed_in.identity import Seen
from views.signed_in.sign_ins import SignIns

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore

APP = str(Path(__file__).resolve().parents[2] / "app.py")


def on_page(address: str = "", **asked: str) -> AppTest:
    """The whole app, opened at an address with what it asks for."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update(asked)
    if address:
        listed = next(one for one in PAGES if one.address == address)
        app._page_hash = calc_hash(listed.address)  # noqa: SLF001 (AppTest opens pages of files only)
    return app.run()


def run_quality_page() -> None:
    from views import frame  # noqa: PLC0415 (AppTest runs this function alone)
    from views.quality import page as quality  # noqa: PLC0415 (AppTest runs this function alone)

    frame.dress()
    quality.page()


def run_tasking_page() -> None:
    from views.tasking import page as tasking  # noqa: PLC0415 (AppTest runs this function alone)

    tasking.page()


@pytest.fixture(scope="session", autouse=True)
def _packages_looked_through_once() -> Iterator[None]:
    """An app looks for components among all packages once; a page tried here at each run."""
    once = functools.cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(autouse=True)
def _main_module_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page tried here runs as the main module: processes that later tests start must not."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def on_saltmere(saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch) -> str:
    """The app as it is started on the sample town: returns the store it is given."""
    monkeypatch.setenv("HARMHEX_STORE", str(saltmere_store.path))
    return os.environ["HARMHEX_STORE"]


@pytest.fixture(scope="session")
def filled_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample's register, filled once: tests take a copy."""
    folder = tmp_path_factory.mktemp("register")
    register = open_register(folder / "register.sqlite")
    with register.writing() as session:
        assert fill_register(session, DATA, now=NOW)
    register.close()
    return folder


@pytest.fixture
def held(
    on_saltmere: str, filled_register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Register]:
    """The sample's register, on the sample's last day, with sign-in."""
    assert on_saltmere
    place = tmp_path / "register" / "register.sqlite"
    shutil.copytree(filled_register, place.parent)
    rules = tmp_path / "access.toml"
    rules.write_text('[sign_in]\nmethod = "oidc"', encoding="utf-8")
    monkeypatch.setenv("HARMHEX_ACCESS", str(rules))
    monkeypatch.setenv("HARMHEX_REGISTER", str(place))
    monkeypatch.setattr(access, "now", Clock())
    monkeypatch.setattr(access, "_SIGN_INS", SignIns())
    monkeypatch.setattr(records, "today", lambda store: store.data_through)
    register = open_register(place)
    yield register
    register.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(access, "now", clock)
    monkeypatch.setattr(access, "_SIGN_INS", SignIns())
    return clock


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    kept = Kept()
    monkeypatch.setattr(access, "trail", lambda: kept)
    return kept


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put access rules in force."""

    def put(text: str) -> None:
        # a name of its own: rules are read once
        file = tmp_path / f"access-{len(list(tmp_path.glob('access-*')))}.toml"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setenv("HARMHEX_ACCESS", str(file))

    return put


@pytest.fixture
def by_oidc(rules: Callable[[str], None], clock: Clock, kept: Kept) -> Kept:
    assert clock.at == NOW
    rules('[sign_in]\nmethod = "oidc"')
    return kept


@pytest.fixture
def by_proxy(
    rules: Callable[[str], None], clock: Clock, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Sign-in by a proxy at 10.20.0.7, which gives a secret; returns how to set a connection."""
    assert clock.at == NOW
    assert not kept.facts
    rules(
        '[sign_in]\nmethod = "proxy"\n[proxy]\naddresses = ["10.20.0.7"]\n'
        'secret_header = "X-Proxy-Secret"\nsign_out = "/oauth2/sign_out"'
    )
    monkeypatch.setenv("HARMHEX_PROXY_SECRET", "open sesame")

    def connect(address: str | None, **headers: str | tuple[str, ...]) -> None:
        found = {
            name.replace("_", "-").title(): (given,) if isinstance(given, str) else given
            for name, given in headers.items()
        }
        monkeypatch.setattr(identity, "seen", lambda: Seen(address, found))

    return connect


@pytest.fixture
def tasking_page(on_saltmere: str) -> AppTest:
    assert on_saltmere
    return AppTest.from_file(APP, default_timeout=60).run()


def words_of(page: AppTest) -> str:
    """Everything the page says in our own HTML."""
    return "\n".join(element.body for element in page.html)


def deck_of(page: AppTest) -> dict[str, Any]:
    """The map's layers by name, as the browser gets them."""
    document = json.loads(page.get("deck_gl_json_chart")[0].proto.json)
    return {layer["id"]: layer for layer in document["layers"][0]}
