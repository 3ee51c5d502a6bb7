"""Partner files: what an invented ambulance service, hospital and register saw of the same town."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from sample_geo.chance import Chance
from sample_geo.plane import EASTING, NORTHING
from sample_geo.rhythm import FIRST, LAST, on_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sample_geo.places import Place
    from sample_geo.streets import Street

CALLS: Final = 1_300
ATTENDANCES: Final = 1_200
DEATHS: Final = 11

_HURT: Final = ("5D", "8N")
_UNKNOWN_TO_POLICE: Final = 0.6
"""The share drawn to other weeks than any police record's: most injuries are reported to nobody."""

_CALLED: Final = (("ASSAULT", 78.0), ("STAB/GSW", 5.0), ("SEXUAL ASSAULT", 3.0), ("OVERDOSE", 14.0))
_HELD: Final = (
    ("FISTS OR FEET", 50.0), ("KNIFE", 7.0), ("BOTTLE OR GLASS", 9.0), ("OTHER", 6.0), ("", 28.0),
)  # fmt: skip
_TOLD: Final = (
    ("Body part", 46.0), ("Fist", 18.0), ("Knife", 6.0), ("Glass or bottle", 11.0),
    ("Blunt object", 5.0), ("Other", 4.0), ("", 10.0),
)  # fmt: skip
_VENUES: Final = ("pub", "club", "takeaway", "rail_station", "hospital", "school")
_AT_VENUE_M: Final = 45.0
_HOMES: Final = ("home", "Own home", "friend's house", "home address", "at home, bedroom")
_LOST: Final = ("in town", "don't know", "walking back from the pub", "taxi", "beach", "n/k")
_SAYS_NOTHING: Final = 0.06
_SAYS_NOWHERE: Final = 0.14
_DIED: Final = (
    ("HOMICIDE", "KNIFE"), ("HOMICIDE", "HITTING, KICKING"), ("SUSPECTED HOMICIDE", "OTHER"),
    ("DRUG RELATED", ""), ("UNEXPLAINED", ""),
)  # fmt: skip
_ROUNDED_M: Final = 100


def draw_partner_files(
    seed: int, rows: pd.DataFrame, places: Sequence[Place], streets: Sequence[Street]
) -> dict[str, str]:
    """Draw the partner files of the town.

    Parameters
    ----------
    seed
        The town's seed.
    rows
        Sound incidents, as ``incidents.record_incidents`` gives them.
    places, streets
        The town's own, whose names patients give, more or less.

    Returns
    -------
    The name of each file to its text; one more says where every hospital row truly was.
    """
    crimes = rows[rows["PRC Class"].isin(_HURT)]
    public = crimes[crimes["Location Type"] != "DWELLING"]
    hospital, truth = _emergency_department(seed, crimes, places, streets)
    return {
        "partner_ambulance.csv": _text(_ambulance(seed, public)),
        "partner_emergency_department.csv": _text(hospital),
        "partner_deaths.csv": _text(_deaths(seed, public, places)),
        "partner_planted.json": json.dumps(truth, ensure_ascii=False, separators=(",", ":")) + "\n",
    }


def _ambulance(seed: int, crimes: pd.DataFrame) -> pd.DataFrame:
    """Draw call-outs: where and about when people are hurt, to 100 m."""
    chance = Chance(seed, "ambulance")
    chosen = crimes.iloc[chance.integers(CALLS, 0, len(crimes) - 1)]
    when = _moved(chance, chosen, after=25.0)
    cut = {
        axis: (chosen[axis].to_numpy() // _ROUNDED_M * _ROUNDED_M + _ROUNDED_M // 2).astype(str)
        for axis in ("Easting", "Northing")
    }
    lost = chance.happens(np.full(CALLS, 0.03))
    called = _drawn(chance, _CALLED, CALLS)
    calls = pd.DataFrame(
        {
            "Call Time": _written(when),
            "Easting": np.where(lost, "", cut["Easting"]),
            "Northing": np.where(lost, "", cut["Northing"]),
            "Call Category": called,
            "Weapon": np.where(called == "OVERDOSE", "", _drawn(chance, _HELD, CALLS)),
        }
    )
    return calls.iloc[np.argsort(when, kind="stable")]


def _emergency_department(
    seed: int, crimes: pd.DataFrame, places: Sequence[Place], streets: Sequence[Street]
) -> tuple[pd.DataFrame, dict[str, object]]:
    """Draw attendances: when, with what, and the place as a patient might name it."""
    chance = Chance(seed, "emergency department")
    chosen = crimes.iloc[chance.integers(ATTENDANCES, 0, len(crimes) - 1)]
    when = _moved(chance, chosen, after=0.0)
    truly = _nearest(chosen, places, streets)
    style, luck = chance.integers(ATTENDANCES, 0, 5), chance.uniform(ATTENDANCES)
    at_home = chosen["Location Type"].to_numpy() == "DWELLING"
    named = []
    for row, name in enumerate(truly):
        kind = int(style[row])
        if luck[row] < _SAYS_NOTHING:
            said = ""
        elif at_home[row]:
            said = _HOMES[kind % len(_HOMES)]
        elif luck[row] < _SAYS_NOWHERE:
            said = _LOST[kind % len(_LOST)]
        else:
            said = _as_told(name, kind)
        named.append(said)
        truly[row] = name if said and said not in (*_HOMES, *_LOST) else ""
    order = np.argsort(when, kind="stable")
    told = pd.DataFrame(
        {
            "Assault Time": _written(when // 60 * 60),
            "Assault Location": named,
            "Weapon": _drawn(chance, _TOLD, ATTENDANCES),
        }
    ).iloc[order]
    names = sorted(set(truly))
    place = {name: number for number, name in enumerate(names)}
    truth = {
        "fictional": True,
        "names": names,
        "emergency_department": [place[truly[row]] for row in order.tolist()],
    }
    return told, truth


def _nearest(chosen: pd.DataFrame, places: Sequence[Place], streets: Sequence[Street]) -> list[str]:
    """Name where each row lies: the venue beside it, else the nearest street."""
    points = shapely.points(
        chosen["Easting"].to_numpy() - EASTING, chosen["Northing"].to_numpy() - NORTHING
    )
    venues = [place for place in places if place.kind in _VENUES]
    roads = [street for street in streets if street.rank != "rail"]
    beside = shapely.STRtree([venue.point for venue in venues]).query_nearest(
        points, max_distance=_AT_VENUE_M, all_matches=False
    )
    along = shapely.STRtree([road.line for road in roads]).query_nearest(points, all_matches=False)
    names = [roads[road].name for road in along[1].tolist()]
    for row, venue in zip(*beside.tolist(), strict=True):
        names[row] = venues[venue].name
    return names


def _deaths(seed: int, crimes: pd.DataFrame, places: Sequence[Place]) -> pd.DataFrame:
    """Draw a register of deaths: most with a point, some with a name alone."""
    chance = Chance(seed, "deaths")
    chosen = crimes.iloc[chance.integers(DEATHS, 0, len(crimes) - 1)]
    when = np.sort(_moved(chance, chosen, after=0.0))
    clubs = [place.name for place in places if place.kind == "club"]
    died = [_DIED[number % len(_DIED)] for number in range(DEATHS)]
    by_name = np.arange(DEATHS) % 4 == 0
    return pd.DataFrame(
        {
            "Date": [text[:10] for text in _written(when)],
            "Easting": np.where(by_name, "", chosen["Easting"].astype(str)),
            "Northing": np.where(by_name, "", chosen["Northing"].astype(str)),
            "Place": np.where(by_name, np.resize(np.array(clubs, dtype=object), DEATHS), ""),
            "Kind": [kind for kind, _ in died],
            "Method": [method for _, method in died],
        }
    )


def _moved(chance: Chance, chosen: pd.DataFrame, *, after: float) -> NDArray[np.int64]:
    """Return minutes from the first midnight: a police record's, or another week's same hour."""
    start = pd.to_datetime(chosen["From"], format="%d/%m/%Y %H:%M").to_numpy()
    minute = (start - np.datetime64(FIRST)).astype("timedelta64[m]").astype(np.int64)
    last = ((LAST - FIRST).days + 1) * 1_440
    weeks = chance.integers(len(minute), 1, last // 10_080 - 1)
    unknown = chance.happens(np.full(len(minute), _UNKNOWN_TO_POLICE))
    moved = np.where(unknown, (minute + weeks * 10_080) % (last // 10_080 * 10_080), minute)
    moved = moved + np.floor(chance.waits(len(minute), after)).astype(np.int64)
    return on_clock(np.minimum(moved, last - 1))


def _drawn(chance: Chance, weights: tuple[tuple[str, float], ...], n: int) -> NDArray[np.object_]:
    words = np.array([word for word, _ in weights], dtype=object)
    drawn: NDArray[np.object_] = words[chance.pick([weight for _, weight in weights], n)]
    return drawn


def _as_told(name: str, style: int) -> str:
    """Write a name as one patient or another would."""
    told = {
        1: name.upper(),
        2: f"outside {name}",
        3: name.replace("The ", "").replace("'", ""),
        4: f"{name}, Saltmere",
        5: name.replace("Street", "St").replace("Road", "Rd").replace("Avenue", "Ave"),
    }
    return told.get(style, name)


def _written(minutes: NDArray[np.int64]) -> NDArray[np.object_]:
    """Write minutes from the first midnight as dd/mm/yyyy HH:MM."""
    when = pd.DatetimeIndex(pd.Timestamp(FIRST) + pd.to_timedelta(minutes, unit="min"))
    return when.strftime("%d/%m/%Y %H:%M").to_numpy(dtype=object)


def _text(table: pd.DataFrame) -> str:
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text
