"""Panel: places by periods, what was counted in each, and which places were patrolled from when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.evaluation.totals import Totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNT: Final = "count"
HARM: Final = "harm"


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Places by periods.

    Attributes
    ----------
    outcome
        The profile that was counted.
    counts
        Incidents, whole numbers, shape (places, periods).
    days
        Days of each period, shape (periods,): the exposure.
    treated
        Which places were patrolled, shape (places,); the others are comparators.
    after
        Which periods are from the start on, shape (periods,): none before one that is not.
    chosen_on
        Which periods the places were chosen on, shape (periods,), or None for none of them. They
        are left out of the baseline: places chosen because a period was bad fall out of it by
        themselves.
    harm, squares
        Days of harm, and the sum over incidents of the weight squared, shape (places, periods);
        None where the outcome has no weights.
    greatest
        The weight of the most serious single incident, shape (places, periods); None where not
        known, and then nothing warns of one homicide that decides the result.
    largest_days
        The greatest weight of a single incident that the outcome could hold; None for the greatest
        that was seen.

    Raises
    ------
    BadInputError
        Shapes differ, a count is negative or not whole, there is no treated or no comparison place,
        no period before (outside the window of choice) or none after.
    """

    outcome: str
    counts: NDArray[np.int64]
    days: NDArray[np.float64]
    treated: NDArray[np.bool_]
    after: NDArray[np.bool_]
    chosen_on: NDArray[np.bool_] | None = None
    harm: NDArray[np.float64] | None = None
    squares: NDArray[np.float64] | None = None
    greatest: NDArray[np.float64] | None = None
    largest_days: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be evaluated."""
        _check_shapes(self)
        _check_values(self)
        _check_design(self)

    @property
    def before(self) -> NDArray[np.bool_]:
        """The baseline: periods before the start, without those that places were chosen on."""
        return ~self.after if self.chosen_on is None else ~self.after & ~self.chosen_on

    @property
    def used(self) -> NDArray[np.bool_]:
        """Periods that estimates look at: the baseline and those after."""
        return self.before | self.after

    @property
    def exposure(self) -> tuple[float, float]:
        """Days of the baseline and days after."""
        return float(self.days[self.before].sum()), float(self.days[self.after].sum())

    def values(self, measure: str = COUNT) -> NDArray[np.float64]:
        """Return counts or harm, shape (places, periods).

        Raises
        ------
        BadInputError
            Harm is asked of an outcome that has none.
        """
        if measure == COUNT:
            return self.counts.astype(np.float64)
        if self.harm is None:
            msg = f"{self.outcome!r} has no harm weights: evaluate its count."
            raise BadInputError(msg)
        return self.harm

    def by_place(self, measure: str = COUNT) -> NDArray[np.float64]:
        """Return each place's total before and after, shape (places, 2)."""
        values = self.values(measure)
        return np.column_stack(
            [values[:, self.before].sum(axis=1), values[:, self.after].sum(axis=1)]
        )

    def totals(self, measure: str = COUNT, *, treated: bool) -> Totals:
        """Return the totals of the treated places, or of the comparators."""
        rows = self.treated if treated else ~self.treated
        before, after = self.by_place(measure)[rows].sum(axis=0)
        days_before, days_after = self.exposure
        windows = [np.ix_(rows, self.before), np.ix_(rows, self.after)]
        squares: list[float | None] = [None, None]
        greatest: list[float | None] = [None, None]
        if measure == HARM and self.squares is not None:
            squares = [float(self.squares[window].sum()) for window in windows]
        if measure == HARM and self.greatest is not None:
            greatest = [float(self.greatest[window].max()) for window in windows]
        return Totals(
            float(before),
            float(after),
            days_before=days_before,
            days_after=days_after,
            squares_before=squares[0],
            squares_after=squares[1],
            greatest_before=greatest[0],
            greatest_after=greatest[1],
            largest_days=self.largest_days if measure == HARM else None,
        )


def _check_shapes(panel: Panel) -> None:
    shape = panel.counts.shape
    if len(shape) != 2:  # noqa: PLR2004 (places by periods)
        msg = f"Counts of shape {shape!r} are no panel: give places by periods."
        raise BadInputError(msg)
    places, periods = shape
    for name, value, expected in (
        ("days", panel.days, (periods,)),
        ("treated", panel.treated, (places,)),
        ("after", panel.after, (periods,)),
        ("chosen_on", panel.chosen_on, (periods,)),
        ("harm", panel.harm, shape),
        ("squares", panel.squares, shape),
        ("greatest", panel.greatest, shape),
    ):
        if value is not None and value.shape != expected:
            msg = (
                f"{name!r} has shape {value.shape!r} and counts {shape!r}: give {expected!r}, one "
                "for each."
            )
            raise BadInputError(msg)
    if (panel.harm is None) != (panel.squares is None):
        msg = "Harm and its squares belong together: give both or neither."
        raise BadInputError(msg)


def _check_values(panel: Panel) -> None:
    for name in ("counts", "harm", "squares", "greatest"):
        values = getattr(panel, name)
        if values is None:
            continue
        broken = ~(np.isfinite(values) & (values >= 0))
        if name == "counts":
            broken |= values != np.floor(values)
        if broken.any():
            place, period = (int(part[0]) for part in np.nonzero(broken))
            msg = (
                f"{name!r} of place {place + 1} in period {period + 1} is "
                f"{values[place, period].item()!r}: it cannot be negative, missing or, for a "
                "count, broken."
            )
            raise BadInputError(msg)
    if not (np.isfinite(panel.days) & (panel.days > 0)).all():
        msg = f"A period of {float(np.min(panel.days))!r} days cannot be: give more than 0."
        raise BadInputError(msg)


def _check_design(panel: Panel) -> None:
    if not panel.treated.any() or panel.treated.all():
        which = "patrolled place" if not panel.treated.any() else "comparison place"
        msg = f"There is no {which}, and a comparison needs both: name at least one."
        raise BadInputError(msg)
    if (np.diff(panel.after.astype(np.int8)) < 0).any():
        msg = "A period before the start comes later than one after it: give periods in order."
        raise BadInputError(msg)
    if not panel.after.any():
        msg = "There is no period after the start: evaluate once the operation has begun."
        raise BadInputError(msg)
    if not panel.before.any():
        msg = (
            "There is no period before the start, outside the one that places were chosen on: load "
            "earlier months."
        )
        raise BadInputError(msg)
