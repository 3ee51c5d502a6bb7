"""A file of which only the pieces read are fetched."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# a read fetches at least this much, and at most this much at once
_LEAST: Final = 1 << 16
_MOST: Final = 1 << 22
# a zip's list of members lies at its end
_TAIL: Final = 1 << 17


class RangedFile(io.RawIOBase):
    """A seekable file over a server that answers range requests.

    Reads are kept in one window, so that the small steps of a zip reader cost few requests.
    """

    def __init__(self, piece: Callable[[int, int], bytes], size: int) -> None:
        """Open a file of ``size`` bytes; ``piece`` fetches those from one place to another."""
        self._piece = piece
        self._size = size
        self._place = 0
        self._window_start = 0
        self._window = b""
        self._expected = (0, 0)
        self._fill(max(0, size - _TAIL), size)

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self._size

    def expect(self, start: int, stop: int) -> None:
        """Say that bytes ``start`` to ``stop`` will be read in order, to fetch them together."""
        self._expected = (start, min(stop, self._size))

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read from any place: yes."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; nothing is fetched until it is read."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        place = base + offset
        if place < 0:
            # what a zip reader expects of a file that is too short for what its list says
            raise OSError(22, "seek before the start")
        self._place = place
        return place

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 (any writable buffer)
        """Read bytes at the present place, fewer only at the end of the file."""
        view = memoryview(buffer).cast("B")
        filled = 0
        # a zip reader takes a short read for a damaged file
        while filled < len(view) and self._place < self._size:
            found = self._at_place(len(view) - filled)
            view[filled : filled + len(found)] = found
            filled += len(found)
            self._place += len(found)
        return filled

    def _at_place(self, most: int) -> bytes:
        inside = self._place - self._window_start
        if not 0 <= inside < len(self._window):
            first, last = self._expected
            ahead = last if first <= self._place < last else self._place + _LEAST
            stop = min(max(ahead, self._place + most), self._place + _MOST, self._size)
            self._fill(self._place, stop)
            inside = 0
        return self._window[inside : inside + most]

    def _fill(self, start: int, stop: int) -> None:
        self._window = self._piece(start, stop)
        self._window_start = start
