"""Operation files: areas, daily allocation, visits and the plan, as a force would keep them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from sample_geo.chance import Chance
from sample_geo.operations import CROSSOVER, TREATED_DAILY
from sample_geo.patrol_places import cell_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sample_geo.operations import Operation

BUFFER_M: Final = 100
COMPLIANCE: Final = 0.98
"""The share of visits that were made as planned."""

_AREA: Final = "area"
_COMPARATOR: Final = "comparator"
_VISIT_COLUMNS: Final = ("area_id", "start", "minutes", "officers", "seen", "done")
# rounds of a day: the hour each begins, within which a visit falls anywhere
_ROUNDS: Final = {"gull": (17,), "tern": (15, 20)}
_SPREAD_MIN: Final = 170
_TRACKER_GAPS: Final = 3
_ODD_VISITS: Final = 6
_ODD_MINUTES: Final = (1, 2, 310)
_STRAY: Final = 0.01
"""The share of places not to be visited on a day that were visited all the same (crossover)."""

_SEEN: Final = (("quiet", 62.0), ("groups", 17.0), ("disorder", 9.0), ("drug_dealing", 4.0),
                ("weapon_sign", 1.0), ("", 7.0))  # fmt: skip
_DONE: Final = (("walked", 48.0), ("walked talked", 36.0), ("walked moved_on", 9.0),
                ("walked dispersed", 5.0), ("arrest", 2.0))  # fmt: skip


def operation_files(
    seed: int, operations: Sequence[Operation]
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the files of the operations by name, and the truth about each for ``planted.json``."""
    files: dict[str, str] = {}
    truths = []
    for operation in operations:
        stem = f"operation_{operation.key}"
        visits, faults = _visits(seed, operation)
        files[f"{stem}.toml"] = _plan(operation, stem)
        files[f"{stem}_areas.geojson"] = _areas(operation)
        files[f"{stem}_visits.csv"] = visits
        if operation.design == CROSSOVER:
            files[f"{stem}_allocation.csv"] = _allocation(operation)
        truths.append(_truth(operation, faults))
    return files, truths


def _areas(operation: Operation) -> str:
    """Write the places, those compared with among them, as RFC 7946 GeoJSON."""
    lines = []
    for role, places in ((_AREA, operation.places), (_COMPARATOR, operation.comparators)):
        for place in places:
            rounded = shapely.transform(
                shapely.normalize(place.shape), lambda pairs: np.round(pairs, 6)
            )
            feature = {
                "type": "Feature",
                "id": place.area_id,
                "properties": {
                    "area_id": place.area_id,
                    "name": place.name,
                    "role": role,
                    "cells": cell_words(place),
                },
                "geometry": shapely.orient_polygons(rounded, exterior_cw=False).__geo_interface__,
            }
            lines.append(json.dumps(feature, separators=(",", ":"), ensure_ascii=False))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _allocation(operation: Operation) -> str:
    """Write which place was to be patrolled on which day."""
    ids = [place.area_id for place in operation.places]
    rows = (
        (day.isoformat(), area_id, int(treated))
        for day, drawn in zip(_dates(operation), operation.treated.tolist(), strict=True)
        for area_id, treated in zip(ids, drawn, strict=True)
    )
    return _csv(("date", "area_id", "treated"), rows)


def _visits(seed: int, operation: Operation) -> tuple[str, dict[str, Any]]:
    """Draw the visits that were made and recorded, and say what is wrong with the record."""
    chance = Chance(seed, f"operation {operation.key}'s visits")
    days, places = operation.treated.shape
    rounds = _ROUNDS[operation.key]
    planned = np.repeat(operation.treated[:, :, None], len(rounds), axis=2)
    made = planned & chance.happens(np.full(planned.shape, COMPLIANCE))
    stray = np.zeros_like(made)
    if operation.design == CROSSOVER:
        stray[:, :, 0] = ~operation.treated & chance.happens(np.full((days, places), _STRAY))
    # on some days the tracker recorded nothing at all, though patrols went out
    gaps = np.sort(chance.order(days)[:_TRACKER_GAPS])
    made[gaps] = stray[gaps] = False
    day, place, part = np.nonzero(made | stray)
    n = len(day)
    minutes = chance.integers(n, 11, 16)
    odd = chance.order(n)[:_ODD_VISITS]
    minutes[odd] = np.array(_ODD_MINUTES)[np.arange(len(odd)) % len(_ODD_MINUTES)]
    within = np.array(rounds)[part] * 60 + chance.integers(n, 0, _SPREAD_MIN)
    seen, done = _words(chance, _SEEN, n), _words(chance, _DONE, n)
    order = np.lexsort((place, within, day))
    rows = (
        (
            operation.places[place[one]].area_id,
            _moment(operation.first, int(day[one]), int(within[one])),
            int(minutes[one]),
            2,
            seen[one],
            done[one],
        )
        for one in order.tolist()
    )
    faults = {
        "visits": n,
        "planned_visits": int(planned.sum()),
        "visits_to_untreated": int(stray.sum()),
        "tracker_gap_days": [
            (operation.first + dt.timedelta(days=int(one))).isoformat() for one in gaps
        ],
        "odd_minutes": len(odd),
    }
    return _csv(_VISIT_COLUMNS, rows), faults


def _words(chance: Chance, weighted: tuple[tuple[str, float], ...], n: int) -> list[str]:
    words = [word for word, _ in weighted]
    return [words[one] for one in chance.pick([weight for _, weight in weighted], n).tolist()]


def _moment(first: dt.date, day: int, minute: int) -> str:
    midnight = dt.datetime.combine(first + dt.timedelta(days=day), dt.time())
    return (midnight + dt.timedelta(minutes=minute)).strftime("%Y-%m-%d %H:%M")


def _plan(operation: Operation, stem: str) -> str:
    """Write the plan as TOML, in the keys of ``config.operation``."""
    all_day = (operation.from_hour, operation.to_hour) == (0, 24)
    clock = [f"{hour % 24:02d}:00" for hour in (operation.from_hour, operation.to_hour)]
    areas = f"{stem}_areas.geojson"
    lines = [
        f"# {operation.name}: invented, like everything in Saltmere.",
        f'name = "{operation.name}"',
        f'design = "{operation.design}"',
        f"first_date = {operation.first.isoformat()}",
        f"last_date = {operation.last.isoformat()}",
        *(() if all_day else (f'start = "{clock[0]}"', f'end = "{clock[1]}"')),
        'profiles = ["ark"]',
        f"buffer_m = {BUFFER_M}",
        "",
        "[areas]",
        f'file = "{areas}"',
        f"ids = {_ids(place.area_id for place in operation.places)}",
    ]
    if operation.comparators:
        lines += [
            "",
            "[comparators]",
            'kind = "areas"',
            f'file = "{areas}"',
            f"ids = {_ids(place.area_id for place in operation.comparators)}",
        ]
    if operation.design == CROSSOVER:
        lines += [
            "",
            "[crossover]",
            f'allocation = "{stem}_allocation.csv"',
            f"treated_each_day = {TREATED_DAILY}",
        ]
    for key, days in (("selection", operation.chosen_on), ("baseline", operation.baseline)):
        if days is not None:
            lines += ["", f"[{key}]", *_span(*days)]
    registered = operation.first - dt.timedelta(days=1)
    lines += ["", "[registered]", 'by = "Sample town"', f"at = {registered.isoformat()}"]
    return "\n".join(lines) + "\n"


def _span(first: dt.date, last: dt.date) -> tuple[str, str]:
    return f"first = {first.isoformat()}", f"last = {last.isoformat()}"


def _ids(ids: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{one}"' for one in ids) + "]"


def _truth(operation: Operation, faults: dict[str, Any]) -> dict[str, Any]:
    """Say what was planted, for whoever checks that it is found."""
    return {
        "file": f"operation_{operation.key}.toml",
        "design": operation.design,
        "first_date": operation.first.isoformat(),
        "last_date": operation.last.isoformat(),
        "hours": [operation.from_hour, operation.to_hour],
        "effect": operation.effect,
        "displaced": 0.0,
        "places_chosen_on": [day.isoformat() for day in operation.chosen_on],
        "passed_over": list(operation.passed_over),
        "prevented": {
            place.area_id: number
            for place, number in zip(operation.places, operation.prevented.tolist(), strict=True)
        },
        "record_of_visits": faults,
    }


def _dates(operation: Operation) -> list[dt.date]:
    return [operation.first + dt.timedelta(days=step) for step in range(len(operation.treated))]


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
