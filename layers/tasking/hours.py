"""Hours chosen on the Tasking page: what each place holds in one shift or on one day of the week.

Places and ranks stay those of the whole week. A list made for a shift is on the Targets page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.profile import Measure
from config.shifts import DAY_HOURS
from layers.wording import counted, percent
from spatial.targets.when.windows import FEWEST_BY_SHIFT, by_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from config.shifts import Shift
    from spatial.results import TargetResult
    from spatial.targets.when.windows import PlaceTimes

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK_HOURS: Final = 7 * DAY_HOURS
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class HoursAsked:
    """The hours that were chosen.

    Attributes
    ----------
    shift
        None for the whole day.
    day
        0 (Monday) to 6, the day on which the shift or the policing day begins; None for any.
    day_starts
        Hour at which the policing day begins.
    """

    shift: Shift | None = None
    day: int | None = None
    day_starts: int = 6

    def __bool__(self) -> bool:
        """Return whether anything was chosen."""
        return self.shift is not None or self.day is not None

    @property
    def length(self) -> int:
        """Hours of the week that were chosen."""
        hours = DAY_HOURS if self.shift is None else self.shift.length
        return hours if self.day is not None else 7 * hours

    @property
    def words(self) -> str:
        """``the late shift (14:00-22:00) on Fridays``."""
        if self.day is None:
            return "the whole week" if self.shift is None else f"the {self.shift.words}"
        name = f"{DAYS[self.day]}s"
        if self.shift is None:
            return f"{name} from {self.day_starts:02d}:00, for 24 hours"
        return f"the {self.shift.words} on {name}"

    @property
    def when(self) -> str:
        """``In the late shift (14:00-22:00) on Fridays``, ``On Saturdays from 06:00, ...``."""
        on = self.shift is None and self.day is not None
        return f"{'On' if on else 'In'} {self.words}"


@dataclass(frozen=True, slots=True)
class HeldHours:
    """What one place holds in the hours chosen.

    Attributes
    ----------
    incidents, of
        Recorded in these hours, in parts, and in all.
    share
        0-1.
    order
        Place among those that can be told, 1 for what these hours are worth most at.
    """

    incidents: float
    of: float
    share: float
    order: int

    @property
    def few(self) -> bool:
        """Whether so few lie in these hours that a number would tell when one of them was."""
        return self.incidents < FEWEST_BY_SHIFT

    @property
    def words(self) -> str:
        """``31%``, or ``few``."""
        return "few" if self.few else percent(self.share)

    @property
    def sentence(self) -> str:
        """``about 64 of its 207 incidents (31%)``; fewer than 5 of them are not numbered."""
        if self.few:
            of = counted(round(self.of), "incident")
            return f"fewer than {FEWEST_BY_SHIFT} of its {of}"
        return (
            f"about {self.incidents:,.0f} of its {counted(round(self.of), 'incident')} "
            f"({percent(self.share)})"
        )


def held_hours(targets: TargetResult, asked: HoursAsked) -> dict[str, HeldHours]:
    """Return what each place holds in the hours chosen, by its id.

    Notes
    -----
    A place of which too few incidents are known to the hour is left out: its share would be the
    hour of one person's injury. The order is by what ranks the list (expected harm, harm or
    incidents) times the share of its incidents, as if its harm kept the hours of its incidents;
    grave ones may keep others.
    """
    if not asked:
        return {}
    found = {
        str(area_id): (_within(one, asked), float(one.hours.sum()))
        for area_id, one in zip(targets.areas["area_id"], targets.times, strict=False)
        if one.detailed and one.hours.sum() > 0
    }
    worth = _worth(targets.areas, targets.measure)
    shares = {area_id: held / of for area_id, (held, of) in found.items()}
    ranked = sorted(found, key=lambda area_id: -worth[area_id] * shares[area_id])
    order = {area_id: place for place, area_id in enumerate(ranked, start=1)}
    return {
        area_id: HeldHours(held, of, shares[area_id], order[area_id])
        for area_id, (held, of) in found.items()
    }


def hours_sentence(targets: TargetResult, asked: HoursAsked, held: dict[str, HeldHours]) -> str:
    """Say what the places hold in the hours chosen, in which order, and that the list stays."""
    if not asked:
        return ""
    told = f"{asked.when}: "
    if not held:
        return (
            f"{told}too few incidents of these places are known to the hour to say. "
            "The list is that of the whole week."
        )
    inside = sum(one.incidents for one in held.values())
    of = sum(one.of for one in held.values())
    rank = dict(
        zip(targets.areas["area_id"].astype(str), targets.areas["rank"].astype(int), strict=True)
    )
    order = sorted(held, key=lambda area_id: held[area_id].order)
    first = ", ".join(str(rank[area_id]) for area_id in order[:_MOST_NAMED])
    left_out = len(targets.areas) - len(held)
    few = f" Of {counted(left_out, 'place')} too few to say." if left_out else ""
    even = asked.length / _WEEK_HOURS
    return (
        f"{told}{percent(inside / of)} of these places' incidents, where an even week has "
        f"{percent(even)}. Worth most then, in order: {first}.{few} Places and ranks stay those "
        "of the whole week."
    )


def shift_rows(one: PlaceTimes, shifts: Sequence[Shift]) -> list[tuple[str, str, str]]:
    """Return a place's shifts: words, share, and that of an even week; none where it has few.

    No counts: one of a single incident would say when it happened.
    """
    total = float(one.hours.sum())
    if not one.detailed or total <= 0:
        return []
    rows = []
    for shift in shifts:
        held = float(by_day(one.hours, shift).sum())
        even = shift.length / DAY_HOURS
        rows.append((shift.words, percent(held / total), percent(even)))
    return rows


def _within(one: PlaceTimes, asked: HoursAsked) -> float:
    if asked.shift is None:
        # the policing day of that date, into the small hours of the next
        begins = (asked.day or 0) * DAY_HOURS + asked.day_starts
        return float(one.hours[(begins + np.arange(DAY_HOURS)) % _WEEK_HOURS].sum())
    days = by_day(one.hours, asked.shift)
    return float(days.sum() if asked.day is None else days[asked.day])


def _worth(areas: pd.DataFrame, measure: Measure) -> dict[str, float]:
    column = {
        Measure.EXPECTED_HARM: "expected_harm",
        Measure.HARM: "harm_days",
        Measure.SQRT_HARM: "harm_days",
    }.get(measure, "incidents")
    values = areas[column].to_numpy(dtype=float)
    if np.isnan(values).any():
        values = areas["incidents"].to_numpy(dtype=float)
    if measure is Measure.SQRT_HARM:
        values = np.sqrt(values)
    return dict(zip(areas["area_id"].astype(str), values.tolist(), strict=True))
