"""`harmhex app`: open the map in a browser, on this machine only."""

from __future__ import annotations

import importlib
import importlib.util
import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from config.errors import BadInputError
from harmhex.door import progress, told_plainly
from sample_geo.ready import ready_store
from spatial.incidents.store import IncidentStore

# said on the command line too, so that no other settings file can open the app to a network
_PRIVATE = (
    "--server.address=127.0.0.1",
    "--browser.serverAddress=127.0.0.1",
    "--browser.gatherUsageStats=false",
    "--server.showEmailPrompt=false",
)
_HEAVY = ("layers.deck", "spatial.run", "altair")


@told_plainly
def app(
    store: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the incident store; a new one is filled on the page Load data. "
            "Without it, the sample town.",
            show_default=False,
        ),
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option(
            help="Folder of large files, which the page Load data then offers.", show_default=False
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Open the app, on this machine only, without internet.

    Example: harmhex app --store essex
    """
    if store is None:
        progress("Making the sample town ready (Saltmere, fictional) ...")
        store = ready_store()
    if store.exists():
        # a store that cannot be opened is said here, not in the browser
        IncidentStore.open(store)
    else:
        progress(f"{store} does not exist yet: load files into it on the page Load data.")
    if files is not None and not files.is_dir():
        msg = f"--files {str(files)!r} is not a folder. Give the folder that holds the files."
        raise BadInputError(msg)
    _require_free(port)
    script = _script()
    headless = str(not browser).lower()
    # the first visitor should not wait for what every visitor needs
    for heavy in _HEAVY:
        importlib.import_module(heavy)
    os.environ["HARMHEX_STORE"] = str(store.resolve())
    os.environ["HARMHEX_FILES"] = "" if files is None else str(files.resolve())
    # the app's folder holds its theme
    os.chdir(script.parent)
    from streamlit.web import cli as streamlit_cli  # noqa: PLC0415 (half a second that no other command needs)

    arguments = [f"--server.port={port}", f"--server.headless={headless}", *_PRIVATE]
    streamlit_cli.main(["run", str(script), *arguments], standalone_mode=False)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        # as the server itself does: a port just left may be taken again
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            msg = f"Port {port} cannot be opened ({error.strerror}). Give another with --port."
            raise BadInputError(msg) from error


def _script() -> Path:
    # found, not imported: the script is Streamlit's to run
    found = importlib.util.find_spec("app")
    if found is None or found.origin is None:
        msg = "app.py was not installed beside this command. Install Harmhex from its folder again."
        raise BadInputError(msg)
    return Path(found.origin).resolve()
