from __future__ import annotations

import socket
from pathlib import Path

from typer.testing import CliRunner

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
