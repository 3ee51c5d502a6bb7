"""One policing day, from request to result: both doors call it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.profile import Family, Tier, load_profile
from config.settings import load_settings
from config.shifts import day_starts
from config.version import VERSION
from spatial.daily.counting import HISTORY, WEEK, count_table
from spatial.daily.near_repeats import near_repeats
from spatial.daily.nearby import nearby
from spatial.daily.patrolled import at_places
from spatial.daily.policing_days import chosen_day, day_of, hour_known
from spatial.daily.results import (
    COUNT_COLUMNS,
    INCIDENT_COLUMNS,
    DailyResult,
    DayLayer,
)
from spatial.daily.usual import REFERENCE
from spatial.hexes.counts import count_where
from spatial.hotspots.surface import SEED
from spatial.incidents.checks.banner import quality_banner
from spatial.incidents.moments import read_moments
from spatial.incidents.select import profile_condition
from spatial.notes import Note, merged
from spatial.run_id import identify_run
from spatial.scene import caveats, count_subject, finest_resolution, open_scene, require_incidents
from spatial.window import Window, day_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.profile import Profile
    from spatial.daily.nearby import Nearby
    from spatial.daily.policing_days import PolicingDay
    from spatial.daily.results import DailyRequest, PatrolledList
    from spatial.incidents.moments import Moments
    from spatial.incidents.store import IncidentStore
    from spatial.notes import Notes
    from spatial.scene import Scene

DISORDER_PROFILE: Final = "asb"
_LAYERS: Final = ("beats",)
_TIERS: Final = tuple(tier.value for tier in Tier)
# a share of records without an hour above which that is said beside the numbers
_MANY: Final = 0.1


def daily(
    store: IncidentStore,
    request: DailyRequest,
    *,
    patrolled: PatrolledList | None = None,
    progress: Callable[[str], None] | None = None,
) -> DailyResult:
    """Answer the daily meeting: the last 24 hours and 7 days, each layer for itself.

    Parameters
    ----------
    store, request
        The incidents, and what is asked.
    patrolled
        The list of places now patrolled; None without one.
    progress
        Told each step; what it raises ends the work there.

    Raises
    ------
    BadInputError
        Unknown profile, no or unknown study area, a profile of antisocial behaviour (it is shown
        beside the violence in any case), a day the data do not hold, no incident of the profile in
        the year before it, or data that give only months.

    Notes
    -----
    Incidents belong to the policing day of their first moment. Reports come in late, so that the
    newest days usually grow: fewer in the last 24 hours than usual is no fall.
    """
    profile = load_profile(request.profile)
    if profile.family is not Family.SERIOUS_VIOLENCE:
        msg = (
            f"Profile {profile.name!r} is antisocial behaviour, which is always shown beside the "
            "violence. Choose a profile of serious violence."
        )
        raise BadInputError(msg)
    tell = progress or _nobody
    tell("Laying the grid over the study area")
    disorder = load_profile(DISORDER_PROFILE)
    ever = Window(store.data_from, store.data_through)
    resolution = finest_resolution(store, profile, ever, load_settings())
    scene = open_scene(store, request.study_area, resolution)
    day = policing_day(store, profile, request.day)
    span = Window(day.date - dt.timedelta(days=HISTORY + WEEK), day.ends.date())
    require_incidents(count_subject(scene, profile, span))
    tell("Counting the day, the week and the year before")
    names = nearby(scene, patrolled)
    violence, moments = _layer(scene, profile, day=day, span=span, names=names)
    beside, _ = _layer(scene, disorder, day=day, span=span, names=names)
    if violence.why_not:
        raise BadInputError(violence.why_not)
    tell("Looking for near repeats in the past year")
    found = near_repeats(moments, last=day.date, nearby=names, rng=np.random.default_rng(SEED))
    week = Window(day.date - dt.timedelta(days=WEEK - 1), day.date)
    return DailyResult(
        run_id=_run_id(scene, [profile, disorder], request, day=day, patrolled=patrolled),
        version=VERSION,
        day=day,
        study_area=scene.grid.study_area,
        violence=violence,
        disorder=beside,
        near_repeats=found,
        patrolled=(
            None if patrolled is None else at_places(scene, patrolled, [profile, disorder], day=day)
        ),
        patrolled_called="" if patrolled is None else patrolled.called,
        data_from=store.data_from,
        data_through=store.data_through,
        last_record=_last_record(scene),
        notes=merged(
            _notes(scene, day, moments),
            _monthly_notes(violence, beside),
            scene.notes,
            names.notes,
            _left_out(scene, [profile, disorder], span),
        ),
        quality=quality_banner(store, profile=profile, window=week),
    )


def policing_day(
    store: IncidentStore, profile: Profile, asked: dt.date | None = None
) -> PolicingDay:
    """Return the policing day that is asked for; without one, the last whole one of the data.

    Days run from midnight where no record of the profile tells the hour.

    Raises
    ------
    BadInputError
        The data do not hold that date.
    """
    condition = f"time_precision IN ('minute', 'hour') AND {profile_condition(profile)}"
    ever = Window(store.data_from, store.data_through)
    hours_known = count_where(store.connect(), condition, window=ever)
    return chosen_day(
        asked,
        starts=day_starts() if hours_known else 0,
        data_from=store.data_from,
        data_through=store.data_through,
    )


def _nobody(step: str) -> None:
    del step  # nobody asked to be told


def _layer(
    scene: Scene, profile: Profile, *, day: PolicingDay, span: Window, names: Nearby
) -> tuple[DayLayer, Moments]:
    """Count one layer; with it what the year holds of it in the study area."""
    everything = read_moments(
        scene.connection,
        profile_condition(profile),
        window=span,
        resolution=scene.grid.resolution,
    )
    monthly = everything.precision == "month"
    if not len(everything):
        sentence = (
            f"The store holds nothing of {profile.title} in the past year: whether there was none, "
            "or none was loaded, cannot be told."
        )
        return _uncounted(profile, sentence), everything
    if len(monthly) and 2 * int(monthly.sum()) >= len(monthly):
        return _uncounted(profile, _monthly_words(profile, monthly)), everything
    dated = everything.where(~monthly)
    # what gives only its month can be in no day
    days = day_of(dated.start, dated.precision, starts=day.starts)
    inside = scene.grid.positions(dated.cell) >= 0
    last = np.datetime64(day.date, "D")
    of_week = (days <= last) & (days > last - WEEK)
    unlocated = of_week & (dated.cell == 0)
    layer = DayLayer(
        profile=profile,
        counts=count_table(
            days[inside], dated.tier[inside], day=day, data_from=scene.store.data_from
        ),
        incidents=_incidents(dated.where(inside & (days == last)), profile, names=names),
        unlocated=int(unlocated.sum()),
        outside=int((of_week & ~inside & ~unlocated).sum()),
        monthly=int(monthly.sum()),
    )
    return layer, dated.where(inside & (days <= last))


def _uncounted(profile: Profile, why_not: str) -> DayLayer:
    none = pd.DataFrame(columns=list(COUNT_COLUMNS))
    empty = pd.DataFrame(columns=list(INCIDENT_COLUMNS))
    return DayLayer(profile, none, empty, 0, 0, why_not=why_not)


def _incidents(found: Moments, profile: Profile, *, names: Nearby) -> pd.DataFrame:
    rank = np.array([_TIERS.index(tier) for tier in found.tier], dtype=np.int64)
    ordered = found.where(np.lexsort((found.start, rank)))
    longitude, latitude = ordered.longitude, ordered.latitude
    bands = [
        _time_band(start, end, known=known)
        for start, end, known in zip(
            ordered.start.tolist(),
            ordered.end.tolist(),
            hour_known(ordered.precision).tolist(),
            strict=True,
        )
    ]
    columns = {
        "layer": profile.family.value,
        "tier": ordered.tier,
        "day": [start.date() for start in ordered.start.tolist()],
        "time_band": bands,
        "place": names.place(longitude, latitude),
        "beat": names.beat(longitude, latitude),
        "patrol_area": names.patrol_area(longitude, latitude),
        "longitude": longitude,
        "latitude": latitude,
    }
    return pd.DataFrame(columns, columns=list(INCIDENT_COLUMNS))


def _time_band(start: dt.datetime, end: dt.datetime | None, *, known: bool) -> str:
    """Write the whole hours an incident lies in: nothing finer leaves the store."""
    if not known:
        return "hour not known"
    first = start.replace(minute=0, second=0)
    last = (end or start).replace(minute=0, second=0)
    # an end on the hour itself belongs to the hour before
    whole = end is not None and end == last and last > first
    after = last if whole else last + dt.timedelta(hours=1)
    later = f" {after:%a}" if (after - first) > dt.timedelta(hours=23) else ""
    return f"{first:%H:%M} to {after:%H:%M}{later}"


def _last_record(scene: Scene) -> dt.datetime:
    row = scene.connection.execute("SELECT max(occurred_from) FROM incidents").fetchone()
    return cast("dt.datetime", row[0] if row else None)


def _monthly_words(profile: Profile, monthly: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> str:
    return (
        f"{int(monthly.sum()):,} of {len(monthly):,} incidents of profile {profile.name!r} give "
        "only the month, so which fell in the last 24 hours or 7 days is not known. With these "
        "data compare whole months: the Tasking page, or Change on the Analysis page. Load a force "
        "export with dates for a daily page."
    )


def _monthly_notes(*layers: DayLayer) -> Notes:
    return tuple(
        Note(
            f"{one.profile.title}: {one.monthly:,} incidents of the past year give only the month: "
            "they are in no number here.",
            loud=True,
        )
        for one in layers
        if one.monthly
    )


def _notes(scene: Scene, day: PolicingDay, moments: Moments) -> Notes:
    notes = [
        Note(
            "Reports come in late: the newest days usually grow for some weeks. Fewer than usual "
            "in the last 24 hours or 7 days is not yet a fall.",
            loud=True,
        )
    ]
    if not day.complete:
        sentence = (
            f"The 24 hours that begin on {day_words(day.date)} run on beyond the last date of the "
            f"data, {day_words(scene.store.data_through)}: they are shown as far as they are "
            "known, and compared with nothing."
        )
        notes.append(Note(sentence, loud=True))
    elif (day.date - scene.store.data_from).days < REFERENCE * WEEK:
        sentence = (
            f"The data begin on {day_words(scene.store.data_from)}, less than {REFERENCE} whole "
            "weeks before this day: nothing can be compared."
        )
        notes.append(Note(sentence, loud=True))
    without = int((~hour_known(moments.precision)).sum())
    if day.starts and without:
        sentence = (
            f"{without:,} of {len(moments):,} incidents of the past year give the date and no "
            "hour: each is counted on its date, though it may belong to the night before."
        )
        notes.append(Note(sentence, loud=without > _MANY * len(moments)))
    if not day.starts:
        sentence = "No record tells the hour, so days run from midnight to midnight."
        notes.append(Note(sentence, loud=True))
    notes.append(
        Note(
            "Usual range: what a day or a week of an unchanged rate brings 95 times in 100, from "
            "the same weekday in the four weeks before, or the four weeks before; wider where the "
            "past year swings more than chance. One range in twenty is left by chance alone."
        )
    )
    return tuple(notes)


def _left_out(scene: Scene, profiles: list[Profile], span: Window) -> Notes:
    """Say what the records lack, over all the days that are compared."""
    covered = Window(
        max(span.first, scene.store.data_from), min(span.last, scene.store.data_through)
    )
    said = merged(*(caveats(count_subject(scene, one, covered)) for one in profiles))
    head = Note(f"Where a note here counts what was left out, it is of {covered.words}.")
    return (*said, head)


def _run_id(
    scene: Scene,
    profiles: list[Profile],
    request: DailyRequest,
    *,
    day: PolicingDay,
    patrolled: PatrolledList | None,
) -> str:
    held = ""
    if patrolled is not None:
        text = patrolled.areas[["area_id", "rank", "name", "cells"]].to_csv(index=False)
        held = hashlib.sha256(f"{patrolled.since} {text}".encode()).hexdigest()
    return identify_run(
        "daily",
        scene,
        profiles,
        replace(request, day=day.date),
        layers=_LAYERS,
        rules={"day_starts": day.starts, "patrolled": held},
    )
