"""`harmhex app`: open the map in a browser; on this machine only, unless people sign in."""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
import ipaddress
import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from config.access import FILE_VARIABLE, SECRET_VARIABLE, AccessRules, access_rules
from config.errors import BadInputError
from config.force_file import Origin, force_file
from config.in_force import FILE_VARIABLE as SETTINGS_VARIABLE
from config.in_force import put_in_force
from harmhex.door import progress, told_plainly
from harmhex.server import base_flags, keep_log, server_flags
from sample_geo.ready import ready_register, ready_store
from spatial.incidents.store import IncidentStore

_HERE = "127.0.0.1"
# said on the command line too, so that no other settings file can open the app to a network
_PRIVATE = ("--server.showEmailPrompt=false",)
# newer options of the server are said by environment: an older one does not know the flags
_CLOSED = {
    # nothing but a browser drives the app, and no header makes anybody a user
    "STREAMLIT_SERVER_ENABLE_AGENT_API": "false",
    "STREAMLIT_SERVER_TRUSTED_USER_HEADERS": "{}",
    # who connects is who connects: a header does not change that
    "FORWARDED_ALLOW_IPS": "",
}
# a page elsewhere must not reach this machine's app under a name of its own
_ONLY_HERE = {"STREAMLIT_SERVER_ALLOWED_HOSTS": "localhost 127.0.0.1 ::1"}
_HEAVY = (
    "layers.deck",
    "spatial.run",
    "altair",
    # what the other pages bring along: two thirds of what a first visit waited for
    "layers.print.report",
    "layers.evaluation.files",
    "layers.handout",
    "register.opening",
    "spatial.backtest",
    "spatial.evaluate",
    "spatial.intake",
    "spatial.report",
    "spatial.risk_report",
)


@told_plainly
def app(  # noqa: PLR0913 (the command's options)
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
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")] = 8501,
    address: Annotated[
        str,
        typer.Option(
            help="Address of this machine to serve on; other than 127.0.0.1 only with sign-in."
        ),
    ] = _HERE,
    access: Annotated[
        Path | None,
        typer.Option(
            help="File of who signs in how and may do what (docs/access.md).", show_default=False
        ),
    ] = None,
    base_path: Annotated[
        str,
        typer.Option(help="Path below which a reverse proxy serves the app, such as harmhex."),
    ] = "",
    log: Annotated[
        Path | None,
        typer.Option(
            help="File to add to what the server says, in place of the screen.", show_default=False
        ),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Open the app, without internet; on this machine only, unless sign-in is set up.

    Example: harmhex app --store essex
    """
    if access is not None:
        os.environ[FILE_VARIABLE] = str(access.resolve())
    rules = access_rules()
    script = _script()
    _require_sign_in(rules, _address(address), script)
    if store is None:
        progress("Making the sample town ready (Saltmere, fictional) ...")
        store = ready_store()
        ready_register(store, now=dt.datetime.now(dt.UTC))
    _keep_settings(store)
    if store.exists():
        # a store that cannot be opened is said here, not in the browser
        IncidentStore.open(store)
    else:
        progress(f"{store} does not exist yet: load files into it on the page Load data.")
    if files is not None and not files.is_dir():
        msg = f"--files {str(files)!r} is not a folder. Give the folder that holds the files."
        raise BadInputError(msg)
    _require_free(_address(address), port)
    below = base_flags(base_path)
    keep_log(log)
    headless = str(not browser).lower()
    # the first visitor should not wait for what every visitor needs
    for heavy in _HEAVY:
        importlib.import_module(heavy)
    os.environ["HARMHEX_STORE"] = str(store.resolve())
    os.environ["HARMHEX_FILES"] = "" if files is None else str(files.resolve())
    # a settings file of the folder the command was given in is not the app's
    os.chdir(script.parent)
    from streamlit.web import cli as streamlit_cli  # noqa: PLC0415 (half a second that no other command needs)

    os.environ.update(_CLOSED | ({} if rules.signs_in else _ONLY_HERE))
    at = _address(address)
    arguments = [
        f"--server.port={port}",
        f"--server.headless={headless}",
        f"--server.address={at}",
        f"--browser.serverAddress={'localhost' if at.is_unspecified else at}",
        *_PRIVATE,
        *server_flags(),
        *below,
    ]
    streamlit_cli.main(["run", str(script), *arguments], standalone_mode=False)


def _keep_settings(store: Path) -> None:
    """Check the settings that count for a store, and keep for the server what was named for it."""
    file = force_file()
    if file.origin is not Origin.NAMED:
        # the sample town's folder was not known before
        file = put_in_force(store=store)
    if file.origin is Origin.NAMED and file.path is not None:
        os.environ[SETTINGS_VARIABLE] = str(file.path.resolve())


def _address(given: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(_HERE if given == "localhost" else given.strip("[]"))
    except ValueError as error:
        msg = f"--address {given!r} is no address. Give one of this machine's, such as {_HERE}."
        raise BadInputError(msg) from error


def _require_sign_in(
    rules: AccessRules, address: ipaddress.IPv4Address | ipaddress.IPv6Address, script: Path
) -> None:
    """Serve nobody else without sign-in, and no sign-in that cannot work or leaks its secrets."""
    method = rules.sign_in.method
    if not rules.signs_in and not address.is_loopback:
        msg = (
            f"--address {str(address)!r}: without sign-in the app is served to this machine only. "
            "Set sign-in up (docs/access.md), or leave --address out."
        )
        raise BadInputError(msg)
    secrets = script.parent / ".streamlit" / "secrets.toml"
    if secrets.exists():
        msg = (
            f"{secrets.name!r} lies among the program's own files, where copies of it take its "
            "secrets along. Move it to the folder .streamlit in the home of the account that runs "
            "the app."
        )
        raise BadInputError(msg)
    if method == "oidc" and importlib.util.find_spec("authlib") is None:
        msg = "Sign-in by 'oidc' needs two more packages. Install Harmhex as 'harmhex[sign-in]'."
        raise BadInputError(msg)
    if method == "proxy" and rules.proxy.secret_header and not os.environ.get(SECRET_VARIABLE):
        msg = (
            f"The proxy is to give a secret in {rules.proxy.secret_header!r}, and the environment "
            f"variable {SECRET_VARIABLE} does not say which. Set it."
        )
        raise BadInputError(msg)


def _require_free(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> None:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004 (the version's own name)
    with socket.socket(family) as probe:
        # as the server itself does: a port just left may be taken again
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((str(address), port))
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
