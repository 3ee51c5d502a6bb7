"""The scene: the study area, its grid and the incidents counted into it, for one analysis."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.harm_scheme import schemes_of
from config.settings import Settings, load_settings
from spatial.hexes.counts import CellCounts, count_cells, count_where, ever_cells, precision
from spatial.hexes.grid import EVER_INCIDENT, HexGrid, fill, grid_of_cells
from spatial.hexes.study_area import StudyArea, kept_name, read_study_area
from spatial.incidents.decided.decisions import Choice, count_touched
from spatial.incidents.schema import RESOLUTIONS
from spatial.incidents.select import (
    assumed_condition,
    needed_words,
    profile_condition,
    too_early_condition,
    untested_condition,
)
from spatial.incidents.store import AS_GIVEN
from spatial.incidents.weighing import scheme_named, weigh_incidents
from spatial.notes import Note, Notes
from spatial.window import Window, day_words

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

    from config.harm_scheme import HarmScheme
    from config.profile import Profile
    from spatial.incidents.store import IncidentStore


# days before the first incident that say nothing of the data
_QUIET_DAYS: Final = 7
_KEYS: Final = {
    "offence": "Home Office code",
    "class": "recorded-crime class or Home Office code",
    "category": "data.police.uk category",
}


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What every step of one analysis shares.

    Attributes
    ----------
    connection
        Has the view ``incidents``.
    grid
        The study area's cells at the analysed resolution.
    notes
        How the study area was taken.
    scheme
        The weights chosen for this analysis; None for those stored at load.
    """

    store: IncidentStore
    connection: duckdb.DuckDBPyConnection
    settings: Settings
    grid: HexGrid
    notes: Notes
    scheme: HarmScheme | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One profile and window, counted into a scene.

    Attributes
    ----------
    monthly
        Whether any of its records gives only the month.
    exact_to_m
        Metres to which its least exact location is known; 0 where none says.
    """

    scene: Scene
    profile: Profile
    window: Window
    counts: CellCounts
    monthly: bool
    exact_to_m: float

    @property
    def condition(self) -> str:
        """SQL that says which incidents belong."""
        return profile_condition(self.profile)


def open_scene(
    store: IncidentStore, study_area: str | None, resolution: int, *, weights: str | None = None
) -> Scene:
    """Find the study area and fill it with cells.

    Parameters
    ----------
    store
        The incidents.
    study_area
        A stored name, a file, ``ever-incident``, or None for the only stored one.
    resolution
        One of those indexed at load.
    weights
        A harm scheme's name or file, in place of the weights stored at load.

    Raises
    ------
    BadInputError
        The resolution is not indexed; no study area was given and the store keeps none or several;
        the one given is not there; or the harm scheme cannot be used.
    """
    if resolution not in RESOLUTIONS:
        msg = (
            f"Resolution {resolution!r} is not indexed. Choose one of "
            f"{', '.join(map(str, RESOLUTIONS))}."
        )
        raise BadInputError(msg)
    scheme = None if weights is None else scheme_named(weights)
    connection = store.connect()
    if scheme is not None:
        weigh_incidents(connection, scheme)
    chosen = _chosen(study_area, store.study_areas())
    if chosen is None:
        cells = ever_cells(connection, resolution=resolution)
        grid = grid_of_cells(cells, name=EVER_INCIDENT, resolution=resolution)
        note = Note(
            f"Study area: the {len(grid):,} cells in which anything was ever recorded. Leaving out "
            "the rest raises the average, so fewer cells come out as hot, and the area changes "
            "with the data: name a boundary where you can.",
            loud=True,
        )
    else:
        grid = fill(chosen, resolution)
        note = Note(
            f"Study area {chosen.name}: {len(grid):,} cells at resolution {resolution} that "
            "overlap it, empty ones included."
        )
    mended = () if chosen is None else chosen.notes
    return Scene(store, connection, load_settings(), grid, (note, *mended), scheme)


def schemes_used(scene: Scene) -> tuple[list[str], tuple[HarmScheme, ...]]:
    """Return the editions of the weights an analysis uses, and those schemes that are shipped."""
    if scene.scheme is not None:
        return [scene.scheme.edition], (scene.scheme,)
    loads = scene.store.loads
    editions = sorted({one for load in loads for one in load.harm_edition.split("; ") if one})
    return editions, schemes_of(editions)


def count_subject(scene: Scene, profile: Profile, window: Window) -> Subject:
    """Count a profile's incidents of a window into a scene."""
    condition = profile_condition(profile)
    counts = count_cells(scene.connection, condition, window=window, grid=scene.grid)
    monthly, exact_to_m = precision(scene.connection, condition, window=window)
    return Subject(scene, profile, window, counts, monthly, exact_to_m)


def require_incidents(subject: Subject) -> None:
    """Refuse a subject without an incident in the study area, and say why there is none.

    Raises
    ------
    BadInputError
        The study area misses the data, the profile has nothing in the window, or the weights chosen
        for this analysis weigh none of it.
    """
    if subject.counts.incidents.any():
        _require_weights(subject)
        return
    scene, window = subject.scene, subject.window
    cells = ever_cells(scene.connection, resolution=scene.grid.resolution)
    name = scene.grid.study_area.name
    if not (scene.grid.positions(cells) >= 0).any():
        msg = (
            f"Study area {name!r} misses the data: none of the store's incidents lies in it. "
            "Check that the boundary belongs to these incidents."
        )
        raise BadInputError(msg)
    untested = count_where(scene.connection, untested_condition(subject.profile), window=window)
    unknown = f" ({untested:,} could not be tested: a flag is unknown)" if untested else ""
    # an incident known only by month counts on its first day: a part of a month is not empty
    months = Window(window.first.replace(day=1), window.last)
    monthly, _ = precision(scene.connection, profile_condition(subject.profile), window=months)
    whole = (
        " Incidents known only by month count on its first day: use whole months."
        if monthly
        else ""
    )
    msg = (
        f"No incident of profile {subject.profile.name!r} lies in {name!r} from "
        f"{window.words}{unknown}.{whole} The store holds {day_words(scene.store.data_from)} to "
        f"{day_words(scene.store.data_through)}: "
        "choose another window or profile."
    )
    raise BadInputError(msg)


def _require_weights(subject: Subject) -> None:
    scheme, counts = subject.scene.scheme, subject.counts
    if scheme is None or not subject.profile.weighs_harm:
        return
    if (counts.without_weight == counts.incidents).all():
        msg = (
            f"{scheme.title} weighs none of the {int(counts.incidents.sum()):,} incidents of "
            f"profile {subject.profile.name!r}: it is keyed by {_KEYS[scheme.keyed_by]}, which "
            "these records do not have. Choose other weights, or leave them out."
        )
        raise BadInputError(msg)


def caveats(subject: Subject) -> Notes:
    """Return what was left out of a subject's counts, and what its data cannot carry."""
    scene, counts, title = subject.scene, subject.counts, subject.profile.title
    notes = [Note(sentence, loud=True) for sentence in subject.profile.notes]
    notes += _rule_notes(subject)
    notes += _decision_notes(subject)
    if scene.scheme is not None and subject.profile.weighs_harm:
        sentence = (
            f"Harm by {scene.scheme.title} ({scene.scheme.edition}), chosen for this run in place "
            "of the weights stored at load."
        )
        notes.append(Note(sentence, loud=True))
        notes += [Note(text) for text in (*scene.scheme.notes, scene.scheme.attribution)]
    if subject.profile.weighs_harm and counts.without_weight.any():
        sentence = (
            f"{title}: {int(counts.without_weight.sum()):,} incidents have no harm weight. They "
            "are counted, and their harm is left open, not set to nothing."
        )
        notes.append(Note(sentence, loud=True))
    if counts.outside:
        sentence = f"{title}: {counts.outside:,} incidents lie outside the study area: not counted."
        notes.append(Note(sentence))
    if counts.unlocated:
        sentence = f"{title}: {counts.unlocated:,} incidents have no location and are on no map."
        notes.append(Note(sentence))
    return (*notes, *_limits(subject))


def _rule_notes(subject: Subject) -> list[Note]:
    """Say what the profile's rules left out, took in or broke for want of a record."""
    profile, window, title = subject.profile, subject.window, subject.profile.title

    def tally(condition: str) -> int:
        return count_where(subject.scene.connection, condition, window=window)

    notes = []
    if untested := tally(untested_condition(profile)):
        counted = int(subject.counts.incidents.sum())
        sentence = (
            f"{title}: {untested:,} incidents were left out because "
            f"{needed_words(profile, included=False)} is not recorded; {counted:,} were counted."
        )
        notes.append(Note(sentence, loud=True))
    if assumed := tally(assumed_condition(profile)):
        sentence = (
            f"{title}: {assumed:,} incidents were counted although "
            f"{needed_words(profile, included=True)} is not recorded."
        )
        notes.append(Note(sentence, loud=True))
    if early := tally(too_early_condition(profile)):
        sentence = (
            f"{title}: {early:,} incidents carry a code from before it existed and were left out."
        )
        notes.append(Note(sentence, loud=True))
    by_date: dict[dt.date, list[str]] = {}
    for code, first in sorted(profile.valid_from.items()):
        by_date.setdefault(first, []).append(code)
    for first, codes in sorted(by_date.items()):
        # a window, and the one before it that it is compared with
        if window.before().first < first <= window.last:
            sentence = (
                f"{title}: {' and '.join(codes)} exist from {day_words(first)} only, a break in "
                "the series: counts from before and after that day cannot be compared."
            )
            notes.append(Note(sentence, loud=True))
    return notes


def _decision_notes(subject: Subject) -> list[Note]:
    """Say how many incidents a person's decisions took off the map, or put elsewhere on it."""
    scene, title = subject.scene, subject.profile.title
    decided = count_touched(
        scene.connection,
        AS_GIVEN,
        scene.store.decisions,
        condition=subject.condition,
        window=subject.window,
    )
    said = {
        Choice.DROP: "are on no map, because it was decided to drop the points they lie on",
        Choice.MOVE: "are counted where it was decided to move their points to",
    }
    return [
        Note(
            f"{title}: {sum(by_reason.values()):,} incidents {said[choice]} "
            f"({', '.join(f'{reason} {count:,}' for reason, count in by_reason.items())}).",
            loud=True,
        )
        for choice, by_reason in decided.items()
    ]


def _limits(subject: Subject) -> Notes:
    settings, through = subject.scene.settings, subject.scene.store.data_through
    resolution, begin = subject.scene.grid.resolution, subject.scene.store.data_from
    notes = []
    if subject.window.first < begin:
        sentence = (
            f"The window begins on {day_words(subject.window.first)}, but the data on "
            f"{day_words(begin)}."
        )
        # the first days of a quiet place may have had no incident
        notes.append(Note(sentence, loud=(begin - subject.window.first).days > _QUIET_DAYS))
    if subject.window.last > through:
        sentence = (
            f"The window runs to {day_words(subject.window.last)}, but the data end on "
            f"{day_words(through)}."
        )
        notes.append(Note(sentence, loud=True))
    if subject.monthly and not subject.window.whole_months:
        sentence = (
            "Some records give only the month; each is counted in the window that holds the first "
            "of its month. Use whole months."
        )
        notes.append(Note(sentence, loud=True))
    if subject.exact_to_m > settings.precise_enough_m and resolution > settings.coarse_resolution:
        sentence = (
            f"Locations are only exact to about {subject.exact_to_m:.0f} m (snapped to map "
            f"points), too coarse for resolution {resolution}: use {settings.coarse_resolution}."
        )
        notes.append(Note(sentence, loud=True))
    return tuple(notes)


def finest_resolution(
    store: IncidentStore, profile: Profile, window: Window, settings: Settings
) -> int:
    """Return the finest of the two set resolutions that a profile's locations can carry."""
    _, metres = precision(store.connect(), profile_condition(profile), window=window)
    exact = metres <= settings.precise_enough_m
    return settings.resolution if exact else settings.coarse_resolution


def _chosen(study_area: str | None, stored: dict[str, Path]) -> StudyArea | None:
    # None stands for ever-incident, whose cells come from the data
    if study_area is None:
        if len(stored) != 1:
            known = f"a stored name ({', '.join(sorted(stored))})" if stored else "a boundary file"
            msg = (
                f"No study area was given, and the store keeps {len(stored) or 'none'}. "
                f"Give --study-area: {known}, or {EVER_INCIDENT}."
            )
            raise BadInputError(msg)
        return read_study_area(next(iter(stored.values())))
    if study_area == EVER_INCIDENT:
        return None
    if kept_name(study_area) in stored:
        return read_study_area(stored[kept_name(study_area)])
    if Path(study_area).suffix:
        return read_study_area(Path(study_area))
    msg = (
        f"There is no study area {study_area!r}. Give a boundary file, or one of: "
        f"{', '.join([*sorted(stored), EVER_INCIDENT])}."
    )
    raise BadInputError(msg)
