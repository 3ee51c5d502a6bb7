"""Requests and results: what an analysis is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    import datetime as dt

    from config.profile import Measure, Profile
    from spatial.hexes.study_area import StudyArea
    from spatial.incidents.checks.banner import Banner
    from spatial.notes import Notes
    from spatial.targets.when.windows import PlaceTimes
    from spatial.window import Window

HOTSPOT_COLUMNS: Final = (
    "cell",
    "layer",
    "incidents",
    "harm_days",
    "expected_harm",
    "z",
    "p",
    "p_adjusted",
    "class",
)
# the contract's columns in its order, then ours: the class of the area's hottest cell, the quality
# banner in one line, how sure the expected harm is and what it rests on; what the place's figures
# lean on, how it stood on the list before, what people changed, its change in words, what stands
# in it that may be no patrol's work, the shift it is ranked for, and what it was before people
# changed it
TARGET_COLUMNS: Final = (
    "area_id", "rank", "name", "driver", "cells", "easting", "northing", "grid_ref", "longitude",
    "latitude", "area_ha", "incidents", "harm_days", "expected_harm", "harm_share", "peak_windows",
    "why", "status", "change_ratio", "change_low", "change_high", "run_id", "data_through",
    "marking", "wkt", "significance", "quality", "expected_low",
    "expected_high", "chance_in_top", "rests_on", "cautions", "previous_rank", "previous_name",
    "stays", "changed", "change_words", "removal", "shift", "grown_cells", "grown_name",
)  # fmt: skip
DEFAULT_PLACES: Final = 20
"""As many as ``targets`` gives where nothing says how many."""


@dataclass(frozen=True, slots=True)
class HotspotRequest:
    """What ``hotspots`` is asked.

    Attributes
    ----------
    profile
        Name of a shipped profile, or path of a TOML file.
    window
        Inclusive dates.
    study_area
        A file, a stored name, ``ever-incident``, or None for the only stored one.
    resolution
        8, 9 or 10.
    measure
        None for the profile's own: harm for serious violence, count for antisocial behaviour.
        Expected harm ranks and cannot be tested.
    ring
        Neighbourhood in steps; None for the setting.
    weights
        A shipped harm scheme's name, or the path of one's own (.toml or .xlsx); None for the
        weights that were stored at load.
    """

    profile: str
    window: Window
    study_area: str | None = None
    resolution: int = 9
    measure: Measure | None = None
    ring: int | None = None
    weights: str | None = None


@dataclass(frozen=True, slots=True)
class TargetRequest:
    """What ``targets`` is asked: as :class:`HotspotRequest`, and how many places, which and when.

    Attributes
    ----------
    places, officer_hours, harm_share
        How many: so many; as many as these hours pay for over the days that a list is patrolled; or
        as few as hold this share (0-1) of the harm, in sample. One at most; without any, 20.
    measure
        What ranks them; None for expected harm, or the count for antisocial behaviour.
    shift
        Ranks them for one shift of ``config/shifts.toml``; None for the whole day.
    separation_m
        Least distance between the nearest edges of two places, metres; None for the setting.
    drawn
        A force's own polygons, to choose among in place of areas grown from cells: the name of a
        stored layer such as ``beats``, or a file.
    """

    profile: str
    window: Window
    study_area: str | None = None
    resolution: int = 10
    places: int | None = None
    weights: str | None = None
    measure: Measure | None = None
    officer_hours: float | None = None
    harm_share: float | None = None
    shift: str | None = None
    separation_m: float | None = None
    drawn: str | None = None


@dataclass(frozen=True, slots=True)
class TaskingRequest:
    """What the Tasking page asks: targets, and both surfaces beneath them.

    ``resolution`` None takes the finest that the data can carry; ``measure`` ranks the places, as
    in :class:`TargetRequest`.
    """

    profile: str
    window: Window
    study_area: str | None = None
    resolution: int | None = None
    places: int = 12
    weights: str | None = None
    measure: Measure | None = None


@dataclass(frozen=True, slots=True, eq=False)
class HotspotResult:
    """One surface.

    Attributes
    ----------
    cells
        The columns of the contract (``HOTSPOT_COLUMNS``), one row for every cell of the study area
        that holds an incident of the profile or is significant, ascending by cell. ``harm_days`` is
        null for antisocial behaviour, and so is ``expected_harm`` (days per period as long as the
        window), which is null too where no incident has a weight.
    n_cells
        Cells in the study area, zeros included: what the correction is over.
    quality
        How far the data under it can be trusted.
    calls
        How many cells, ``cells`` or not, each correction would call hot or cold: see
        :func:`spatial.hotspots.calls.calls_by_correction`.
    """

    run_id: str
    profile: Profile
    window: Window
    measure: Measure
    resolution: int
    ring: int
    study_area: StudyArea
    n_cells: int
    cells: pd.DataFrame
    data_through: dt.date
    notes: Notes
    quality: Banner | None = None
    calls: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TargetResult:
    """A ranked list of patrol areas.

    Attributes
    ----------
    areas
        The columns of the contract and ours (``TARGET_COLUMNS``) and ``geometry`` (EPSG:4326), by
        rank. ``status`` is null on a first list, but for places added by hand. The change columns
        are null where no fair figure exists; ``change_words`` then says why.
    measure
        What ranked the areas; the shares are of what happened, whatever ranked them.
    incidents_share, harm_share, area_share
        0-1, of the study area (``area_share``: of its cells). The places were chosen on the very
        incidents they are measured on, so the first two flatter (in-sample). ``harm_share`` is None
        for antisocial behaviour.
    held_out_share
        0-1: what share of this window's harm (incidents, for antisocial behaviour) lies in places
        chosen the same way on the window before. None where the data do not reach back so far.
    held_out_note
        The same in a sentence, or why there is none.
    quality
        How far the data under it can be trusted; one line of it stands in every row of ``areas``.
    places_asked
        Ranked places that the number, the hours or the share asked for come to; the list may have
        fewer (too few qualify), or more (some added by hand).
    officer_hours, dose_words
        What patrolling the whole list takes over its days, and by what reckoning.
    coverage
        :data:`spatial.targets.budget.CURVE_COLUMNS`: hours and share of harm of 1, 2, ... ranked
        places, before people's changes, up to beyond the list; in sample, and out of sample.
    more_hours
        What further officer-hours would buy, in a sentence.
    dropped
        `spatial.targets.kept.compared.DROPPED_COLUMNS`: places of the earlier list not on this.
    overrides
        :data:`spatial.targets.overridden.decided_list.OUTCOME_COLUMNS` and
        `spatial.targets.overridden.override_effects.EFFECT_COLUMNS`: one row for each change that
        people made, applied or not, with the harm given up and gained.
    removals
        `spatial.targets.overridden.removals.PROPOSAL_COLUMNS`: places to look at, for what stands
        there.
    also_known
        ``area_id, name, cells`` of areas that are not listed and keep their ids, for the next list.
    change, change_whole
        `spatial.targets.kept.fixed_change.FIXED_COLUMNS`: how the areas of an earlier list fared,
        dropped ones included, and all of them together; empty where no fair figure exists.
    times
        When each place is at its worst, in the order of ``areas``: for tables and small charts (see
        :mod:`spatial.targets.when.window_tables`).
    previous
        What the list was compared with, as messages call it; empty for a first list.
    data_from
        The first day of the data; None where it is not known.
    """

    run_id: str
    profile: Profile
    window: Window
    resolution: int
    study_area: StudyArea
    areas: pd.DataFrame
    measure: Measure
    incidents_share: float
    harm_share: float | None
    area_share: float
    held_out_share: float | None
    held_out_note: str
    data_through: dt.date
    notes: Notes
    quality: Banner | None = None
    places_asked: int = 0
    officer_hours: float = 0.0
    dose_words: str = ""
    coverage: pd.DataFrame = field(default_factory=pd.DataFrame)
    more_hours: str = ""
    dropped: pd.DataFrame = field(default_factory=pd.DataFrame)
    overrides: pd.DataFrame = field(default_factory=pd.DataFrame)
    removals: pd.DataFrame = field(default_factory=pd.DataFrame)
    also_known: pd.DataFrame = field(default_factory=pd.DataFrame)
    change: pd.DataFrame = field(default_factory=pd.DataFrame)
    change_whole: pd.DataFrame = field(default_factory=pd.DataFrame)
    times: tuple[PlaceTimes, ...] = ()
    previous: str = ""
    data_from: dt.date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TaskingResult:
    """Everything the Tasking page shows, from one run.

    Attributes
    ----------
    incidents
        Of the profile and window, in the study area.
    harm_edition, harm_sources
        The editions of the weights used, and what must be said of each.
    quality
        How far the data under it can be trusted.
    """

    run_id: str
    version: str
    request: TaskingRequest
    profile: Profile
    study_area: StudyArea
    violence: HotspotResult
    disorder: HotspotResult
    targets: TargetResult
    incidents: int
    harm_edition: str
    harm_sources: tuple[str, ...]
    data_through: dt.date
    notes: Notes
    quality: Banner | None = None
