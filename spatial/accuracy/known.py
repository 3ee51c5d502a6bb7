"""The known: all that a ranking may look at on one origin, and nothing that happened from it on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from spatial.hexes.history import DAYS_PER_PERIOD, CellHistory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.accuracy.ground import BacktestGround
    from spatial.accuracy.record import Record
    from spatial.accuracy.timeline import Timeline

YEAR: Final = 12


@dataclass(frozen=True, slots=False, eq=False)
class Known:
    """What is known on an origin.

    Attributes
    ----------
    ground
        Cells, neighbours and distances: where things are, not what happened.
    record
        Up to the day before ``day``, and nothing later.
    timeline
        How periods are cut.
    day
        The origin.
    ahead
        The horizon in months of equal length.
    """

    ground: BacktestGround
    record: Record
    timeline: Timeline
    day: dt.date
    ahead: float

    @cached_property
    def periods(self) -> int:
        """Whole months known, or spans of about a month counted back from the origin."""
        first = self.timeline.begins
        if self.timeline.monthly:
            return (self.day.year - first.year) * 12 + self.day.month - first.month
        return max(1, int((self.day - first).days / DAYS_PER_PERIOD))

    @cached_property
    def period(self) -> NDArray[np.int64]:
        """The period of each row of the record; below 0 for what is older than the first."""
        return self.period_of(self.record.day)

    def period_of(self, day: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the period of days since the timeline begins, oldest 0."""
        first = self.timeline.begins
        if self.timeline.monthly:
            months = np.datetime64(first, "D") + day
            counted = months.astype("datetime64[M]").astype(np.int64)
            return counted - (first.year - 1970) * 12 - first.month + 1
        age = (self.day - first).days - 1 - day
        return self.periods - 1 - np.floor(age / DAYS_PER_PERIOD).astype(np.int64)

    @cached_property
    def history(self) -> CellHistory:
        """Counts by cell, period and kind, for the models."""
        rows = self.period >= 0
        return CellHistory(
            cells=self.record.cells,
            periods=self.periods,
            kinds=self.record.kinds,
            position=self.record.position[rows],
            period=self.period[rows],
            kind=self.record.kind[rows],
            # whole numbers, unless patrolled place-days were left out
            incidents=cast("NDArray[np.int64]", self.record.incidents[rows]),
        )

    @cached_property
    def own(self) -> tuple[int, ...]:
        """The profile's own kinds, as places in ``history.kinds``."""
        return tuple(range(self.record.tiers))

    @cached_property
    def related(self) -> tuple[int, ...]:
        """All other kinds."""
        return tuple(range(self.record.tiers, len(self.record.kinds)))

    def last(self, months: int) -> Record:
        """Return the record of the last months (or spans), or of all where there are fewer."""
        first = self.first_day(months)
        return self.record.between(first, (self.day - self.timeline.begins).days)

    def first_day(self, months: int) -> int:
        """Return the first of the last months' days, since the timeline begins; at least 0."""
        if not self.timeline.monthly:
            back = dt.timedelta(days=round(months * DAYS_PER_PERIOD))
            return max((self.day - back - self.timeline.begins).days, 0)
        index = self.day.year * 12 + self.day.month - 1 - months
        start = dt.date(index // 12, index % 12 + 1, 1)
        return max((start - self.timeline.begins).days, 0)

    def history_of(self, months: int) -> CellHistory:
        """Return the history of the last months, or the whole of it where there are fewer."""
        return latest(self.history, months)

    def earlier(self, months: int) -> CellHistory:
        """Return the history as it stood so many periods before the origin."""
        return self.history.first(self.periods - months)


def latest(history: CellHistory, periods: int) -> CellHistory:
    """Return a history's last periods alone, or the whole of it where there are fewer."""
    start = history.periods - periods
    if start <= 0:
        return history
    rows = history.period >= start
    return CellHistory(
        history.cells,
        periods,
        history.kinds,
        history.position[rows],
        history.period[rows] - start,
        history.kind[rows],
        history.incidents[rows],
    )
