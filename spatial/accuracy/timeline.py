"""The timeline: from which days places are chosen on the past, and on what they are scored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from config.errors import BadInputError
from spatial.notes import Note, Notes

LEAST_KNOWN_MONTHS: Final = 12
"""Months known before the first origin, where the data reach so far."""
MOST_ORIGINS: Final = 24
"""More take long and add little: the latest are kept."""
# of a single year: nine months known, three scored
_FEWER_MONTHS: Final = 9
_SLACK_DAYS: Final = 3
_MONTH_DAYS: Final = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far ahead places are scored.

    Attributes
    ----------
    months, days
        One of the two is above 0, the other 0.

    Raises
    ------
    BadInputError
        Neither is, both are, or one is negative.
    """

    months: int = 3
    days: int = 0

    def __post_init__(self) -> None:
        """Refuse a horizon that is none."""
        if min(self.months, self.days) < 0 or (self.months > 0) == (self.days > 0):
            msg = (
                f"A horizon of {self.months!r} months and {self.days!r} days cannot be scored. "
                "Give months or days, 1 or more, and not both: 3 months is usual."
            )
            raise BadInputError(msg)

    @property
    def words(self) -> str:
        """The horizon as ``3 months``."""
        number, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{number} {unit}" if number == 1 else f"{number} {unit}s"

    @property
    def in_months(self) -> float:
        """The horizon in months of equal length."""
        return float(self.months) if self.months else self.days / _MONTH_DAYS


@dataclass(frozen=True, slots=True)
class Origin:
    """One day on which places are chosen.

    Attributes
    ----------
    day
        The first day that is not known, and the first that is scored.
    until
        The first day that is not scored any more.
    """

    day: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is known from when, and the origins.

    Attributes
    ----------
    begins, ends
        The first day of the data that are used, and the first day after them.
    origins
        Oldest first.
    overlap
        How many consecutive origins share some of the days they are scored on; 1 where none do.
    monthly
        Whether origins and periods are cut at the first of a month; else into equal spans, counted
        back from each origin.
    notes
        What was left out or chosen.
    """

    begins: dt.date
    ends: dt.date
    origins: tuple[Origin, ...]
    overlap: int
    monthly: bool
    notes: Notes


def plan_timeline(  # noqa: PLR0913 (the data's reach, and three choices)
    first: dt.date,
    through: dt.date,
    *,
    horizon: Horizon,
    months_only: bool,
    step_months: int | None = None,
    known_months: int | None = None,
) -> Timeline:
    """Set out the origins.

    Parameters
    ----------
    first, through
        First and last day of the data.
    horizon
        How far ahead each is scored.
    months_only
        Whether some records give only their month.
    step_months
        From one origin to the next; None for as long as the horizon, so that no day is scored
        twice. Of a horizon in days the step is always as long.
    known_months
        Least months known before the first origin; None for a year, or what there is.

    Raises
    ------
    BadInputError
        The data are too short, the step or ``known_months`` is below 1, or days are asked of data
        that give months only. The message names the nearest backtest that is possible.

    Notes
    -----
    The last origin is the latest whose whole horizon lies in the data, and the others go back from
    it. Months that the data do not cover whole, at either end, are left out.
    """
    for name, value in (("step_months", step_months), ("known_months", known_months)):
        if value is not None and value < 1:
            msg = f"{name} is {value!r}: give 1 month or more."
            raise BadInputError(msg)
    begin, end = _month_after(first, whole=first.day <= _SLACK_DAYS), _month_end(through)
    months = max(_month(end) - _month(begin), 0)
    if horizon.days:
        if months_only:
            raise BadInputError(_no_days(horizon, months))
        return _by_days(first, through, horizon, known_months)
    return _by_months(begin, months, horizon, step_months, known_months)


def _by_months(
    begin: dt.date, months: int, horizon: Horizon, step: int | None, known: int | None
) -> Timeline:
    ahead, stride = horizon.months, step or horizon.months
    least = _least_known(months, ahead, known)
    if least is None:
        raise BadInputError(_too_short(months, horizon, known))
    last = months - ahead
    starts = range(last, least - 1, -stride)
    origins = tuple(Origin(_plus(begin, at), _plus(begin, at + ahead)) for at in reversed(starts))
    notes = [] if known or least >= LEAST_KNOWN_MONTHS else [_short_note(months, least)]
    kept, dropped = _latest(origins)
    return Timeline(
        begins=begin,
        ends=_plus(begin, months),
        origins=kept,
        overlap=-(-ahead // stride),
        monthly=True,
        notes=(*notes, *dropped),
    )


def _by_days(first: dt.date, through: dt.date, horizon: Horizon, known: int | None) -> Timeline:
    end = through + dt.timedelta(days=1)
    days = (end - first).days
    least = _least_known(int(days / _MONTH_DAYS), -(-horizon.days // 30), known)
    if least is None or days < least * _MONTH_DAYS + horizon.days:
        raise BadInputError(_too_short(int(days / _MONTH_DAYS), horizon, known))
    number = int((days - least * _MONTH_DAYS) // horizon.days)
    span = dt.timedelta(days=horizon.days)
    origins = tuple(
        Origin(end - back * span, end - (back - 1) * span) for back in range(number, 0, -1)
    )
    kept, dropped = _latest(origins)
    return Timeline(first, end, kept, 1, monthly=False, notes=dropped)


def _least_known(months: int, ahead: int, known: int | None) -> int | None:
    # a year where there is one; else what there is, and no less than is scored
    if known is not None:
        return known if known + ahead <= months else None
    if months >= LEAST_KNOWN_MONTHS + ahead:
        return LEAST_KNOWN_MONTHS
    return min(_FEWER_MONTHS, months - ahead) if months >= 2 * ahead else None


def _latest(origins: tuple[Origin, ...]) -> tuple[tuple[Origin, ...], Notes]:
    if len(origins) <= MOST_ORIGINS:
        return origins, ()
    sentence = f"Of {len(origins)} possible origins the latest {MOST_ORIGINS} were taken."
    return origins[-MOST_ORIGINS:], (Note(sentence),)


def _short_note(months: int, least: int) -> Note:
    return Note(
        f"The data cover {months} months, so places are chosen on {least} and not on a full year: "
        "a ranking by the count of the last twelve months sees only these.",
        loud=True,
    )


def _no_days(horizon: Horizon, months: int) -> str:
    return (
        f"A horizon of {horizon.words} cannot be scored: some records give only their month. The "
        f"nearest backtest is a horizon of 1 month, on the {months} whole months of this store."
    )


def _too_short(months: int, horizon: Horizon, known: int | None) -> str:
    most = months - known if known is not None else max(months // 2, months - LEAST_KNOWN_MONTHS)
    asked = f" after {known} months known" if known is not None else ""
    if most >= 1:
        near = "1 month" if most == 1 else f"{most} months"
        return (
            f"The store covers {months} whole months, too few for a horizon of {horizon.words}"
            f"{asked}. The nearest backtest is a horizon of {near} or less."
        )
    if known is not None and months > 1:
        return (
            f"The store covers {months} whole months, and {known} are to be known before the first "
            f"places are chosen. The nearest backtest knows {months - 1} and scores 1 month."
        )
    return (
        f"The store covers {months} whole months: nothing is left to score. Load at least 2 "
        "months; with 15 a ranking by the last year can be scored on a quarter."
    )


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _plus(day: dt.date, months: int) -> dt.date:
    index = _month(day) + months
    return dt.date(index // 12, index % 12 + 1, 1)


def _month_after(day: dt.date, *, whole: bool) -> dt.date:
    return _plus(day, 0 if whole else 1)


def _month_end(through: dt.date) -> dt.date:
    # the first of the month after the last whole one
    following = through + dt.timedelta(days=_SLACK_DAYS)
    return dt.date(following.year, following.month, 1)
