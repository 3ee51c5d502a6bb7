"""The scene: the study area, its grid and the incidents counted into it, for one analysis."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import BadInputError
from config.settings import Settings, load_settings
from spatial.hexes.counts import CellCounts, count_cells, count_where, ever_cells, precision
from spatial.hexes.grid import EVER_INCIDENT, HexGrid, fill, grid_of_cells
from spatial.hexes.study_area import StudyArea, kept_name, read_study_area
from spatial.incidents.schema import RESOLUTIONS
from spatial.incidents.select import profile_condition, untested_condition
from spatial.notes import Note, Notes
from spatial.window import Window, day_words

if TYPE_CHECKING:
    import duckdb

    from config.profile import Profile
    from spatial.incidents.store import IncidentStore


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
    """

    store: IncidentStore
    connection: duckdb.DuckDBPyConnection
    settings: Settings
    grid: HexGrid
    notes: Notes


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


def open_scene(store: IncidentStore, study_area: str | None, resolution: int) -> Scene:
    """Find the study area and fill it with cells.

    Parameters
    ----------
    store
        The incidents.
    study_area
        A stored name, a file, ``ever-incident``, or None for the only stored one.
    resolution
        One of those indexed at load.

    Raises
    ------
    BadInputError
        The resolution is not indexed; no study area was given and the store keeps none or several;
        or the one given is not there.
    """
    if resolution not in RESOLUTIONS:
        msg = (
            f"Resolution {resolution!r} is not indexed. Choose one of "
            f"{', '.join(map(str, RESOLUTIONS))}."
        )
        raise BadInputError(msg)
    connection = store.connect()
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
    return Scene(store, connection, load_settings(), grid, (note,))


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
        The study area misses the data, or the profile has nothing in the window.
    """
    if subject.counts.incidents.any():
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
    msg = (
        f"No incident of profile {subject.profile.name!r} lies in {name!r} from "
        f"{window.words}{unknown}. The store holds {day_words(scene.store.data_from)} to "
        f"{day_words(scene.store.data_through)}: "
        "choose another window or profile."
    )
    raise BadInputError(msg)


def caveats(subject: Subject) -> Notes:
    """Return what was left out of a subject's counts, and what its data cannot carry."""
    scene, counts, title = subject.scene, subject.counts, subject.profile.title
    notes = [Note(sentence, loud=True) for sentence in subject.profile.notes]
    untested = count_where(
        scene.connection, untested_condition(subject.profile), window=subject.window
    )
    if untested:
        needed = " or ".join(flag.replace("_", " ") for flag in subject.profile.flags)
        counted = int(counts.incidents.sum())
        sentence = (
            f"{title}: {untested:,} incidents were left out because {needed} is not recorded; "
            f"{counted:,} were counted."
        )
        notes.append(Note(sentence, loud=True))
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


def _limits(subject: Subject) -> Notes:
    settings, through = subject.scene.settings, subject.scene.store.data_through
    resolution = subject.scene.grid.resolution
    notes = []
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
