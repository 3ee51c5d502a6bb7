"""The force's crest: a small PNG, or an SVG that does nothing, checked before anybody sees it."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.force import load_force
from config.force_file import force_file

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 300_000
"""A crest larger than this is refused: it is sent with every page."""
MOST_PIXELS: Final = 3_000
"""A PNG wider or higher than this is refused."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_WIDE: Final = slice(16, 20)
_HIGH: Final = slice(20, 24)
# what may run, fetch, or draw a page within the picture
_FORBIDDEN: Final = frozenset({
    "script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "animate",
    "set", "animatemotion", "animatetransform", "audio", "video", "use-script", "link", "meta",
})  # fmt: skip
_OUTSIDE: Final = re.compile(r"url\(\s*['\"]?(?!#)|@import|javascript:|expression\(", re.IGNORECASE)
_INSIDE: Final = ("#", "data:image/png;", "data:image/jpeg;")


@dataclass(frozen=True, slots=True)
class Crest:
    """A crest that may be shown.

    Attributes
    ----------
    ending
        ``.png`` or ``.svg``.
    content
        Its bytes.
    """

    ending: str
    content: bytes

    @property
    def mime(self) -> str:
        """Its kind, as a browser is told."""
        return "image/svg+xml" if self.ending == ".svg" else "image/png"

    @property
    def file_name(self) -> str:
        """A name of its own content: another crest never has the same."""
        return f"crest-{hashlib.sha256(self.content).hexdigest()[:12]}{self.ending}"


def load_crest() -> Crest | None:
    """Read the crest in force; None where none is set.

    Raises
    ------
    BadInputError
        The file cannot be opened or will not do, as :func:`checked_crest`.
    """
    named = load_force().crest
    if not named:
        return None
    path = force_file().folder / named
    try:
        stamp = path.stat()
        return _read(path, stamp.st_mtime_ns, stamp.st_size)
    except OSError as error:
        msg = (
            f"The crest {path.name!r} cannot be opened ({(error.strerror or 'no reason').lower()})."
            " Put the file there, or leave force.crest out of the settings."
        )
        raise BadInputError(msg) from error


def checked_crest(content: bytes, *, name: str) -> Crest:
    """Return a crest that may be shown, told by its content.

    Parameters
    ----------
    content
        Of a PNG or SVG file.
    name
        What the message calls it.

    Raises
    ------
    BadInputError
        It is larger than 300 kB or 3,000 pixels, neither PNG nor SVG, or an SVG that holds a
        script, an event, a document type or an address outside itself.
    """
    why = _why_not(content)
    if why:
        msg = (
            f"The crest {name!r} {why}. Give a PNG or plain SVG file of at most "
            f"{MOST_BYTES // 1000} kB."
        )
        raise BadInputError(msg)
    return Crest(".png" if content.startswith(_PNG) else ".svg", content)


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int, size: int) -> Crest:
    del stamp  # part of the key only: a file that was put in its place is read anew
    if size > MOST_BYTES:
        # not read at all
        return checked_crest(bytes(MOST_BYTES + 1), name=path.name)
    return checked_crest(path.read_bytes(), name=path.name)


def _why_not(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        return f"is larger than {MOST_BYTES // 1000} kB"
    return _png(content) if content.startswith(_PNG) else _svg(content)


def _png(content: bytes) -> str:
    across = max(int.from_bytes(content[_WIDE]), int.from_bytes(content[_HIGH]))
    if len(content) < _HIGH.stop or across == 0:
        return "is a damaged PNG"
    return f"is {across:,} pixels across" if across > MOST_PIXELS else ""


def _svg(content: bytes) -> str:
    text = content.decode("utf-8-sig", errors="replace")
    if "<svg" not in text or "\ufffd" in text:
        return "is neither PNG nor SVG"
    # a document type may name other files, or grow without end
    if "<!doctype" in text.lower() or "<!entity" in text.lower():
        return "begins with a document type"
    try:
        root = ET.fromstring(text)  # noqa: S314 (no document type, so no entities)
    except (ET.ParseError, ValueError):
        return "is a damaged SVG"
    return _what_it_does(root)


def _what_it_does(root: ET.Element) -> str:
    if _plain(root.tag) != "svg":
        return "is neither PNG nor SVG"
    for element in root.iter():
        tag = _plain(element.tag)
        if tag in _FORBIDDEN:
            return f"holds <{tag}>, which may run or fetch something"
        if _OUTSIDE.search(element.text or "") and tag == "style":
            return "asks for something outside itself"
        for name, value in element.attrib.items():
            key = _plain(name)
            if key.startswith("on"):
                return f"holds the event {key!r}"
            linked = key in {"href", "src"} and not value.strip().startswith(_INSIDE)
            if linked or _OUTSIDE.search(value):
                return "asks for something outside itself"
    return ""


def _plain(name: object) -> str:
    # comments and instructions have a function in place of a name
    return name.rpartition("}")[2].lower() if isinstance(name, str) else ""
