"""How the app is served: its settings go with an installed copy; its base path and its log."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit import config

from config.errors import BadInputError
from harmhex.server import SETTINGS, base_flags, server_flags

ROOT = Path(__file__).resolve().parents[2]


def test_an_installed_copy_has_the_settings_of_the_checkout() -> None:
    assert SETTINGS.read_bytes() == (ROOT / ".streamlit" / "config.toml").read_bytes()


def test_every_setting_is_an_option_that_the_server_knows() -> None:
    flags = server_flags()
    names = {flag[2:].partition("=")[0] for flag in flags}
    assert names <= set(config.get_config_options())
    assert "--client.showErrorDetails=none" in flags
    assert "--browser.gatherUsageStats=false" in flags
    assert "--server.fileWatcherType=none" in flags
    colours = [flag for flag in flags if flag.startswith("--theme.chartCategoricalColors=")]
    assert [len(json.loads(flag.partition("=")[2])) for flag in colours] == [4]
    # what the command's own options say
    assert not names & {"server.address", "server.headless", "server.port"}


@pytest.mark.parametrize(("given", "flags"), [
    ("", []),
    ("harmhex", ["--server.baseUrlPath=harmhex"]),
    ("/tools/harm-hex/", ["--server.baseUrlPath=tools/harm-hex"]),
])  # fmt: skip
def test_a_base_path(given: str, flags: list[str]) -> None:
    assert base_flags(given) == flags


@pytest.mark.parametrize("given", ["../x", "a b", "//", "x?y", "https://x", "a//b", "<x>"])
def test_no_base_path(given: str) -> None:
    with pytest.raises(BadInputError, match="no plain path"):
        base_flags(given)


def test_everything_said_goes_to_the_log_and_adds_to_it(tmp_path: Path) -> None:
    file = tmp_path / "logs" / "app.log"
    program = (
        "import logging, os, sys; from pathlib import Path; from harmhex.server import keep_log\n"
        f"keep_log(Path({str(file)!r}))\n"
        "logging.getLogger('harmhex.app').warning('Reference %s', 'ab12')\n"
        "os.write(2, b'from below\\n'); print('said')"
    )
    for _ in range(2):
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-c", program], capture_output=True, check=True, cwd=ROOT
        )
        assert (done.stdout, done.stderr) == (b"", b"")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines.count("from below") == 2
    assert sum("WARNING harmhex.app: Reference ab12" in line for line in lines) == 2
