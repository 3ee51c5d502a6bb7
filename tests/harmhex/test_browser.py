from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmhex import browser
from harmhex.__main__ import cli

RUNNER = CliRunner()


def test_a_store_may_be_new_and_that_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        # a port in use stops the app just before it would be served
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = RUNNER.invoke(cli, ["app", "--store", str(tmp_path / "new"), "--port", port])
    assert result.exit_code == 1
    assert "does not exist yet: load files into it on the page Load data" in result.stderr
    assert f"Port {port} cannot be opened" in result.stderr
    assert not (tmp_path / "new").exists()


def test_what_is_no_store_or_no_folder_of_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    result = RUNNER.invoke(cli, ["app", "--store", str(tmp_path)])
    assert result.exit_code == 1
    assert "is not an incident store" in result.stderr
    asked = ["app", "--store", str(tmp_path / "new"), "--files", str(tmp_path / "none")]
    result = RUNNER.invoke(cli, asked)
    assert result.exit_code == 1
    assert "is not a folder" in result.stderr


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A command that would start the app; what stops it is said before the port is tried."""
    # the command sets them for the app, and they must not stay for the next test
    for name in ("HARMHEX_ACCESS", "HARMHEX_PROXY_SECRET"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(browser, "_require_free", _stop)
    return ["app", "--store", str(tmp_path / "new")]


def _stop(address: object, port: int) -> None:
    msg = f"Would be served on {address}, port {port}."
    raise browser.BadInputError(msg)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "::", "fd00::1"])  # noqa: S104 (must be refused)
def test_without_sign_in_no_other_machine_is_served(asked: list[str], address: str) -> None:
    result = RUNNER.invoke(cli, [*asked, "--address", address])
    assert result.exit_code == 1
    assert "without sign-in the app is served to this machine only" in result.stderr
    assert "Would be served" not in result.stderr


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_this_machine_is_served_without_sign_in(asked: list[str], address: str) -> None:
    result = RUNNER.invoke(cli, [*asked, "--address", address])
    assert "Would be served on" in result.stderr


def test_what_is_no_address_is_said(asked: list[str]) -> None:
    result = RUNNER.invoke(cli, [*asked, "--address", "server.example"])
    assert result.exit_code == 1
    assert "--address 'server.example' is no address" in result.stderr


def test_with_sign_in_others_are_served(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = tmp_path / "access.toml"
    access.write_text(
        '[sign_in]\nmethod = "proxy"\n'
        '[proxy]\naddresses = ["10.0.0.1"]\nsecret_header = "X-Proxy-Secret"\n',
        encoding="utf-8",
    )
    command = [*asked, "--address", "192.0.2.7", "--access", str(access)]
    result = RUNNER.invoke(cli, command)
    assert "HARMHEX_PROXY_SECRET does not say which" in result.stderr
    monkeypatch.setenv("HARMHEX_PROXY_SECRET", "open sesame")
    result = RUNNER.invoke(cli, command)
    assert "Would be served on 192.0.2.7" in result.stderr
    assert "open sesame" not in result.output


def test_a_sign_in_that_cannot_work_is_not_started(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = tmp_path / "access.toml"
    access.write_text('[sign_in]\nmethod = "oidc"\n', encoding="utf-8")
    real = browser.importlib.util.find_spec
    monkeypatch.setattr(
        browser.importlib.util, "find_spec", lambda name: None if name == "authlib" else real(name)
    )
    result = RUNNER.invoke(cli, [*asked, "--access", str(access)])
    assert result.exit_code == 1
    assert "Install Harmhex as 'harmhex[sign-in]'" in result.stderr


def test_secrets_among_the_programs_files_stop_it(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / "program" / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir(parents=True)
    secrets.write_text("[auth]\n", encoding="utf-8")
    monkeypatch.setattr(browser, "_script", lambda: tmp_path / "program" / "app.py")
    result = RUNNER.invoke(cli, asked)
    assert result.exit_code == 1
    assert "lies among the program's own files" in result.stderr
