"""What may go wrong with a register that several people use, each said in one sentence."""

from __future__ import annotations

from config.errors import BadInputError


class ChangedElsewhereError(BadInputError):
    """Somebody else changed the record since it was opened; nothing of this change was kept."""


class RegisterBusyError(BadInputError):
    """Others held the register longer than a person should wait; nothing was kept."""


class RegisterGoneError(BadInputError):
    """The database cannot be reached any more."""


class RowsRefusedError(BadInputError):
    """Rows of a file cannot be used, so none was taken in.

    Attributes
    ----------
    troubles
        ``(row, reason)`` for every row that cannot be used; rows are counted as a spreadsheet does.
    """

    def __init__(self, name: str, troubles: tuple[tuple[int, str], ...], *, called: str) -> None:
        self.troubles = troubles
        shown = "; ".join(f"{called} {row}: {reason}" for row, reason in troubles[:5])
        more = f"; and {len(troubles) - 5} more" if len(troubles) > 5 else ""  # noqa: PLR2004 (as many as a message holds)
        super().__init__(
            f"{name}: nothing was taken in, because {len(troubles)} cannot be used. {shown}{more}."
        )
