"""A file on a web server, read in pieces: the only module that opens a connection."""

from __future__ import annotations

import http.client
import re
import ssl
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

from config.errors import BadInputError
from config.version import VERSION
from harmhex.police_uk.ranged_file import RangedFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_USER_AGENT: Final = f"harmhex/{VERSION}"
# a file that is not there; some stores answer 403 for what they do not hold
_ABSENT: Final = frozenset({403, 404, 410})
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_PARTIAL: Final = 206
_CONTENT_RANGE: Final = re.compile(r"bytes\s+(\d+)-(\d+)/(\d+)")
_CHUNK: Final = 1 << 18
_TELL_EVERY: Final = 1 << 26


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for.

    Attributes
    ----------
    timeout_s
        Seconds without a byte after which an attempt is given up.
    attempts
        How often in a row a request may fail before the fetch is given up.
    pause_s
        Seconds before the second attempt; each later one waits that much longer.
    """

    timeout_s: float = 30.0
    attempts: int = 3
    pause_s: float = 1.0


@dataclass(slots=True)
class Traffic:
    """What went over the network: requests made, and bytes of content received."""

    requests: int = 0
    received: int = 0


class _FailedAttemptError(Exception):
    """One attempt failed in a way that may pass; the text says how."""


@dataclass(slots=True)
class _Remote:
    """One address, and how patiently it is asked."""

    url: str
    patience: Patience
    traffic: Traffic
    opener: urllib.request.OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        # this machine is never reached through a proxy; other hosts as the system is set up
        proxies: dict[str, str] | None = {} if _is_this_machine(self.url) else None
        self.opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(proxies),
            # no other schemes: a redirect must not lead to a file of this machine
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.UnknownHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPErrorProcessor(),
        ):
            self.opener.add_handler(handler)

    @property
    def host(self) -> str:
        return host_of(self.url)

    def ask(self, start: int, stop: int | None, *, tag: str = "") -> http.client.HTTPResponse:
        """Ask for bytes ``start`` to ``stop``, or all; the server may send all in any case."""
        request = urllib.request.Request(  # noqa: S310 (the opener knows no scheme but http and https)
            self.url,
            headers={
                "User-Agent": _USER_AGENT,
                **({} if stop is None else {"Range": f"bytes={start}-{stop - 1}"}),
                "Accept-Encoding": "identity",
                **({"If-Range": tag} if tag.startswith('"') else {}),
            },
        )
        self.traffic.requests += 1
        try:
            response: http.client.HTTPResponse = self.opener.open(
                request, timeout=self.patience.timeout_s
            )
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in _PASSING:
                said = f"answered {error.code} ({error.reason})"
                raise _FailedAttemptError(said) from error
            raise
        except urllib.error.URLError as error:
            raise _FailedAttemptError(_trouble(error.reason)) from error
        except (OSError, http.client.HTTPException) as error:
            raise _FailedAttemptError(_trouble(error)) from error
        return response

    def attempts(self, fetched: Callable[[], int]) -> Iterator[None]:
        """Yield once per attempt the caller may make; it stops asking when it has succeeded."""
        failures, before = 0, fetched()
        while True:
            yield
            # an attempt that brought something is no failure
            failures, before = (0 if fetched() > before else failures), fetched()
            failures += 1
            if failures >= self.patience.attempts:
                return
            time.sleep(self.patience.pause_s * failures)

    def piece(self, start: int, stop: int, *, size: int, tag: str) -> bytes:
        """Return bytes ``start`` to ``stop`` of a file known to be ``size`` bytes long."""
        found = bytearray()
        said = ""
        for _ in self.attempts(lambda: len(found)):
            try:
                with self.ask(start + len(found), stop, tag=tag) as response:
                    if _extent(response) != (start + len(found), size):
                        raise BadInputError(self._changed())
                    said = self._receive(response, found, stop - start)
            except _FailedAttemptError as error:
                said = str(error)
            except urllib.error.HTTPError as error:
                raise BadInputError(self.refusal(error)) from error
            if len(found) == stop - start:
                return bytes(found)
        raise BadInputError(self.failure(said))

    def _receive(self, response: http.client.HTTPResponse, found: bytearray, wanted: int) -> str:
        """Add what arrives to ``found``; return what went wrong."""
        try:
            while len(found) < wanted:
                chunk = response.read(min(_CHUNK, wanted - len(found)))
                if not chunk:
                    return "broke off in the middle of the file"
                self.traffic.received += len(chunk)
                found += chunk
        except (OSError, http.client.HTTPException) as error:
            return _trouble(error)
        return ""

    def whole(
        self, first: http.client.HTTPResponse, aside: Path, tell: Callable[[str], None]
    ) -> IO[bytes]:
        """Save the whole file aside, beginning with a response already open.

        The file has no name of its own and is gone when it is closed.
        """
        said = ""
        response = first
        for number in range(self.patience.attempts):
            copy: IO[bytes] = tempfile.TemporaryFile(dir=aside)  # noqa: SIM115 (the caller closes it)
            try:
                if number:
                    time.sleep(self.patience.pause_s * number)
                    response = self.ask(0, None)
                with response:
                    said = self._save(response, copy, tell)
                if not said:
                    copy.seek(0)
                    return copy
            except _FailedAttemptError as error:
                said = str(error)
            except urllib.error.HTTPError as error:
                copy.close()
                raise BadInputError(self.refusal(error)) from error
            except OSError as error:
                copy.close()
                msg = (
                    f"{self.url.rpartition('/')[2]} cannot be saved in {aside} "
                    f"({(error.strerror or str(error)).lower()}); make room, or give another --out."
                )
                raise BadInputError(msg) from error
            except BaseException:
                copy.close()
                raise
            copy.close()
        raise BadInputError(self.failure(said))

    def _save(
        self, response: http.client.HTTPResponse, copy: IO[bytes], tell: Callable[[str], None]
    ) -> str:
        """Copy a response to a file; return what went wrong."""
        stated = response.length
        got = told = 0
        while True:
            try:
                chunk = response.read(_CHUNK)
            except (OSError, http.client.HTTPException) as error:
                return _trouble(error)
            if not chunk:
                break
            copy.write(chunk)
            got += len(chunk)
            self.traffic.received += len(chunk)
            if got - told >= _TELL_EVERY:
                told = got
                of = f" of {stated / 1e6:,.0f}" if stated else ""
                tell(f"{got / 1e6:,.0f}{of} MB of {self.url.rpartition('/')[2]}")
        if stated is not None and got < stated:
            return "broke off in the middle of the file"
        return ""

    def failure(self, said: str) -> str:
        return (
            f"{self.host} {said} while {self.url.rpartition('/')[2]} was fetched; "
            "run the same command again to go on from here, or save the file in a browser and "
            "give it with --source."
        )

    def refusal(self, error: urllib.error.HTTPError) -> str:
        return (
            f"{self.host} answered {error.code} ({error.reason}) for "
            f"{self.url.rpartition('/')[2]}; check the address given with --source."
        )

    def _changed(self) -> str:
        return (
            f"{self.url.rpartition('/')[2]} changed on {self.host} while it was read; "
            "run the same command again."
        )


def open_remote(
    url: str,
    *,
    patience: Patience,
    traffic: Traffic,
    aside: Path,
    tell: Callable[[str], None],
) -> IO[bytes] | RangedFile | None:
    """Open a file of a server for reading at any place.

    Parameters
    ----------
    url
        An http or https address.
    patience
        How long the server is waited for.
    traffic
        Counted up by what is asked and received.
    aside
        An existing folder with room for the whole file, used where the server sends no ranges.
    tell
        Told now and then how far a whole file has come.

    Returns
    -------
    The file, or None where the server says it has none of that name. The caller closes it.

    Raises
    ------
    BadInputError
        The server cannot be reached, is too slow, breaks off, or refuses: one sentence with host,
        happening and remedy.
    """
    remote = _Remote(url, patience, traffic)
    said = ""
    for _ in remote.attempts(lambda: 0):
        try:
            response = remote.ask(0, 1)
        except _FailedAttemptError as error:
            said = str(error)
            continue
        except urllib.error.HTTPError as error:
            if error.code in _ABSENT:
                return None
            raise BadInputError(remote.refusal(error)) from error
        if response.status != _PARTIAL:
            tell(f"{remote.host} sends no parts of files: fetching {url.rpartition('/')[2]} whole")
            return remote.whole(response, aside, tell)
        with response:
            extent = _extent(response)
            tag = response.headers.get("ETag", "")
        if extent is None or extent[0] != 0:
            said = "answered with another part than the one asked for"
            continue
        return RangedFile(partial(remote.piece, size=extent[1], tag=tag), extent[1])
    raise BadInputError(remote.failure(said))


def host_of(url: str) -> str:
    """Return the host of an address, with its port where it names one."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _extent(response: http.client.HTTPResponse) -> tuple[int, int] | None:
    """Return where a part begins and how long the whole file is; None if it is no part."""
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    return (int(found[1]), int(found[3])) if response.status == _PARTIAL and found else None


def _is_this_machine(url: str) -> bool:
    name = urlsplit(url).hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _trouble(error: object) -> str:
    """Say in a few words what went wrong with a connection, to follow the host's name."""
    if isinstance(error, TimeoutError):
        return "did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "refused the connection"
    if isinstance(error, http.client.IncompleteRead):
        return "broke off in the middle of the file"
    if isinstance(error, ConnectionError | http.client.RemoteDisconnected):
        return "broke the connection off"
    if isinstance(error, ssl.SSLError):
        return f"could not be reached safely ({error.reason or error})"
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return f"could not be reached ({reason})"
