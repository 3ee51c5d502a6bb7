"""Incidents: 36 months of records, as a police force would export them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sample_geo.chance import Chance
from sample_geo.hot_places import HOT_PLACES, trend_of, weights_of
from sample_geo.offences import OFFENCES, Offence
from sample_geo.plane import EASTING, NORTHING
from sample_geo.rhythm import (
    DAYS,
    FIRST,
    RHYTHMS,
    draw_lengths,
    draw_starts,
    on_clock,
    told_time,
)  # fmt: skip
from sample_geo.settings import SETTINGS, Setting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_geo.hot_places import HotPlace
    from sample_geo.surfaces import Surfaces

COLUMNS: Final = (
    "Incident Number", "Force", "Home Office Code", "PRC Class", "Offence", "Incident Type",
    "From", "To", "Easting", "Northing", "Location Type", "Domestic", "Public Place", "Knife",
    "Firearm", "Weapon", "Relationship", "Victim Age",
)  # fmt: skip
FORCE: Final = "Saltmere Police (fictional)"
HOT_PLACE: Final = "hot place"
"""A working column, dropped before writing: which planted place a row belongs to, or -1."""

_RELATIONSHIPS: Final = np.array(["FAMILY", "PARTNER", "ACQUAINTANCE", "STRANGER"])
_AGES: Final = np.array([(4, 14), (15, 17), (18, 24), (25, 44), (45, 64), (65, 92)])
# Ages of victims where pupils change buses, in the bands of ``Setting.ages``.
_PUPILS: Final = (14.0, 44.0, 24.0, 12.0, 4.0, 2.0)
# Offences that have no victim to ask about.
_VICTIMLESS: Final = ("092", "008/26", "008/11", "081", "046", "066")
# Two months in which a new records system left flags empty.
_LEAN_MONTHS: Final = ((2024, 9), (2024, 10))


def record_incidents(seed: int, surfaces: Surfaces) -> pd.DataFrame:
    """Record every incident of the 36 months, in the order in which they were reported.

    Returns
    -------
    One row an incident: ``COLUMNS`` as the export has them (text, except Easting and Northing,
    whole metres) and the working column ``HOT_PLACE``.
    """
    parts = []
    for number, offence in enumerate(OFFENCES):
        chance = Chance(seed, f"{number} {offence.title}")
        parts += [_record(chance, surfaces, group) for group in _groups(chance, offence)]
    return _numbered(pd.concat(parts, ignore_index=True), Chance(seed, "numbers"))


@dataclass(frozen=True, slots=True)
class _Group:
    """Incidents of one offence that share a setting, and a hot place if they have one (else -1)."""

    offence: Offence
    setting: Setting
    place: int
    count: int


def _groups(chance: Chance, offence: Offence) -> list[_Group]:
    """Share an offence's incidents out over its settings, and the planted ones over hot places."""
    shares = [share for _, share in offence.settings]
    counts = np.bincount(chance.pick(shares, offence.count), minlength=len(shares))
    groups = []
    for (name, _), n in zip(offence.settings, counts.tolist(), strict=True):
        if name != "planted":
            groups.append(_Group(offence, SETTINGS[name], -1, n))
            continue
        places = chance.pick(weights_of(offence.topic), n) if n else np.zeros(0, dtype=np.int64)
        here = np.bincount(places, minlength=len(HOT_PLACES)).tolist()
        groups += [
            _Group(offence, _setting_at(place), number, here[number])
            for number, place in enumerate(HOT_PLACES)
        ]
    return [group for group in groups if group.count]


def _setting_at(place: HotPlace) -> Setting:
    """Return the circumstances of a hot place: its rhythm, its kind of location, its victims."""
    planted = SETTINGS["planted"]
    kinds: tuple[tuple[str, float], ...] = (("STREET", 45.0), (place.location_type, 55.0))
    ages = _PUPILS if place.rhythm == "school" else planted.ages
    return replace(planted, rhythm=place.rhythm, location_types=kinds, ages=ages)


def _record(chance: Chance, surfaces: Surfaces, group: _Group) -> pd.DataFrame:
    """Record the incidents of a group."""
    offence, setting, n = group.offence, group.setting, group.count
    if group.place >= 0:
        hot = HOT_PLACES[group.place]
        xy = surfaces.points_near(chance, hot, n)
        start = draw_starts(chance, RHYTHMS[setting.rhythm], n, trend=trend_of(hot))
    else:
        xy = surfaces.points(chance, setting.where, n)
        start = draw_starts(chance, RHYTHMS[setting.rhythm], n)
    start = told_time(chance, start)
    end = start + draw_lengths(chance, setting.span, n)
    names = np.array([kind for kind, _ in setting.location_types])
    location_type = names[chance.pick([weight for _, weight in setting.location_types], n)]
    public = np.where(
        location_type == "DWELLING", min(setting.public, 0.02), max(setting.public, 0.02)
    )
    return pd.DataFrame(
        {
            "Home Office Code": _spelled(chance, offence.code, n),
            "PRC Class": np.full(n, offence.prc, dtype=object),
            "Offence": offence.title,
            "Incident Type": "Crime" if offence.code else "ASB",
            "start": start,
            # a moment has no end in most records systems
            "end": np.where(end > start, end, -1),
            "Easting": np.round(xy[:, 0] + EASTING).astype(np.int64),
            "Northing": np.round(xy[:, 1] + NORTHING).astype(np.int64),
            "Location Type": location_type,
            **_flags(chance, offence, setting, start, chance.happens(public)),
            **_people(chance, offence, setting, n),
            HOT_PLACE: group.place,
        }
    )


def _spelled(chance: Chance, code: str, n: int) -> NDArray[np.object_]:
    """Spell a Home Office code as different records systems do: a fifth are not 005/01."""
    if not code:
        return np.full(n, "", dtype=object)
    main, sub = code.split("/")
    spellings = np.array([code, main + sub, f"{int(main)}/{int(sub)}"], dtype=object)
    return spellings[chance.pick([80, 12, 8], n)]


def _flags(
    chance: Chance,
    offence: Offence,
    setting: Setting,
    start: NDArray[np.int64],
    public: NDArray[np.bool_],
) -> dict[str, NDArray[np.object_]]:
    """Fill the flags: Y, N, or blank where nobody recorded one."""
    n = len(start)
    antisocial = not offence.code
    violent = offence.knife > 0 or offence.topic == "violence"
    months = pd.DatetimeIndex(pd.Timestamp(FIRST) + pd.to_timedelta(start // 1440, unit="D"))
    lean = np.isin(months.year * 100 + months.month, [y * 100 + m for y, m in _LEAN_MONTHS])
    knife = chance.happens(np.full(n, offence.knife))
    other = max(offence.weapon - offence.knife, 0.0) / max(1 - offence.knife, 0.01)
    weapon = knife | chance.happens(np.full(n, other))
    likely = 0.5 if offence.title.startswith("Firearm") else 0.06
    firearm = weapon & ~knife & chance.happens(np.full(n, likely))
    # how often each flag is left empty: seldom for violence, mostly where it means little
    empty = {
        "Domestic": 0.55 if antisocial else 0.04,
        "Public Place": 0.35 if antisocial else 0.06,
        "Knife": 0.08 if violent else 0.97,
        "Firearm": 0.10 if violent else 0.97,
        "Weapon": 0.09 if violent else 0.97,
    }
    said = {
        "Domestic": chance.happens(np.full(n, setting.domestic)),
        "Public Place": public,
        "Knife": knife,
        "Firearm": firearm,
        "Weapon": weapon,
    }
    filled = {}
    for flag, yes in said.items():
        missing = chance.happens(np.where(lean, max(empty[flag], 0.26), empty[flag]))
        # a weapon that was there is written down more often than one that was not
        missing &= ~(yes & chance.happens(np.full(n, 0.6 if flag in ("Knife", "Weapon") else 0.0)))
        filled[flag] = np.where(missing, "", np.where(yes, "Y", "N")).astype(object)
    return filled


def _people(
    chance: Chance, offence: Offence, setting: Setting, n: int
) -> dict[str, NDArray[np.object_]]:
    """Fill relationship and the victim's age, blank where there is no victim or none was asked."""
    relationship = _RELATIONSHIPS[chance.pick(setting.relationship, n)].astype(object)
    relationship[chance.happens(np.full(n, 0.16))] = ""
    band = chance.pick(setting.ages or (1, 1, 1, 1, 1, 1), n)
    low, high = _AGES[band, 0], _AGES[band, 1]
    years = low + np.floor(chance.uniform(n) * (high - low + 1)).astype(np.int64)
    if offence.title == "Cruelty to a child":
        years = np.minimum(years, 15)
    elif "16 or over" in offence.title:
        years = np.maximum(years, 16)
    age = years.astype(str).astype(object)
    age[chance.happens(np.full(n, 0.13))] = ""
    if not offence.code or offence.code.startswith(_VICTIMLESS) or not setting.ages:
        age[:] = ""
        relationship[:] = ""
    return {"Relationship": relationship, "Victim Age": age}


def _numbered(rows: pd.DataFrame, chance: Chance) -> pd.DataFrame:
    """Put the rows in the order they were reported, number them by year, and write the times."""
    n = len(rows)
    start, end = on_clock(rows["start"].to_numpy()), on_clock(rows["end"].to_numpy())
    # nothing may end after the export was made
    last_minute = DAYS * 1440 - 1
    end = np.where(end > last_minute, last_minute, end)
    end = np.where(end > start, end, -1)
    reported = np.maximum(start, end) + chance.waits(n, 95.0).astype(np.int64)
    order = np.argsort(reported, kind="stable")
    rows = rows.iloc[order].reset_index(drop=True)
    year = pd.DatetimeIndex(
        pd.Timestamp(FIRST) + pd.to_timedelta(np.minimum(reported[order], last_minute), unit="min")
    ).year.to_numpy()
    # other calls take numbers too, so the series has gaps
    running = np.cumsum(1 + chance.integers(n, 0, 6))
    first = {int(y): int(running[year == y][0]) for y in np.unique(year)}
    serial = [int(r) - first[int(y)] + 1 for r, y in zip(running, year, strict=True)]
    rows["Incident Number"] = [f"SM/{y}/{s:07d}" for y, s in zip(year, serial, strict=True)]
    rows["Force"] = FORCE
    rows["From"] = _written(start[order])
    rows["To"] = _written(end[order])
    return rows[[*COLUMNS, HOT_PLACE]]


def _written(minutes: NDArray[np.int64]) -> NDArray[np.object_]:
    """Write minutes from the first midnight as dd/mm/yyyy HH:MM; blank for -1."""
    when = pd.DatetimeIndex(pd.Timestamp(FIRST) + pd.to_timedelta(minutes, unit="min"))
    text = when.strftime("%d/%m/%Y %H:%M").to_numpy(dtype=object)
    return np.where(minutes < 0, "", text).astype(object)
