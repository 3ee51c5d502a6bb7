"""Totals: what one group of places had before and after, with its days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from config.errors import BadInputError


@dataclass(frozen=True, slots=True)
class Totals:
    """Incidents, or harm, of one group of places before and after.

    Attributes
    ----------
    before, after
        Incidents, or days of harm.
    days_before, days_after
        Exposure: days looked at.
    area
        Size against the other groups, in any one unit; 1 for as it is. A comparator 27 times as
        large counts for a 27th.
    squares_before, squares_after
        Of harm: the sum over incidents of the weight squared, which is its Poisson variance. None
        for a count.
    greatest_before, greatest_after
        Of harm: the weight of the most serious single incident seen; None where not known.
    largest_days
        Of harm: the greatest weight of a single incident that the outcome could hold.

    Raises
    ------
    BadInputError
        A figure is negative or no number, days or area are not positive, or a count is not whole.
    """

    before: float
    after: float
    days_before: float = 1.0
    days_after: float = 1.0
    area: float = 1.0
    squares_before: float | None = None
    squares_after: float | None = None
    greatest_before: float | None = None
    greatest_after: float | None = None
    largest_days: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be counted."""
        for name in (
            "before",
            "after",
            "squares_before",
            "squares_after",
            "greatest_before",
            "greatest_after",
            "largest_days",
        ):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value >= 0):
                msg = f"A total {name!r} of {value!r} cannot be: give 0 or more."
                raise BadInputError(msg)
        for name in ("days_before", "days_after", "area"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value > 0):
                msg = f"A total with {name!r} of {value!r} cannot be compared: give more than 0."
                raise BadInputError(msg)
        if (self.squares_before is None) != (self.squares_after is None):
            msg = "Only one of 'squares_before' and 'squares_after' is given: give both or neither."
            raise BadInputError(msg)
        if self.measure == "count" and not (
            float(self.before).is_integer() and float(self.after).is_integer()
        ):
            msg = (
                f"Counts of {self.before!r} and {self.after!r} are not whole: for harm, give its "
                "squares too."
            )
            raise BadInputError(msg)

    @property
    def measure(self) -> str:
        """``count``, or ``harm`` where the squares are given."""
        return "count" if self.squares_before is None else "harm"

    @property
    def variances(self) -> tuple[float, float]:
        """Poisson variances of ``before`` and ``after``."""
        if self.squares_before is None or self.squares_after is None:
            return float(self.before), float(self.after)
        return float(self.squares_before), float(self.squares_after)

    @property
    def time(self) -> float:
        """How many times as long the time before was."""
        return self.days_before / self.days_after


def same_measure(*groups: Totals) -> str:
    """Return the measure that all groups share.

    Raises
    ------
    BadInputError
        One holds a count and another harm.
    """
    measures = {group.measure for group in groups}
    if len(measures) > 1:
        msg = "A count cannot be compared with harm: give every group in the same measure."
        raise BadInputError(msg)
    return measures.pop()


def whole(group: Totals) -> tuple[int, int]:
    """Return a group's counts as whole numbers.

    Raises
    ------
    BadInputError
        It holds harm.
    """
    if group.measure != "count":
        msg = "Exact methods count incidents and cannot weigh them: give counts, not harm."
        raise BadInputError(msg)
    return int(group.before), int(group.after)
