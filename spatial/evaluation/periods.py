"""Periods: the times before and after an operation, cut into months, quarters or whole."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from config.operation import Operation, Span
from spatial.evaluation.occurrences import Occurrences, force_days

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """Spans in order, none overlapping.

    Attributes
    ----------
    spans
        Inclusive dates.
    days
        Policing days in force in each, shape (periods,).
    after
        Which are the operation, shape (periods,).
    chosen_on
        Which lie in the dates that the places were chosen on, shape (periods,).
    """

    spans: tuple[Span, ...]
    days: NDArray[np.float64]
    after: NDArray[np.bool_]
    chosen_on: NDArray[np.bool_]

    def of(self, occurrences: Occurrences) -> NDArray[np.int64]:
        """Return the period of each incident, -1 for none, shape (n,)."""
        firsts = np.array([one.first for one in self.spans], dtype="datetime64[D]")
        lasts = np.array([one.last for one in self.spans], dtype="datetime64[D]")
        found = np.searchsorted(firsts, occurrences.day, side="right") - 1
        inside = (found >= 0) & (occurrences.day <= lasts[np.maximum(found, 0)])
        return np.where(inside, found, -1)


def operation_periods(
    operation: Operation, *, months: int = 1, baseline: Span | None = None
) -> Periods:
    """Return the baseline, the dates of choice and the operation, each cut into months.

    Parameters
    ----------
    operation
        With a baseline, unless one is given.
    months
        How many months each period has.
    baseline
        In place of the operation's own.

    Notes
    -----
    Months are counted from the first day of each span, so that a span of whole months is cut at
    calendar months; the last may be shorter, and its days say so. Days of the baseline on which the
    places were chosen belong to the choice. A period without a day in force is left out. Where
    places began at different times, the operation is cut at each start first, and what lies before
    the first start is before.
    """
    before = baseline or operation.baseline
    pieces: list[tuple[Span, bool, bool]] = []
    if before is not None:
        pieces += [(one, False, False) for one in _without(before, operation.selection)]
    if operation.selection is not None:
        pieces.append((operation.selection, False, True))
    pieces += [(one, late, False) for one, late in _in_force(operation)]
    pieces.sort(key=lambda one: one[0].first)
    cut = [
        (part, late, chosen) for span, late, chosen in pieces for part in cut_months(span, months)
    ]
    days = np.array([force_days(operation, part) for part, _, _ in cut], dtype=np.float64)
    kept = [one for one, number in zip(cut, days, strict=True) if number > 0]
    return Periods(
        tuple(part for part, _, _ in kept),
        days[days > 0],
        np.array([late for _, late, _ in kept], dtype=bool),
        np.array([chosen for _, _, chosen in kept], dtype=bool),
    )


def cut_months(span: Span, months: int) -> list[Span]:
    """Cut a span into parts of so many months, counted from its first day."""
    parts, first = [], span.first
    step = 0
    while first <= span.last:
        step += months
        following = _months_on(span.first, step)
        parts.append(Span(first=first, last=min(following - dt.timedelta(days=1), span.last)))
        first = following
    return parts


def _in_force(operation: Operation) -> list[tuple[Span, bool]]:
    starts = sorted(set(operation.starts.values()))
    edges = sorted({operation.first_date, *starts})
    lasts = [day - dt.timedelta(days=1) for day in edges[1:]] + [operation.last_date]
    return [
        (Span(first=first, last=last), not starts or first >= starts[0])
        for first, last in zip(edges, lasts, strict=True)
    ]


def _months_on(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _without(span: Span, other: Span | None) -> list[Span]:
    if other is None or other.last < span.first or other.first > span.last:
        return [span]
    one = dt.timedelta(days=1)
    parts = []
    if span.first < other.first:
        parts.append(Span(first=span.first, last=other.first - one))
    if other.last < span.last:
        parts.append(Span(first=other.last + one, last=span.last))
    return parts
