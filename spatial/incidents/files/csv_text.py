"""CSV text: what one pass over a file's bytes tells, and the same bytes as UTF-8."""

from __future__ import annotations

import codecs
import hashlib
import io
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    Opened = Callable[[], AbstractContextManager[BinaryIO]]

_SCANNED: Final = 1 << 20
_MOST_READ: Final = 16 << 20
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK: Final = b"\xef\xbb\xbf"
# bytes that mean nothing in Windows-1252
_UNDEFINED: Final = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")


@dataclass(frozen=True, slots=True)
class Look:
    """What one pass over a file's bytes tells.

    Attributes
    ----------
    sha256
        Of the content as it was given.
    encoding
        "utf-8", "utf-16" or "cp1252".
    line
        The first line.
    is_quoted, has_odd_marks
        Whether there is any quotation mark, and whether their number is odd.
    has_lines
        Whether any line ends.
    is_old_macintosh
        Whether lines end in a carriage return alone.
    """

    sha256: str
    encoding: str
    line: str
    is_quoted: bool
    has_odd_marks: bool
    has_lines: bool
    is_old_macintosh: bool


def look_through(name: str, opened: Opened) -> Look:
    """Read a file once from end to end, holding a block of it at a time.

    Raises
    ------
    BadInputError
        It is empty, is not text, or has no end to its first line.
    """
    digest = hashlib.sha256()
    marks = 0
    is_blank, has_nul, has_breaks, has_returns = True, False, False, False
    with opened() as stream:
        block = first = stream.read(_SCANNED)
        is_utf_16 = first.startswith(_UTF_16_MARKS)
        is_utf_8 = not is_utf_16
        decoder = codecs.getincrementaldecoder("utf-16" if is_utf_16 else "utf-8")()
        while block:
            digest.update(block)
            if is_utf_16:
                block = _decoded(name, decoder, block).encode("utf-8", "surrogatepass")
            elif is_utf_8:
                is_utf_8 = _is_good(decoder, block)
            has_nul = has_nul or b"\0" in block
            is_blank = is_blank and not block.removeprefix(_UTF_8_MARK).strip()
            marks += block.count(b'"')
            has_breaks = has_breaks or b"\n" in block
            has_returns = has_returns or b"\r" in block
            block = stream.read(_SCANNED)
    if is_utf_16:
        _decoded(name, decoder, b"")
    else:
        is_utf_8 = is_utf_8 and _is_good(decoder, b"")
    if is_blank:
        msg = f"{name} is empty. Export it again."
        raise BadInputError(msg)
    if has_nul:
        msg = f"{name} is not a text file. Give a CSV file, or a zip archive of CSV files."
        raise BadInputError(msg)
    if not (is_utf_16 or is_utf_8 or _is_windows(opened)):
        msg = f"{name} is not text in UTF-8 or Windows-1252. Save it as CSV UTF-8."
        raise BadInputError(msg)
    encoding = "utf-16" if is_utf_16 else "utf-8" if is_utf_8 else "cp1252"
    # the parser takes \n and \r\n; old Macintosh line ends are rewritten
    is_old = has_returns and not has_breaks
    line = _first_line(name, first, encoding=encoding, is_old_macintosh=is_old)
    return Look(
        digest.hexdigest(),
        encoding,
        line,
        marks > 0,
        marks % 2 == 1,
        has_breaks or has_returns,
        is_old,
    )


def _is_windows(opened: Opened) -> bool:
    """Whether every byte of a file means something in Windows-1252."""
    with opened() as stream:
        while block := stream.read(_SCANNED):
            if any(byte in block for byte in _UNDEFINED):
                return False
    return True


def _is_good(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    """Whether the next block (none at the end) is still text."""
    try:
        decoder.decode(block, not block)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(name: str, decoder: codecs.IncrementalDecoder, block: bytes) -> str:
    try:
        return decoder.decode(block, not block)
    except UnicodeDecodeError as error:
        msg = f"{name} is Unicode (UTF-16) text that breaks off. Export it again."
        raise BadInputError(msg) from error


def _first_line(name: str, first: bytes, *, encoding: str, is_old_macintosh: bool) -> str:
    """Return the header's line, from the first block."""
    whole = first if encoding == "utf-8" else first.decode(encoding, "ignore").encode("utf-8")
    whole = whole.removeprefix(_UTF_8_MARK)
    line, end, _ = whole.partition(b"\r" if is_old_macintosh else b"\n")
    if not end and len(first) == _SCANNED:
        msg = (
            f"{name} has more than {_SCANNED >> 20} MB in its first row. The first row must hold "
            "the column names."
        )
        raise BadInputError(msg)
    return line.decode("utf-8").rstrip("\r")


class Utf8Stream(io.RawIOBase):
    """A stream in UTF-8 without a byte-order mark, whatever the other was written in."""

    def __init__(self, stream: BinaryIO, *, encoding: str, is_old_macintosh: bool) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)()
        self._is_old_macintosh = is_old_macintosh
        self._left = self._made(stream.read(_SCANNED)).removeprefix(_UTF_8_MARK)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, fewer only at the end."""
        wanted = size if size >= 0 else sys.maxsize
        pieces, held = [self._left], len(self._left)
        while held < wanted:
            block = self._stream.read(max(min(wanted - held, _MOST_READ), _SCANNED))
            pieces.append(self._made(block))
            held += len(pieces[-1])
            if not block:
                break
        content = b"".join(pieces)
        self._left = content[wanted:]
        return content[:wanted]

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer, as Python's text layer asks."""
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def _made(self, block: bytes) -> bytes:
        if self._decoder is not None:
            block = self._decoder.decode(block, not block).encode("utf-8")
        return block.replace(b"\r", b"\n") if self._is_old_macintosh else block
