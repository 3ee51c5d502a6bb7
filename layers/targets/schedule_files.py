"""Schedule files: the whole plan as CSV and calendar, and lists that name one day's places only."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from config.version import VERSION
from layers.formats.tables import table_csv
from layers.formats.values import clean_text
from layers.marking import marking_in_force
from spatial.targets.schedule.hours import ZONE

if TYPE_CHECKING:
    import pandas as pd

    from spatial.targets.schedule.plan import Plan

_LIST_COLUMNS: Final = (
    "date", "team", "start", "minutes", "name", "area_id", "visit", "stop", "walk_minutes",
)  # fmt: skip


def schedule_csv(plan: Plan) -> bytes:
    """Write a plan as CSV: `SCHEDULE_COLUMNS` and the marking, a row per visit and per day without.

    It holds the days to come of every place: whoever patrols by it knows where not to go.
    """
    return table_csv(_marked(plan.table))


def day_lists(plan: Plan) -> dict[str, bytes]:
    """Write a file for each day that names only that day's places: file name to bytes.

    By patrol and time; what is not visited, and what other days hold, is not in it.
    """
    treated = plan.table[plan.table["visit"] > 0].sort_values(
        ["date", "team", "starts_at", "stop"], kind="stable"
    )
    return {
        f"patrols_{date}.csv": table_csv(_marked(rows[list(_LIST_COLUMNS)]))
        for date, rows in treated.groupby("date", sort=True)
    }


def schedule_calendar(plan: Plan) -> bytes:
    """Write a plan's visits as iCalendar (RFC 5545), in the time zone of Europe/London.

    The same plan gives the same bytes: every visit's UID is a hash of what it is, and DTSTAMP is
    the midnight at which the plan begins. Days to come are in it, as in `schedule_csv`.
    """
    marking = marking_in_force()
    calendar = Calendar()
    calendar.add("prodid", f"-//Harmhex//Harmhex {VERSION}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Patrols {plan.dates[0].isoformat()} ({plan.run_id})")
    calendar.add("x-wr-caldesc", marking.line)
    calendar.add_component(_london())
    london = ZoneInfo(ZONE)
    stamp = dt.datetime.combine(plan.dates[0], dt.time(), tzinfo=dt.UTC)
    visits = plan.table[plan.table["visit"] > 0]
    for row in visits.itertuples(index=False):
        start = dt.datetime.fromisoformat(str(row.starts_at)).astimezone(london)
        event = Event()
        named = f"{plan.run_id} {row.date} {row.area_id} {row.visit}"
        event.add("uid", f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@harmhex")
        event.add("dtstamp", stamp)
        event.add("dtstart", start)
        event.add("duration", dt.timedelta(minutes=int(str(row.minutes))))
        event.add("summary", clean_text(f"Patrol {row.team}: {row.name}"))
        event.add("location", clean_text(str(row.name)))
        event.add(
            "description",
            f"{row.area_id}, visit {row.visit}, stop {row.stop}, {row.walk_minutes} minutes to it. "
            f"{marking.line}",
        )
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _marked(table: pd.DataFrame) -> pd.DataFrame:
    # what is null is an empty cell, whatever kind of null
    plain = table.astype(object).where(table.notna(), None)
    return plain.assign(marking=marking_in_force().marking)


def _london() -> Timezone:
    # written out, so that a newer time zone database changes no byte; rules in force since 1996
    zone = Timezone()
    zone.add("tzid", ZONE)
    for part, name, first, month, before, after in (
        (TimezoneDaylight(), "BST", dt.datetime(1996, 3, 31, 1), 3, 0, 1),  # noqa: DTZ001 (local)
        (TimezoneStandard(), "GMT", dt.datetime(1996, 10, 27, 2), 10, 1, 0),  # noqa: DTZ001 (local)
    ):
        part.add("tzname", name)
        part.add("dtstart", first)
        part.add("tzoffsetfrom", dt.timedelta(hours=before))
        part.add("tzoffsetto", dt.timedelta(hours=after))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone
