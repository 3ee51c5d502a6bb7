"""How the app is served: the settings it always has, its base path, and its log."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Final

from config.errors import BadInputError

SETTINGS: Final = Path(__file__).with_name("server.toml")
"""The settings of ``.streamlit/config.toml``, which an installed wheel has no folder for."""

_BASE: Final = re.compile(r"/?[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*/?")
_LINE: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# said by options of the command itself
_CHOSEN: Final = frozenset({"server.address", "server.headless"})


def server_flags(file: Path = SETTINGS) -> list[str]:
    """Return the settings as options of the server's command, so that no other file undoes them."""
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    settings = {
        f"{section}.{name}": value
        for section, named in sections.items()
        for name, value in named.items()
    }
    # a list is said as JSON
    return [
        f"--{name}={value if isinstance(value, str) else json.dumps(value)}"
        for name, value in settings.items()
        if name not in _CHOSEN
    ]


def base_flags(base_path: str) -> list[str]:
    """Return the option for a path below which a reverse proxy serves the app.

    Raises
    ------
    BadInputError
        It is no plain path.
    """
    if not base_path:
        return []
    if not _BASE.fullmatch(base_path):
        msg = (
            f"--base-path {base_path!r} is no plain path. Give letters, digits, '-' and '_', such "
            "as harmhex."
        )
        raise BadInputError(msg)
    return [f"--server.baseUrlPath={base_path.strip('/')}"]


def keep_log(file: Path | None) -> None:
    """Date every line that the app says of itself, and let all of it go to a file if one is named.

    The file is only ever added to, so that whoever rotates logs may copy and empty it.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab", buffering=0) as log:
            # also what libraries and the interpreter itself say
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
                os.dup2(log.fileno(), stream.fileno())
    logging.basicConfig(format=_LINE, level=logging.WARNING)
