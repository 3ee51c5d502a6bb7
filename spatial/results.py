"""Requests and results: what an analysis is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from config.profile import Measure, Profile
    from spatial.hexes.study_area import StudyArea
    from spatial.incidents.checks.banner import Banner
    from spatial.notes import Notes
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
# banner in one line, and how sure the expected harm is and what it rests on
TARGET_COLUMNS: Final = (
    "area_id", "rank", "name", "driver", "cells", "easting", "northing", "grid_ref", "longitude",
    "latitude", "area_ha", "incidents", "harm_days", "expected_harm", "harm_share", "peak_windows",
    "why", "status", "change_ratio", "change_low", "change_high", "run_id", "data_through",
    "marking", "wkt", "significance", "quality", "expected_low",
    "expected_high", "chance_in_top", "rests_on",
)  # fmt: skip


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
    """What ``targets`` is asked: as :class:`HotspotRequest`, and how many places.

    ``measure`` is what ranks them; None for expected harm, or the count for antisocial behaviour.
    """

    profile: str
    window: Window
    study_area: str | None = None
    resolution: int = 10
    places: int = 20
    weights: str | None = None
    measure: Measure | None = None


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
        The columns of the contract (``TARGET_COLUMNS``) and ``geometry`` (EPSG:4326), by rank.
        Columns whose issue is not built yet are null.
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
