"""Progress: long work says how far it is, and stops when it is asked to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class StoppedError(Exception):
    """Somebody asked for the work to stop; nothing was kept of it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Whom to tell, and whom to ask.

    Attributes
    ----------
    tell
        Called with a sentence and how much of all the work is done, 0-1; None for nobody.
    stop
        Asked at each step whether to stop; None for never.
    span
        The part of all the work that this is, from and to, 0-1.
    """

    tell: Callable[[str, float], None] | None = None
    stop: Callable[[], bool] | None = None
    span: tuple[float, float] = (0.0, 1.0)

    def step(self, sentence: str, share: float) -> None:
        """Say what comes next, with how much of this part is done (0-1).

        Raises
        ------
        StoppedError
            The work is to stop.
        """
        if self.stop is not None and self.stop():
            msg = "The work was stopped before it was done."
            raise StoppedError(msg)
        if self.tell is not None:
            first, last = self.span
            self.tell(sentence, first + (last - first) * min(max(share, 0.0), 1.0))

    def part(self, first: float, last: float) -> Progress:
        """Return the progress of a part of this work, from and to a share of it (0-1)."""
        start, end = self.span
        width = end - start
        return Progress(self.tell, self.stop, (start + width * first, start + width * last))


SILENT: Final = Progress()
"""Tells nobody and never stops."""
