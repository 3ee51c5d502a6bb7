"""Change: this window against the last comparable one, for the whole, tiers, beats and places."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from spatial.hexes.beats import beat_of
from spatial.hotspots.changed.change import LEVEL, change_by_tier, change_table, counts_of_places
from spatial.notes import Note
from spatial.places import ranked_places
from spatial.report_results import Section
from spatial.sections.ground import absent, all_absent, present
from spatial.vectors import read_features
from spatial.window import Window, day_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.hotspots.changed.comparison import Comparison
    from spatial.notes import Notes
    from spatial.report_results import Part
    from spatial.scene import Subject
    from spatial.sections.ground import Ground

NAME: Final = "change"
FEWEST_MONTHS: Final = 3
"""Places are chosen on at least so many whole months before the earlier window."""

_METHOD: Final = (
    "Exact ratio of Poisson rates (Przyborowski and Wilenski 1940) with Clopper-Pearson limits; "
    "Benjamini-Hochberg within each table"
)
_PAGE: Final = "change.md"
_MONTHS_A_YEAR: Final = 12


def change(ground: Ground) -> Section:
    """Say what rose and what fell against the last comparable window."""
    comparison, earlier = ground.comparison, ground.earlier
    if comparison is None or earlier is None:
        return Section(
            NAME, ground.run_id, all_absent(NAME, ground.why_no_comparison), {}, _METHOD, _PAGE, ()
        )
    everywhere = [np.arange(len(ground.grid))]
    now, before = ground.subject.counts, earlier.counts
    whole = change_table(
        [ground.area],
        [int(now.incidents.sum())],
        [int(before.incidents.sum())],
        comparison=comparison,
    )
    tiers = change_by_tier(
        [ground.area],
        counts_of_places(now, everywhere),
        counts_of_places(before, everywhere),
        comparison=comparison,
    )
    beats, beat_notes = _beats(ground, comparison)
    places, place_notes = _places(ground, earlier, comparison)
    first = whole.to_dict("records")[0]
    facts: dict[str, Any] = {
        "now_window": comparison.now.words,
        "before_window": comparison.before.words,
        "same_season": comparison.same_season,
        "equal_length": comparison.now.days == comparison.before.days,
        "level": LEVEL,
        **{key: first[key] for key in ("now", "before", "ratio", "low", "high", "verdict")},
    }
    notes = (
        Note(
            f"Compared: {comparison.words}, {comparison.now.days:,} and {comparison.before.days:,} "
            "days; rates per day. Rose or fell: the p, corrected within its own table, is at most "
            f"{1 - LEVEL:.2f}. 'No clear change' does not say that nothing changed."
        ),
        Note(
            "The intervals take incidents to come singly. Where one event is several records they "
            "are too narrow, and a change of recording counts as a change."
        ),
        *comparison.notes,
        *beat_notes,
        *place_notes,
    )
    parts = (present(NAME, "whole", whole), present(NAME, "tiers", tiers), beats, places)
    return Section(NAME, ground.run_id, parts, facts, _METHOD, _PAGE, notes)


def _beats(ground: Ground, comparison: Comparison) -> tuple[Part, Notes]:
    path = ground.scene.store.context_layers().get("beats")
    if path is None:
        return absent("beats", "Beats are not compared: no layer of beats is loaded."), ()
    state = path.stat()
    names, polygons = _beat_layer(path, state.st_mtime_ns, state.st_size)
    area = ground.grid.study_area.polygon
    near = [place for place, polygon in enumerate(polygons) if polygon.intersects(area)]
    if not near:
        return absent("beats", f"Beats are not compared: none lies in {ground.area}."), ()
    counted: list[NDArray[np.int64]] = []
    nowhere = []
    for window in (comparison.now, comparison.before):
        found = ground.moments if window == ground.window else ground.moments_of(window)
        beat = beat_of(found.longitude, found.latitude, [polygons[place] for place in near])
        counted.append(np.bincount(beat[beat >= 0], minlength=len(near)))
        nowhere.append(int((beat < 0).sum()))
    table = change_table([names[place] for place in near], *counted, comparison=comparison)
    notes = [
        Note(f"Beats: incidents inside {ground.area}; those on a border count in one beat only.")
    ]
    if any(nowhere):
        sentence = f"Incidents in no beat: {nowhere[0]:,} now, {nowhere[1]:,} before."
        notes.append(Note(sentence))
    return present(NAME, "beats", table), tuple(notes)


@lru_cache(maxsize=4)
def _beat_layer(
    path: Path, changed: int, size: int
) -> tuple[tuple[str, ...], tuple[BaseGeometry, ...]]:
    del changed, size  # another file under the same name must not be taken for this one
    features = read_features(path)
    areal = [place for place, it in enumerate(features.geometries) if it.area > 0]
    names = [_beat_name(features.properties[place], place) for place in areal]
    return _told_apart(names), tuple(features.geometries[place] for place in areal)


def _beat_name(properties: dict[str, Any], place: int) -> str:
    lower = {key.casefold(): value for key, value in properties.items()}
    return str(lower.get("name") or lower.get("code") or f"Beat {place + 1}")


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        apart.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(apart)


def _places(ground: Ground, earlier: Subject, comparison: Comparison) -> tuple[Part, Notes]:
    # chosen before either window was seen: places chosen on one of them must seem to change
    chosen_on = _months_before(comparison.before.first, ground.scene.store.data_from)
    if chosen_on is None:
        why = (
            f"Places are not compared: they must be chosen on at least {FEWEST_MONTHS} whole months"
            f" before {day_words(comparison.before.first)}, and the data begin on "
            f"{day_words(ground.scene.store.data_from)}. Places chosen on the windows themselves "
            "would seem to change even if nothing did."
        )
        return absent("places", why), ()
    areas = ranked_places(ground.counted(chosen_on), ground.request.places).areas
    if not areas:
        why = f"Places are not compared: none had enough incidents in {chosen_on.words}."
        return absent("places", why), ()
    labels = ground.labels(areas)
    now, before = (
        [int(subject.counts.incidents[area].sum()) for area in areas]
        for subject in (ground.subject, earlier)
    )
    table = change_table(labels["place"].tolist(), now, before, comparison=comparison)
    return present(NAME, "places", table), (_chosen_note(table, chosen_on),)


def _chosen_note(table: pd.DataFrame, chosen_on: Window) -> Note:
    return Note(
        f"Places: {len(table)} patrol areas chosen on {chosen_on.words}, before either window, so "
        "that their change is a fair one. They are not this window's list of targets."
    )


def _months_before(day: dt.date, data_from: dt.date) -> Window | None:
    """Return the last year of whole months before a day that the data hold, if long enough."""
    last = day.year * _MONTHS_A_YEAR + day.month - 1
    first = data_from.year * _MONTHS_A_YEAR + data_from.month - 1 + (data_from.day > 1)
    months = min(last - first, _MONTHS_A_YEAR)
    if months < FEWEST_MONTHS:
        return None
    start = last - months
    begin = dt.date(start // _MONTHS_A_YEAR, start % _MONTHS_A_YEAR + 1, 1)
    return Window(begin, day.replace(day=1) - dt.timedelta(days=1))
