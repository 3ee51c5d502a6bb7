"""Budget: how many places there are officers for, and what further hours would buy."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.dose import DoseRules

CURVE_COLUMNS: Final = ("places", "officer_hours", "share", "held_out_share")
_MINUTES: Final = 60
_DAY_HOURS: Final = 24
# an hour short by the last bit of a sum still pays for the place
_CLOSE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Dose:
    """What patrolling one place takes.

    Attributes
    ----------
    minutes
        Of one visit.
    visits_per_day
        To each place.
    days
        For how long a list is patrolled.
    officers
        On a visit.
    travel_minutes
        On the way to each visit, from the place before or from the base.

    Raises
    ------
    BadInputError
        A number is not positive (travel may be nothing).
    """

    minutes: float
    visits_per_day: int
    days: int
    officers: int
    travel_minutes: float

    def __post_init__(self) -> None:
        """Check the numbers."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not np.isfinite(value) or value < 0 or (not value and field.name != _TRAVEL):
                msg = f"{field.name} is {value!r}: give a number above 0."
                raise BadInputError(msg)

    @property
    def visit_hours(self) -> float:
        """Officer-hours of one visit and the way to it."""
        return (self.minutes + self.travel_minutes) * self.officers / _MINUTES

    @property
    def place_hours(self) -> float:
        """Officer-hours of one place over all its days."""
        return self.visit_hours * self.visits_per_day * self.days

    @property
    def words(self) -> str:
        """What it is, in words."""
        return (
            f"{self.visits_per_day} visit{'s' if self.visits_per_day > 1 else ''} a day of "
            f"{self.minutes:g} minutes and {self.travel_minutes:g} on the way, {self.officers} "
            f"officer{'s' if self.officers > 1 else ''}, {self.days} "
            f"day{'s' if self.days > 1 else ''}"
        )


_TRAVEL: Final = "travel_minutes"


@dataclass(frozen=True, slots=True)
class Budget:
    """How many places are wanted: said in one of three ways.

    Attributes
    ----------
    places
        So many.
    officer_hours
        As many as these pay for, over all days.
    harm_share
        As few as hold this share (0-1) of the harm, in sample.

    Raises
    ------
    BadInputError
        None is given, or several, or one that is not positive.
    """

    places: int | None = None
    officer_hours: float | None = None
    harm_share: float | None = None

    def __post_init__(self) -> None:
        """Check that one is given."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        given = {name: value for name, value in given.items() if value is not None}
        if len(given) != 1:
            named = " and ".join(given) or "nothing"
            msg = (
                f"How many places was said by {named}: give one of places, officer_hours and "
                "harm_share."
            )
            raise BadInputError(msg)
        ((name, value),) = given.items()
        if not np.isfinite(value) or value <= 0:
            least = "at least 1" if name == "places" else "more than 0"
            msg = f"{name} is {value!r}: ask for {least}."
            raise BadInputError(msg)
        if name == "harm_share" and value > 1:
            msg = f"harm_share is {value!r}: give a share from 0 to 1, such as 0.25 for a quarter."
            raise BadInputError(msg)


def dose_of(rules: DoseRules, *, travel_minutes: float, days: int) -> Dose:
    """Return the dose that the rules ask for: visits as often as fit into the hours in force.

    Parameters
    ----------
    rules
        Minutes, hours in force, how often, how many officers.
    travel_minutes, days
        See :class:`Dose`.
    """
    hours = (rules.to_hour - rules.from_hour) % _DAY_HOURS or _DAY_HOURS
    visits = max(1, hours * _MINUTES // rules.every_minutes)
    return Dose(rules.minutes, visits, days, rules.officers, travel_minutes)


def hours_for(places: int, dose: Dose) -> float:
    """Return the officer-hours that a number of places takes."""
    return places * dose.place_hours


def places_for_hours(officer_hours: float, dose: Dose) -> int:
    """Return how many places officer-hours pay for.

    Raises
    ------
    BadInputError
        They are below one visit, or below one place's visits over all its days.
    """
    if officer_hours < dose.visit_hours * (1 - _CLOSE):
        msg = (
            f"{_hours(officer_hours)}: less than one visit, which takes "
            f"{_up(dose.visit_hours)} ({dose.words}). Give at least that."
        )
        raise BadInputError(msg)
    places = int(officer_hours / dose.place_hours + _CLOSE)
    if not places:
        visits = int(officer_hours / dose.visit_hours + _CLOSE)
        msg = (
            f"{_hours(officer_hours)} would pay for no place at {dose.words}, which takes "
            f"{_up(dose.place_hours)}, but for {visits} visit{'s' if visits > 1 else ''} in "
            "all: give more hours, or fewer visits or days."
        )
        raise BadInputError(msg)
    return places


def places_for_share(share: float, shares: NDArray[np.float64], *, what: str = "harm") -> int:
    """Return how few places hold a share of the harm.

    Parameters
    ----------
    share
        Wanted, 0-1.
    shares
        What each place holds, by rank, shape (k,): of every place that qualifies.
    what
        What it is a share of, for words: harm, or incidents where nothing weighs it.

    Raises
    ------
    BadInputError
        All of them together hold less.

    Notes
    -----
    In sample: the places were chosen on the harm that is measured, so they will hold less of the
    next. Ranked by what is expected, the fewest places are not always the first ones.
    """
    together = np.cumsum(shares)
    if not len(together) or together[-1] < share - _CLOSE:
        held = float(together[-1]) if len(together) else 0.0
        # never more than they hold
        most = np.floor(held * 1000 + _CLOSE) / 10
        msg = (
            f"No list holds {100 * share:.4g}% of the {what}: the {len(together):,} places that "
            f"qualify hold {most:.1f}%. Ask for that or less."
        )
        raise BadInputError(msg)
    return int(np.searchsorted(together, share - _CLOSE)) + 1


def coverage_curve(
    shares: NDArray[np.float64], held_out: NDArray[np.float64] | None, *, dose: Dose
) -> pd.DataFrame:
    """Say what each further place costs and adds.

    Parameters
    ----------
    shares
        Share (0-1) of this window's harm that each place holds, by rank, shape (k,).
    held_out
        Share of this window's harm that each place chosen the same way on the window before holds,
        by its rank then, shape (j,); None where the data do not reach back.
    dose
        What a place takes.

    Returns
    -------
    ``places, officer_hours, share, held_out_share``: one row for 1, 2, ... k places, shares summed
    over the places up to there; the last is null beyond the places that could be chosen then.

    Notes
    -----
    ``share`` was measured on the harm that chose the places, and flatters them; what further hours
    buy next period is rather the rise of ``held_out_share``.
    """
    places = np.arange(1, len(shares) + 1)
    held = np.full(len(shares), np.nan)
    if held_out is not None:
        known = min(len(held_out), len(shares))
        held[:known] = np.cumsum(held_out)[:known]
    return pd.DataFrame(
        {
            "places": places,
            "officer_hours": places * dose.place_hours,
            "share": np.cumsum(shares),
            "held_out_share": held,
        },
        columns=list(CURVE_COLUMNS),
    )


def what_more_buys(  # noqa: PLR0913 (a list, its cost, and what is added)
    curve: pd.DataFrame,
    places: int,
    *,
    dose: Dose,
    more_hours: float = 10.0,
    left_over: float = 0.0,
    what: str = "harm",
) -> str:
    """Say what further officer-hours would add to a list.

    Parameters
    ----------
    curve
        See :func:`coverage_curve`.
    places
        On the list now.
    dose
        What a place takes.
    more_hours
        Further officer-hours, over all days.
    left_over
        Officer-hours that were given and that the list does not take.
    what
        What the curve's shares are of, for words.

    Returns
    -------
    ``100 more officer-hours would pay for 2 more places, which hold 3.1% of the harm in sample and
    1.2% out of sample.`` Where they pay for none, what the next place takes and adds.
    """
    spare = len(curve) - places
    more = int((left_over + more_hours) / dose.place_hours + _CLOSE)
    if spare <= 0:
        return f"No further place qualifies beyond these {places:,}."
    if not more:
        took = _added(curve, places, 1, what)
        return (
            f"{_hours(more_hours, 'more ')} would pay for no further place; the next takes "
            f"{_up(dose.place_hours)} and holds {took}."
        )
    given = min(more, spare)
    named = "1 more place, which holds" if given == 1 else f"{given:,} more places, which hold"
    only = " (no others qualify)" if given < more else ""
    took = _added(curve, places, given, what)
    return f"{_hours(more_hours, 'more ')} would pay for {named} {took}{only}."


def _hours(hours: float, more: str = "") -> str:
    return f"{hours:g} {more}officer-hour{'' if hours == 1 else 's'}"


def _added(curve: pd.DataFrame, places: int, more: int, what: str) -> str:
    share = np.concatenate([[0.0], curve["share"].to_numpy(dtype=float)])
    held = np.concatenate([[0.0], curve["held_out_share"].to_numpy(dtype=float)])
    said = f"{share[places + more] - share[places]:.1%} of the {what} in sample"
    beyond = held[places + more] - held[places]
    return said if np.isnan(beyond) else f"{said} and {beyond:.1%} out of sample"


def _up(hours: float) -> str:
    # never less than it takes
    return f"{np.ceil(hours * 100 - _CLOSE) / 100:g}"
