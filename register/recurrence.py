"""When an event comes back: once, by an iCalendar rule (RFC 5545), or with a bank holiday."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from config.errors import BadInputError

_LONDON: Final = ZoneInfo("Europe/London")
_DAYS: Final = {"DAILY": 1, "WEEKLY": 7}
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAY: Final = re.compile(r"([+-]?[1-9][0-9]?)?(?:MO|TU|WE|TH|FR|SA|SU)")
# how many of a weekday a week, month or year holds at most
_ORDINALS: Final = {"DAILY": 0, "WEEKLY": 0, "MONTHLY": 5, "YEARLY": 53}
_NUMBERS: Final = re.compile(r"[+-]?[0-9]{1,3}(?:,[+-]?[0-9]{1,3})*")
_UNTIL: Final = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")
# what a rule by days or weeks may not hold could never come true, and would be looked for to the
# end of the calendar
_PARTS: Final = {
    "DAILY": {"BYDAY", "BYMONTH"},
    "WEEKLY": {"BYDAY", "BYMONTH", "WKST"},
    "MONTHLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "WKST"},
    "YEARLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "WKST"},
}
_MOST_INTERVAL: Final = 400
_MOST_COUNT: Final = 5000
_MARGIN_PERIODS: Final = 2


def checked_rule(text: str, first: dt.date) -> str:
    """Return a recurrence rule in one form, by days and in Europe/London.

    Parameters
    ----------
    text
        ``FREQ=WEEKLY;BYDAY=SA`` and the like, with or without ``RRULE:``; an ``UNTIL`` in UTC
        becomes its date in London.
    first
        The day from which it counts.

    Raises
    ------
    BadInputError
        It cannot be read, repeats within a day, or never comes true.
    """
    parts = _parts(text)
    frequency = parts.pop("FREQ", "")
    if frequency not in _FREQUENCIES:
        msg = f"The rule {text[:60]!r} needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."
        raise BadInputError(msg)
    tidy = [f"FREQ={frequency}"]
    for key, value in sorted(parts.items()):
        tidy.append(f"{key}={_checked_part(text, frequency, key, value)}")
    most = _ORDINALS["MONTHLY" if "BYMONTH" in parts and frequency == "YEARLY" else frequency]
    if any(abs(number) > most for number in _ordinals(parts.get("BYDAY", ""))):
        msg = f"The rule {text[:60]!r}: BYDAY counts more weekdays than there are. Correct it."
        raise BadInputError(msg)
    if {"UNTIL", "COUNT"} <= parts.keys():
        msg = f"The rule {text[:60]!r} has both UNTIL and COUNT. Leave one out."
        raise BadInputError(msg)
    rule = ";".join(tidy)
    try:
        happens = next(iter(_made(rule, first)), None)
    except (ValueError, TypeError) as error:
        msg = f"The rule {text[:60]!r} cannot be read ({error}). Write it as RFC 5545 has it."
        raise BadInputError(msg) from error
    if happens is None:
        msg = f"The rule {text[:60]!r} never comes true from {first.isoformat()}. Correct it."
        raise BadInputError(msg)
    return rule


def last_day(rule: str, first: dt.date) -> dt.date | None:
    """Return the last day of a checked rule, None where it has no end."""
    parts = _parts(rule)
    if "COUNT" in parts:
        return _made(rule, first)[-1].date()
    return dt.datetime.strptime(parts["UNTIL"], "%Y%m%d").date() if "UNTIL" in parts else None  # noqa: DTZ007 (a day, nowhere)


def rule_days(rule: str, first: dt.date, start: dt.date, end: dt.date) -> tuple[dt.date, ...]:
    """Return the days of a checked rule from ``start`` to ``end``, both included."""
    begun = _nearer(rule, first, start)
    found = _made(rule, begun).between(_moment(start), _moment(end), inc=True)
    return tuple(moment.date() for moment in found)


def _nearer(rule: str, first: dt.date, start: dt.date) -> dt.date:
    # whole periods may be left out where the rule does not count them
    parts = _parts(rule)
    length = _DAYS.get(parts["FREQ"])
    if length is None or "COUNT" in parts or start <= first:
        return first
    period = length * int(parts.get("INTERVAL", "1"))
    skipped = max((start - first).days // period - _MARGIN_PERIODS, 0)
    return first + dt.timedelta(days=skipped * period)


@lru_cache(maxsize=8192)
def _made(rule: str, first: dt.date) -> rrule:
    made = rrulestr(rule, dtstart=_moment(first), cache=False)
    if not isinstance(made, rrule):
        msg = "it holds several rules"
        raise TypeError(msg)
    return made


def _parts(text: str) -> dict[str, str]:
    plain = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    pairs = [part.partition("=")[::2] for part in plain.split(";")]
    parts = dict(pairs)
    if len(parts) != len(pairs) or not all(parts.values()):
        msg = f"The rule {text[:60]!r} cannot be read. Write it like FREQ=YEARLY;BYMONTH=8."
        raise BadInputError(msg)
    return parts


def _checked_part(text: str, frequency: str, key: str, value: str) -> str:
    if key == "UNTIL":
        return _until(text, value)
    if key in {"INTERVAL", "COUNT"}:
        most = _MOST_INTERVAL if key == "INTERVAL" else _MOST_COUNT
        if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= most:
            msg = f"The rule {text[:60]!r}: {key} must be from 1 to {most}."
            raise BadInputError(msg)
        return value
    listed = _WEEKDAY if key in {"BYDAY", "WKST"} else _NUMBERS
    days = value.split(",") if key == "BYDAY" else [value]
    if key not in _PARTS[frequency] or not all(listed.fullmatch(day) for day in days):
        msg = f"The rule {text[:60]!r}: {key}={value[:20]} cannot be used with FREQ={frequency}."
        raise BadInputError(msg)
    return value


def _ordinals(days: str) -> list[int]:
    found = [_WEEKDAY.fullmatch(day) for day in days.split(",")]
    return [int(day[1]) for day in found if day is not None and day[1]]


def _until(text: str, value: str) -> str:
    found = _UNTIL.fullmatch(value)
    if found is None:
        msg = f"The rule {text[:60]!r}: UNTIL={value[:20]} is no day. Write it like UNTIL=20261231."
        raise BadInputError(msg)
    try:
        moment = dt.datetime.strptime(found[1] + (found[2] or "000000"), "%Y%m%d%H%M%S")  # noqa: DTZ007 (its zone is told next)
    except ValueError as error:
        msg = f"The rule {text[:60]!r}: UNTIL={value[:20]} is no day that exists."
        raise BadInputError(msg) from error
    if found[3]:
        moment = moment.replace(tzinfo=dt.UTC).astimezone(_LONDON)
    return f"{moment:%Y%m%d}"


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
