"""The window: the inclusive dates an analysis looks at."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final

from config.errors import BadInputError

_EARLIEST, _LATEST = 1900, 2100
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


@dataclass(frozen=True, order=True, slots=True)
class Window:
    """Inclusive dates of ``occurred_from``, Europe/London wall-clock.

    Raises
    ------
    BadInputError
        The window ends before it begins, or lies outside the years 1900 to 2100.
    """

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        """Refuse a window that ends before it begins."""
        for day in (self.first, self.last):
            if not _EARLIEST <= day.year <= _LATEST:
                msg = (
                    f"The date {day.isoformat()!r} is not one that incidents can have. Give a date "
                    f"from {_EARLIEST} to {_LATEST}."
                )
                raise BadInputError(msg)
        if self.last < self.first:
            msg = (
                f"The window ends on {self.last.isoformat()!r}, before it begins on "
                f"{self.first.isoformat()!r}. Swap the two dates."
            )
            raise BadInputError(msg)

    @property
    def words(self) -> str:
        """The window as ``1 Nov 2025 to 31 Oct 2026``."""
        return f"{day_words(self.first)} to {day_words(self.last)}"

    @property
    def days(self) -> int:
        """Return the number of days, both ends counted."""
        return (self.last - self.first).days + 1

    @property
    def whole_months(self) -> bool:
        """Whether it begins on the first and ends on the last day of a month."""
        last_of_month = calendar.monthrange(self.last.year, self.last.month)[1]
        return self.first.day == 1 and self.last.day == last_of_month

    def before(self) -> Window:
        """Return the window of the same length that ends the day before this one begins.

        Raises
        ------
        BadInputError
            It would begin before 1900.

        Windows of whole months go back by as many whole months, so that month-only data are
        compared like with like.
        """
        last = self.first - dt.timedelta(days=1)
        if not self.whole_months:
            return Window(last - dt.timedelta(days=self.days - 1), last)
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        index = self.first.year * 12 + self.first.month - 1 - months
        return Window(dt.date(index // 12, index % 12 + 1, 1), last)


def day_words(day: dt.date) -> str:
    """Write a date as ``14 Nov 2026``, whatever the computer's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_words(day: dt.date) -> str:
    """Write a date's month as ``Nov 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def year_to(last: dt.date) -> Window:
    """Return the twelve months that end on a date."""
    day = last + dt.timedelta(days=1)
    try:
        first = day.replace(year=day.year - 1)
    except ValueError:  # 29 February has no anniversary
        first = dt.date(day.year - 1, 3, 1)
    return Window(first, last)
