"""Aoristic: incidents that lasted a while, shared out over the 168 hours of the week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.shifts import day_starts as policing_day
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

HOURS: Final = 168
"""Hours of a week; hour 0 is Monday 00:00 to 00:59, wall-clock."""

_HOUR_S: Final = 3_600
_DAY_S: Final = 24 * _HOUR_S
_WEEK_S: Final = HOURS * _HOUR_S
# 1 January 1970 was a Thursday: the Monday before it began three days earlier
_TO_MONDAY_S: Final = 3 * 24 * _HOUR_S
# pairs of incident and hour held at once: 400 MB at the most
_PAIRS: Final = 8_000_000
_HEAPED_AT: Final = (0, 12)
# so many times the hours beside it, and so many standard deviations
_HEAPED_TIMES: Final = 1.3
_HEAPED_SURELY: Final = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class HourOfWeek:
    """Where in the week incidents fall, by place.

    Attributes
    ----------
    weights
        Incidents by place and hour of the week (Monday 00:00 first), shape (places, 168). Every
        incident adds exactly 1 (to rounding in the last digit), in parts.
    by_the_hour
        Incidents of each place whose span says something of the hour: at most ``TELLING_HOURS``,
        recorded to the hour or better, int64, shape (places,).
    started_only
        Incidents without an end, taken to be in their first hour.
    backwards
        Incidents whose end lies before their start, taken to be in their first hour.
    over_a_week
        Incidents of more than seven days: 1/168 in every hour. Month-only records are such.
    day_only, month_only
        Incidents recorded only to the day, or only to the month.
    over_clock_change
        Incidents whose span holds a change of the clocks: one hour too many or too few in it.
    heaped
        Hours of the day (0, 12) at which far more incidents start on the stroke than near by.
    """

    weights: NDArray[np.float64]
    by_the_hour: NDArray[np.int64]
    started_only: int
    backwards: int
    over_a_week: int
    day_only: int
    month_only: int
    over_clock_change: int
    heaped: tuple[int, ...]

    @property
    def total(self) -> NDArray[np.float64]:
        """All places together, shape (168,)."""
        return np.asarray(self.weights.sum(axis=0))


TELLING_HOURS: Final = 8
"""Spans up to a shift's length say something of the hour; longer ones hardly do."""


def hour_of_week(  # noqa: PLR0913 (one array for each thing known of an incident)
    start: NDArray[np.datetime64],
    end: NDArray[np.datetime64],
    precision: NDArray[np.str_],
    *,
    place: NDArray[np.int64] | None = None,
    places: int = 1,
    worth: NDArray[np.float64] | None = None,
) -> HourOfWeek:
    """Share incidents out over the hours of the week, by place.

    Parameters
    ----------
    start, end
        First and last moment, wall-clock, shape (n,); the end may be NaT.
    precision
        minute, hour, day or month, shape (n,). A coarse end is its unit's last second, and the span
        runs through that second.
    place
        Position of each incident's place, -1 for none (left out), shape (n,); None: all in one.
    places
        How many places.
    worth
        What each incident adds, its harm for instance, shape (n,); None: 1. The other figures count
        incidents all the same.

    Notes
    -----
    Ratcliffe (2002), doi:10.1023/A:1013240828824: an incident's weight in an hour is the share of
    its span that lies in that hour. The weights say where a span lies, not that each of its hours
    is equally likely: a burglary found in the morning gives its weight to the night because the
    owner slept, and long spans flatten the picture.

    Times are wall-clock. A span over a clock change is shared out as the clock shows it, so that
    the hour skipped in March still gets its part: counted in ``over_clock_change``.
    """
    owner = np.zeros(len(start), dtype=np.int64) if place is None else np.asarray(place)
    kept = owner >= 0
    owner, precision = owner[kept], precision[kept]
    each = np.ones(len(owner)) if worth is None else np.asarray(worth, dtype=np.float64)[kept]
    first = start[kept].astype("datetime64[s]").astype(np.int64) + _TO_MONDAY_S
    until, open_end, backwards = _ends(first, end[kept], precision)
    length = until - first
    long = length > _WEEK_S
    weights = np.zeros((places, HOURS))
    for incident, hour, share in _shares(first, until, ~long):
        cells = owner[incident] * HOURS + hour
        added = np.bincount(cells, share * each[incident], minlength=places * HOURS)
        weights += added.reshape(places, HOURS)
    weights += (np.bincount(owner[long], each[long], minlength=places) / HOURS)[:, None]
    timed = np.isin(precision, ("minute", "hour"))
    telling = known_to_a_shift(first, until, precision)
    return HourOfWeek(
        weights=weights,
        by_the_hour=np.bincount(owner[telling], minlength=places).astype(np.int64),
        started_only=int((open_end & timed).sum()),
        backwards=int(backwards.sum()),
        over_a_week=int(long.sum()),
        day_only=int((precision == "day").sum()),
        month_only=int((precision == "month").sum()),
        over_clock_change=int(_over_clock_change(first, until).sum()),
        heaped=_heaped(first[timed]),
    )


def spans(
    start: NDArray[np.datetime64], end: NDArray[np.datetime64], precision: NDArray[np.str_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when each incident's span opens and closes, as :func:`hour_of_week` takes it.

    Parameters
    ----------
    start, end, precision
        As :func:`hour_of_week`.

    Returns
    -------
    Wall-clock seconds since a Monday's midnight, shape (n,): the first second of the span, and the
    one after its last, which is always later.
    """
    first = start.astype("datetime64[s]").astype(np.int64) + _TO_MONDAY_S
    return first, _ends(first, end, precision)[0]


def day_of(seconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Return the date of moments counted as :func:`spans` counts them, shape (n,)."""
    return (seconds - _TO_MONDAY_S).astype("datetime64[s]").astype("datetime64[D]")


def known_to_a_shift(
    first: NDArray[np.int64], until: NDArray[np.int64], precision: NDArray[np.str_]
) -> NDArray[np.bool_]:
    """Say of which spans the hour is known: to the hour or better, ``TELLING_HOURS`` at most."""
    timed = np.isin(precision, ("minute", "hour"))
    return np.asarray(timed & (until - first <= TELLING_HOURS * _HOUR_S))


def policing_week(
    hours: NDArray[np.float64], *, day_starts: int | None = None
) -> NDArray[np.float64]:
    """Lay hours of the week out by policing day.

    Parameters
    ----------
    hours
        Monday 00:00 first, shape (..., 168).
    day_starts
        Hour at which the policing day starts.

    Returns
    -------
    Shape (..., 7, 24): Monday's policing day first, its first hour ``day_starts``. The small hours
    of Monday are the end of Sunday's.
    """
    starts = policing_day() if day_starts is None else day_starts
    rolled = np.roll(hours, -starts, axis=-1)
    return rolled.reshape(*hours.shape[:-1], 7, 24)


def timing_notes(found: HourOfWeek) -> Notes:
    """Say how the hours were taken, and what they cannot carry."""
    told = [
        (found.month_only, "give only the month: they say nothing of day or hour", True),
        (found.day_only, "give only the day: they say nothing of the hour", True),
        (found.started_only, "have no end and count in the hour in which they began", False),
        (found.backwards, "end before they begin and count in the hour in which they began", False),
        (found.over_a_week, "lasted more than a week and are spread over all its hours", False),
        (found.over_clock_change, "span a change of the clocks, an hour more or less", False),
    ]
    notes = [
        Note(f"{number:,} incidents {words}.", loud=loud) for number, words, loud in told if number
    ]
    if found.heaped:
        hours = " and ".join(f"{hour:02d}:00" for hour in found.heaped)
        notes.append(
            Note(
                f"Far more incidents are recorded at exactly {hours} than on the hours beside it: "
                "such times often stand for 'not known', and a peak there may be no peak.",
                loud=True,
            )
        )
    return tuple(notes)


def _ends(
    first: NDArray[np.int64], end: NDArray[np.datetime64], precision: NDArray[np.str_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    # seconds since a Monday midnight, not included; without an end, the whole hour, day or month
    missing = np.isnat(end)
    last = np.where(missing, 0, end.astype("datetime64[s]").astype(np.int64) + _TO_MONDAY_S)
    backwards = ~missing & (last < first)
    # a coarse end is the last second of its hour, day or month
    last = last + (precision != "minute")
    unit_end = (first // _HOUR_S + 1) * _HOUR_S
    day, month = precision == "day", precision == "month"
    unit_end[day] = (first[day] // _DAY_S + 1) * _DAY_S
    calendar = (first[month] - _TO_MONDAY_S).astype("datetime64[s]").astype("datetime64[M]")
    unit_end[month] = (calendar + 1).astype("datetime64[s]").astype(np.int64) + _TO_MONDAY_S
    return np.where(missing | (last <= first), unit_end, last), missing, backwards


def _shares(
    first: NDArray[np.int64], until: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
    """Yield (incident, hour of the week, share) for every hour that a span touches, in batches."""
    number = np.flatnonzero(chosen)
    opening = first[number] // _HOUR_S
    touched = (until[number] - 1) // _HOUR_S - opening + 1
    batch = np.cumsum(touched) // _PAIRS
    for one in np.unique(batch).tolist():
        here = batch == one
        incidents, hours = number[here], touched[here]
        of = np.repeat(np.arange(len(incidents)), hours)
        step = np.arange(len(of)) - np.repeat(np.cumsum(hours) - hours, hours)
        hour = opening[here][of] + step
        begin, stop = first[incidents][of], until[incidents][of]
        inside = np.minimum(stop, (hour + 1) * _HOUR_S) - np.maximum(begin, hour * _HOUR_S)
        yield incidents[of], hour % HOURS, inside / (stop - begin)


def _over_clock_change(first: NDArray[np.int64], until: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(first):
        return np.zeros(0, dtype=np.bool_)
    # clocks change at 01:00 on the last Sundays of March and of October
    low, high = (np.datetime64(int(t) - _TO_MONDAY_S, "s") for t in (first.min(), until.max()))
    months = np.arange(low.astype("datetime64[M]"), high.astype("datetime64[M]") + 1)
    months = months[np.isin(months.astype(np.int64) % 12, (2, 9))]
    last_day = (months + 1).astype("datetime64[D]") - 1
    sunday = last_day - (last_day.astype(np.int64) + 4) % 7
    changes = sunday.astype("datetime64[s]").astype(np.int64) + _HOUR_S + _TO_MONDAY_S
    passed = np.searchsorted(changes, until, side="left") - np.searchsorted(changes, first, "right")
    return np.asarray(passed > 0)


def _heaped(first: NDArray[np.int64]) -> tuple[int, ...]:
    on_the_stroke = first[first % _HOUR_S == 0] // _HOUR_S % 24
    by_hour = np.bincount(on_the_stroke, minlength=24)
    found = []
    for hour in _HEAPED_AT:
        beside = (by_hour[hour - 1] + by_hour[(hour + 1) % 24]) / 2
        surely = by_hour[hour] - beside > _HEAPED_SURELY * np.sqrt(by_hour[hour] + beside / 2)
        if surely and by_hour[hour] > _HEAPED_TIMES * beside:
            found.append(hour)
    return tuple(found)
