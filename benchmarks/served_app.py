"""The app, served on a port of its own for as long as a benchmark asks it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 120
_END_SECONDS = 20
_KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class Served:
    """A running app.

    Attributes
    ----------
    port
        Where it listens, on 127.0.0.1.
    pid
        Its process.
    """

    port: int
    pid: int

    @property
    def address(self) -> str:
        """The address that a browser opens."""
        return f"http://127.0.0.1:{self.port}"

    def memory_mb(self) -> float:
        """Return the memory the server holds now (resident set, MiB); Linux only."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / _KIB_PER_MIB


@contextmanager
def served(
    store: Path, *, log: Path | None = None, variables: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Serve a store until the block ends.

    Parameters
    ----------
    log
        File to which what the server says is added; without one it is lost.
    variables
        Of the server's environment, beside this process's own.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "harmhex", "app", "--store", str(store), "--no-browser"]
    with (log or Path("/dev/null")).open("ab") as said:
        process = subprocess.Popen(  # noqa: S603 (our own command, no shell)
            [*command, "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **(variables or {})},
            stdout=said,
            stderr=said,
        )
        try:
            app = Served(port, process.pid)
            _wait_until_ready(f"{app.address}/_stcore/health", process)
            yield app
        finally:
            process.terminate()
            try:
                process.wait(timeout=_END_SECONDS)
            except subprocess.TimeoutExpired:
                # it may be in the middle of an answer that nobody waits for any more
                process.kill()
                process.wait()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 (our own http address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    ended = "" if process.poll() is None else f"; it ended with {process.returncode}"
    sys.exit(f"the app did not start within {_START_SECONDS} seconds{ended}")
