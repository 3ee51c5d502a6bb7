"""Register entries: the town's anniversaries, events and community tension, all invented.

Written by hand against the last day of the incidents, so that a meeting on that day has something
of every kind to see; nothing here is drawn by chance.
"""

# ruff: noqa: E501 (a table is read a row at a time)

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

from shapely.geometry import Point

from register import audit
from register.intake import take_in
from register.tension import Sight
from sample_geo.hot_places import HOT_PLACES
from sample_geo.operation_entries import fill_operations
from sample_geo.plane import degrees
from sample_geo.rhythm import LAST

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

ANNIVERSARIES: Final = "anniversaries.csv"
EVENTS: Final = "events.ics"
TENSION: Final = "tension.csv"
BY: Final = "sample town"

_LEAD: Final = (3, 1)

# label, day, hot place, kind
_ANNIVERSARIES: Final = (
    ("Homicide outside the clubs, 2021", "2021-11-14", "Esplanade clubs", "homicide"),
    ("Homicide by the shops, 2019", "2019-11-22", "Wold View shops", "homicide"),
    ("Homicide at the market, 2022", "2022-10-28", "Market Place", "homicide"),
    ("Fatal fall from the quay, 2020", "2020-02-29", "Harbour Quay", "fatal"),
    ("Disorder after a match, 2023", "2023-12-14", "Station forecourt", "high_tension"),
    ("Homicide in the underpass, 2017", "2017-06-03", "Railway underpass", "homicide"),
)  # fmt: skip

# label, first day, days, rule, hot place, kind
_EVENTS: Final = (
    ("Fireworks on the front", "2023-11-05", 1, "FREQ=YEARLY", "Esplanade clubs", "festival"),
    ("Home match", "2026-08-15", 1, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "Station forecourt", "fixture"),
    ("Late-night shopping", "2026-11-19", 1, "FREQ=WEEKLY;BYDAY=TH;COUNT=5", "High Street, lower end", "other"),
    ("Carnival weekend", "2024-08-17", 2, "FREQ=YEARLY;BYMONTH=8;BYDAY=3SA", "Market Place", "festival"),
)  # fmt: skip

# level, theme, text, beat or hot place, grading, days before the last one
_TENSION: Final = (
    ("medium", "youth_violence", "Two groups of pupils meet after school", "Westgate bus interchange", "1BP", 4),
    ("high", "bereavement", "Anger before the date of the homicide", "Esplanade clubs", "2BP", 2),
    ("medium", "drug_markets", "New dealers seen by residents", "Wold View shops", "2CP", 9),
    ("low", "licensing", "Complaints of bars that let people in late", "Pier and Old Town", "1AP", 12),
    ("medium", "protest", "A protest and one against it are announced", "Market Place", "1BP", 3),
    ("low", "antisocial_behaviour", "Fires lit in the shelters", "Westfield and Dunes", "1CP", 40),
)  # fmt: skip

_TENSION_COLUMNS: Final = (
    "level", "theme", "text", "beat", "place", "longitude", "latitude", "source_grade",
    "information_grade", "handling", "entered_on",
)  # fmt: skip


def register_files() -> dict[str, str]:
    """Return the three files by name, as a force would have them."""
    return {ANNIVERSARIES: _anniversaries(), EVENTS: _events(), TENSION: _tension()}


def fill_register(session: Session, folder: Path, *, now: dt.datetime) -> bool:
    """Enter the sample's files into a register that nothing was ever written to.

    Returns
    -------
    Whether anything was entered: a register that was used is left alone, emptied or not.
    """
    if audit.head(session)[0]:
        return False
    for noun, name in (("anniversaries", ANNIVERSARIES), ("events", EVENTS), ("tension", TENSION)):
        take_in(
            session,
            (folder / name).read_bytes(),
            noun,
            name=name,
            sight=Sight.ALL,
            today=LAST,
            now=now,
            by=BY,
        )
    fill_operations(session, folder, today=LAST, now=now, by=BY)
    return True


def _anniversaries() -> str:
    rows: list[tuple[Any, ...]] = [
        (label, day, place, *_position(place), *_LEAD, kind, "sample town")
        for label, day, place, kind in _ANNIVERSARIES
    ]
    columns = ("label", "date", "place", "longitude", "latitude", "lead_in_days", "lead_out_days",
               "kind", "source")  # fmt: skip
    return _csv(columns, rows)


def _events() -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Saltmere//Sample town//EN"]
    for number, (label, first, days, rule, place, kind) in enumerate(_EVENTS, 1):
        start = dt.date.fromisoformat(first)
        longitude, latitude = _position(place)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{number}@saltmere.example",
            f"DTSTAMP:{LAST:%Y%m%d}T090000Z",
            f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
            f"DTEND;VALUE=DATE:{start + dt.timedelta(days=days):%Y%m%d}",
            f"RRULE:{rule}",
            f"SUMMARY:{label}",
            f"LOCATION:{place.replace(',', chr(92) + ',')}",
            f"GEO:{latitude};{longitude}",
            f"CATEGORIES:{kind}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _tension() -> str:
    known = {place.name for place in HOT_PLACES}
    rows: list[tuple[Any, ...]] = []
    for level, theme, text, where, grading, before in _TENSION:
        placed = where in known
        position = _position(where) if placed else ("", "")
        beat, place = ("", where) if placed else (where, "")
        entered = LAST - dt.timedelta(days=before)
        rows.append((level, theme, text, beat, place, *position, *grading, entered.isoformat()))
    return _csv(_TENSION_COLUMNS, rows)


def _position(place: str) -> tuple[float, float]:
    (centre,) = (one.centre for one in HOT_PLACES if one.name == place)
    point = degrees(Point(centre), decimals=5).centroid
    return point.x, point.y


def _csv(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
