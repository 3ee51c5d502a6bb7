"""A server on this machine with data.police.uk's layout, and its bad days."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

HEADER = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,Crime type\n"


def street(month: str, force: str) -> bytes:
    """A month of a force, large enough that reading another one would show."""
    rows = Random(f"{month} {force}")  # noqa: S311 (filling)
    lines = [f"{rows.getrandbits(256):064x},{month},{force},,,,,Robbery\n" for _ in range(2500)]
    return (HEADER + "".join(lines)).encode()


def archive(months: list[str], forces: tuple[str, ...] = ("essex", "kent", "norfolk")) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for month in months:
            for force in forces:
                made.writestr(f"{month}/{month}-{force}-street.csv", street(month, force))
                made.writestr(f"{month}/{month}-{force}-outcomes.csv", "Crime ID\n")
    return content.getvalue()


@dataclass
class Server:
    """What is served, how well, and what was asked."""

    address: str
    files: dict[str, bytes]
    ranges: bool = True
    # bytes after which an answer breaks off, and how many more answers do
    breaks_after: int | None = None
    breaks: int = 1_000
    delay_s: float = 0.0
    status: int = 0
    moved: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    sent: int = 0

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.asked}


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            span = self.headers.get("Range", "")
            state.asked.append((name, span))
            state.agents.add(self.headers["User-Agent"])
            closing.wait(state.delay_s)
            content = state.files.get(name)
            if content is None or state.status:
                self.send_error(state.status or 404)
                return
            if state.moved and "/elsewhere/" not in self.path:
                self.send_response(302)
                self.send_header("Location", f"{state.address}/elsewhere/{name}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            found = re.fullmatch(r"bytes=(\d+)-(\d+)", span) if state.ranges else None
            body = content
            if found:
                first, last = int(found[1]), min(int(found[2]), len(content) - 1)
                body = content[first : last + 1]
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if state.breaks_after is not None and len(body) > state.breaks_after and state.breaks:
                state.breaks -= 1
                body = body[: state.breaks_after]
            state.sent += len(body)
            with suppress(ConnectionError):
                self.wfile.write(body)

    closing = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state = Server(f"http://127.0.0.1:{server.server_port}", dict(files))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield state
        finally:
            closing.set()
            server.shutdown()
            thread.join()
