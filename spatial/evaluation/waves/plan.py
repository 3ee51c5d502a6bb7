"""The plan of a staggered operation: which place began when, and where its time is cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.evaluation.periods import Periods, operation_periods
from spatial.evaluation.waves.panel import FEWEST_WAVES, WavePanel
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from config.operation import Operation
    from spatial.evaluation.counted import Tallied

_QUARTER: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class WavePlan:
    """Waves and periods.

    Attributes
    ----------
    periods
        The time before, the dates of choice and the operation, cut wherever a wave begins and then
        into months.
    dates
        First day in force of each wave, ascending.
    wave
        Of each patrolled place, in the order of the areas, shape (places,).
    drawn
        Whether chance drew the order.
    """

    periods: Periods
    dates: tuple[dt.date, ...]
    wave: NDArray[np.int64]
    drawn: bool

    @property
    def words(self) -> str:
        """The waves in words, for the design's sentence."""
        sizes = np.bincount(self.wave, minlength=len(self.dates))
        pairs = zip(sizes, self.dates, strict=True)
        each = ", ".join(f"{size} from {day_words(day)}" for size, day in pairs)
        how = "chance drew the order" if self.drawn else "the order was not drawn by chance"
        return f"{len(self.dates)} waves ({each}); {how}"

    def panel(
        self,
        tallied: Tallied,
        *,
        outcome: str,
        weighs_harm: bool,
        with_choice: bool = False,
    ) -> WavePanel:
        """Return the panel of counts by place and period.

        Parameters
        ----------
        tallied
            By place and period; places beyond the patrolled ones never were.
        outcome
            What was counted.
        weighs_harm
            Whether it has weights.
        with_choice
            Whether the periods that the places were chosen on count as before.
        """
        used = np.ones(len(self.periods.days), dtype=bool)
        if not with_choice:
            used &= ~self.periods.chosen_on
        never = np.full(len(tallied.incidents) - len(self.wave), len(self.dates))
        firsts = _firsts(self.periods)[used]
        return WavePanel(
            outcome,
            tallied.incidents[:, used],
            self.periods.days[used],
            np.concatenate([self.wave, never]),
            np.searchsorted(firsts, np.array(self.dates, dtype="datetime64[D]")),
            self.drawn,
            harm=tallied.harm_days[:, used] if weighs_harm else None,
            squares=tallied.squares[:, used] if weighs_harm else None,
            greatest=tallied.greatest[:, used] if weighs_harm else None,
        )

    def leads(self, *, quarters: bool) -> NDArray[np.int64]:
        """Return whole months (or quarters) from each wave's start to each period of a panel.

        Shape (waves, periods); below 0 before the start. Periods that the places were chosen on are
        left out, as in the panel.
        """
        firsts = [
            one.first
            for one, chosen in zip(self.periods.spans, self.periods.chosen_on, strict=True)
            if not chosen
        ]
        months = np.array([[_months(start, day) for day in firsts] for start in self.dates])
        return np.floor_divide(months, _QUARTER) if quarters else months


def check_starts(operation: Operation, area_ids: Sequence[str]) -> None:
    """Refuse starts that make no staggered design.

    Raises
    ------
    BadInputError
        A place has no start, or one outside the operation's dates, or all began together.
    """
    for area in area_ids:
        if area not in operation.starts:
            msg = (
                f"{operation.name}: starts: {area!r} has no date. Give each area the date it began."
            )
            raise BadInputError(msg)
        day = operation.starts[area]
        if not operation.first_date <= day <= operation.last_date:
            msg = (
                f"{operation.name}: starts.{area}: {day} is outside {operation.first_date} to "
                f"{operation.last_date}. Mend the date."
            )
            raise BadInputError(msg)
    days = {operation.starts[area] for area in area_ids}
    if len(days) < FEWEST_WAVES:
        msg = (
            f"{operation.name}: starts: every place began on {min(days)}, so that at no time "
            'somebody was patrolled and somebody not yet. Write design = "before_after", with '
            "comparators."
        )
        raise BadInputError(msg)


def read_plan(operation: Operation, area_ids: Sequence[str]) -> WavePlan:
    """Return waves and periods of a staggered operation.

    Parameters
    ----------
    operation
        Its ``starts`` and dates.
    area_ids
        Of the patrolled places, in their order.

    Raises
    ------
    BadInputError
        As :func:`check_starts`; or no day in force lies between one start and the next or after the
        last; or none of the time before lies outside the dates of choice.
    """
    check_starts(operation, area_ids)
    periods = operation_periods(operation)
    firsts = _firsts(periods)
    days = np.array([operation.starts[area] for area in area_ids], dtype="datetime64[D]")
    # places whose first day in force is the same began together
    begins = np.searchsorted(firsts, days)
    kept = np.unique(begins)
    if len(kept) < FEWEST_WAVES or kept[-1] == len(firsts):
        msg = (
            f"{operation.name}: starts: there is no day in force between {days.min()} and "
            f"{days.max()}, or none after (weekdays {list(operation.weekdays)!r}), so that at no "
            "time somebody was patrolled and somebody not yet. Mend the dates."
        )
        raise BadInputError(msg)
    if not (~periods.after & ~periods.chosen_on).any():
        msg = (
            f"{operation.name}: baseline: no day in force lies outside the dates the places were "
            "chosen on. Begin it earlier."
        )
        raise BadInputError(msg)
    dates = tuple(periods.spans[one].first for one in kept)
    return WavePlan(periods, dates, np.searchsorted(kept, begins), operation.order == "by_lot")


def _firsts(periods: Periods) -> NDArray[np.datetime64]:
    return np.array([one.first for one in periods.spans], dtype="datetime64[D]")


def _months(start: dt.date, day: dt.date) -> int:
    whole = (day.year - start.year) * 12 + day.month - start.month
    return whole - (day.day < start.day)
