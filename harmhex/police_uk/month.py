"""Calendar months, as the public archive names its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_LISTED: Final = 6


class Month(NamedTuple):
    """A calendar month, ordered in time."""

    year: int
    number: int

    def __str__(self) -> str:
        """Return it as in file names: 2024-12."""
        return f"{self.year:04d}-{self.number:02d}"

    def later(self, months: int) -> Month:
        """Return the month that many months later."""
        years, number = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, number + 1)


def read_month(text: str, option: str) -> Month:
    """Read a month such as 2024-12.

    Raises
    ------
    BadInputError
        It is written in another way.
    """
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        msg = f"{option} {text!r} is not a month. Write year and month, such as 2024-12."
        raise BadInputError(msg)
    return Month(int(found[1]), int(found[2]))


def months_between(first: Month, last: Month) -> list[Month]:
    """Return every month from one to another, both included."""
    number = (last.year - first.year) * 12 + last.number - first.number + 1
    return [first.later(step) for step in range(number)]


def listed(months: Sequence[Month]) -> str:
    """Name a few months, and say how many more there are."""
    more = f" and {len(months) - _LISTED} more" if len(months) > _LISTED else ""
    return ", ".join(str(month) for month in months[:_LISTED]) + more
