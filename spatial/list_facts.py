"""List facts: what a list's places held by hour and kind, counted again from the store it is of.

Nothing is ranked or chosen here, and where the store no longer gives the list's own numbers, that
is said in place of an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.profile import Tier, load_profile
from config.shifts import load_shifts
from spatial.hexes.beats import beat_of
from spatial.hexes.grid import cell_names
from spatial.hotspots.significance import HOT
from spatial.incidents.moments import read_moments
from spatial.listing.told import SEED
from spatial.scene import count_subject, open_scene, require_incidents
from spatial.surfaces import tested_on_counts
from spatial.targets.areas.belonging import place_of
from spatial.targets.when.windows import times_of_places

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.incidents.moments import Moments
    from spatial.incidents.store import IncidentStore
    from spatial.patrol_list import PatrolList
    from spatial.scene import Scene, Subject
    from spatial.targets.when.windows import PlaceTimes

CELL_COLUMNS: Final = ("cell", "value", "hot", "disorder_hot")
_DISORDER: Final = "asb"


@dataclass(frozen=True, slots=True, eq=False)
class ListFacts:
    """What the store says of a list's places.

    Attributes
    ----------
    times
        When each is at its worst, in the order of the list; None where ``why_not``.
    kinds
        Incidents by place and tier, rows in the order of the list, a column for each tier; None
        where ``why_not``.
    cells
        `CELL_COLUMNS`: hexadecimal ``cell``, ``value`` (harm in days, incidents where the profile
        weighs none), and whether it is significantly high of the list's profile and of antisocial
        behaviour. None where ``why_not``.
    weighs_harm
        Whether ``value`` is harm.
    monthly
        Whether records give only the month: no kind of offence can then be told by gravity.
    border
        The study area, EPSG:4326; None where it is not at hand.
    why_not
        Why there are none, in one sentence; else empty.
    """

    times: tuple[PlaceTimes, ...] | None
    kinds: pd.DataFrame | None
    cells: pd.DataFrame | None
    weighs_harm: bool
    monthly: bool
    border: BaseGeometry | None
    why_not: str


def list_facts(store: IncidentStore, patrol: PatrolList, *, drawn: bool = False) -> ListFacts:
    """Count a list's places again, by hour and by kind.

    Parameters
    ----------
    store
        The incidents that the list was made of.
    patrol
        The list: profile, window, study area, weights and each place's cells.
    drawn
        Whether its places are a force's own polygons: their incidents are those inside the outline.

    Notes
    -----
    Each place's incidents must come to the list's own number, or a store that has changed since
    would print hours that belong to no list. A store of another town and a profile that is gone are
    said likewise: a sheet without hours is of use, one with the wrong ones is not.
    """
    try:
        profile = load_profile(patrol.profile)
        scene = open_scene(store, patrol.study_area, patrol.resolution, weights=patrol.weights)
        subject = count_subject(scene, profile, patrol.window)
        require_incidents(subject)
    except BadInputError as error:
        return _nothing(f"Not counted again from the store: {error}")
    border = scene.grid.study_area.polygon
    if scene.grid.study_area.digest != patrol.study_area_digest:
        return _nothing(
            f"The study area {patrol.study_area_name} of this store is not the one the list was "
            "made on: hours and kinds are not printed.",
            border=border,
        )
    moments = read_moments(
        scene.connection, subject.condition, window=patrol.window, resolution=patrol.resolution
    )
    areas = _positions(patrol, scene)
    place = _place(moments, patrol, areas, scene, drawn=drawn)
    counted = np.bincount(place[place >= 0], minlength=len(areas))
    listed = patrol.areas["incidents"].to_numpy(dtype=np.int64)
    off = np.flatnonzero(counted != listed)
    if len(off):
        at = int(off[0])
        return _nothing(
            f"The store has changed since the list was made: place {patrol.areas['rank'].iloc[at]} "
            f"holds {counted[at]:,} incidents now and {listed[at]:,} on the list. Hours and kinds "
            "are not printed; make the list again.",
            border=border,
        )
    times, _ = times_of_places(
        moments, areas, scene.grid, shifts=load_shifts(), seed=SEED, place=place if drawn else None
    )
    return ListFacts(
        times=times,
        kinds=_kinds(moments, place, len(areas)),
        cells=_cells(scene, subject),
        weighs_harm=profile.weighs_harm and bool(subject.counts.harm.any()),
        monthly=subject.monthly,
        border=border,
        why_not="",
    )


def _nothing(why_not: str, *, border: BaseGeometry | None = None) -> ListFacts:
    return ListFacts(None, None, None, False, False, border, why_not)  # noqa: FBT003 (fields in order)


def _positions(patrol: PatrolList, scene: Scene) -> list[NDArray[np.int64]]:
    found = []
    for cells in patrol.areas["cells"].fillna("").astype(str):
        named = np.array([int(cell, 16) for cell in cells.split()], dtype=np.uint64)
        at = scene.grid.positions(named)
        found.append(at[at >= 0])
    return found


def _place(
    moments: Moments,
    patrol: PatrolList,
    areas: list[NDArray[np.int64]],
    scene: Scene,
    *,
    drawn: bool,
) -> NDArray[np.int64]:
    if not drawn:
        return place_of(moments.cell, areas, scene.grid)
    inside = scene.grid.positions(moments.cell) >= 0
    outlines = list(patrol.areas["geometry"])
    found = np.asarray(beat_of(moments.longitude, moments.latitude, outlines), dtype=np.int64)
    return np.where(inside, found, -1)


def _kinds(moments: Moments, place: NDArray[np.int64], places: int) -> pd.DataFrame:
    tiers = [tier.value for tier in Tier]
    column = pd.Categorical(moments.tier, categories=tiers).codes.astype(np.int64)
    known = (place >= 0) & (column >= 0)
    flat = np.bincount(
        place[known] * len(tiers) + column[known], minlength=places * len(tiers)
    ).reshape(places, len(tiers))
    return pd.DataFrame(flat, columns=tiers)


def _cells(scene: Scene, subject: Subject) -> pd.DataFrame:
    counts, names = subject.counts, cell_names(scene.grid.cells)
    weighs = subject.profile.weighs_harm and bool(counts.harm.any())
    hot = tested_on_counts(subject, None, "").cells
    disorder = count_subject(scene, load_profile(_DISORDER), subject.window)
    noisy = tested_on_counts(disorder, None, "").cells
    table = pd.DataFrame(
        {
            "cell": names,
            "value": counts.harm / 1000 if weighs else counts.incidents.astype(float),
            "hot": np.isin(names, hot.loc[hot["class"].isin(HOT), "cell"].to_numpy(dtype=str)),
            "disorder_hot": np.isin(
                names, noisy.loc[noisy["class"].isin(HOT), "cell"].to_numpy(dtype=str)
            ),
        },
        columns=list(CELL_COLUMNS),
    )
    shown = (table["value"] > 0) | table["hot"] | table["disorder_hot"]
    return table[shown].reset_index(drop=True)
