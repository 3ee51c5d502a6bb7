"""Occurrences: every incident round an operation, with its policing day and what it counts as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from spatial.incidents.moments import PRECISIONS
from spatial.incidents.schema import cell_column

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import duckdb
    from numpy.typing import NDArray

    from config.operation import Operation, Precision, Span

NOTABLE: Final = 0.05
"""A share of incidents with too coarse a time, from which on the data cannot carry the design."""

# 1 January 1970 was a Thursday
_THURSDAY: Final = 3
_TIMED: Final = ("minute", "hour")
_SORTED: Final = np.sort(PRECISIONS)
_PLACE_OF_SORTED: Final = np.argsort(PRECISIONS)


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """Located incidents of any kind, every array of shape (n,), in the order of their start.

    Attributes
    ----------
    day
        The policing day: what begins before it starts belongs to the day before, where the time is
        known.
    clock
        Minutes since midnight; -1 where only the day or the month is known.
    precision
        Place in :data:`spatial.incidents.moments.PRECISIONS`.
    longitude, latitude
        Degrees, EPSG:4326.
    cell
        H3 cell at the resolution asked for.
    harm_days
        NaN where the offence has no weight.
    counts_as
        By name of an outcome: whether an incident belongs to it.
    """

    day: NDArray[np.datetime64]
    clock: NDArray[np.int64]
    precision: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    cell: NDArray[np.uint64]
    harm_days: NDArray[np.float64]
    counts_as: dict[str, NDArray[np.bool_]]

    def __len__(self) -> int:
        """Return the number of incidents."""
        return len(self.day)

    def within(self, span: Span) -> NDArray[np.bool_]:
        """Return which lie on the policing days of a span."""
        return np.asarray(
            (self.day >= np.datetime64(span.first)) & (self.day <= np.datetime64(span.last))
        )


def read_occurrences(  # noqa: PLR0913 (what is asked of the store)
    connection: duckdb.DuckDBPyConnection,
    conditions: Mapping[str, str],
    *,
    first: dt.date,
    last: dt.date,
    bounds: tuple[float, float, float, float],
    day_starts: str,
    resolution: int,
) -> Occurrences:
    """Read every located incident of some dates and of a rectangle.

    Parameters
    ----------
    connection
        Has the view ``incidents`` (columns of :mod:`spatial.incidents.schema`).
    conditions
        SQL over that view by name of an outcome
        (:func:`spatial.incidents.select.profile_condition`).
    first, last
        Policing days, inclusive.
    bounds
        West, south, east, north, degrees.
    day_starts
        ``HH:MM`` at which a policing day begins.
    resolution
        Of the cells.
    """
    named = ", ".join(f"({sql}) AS o{place}" for place, sql in enumerate(conditions.values()))
    # plain SQL over the store's columns, so that another engine can run the same text
    rows = connection.execute(
        f"""
        SELECT occurred_from AS start, CAST(time_precision AS VARCHAR) AS precision,
               longitude, latitude, {cell_column(resolution)} AS cell,
               coalesce(harm_days, 'nan') AS harm_days, {named}
        FROM incidents
        WHERE occurred_from >= $first AND occurred_from < CAST($last AS DATE) + INTERVAL 2 DAY
              AND longitude BETWEEN $west AND $east AND latitude BETWEEN $south AND $north
        ORDER BY occurred_from, incident_id
        """,  # noqa: S608 (conditions are built from checked profile models, not from user text)
        {"first": first, "last": last}
        | dict(zip(("west", "south", "east", "north"), bounds, strict=True)),
    ).fetchnumpy()
    start = np.ma.getdata(rows["start"]).astype("datetime64[s]")
    words = np.asarray(rows["precision"], dtype=np.str_)
    timed = np.isin(words, _TIMED)
    began = np.timedelta64(int(day_starts[:2]) * 60 + int(day_starts[3:]), "m")
    day = np.where(timed, start - began, start).astype("datetime64[D]")
    clock = ((start - start.astype("datetime64[D]")) / np.timedelta64(1, "m")).astype(np.int64)
    found = Occurrences(
        day=day,
        clock=np.where(timed, clock, -1),
        precision=_PLACE_OF_SORTED[np.searchsorted(_SORTED, words)],
        longitude=np.asarray(rows["longitude"], dtype=np.float64),
        latitude=np.asarray(rows["latitude"], dtype=np.float64),
        cell=np.asarray(rows["cell"], dtype=np.uint64),
        harm_days=np.asarray(rows["harm_days"], dtype=np.float64),
        counts_as={
            name: np.asarray(rows[f"o{place}"], dtype=bool) for place, name in enumerate(conditions)
        },
    )
    kept = (day >= np.datetime64(first)) & (day <= np.datetime64(last))
    return _where(found, kept)


def in_force(occurrences: Occurrences, operation: Operation) -> NDArray[np.bool_]:
    """Return which incidents fall on weekdays, and in hours, at which the operation ran.

    Whatever the date: the same weekdays and hours of the time before are what it is compared with.
    An incident without a time is in no hour.
    """
    day = occurrences.day.astype(np.int64)
    inside = np.ones(len(occurrences), dtype=bool)
    if operation.weekdays:
        inside &= np.isin((day + _THURSDAY) % 7, operation.weekdays)
    if not operation.all_day:
        first, last = (int(one[:2]) * 60 + int(one[3:]) for one in (operation.start, operation.end))
        clock = occurrences.clock
        between = (clock >= first) & (clock < last)
        if last <= first:
            between = (clock >= first) | (clock < last)
        inside &= between & (clock >= 0)
    return inside


def force_days(operation: Operation, span: Span) -> int:
    """Return how many policing days of a span fall on weekdays at which the operation ran."""
    days = np.arange(span.first.toordinal(), span.last.toordinal() + 1)
    if not operation.weekdays:
        return len(days)
    # day 1 of the calendar was a Monday
    return int(np.isin((days - 1) % 7, operation.weekdays).sum())


def coarsest(precision: NDArray[np.int64]) -> tuple[Precision, dict[str, int]]:
    """Return the coarsest time that a notable share of incidents has, and how many have which.

    Parameters
    ----------
    precision
        Of the incidents that are counted, as in :class:`Occurrences`.
    """
    numbers = np.bincount(precision, minlength=len(PRECISIONS))
    notable = np.flatnonzero(numbers >= max(1.0, NOTABLE * numbers.sum()))
    worst = PRECISIONS[notable[-1]] if len(notable) else PRECISIONS[0]
    return cast("Precision", worst), dict(zip(PRECISIONS, numbers.tolist(), strict=True))


def _where(found: Occurrences, kept: NDArray[np.bool_]) -> Occurrences:
    return Occurrences(
        found.day[kept],
        found.clock[kept],
        found.precision[kept],
        found.longitude[kept],
        found.latitude[kept],
        found.cell[kept],
        found.harm_days[kept],
        {name: values[kept] for name, values in found.counts_as.items()},
    )
