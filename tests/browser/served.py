"""An app of its own process, as somebody starts it, and what its log said when it ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
_TRIES, _PAUSE_SECONDS = 480, 0.25


@contextmanager
def served(
    log: Path, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Start the app on a free port, hand out its address, stop it; a traceback in its log fails."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "harmhex", "app", "--port", str(port), "--no-browser", *options,
    ]  # fmt: skip
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(  # noqa: S603 (our own command, no shell)
            command,
            cwd=ROOT,
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(f"{address}/_stcore/health", process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said, said


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(_TRIES):
        if process.poll() is not None:
            pytest.fail(f"the app stopped with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 (our own http address)
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(_PAUSE_SECONDS)
    pytest.fail("the app did not start within two minutes")
