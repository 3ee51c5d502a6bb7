"""Visit times on a sheet: the day's own from the schedule, or how often and how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.dose import load_dose_rules
from config.shifts import clock

if TYPE_CHECKING:
    import pandas as pd

    from layers.print.occasion import Occasion


@dataclass(frozen=True, slots=True)
class VisitTimes:
    """What a sheet says of visits.

    Attributes
    ----------
    title
        Of the block.
    times
        ``15:40``, in their order; empty where no schedule names any.
    words
        What stands below.
    due
        Whether the place is to be visited at all.
    """

    title: str
    times: tuple[str, ...]
    words: str
    due: bool = True


def visit_times(area_id: str, occasion: Occasion) -> VisitTimes:
    """Return the visits of one place on the occasion's day, in its shift where one is named.

    Only that day's: whoever finds a sheet learns nothing of the days to come.
    """
    day, shift = occasion.visit_day, occasion.shift
    when = f"{day:%a} {day.day} {day:%b}" + (f", {shift.name} shift" if shift else "")
    rules = load_dose_rules()
    if occasion.schedule is None:
        hours = (
            f"{clock(rules.from_hour)} to {clock(rules.to_hour)}"
            if shift is None
            else f"{clock(shift.starts)} to {clock(shift.ends)}"
        )
        every = rules.every_minutes / 60
        return VisitTimes(
            "Visits",
            (),
            f"{rules.minutes} minutes each, about every {every:g} hours, {hours}, "
            f"{rules.officers} officers. No schedule: choose times nobody can foresee.",
        )
    own = occasion.schedule[
        (occasion.schedule["area_id"] == area_id)
        & (occasion.schedule["date"].astype(str).str[:10] == day.isoformat())
    ]
    if own.empty:
        return VisitTimes(f"Visits {when}", (), "Not on the schedule for this day.", due=False)
    made = own[own["visit"].astype(str).ne("0")]
    if shift is not None:
        on_duty = {f"{hour:02d}" for hour in shift.hours}
        made = made[made["start"].astype(str).str[:2].isin(on_duty)]
    if made.empty:
        where = "in this shift" if shift else "on this day"
        return VisitTimes(f"Visits {when}", (), f"None {where}: patrol elsewhere.", due=False)
    return VisitTimes(f"Visits {when}", _in_order(made), _length(made))


def _in_order(made: pd.DataFrame) -> tuple[str, ...]:
    # past midnight the clock begins anew, the number of the visit does not
    order = made.assign(visit=made["visit"].astype(int)).sort_values("visit", kind="stable")
    return tuple(str(one)[:5] for one in order["start"])


def _length(made: pd.DataFrame) -> str:
    minutes = sorted({str(one) for one in made["minutes"]})
    return f"{' or '.join(minutes)} minutes each."
