"""Counting standing layers: premises into cells or near areas, numbers to the store's beats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import h3
import numpy as np
import shapely

from config.standing import PREMISES_KINDS
from spatial.incidents.rows.words import indices_of, words_of
from spatial.incidents.schema import cell_column
from spatial.notes import Note, Notes
from spatial.partners.beat_table import period_words
from spatial.partners.counts import WITHIN_M, near_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.hexes.grid import HexGrid
    from spatial.partners.beats import Beats
    from spatial.partners.standing import StandingLoad, StandingStore

LATE_MINUTES: Final = 6 * 60
"""A premises that closes from midnight to 06:00, the start of the policing day, closes late."""

_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class PremisesCounts:
    """A register's premises, counted into the cells of a grid.

    Attributes
    ----------
    source
        The load in force: what it counts, as of what day, and how far it may be trusted.
    grid
        Where.
    counts
        Premises in each cell by kind, in the order of `PREMISES_KINDS`, int64, shape (n, 6).
    late
        Of them, those that close from midnight to 06:00, shape (n,).
    outside, coarse, unlocated
        Premises outside the grid; known less exactly than a cell is wide; without a place.
    by_beat
        Premises in each beat whose middle lies in the study area, by number and name; empty where
        the store has no beats.

    Notes
    -----
    A register of premises is public (in England and Wales by section 8 of the Licensing Act 2003),
    holds no event and no person here: no number is kept back.
    """

    source: StandingLoad
    grid: HexGrid
    counts: NDArray[np.int64]
    late: NDArray[np.int64]
    outside: int
    coarse: int
    unlocated: int
    by_beat: tuple[tuple[int, str], ...]

    @property
    def total(self) -> int:
        """Premises on record in the grid."""
        return int(self.counts.sum())

    @property
    def notes(self) -> Notes:
        """What must be said beside the layer."""
        source = self.source
        said = [
            Note(f"{source.title}: {source.counts}. Never added to police figures."),
            Note(f"Confidence {source.grade}: {source.reason}."),
            Note(
                f"{self.total:,} premises on record in this study area, "
                f"{period_words(source.since, source.through)}. Where the register is thin, it "
                "looks quiet."
            ),
        ]
        if len(self.by_beat) > 1:
            ends = (self.by_beat[:_MOST_NAMED], self.by_beat[: -_MOST_NAMED - 1 : -1])
            fewest, most = (", ".join(f"{name} {number:,}" for number, name in end) for end in ends)
            text = (
                f"On record by beat: fewest {fewest}; most {most}. A busy beat with few is a thin "
                "register."
            )
            said.append(Note(text, loud=True))
        empty = sum(not number for number, _ in self.by_beat)
        if empty:
            text = (
                f"The register has no premises at all in {empty:,} of {len(self.by_beat):,} beats "
                "of this study area: ask whether it covers them."
            )
            said.append(Note(text, loud=True))
        if self.coarse:
            text = f"Premises known less exactly than a cell is wide, in none: {self.coarse:,}."
            said.append(Note(text, loud=True))
        return (*said, *(note for note in source.notes if note.loud and note not in said))


@dataclass(frozen=True, slots=True, eq=False)
class BeatNumbers:
    """A table's numbers, by the store's beats. Not to be shown as they are.

    Attributes
    ----------
    source
        The load in force.
    names, middles
        The beats that the table names and the store still has; a point inside each, degrees
        (n, 2).
    numbers
        Of each, NaN where the partner keeps it back itself; float64, shape (n,).
    absent
        Beats of the store of which the table says nothing.
    gone
        Beats of the table that the store has no longer.
    """

    source: StandingLoad
    names: tuple[str, ...]
    middles: NDArray[np.float64]
    numbers: NDArray[np.float64]
    absent: tuple[str, ...]
    gone: tuple[str, ...]


def count_premises(
    store: StandingStore, source: str, *, grid: HexGrid, beats: Beats | None = None
) -> PremisesCounts:
    """Count one register's premises into a grid.

    Parameters
    ----------
    grid
        Cells of resolution 8, 9 or 10. A premises known less exactly than the length of a cell's
        edge could lie in any of several cells, and is in none.
    beats
        To say where the register holds few; None to leave it unsaid.

    Raises
    ------
    BadInputError
        The store holds no such source.
    """
    held = store.source(source)
    table = store.rows(held)
    cells = table.column(cell_column(grid.resolution)).fill_null(0).to_numpy().astype(np.uint64)
    precision_m = table.column("location_precision_m").fill_null(0).to_numpy()
    is_lost = cells == 0
    is_coarse = ~is_lost & (precision_m > h3.average_hexagon_edge_length(grid.resolution, unit="m"))
    place = grid.positions(cells)
    inside = ~is_lost & ~is_coarse & (place >= 0)
    column = table.column("kind").combine_chunks()
    order = np.array([PREMISES_KINDS.index(word) for word in words_of(column)], dtype=np.int64)
    kinds = order[indices_of(column)]
    counts = np.zeros((len(grid), len(PREMISES_KINDS)), dtype=np.int64)
    np.add.at(counts, (place[inside], kinds[inside]), 1)
    closes = table.column("closes").fill_null(LATE_MINUTES).to_numpy()
    late = np.zeros(len(grid), dtype=np.int64)
    np.add.at(late, place[inside & (closes < LATE_MINUTES)], 1)
    return PremisesCounts(
        source=held,
        grid=grid,
        counts=counts,
        late=late,
        outside=int((~is_lost & ~is_coarse & (place < 0)).sum()),
        coarse=int(is_coarse.sum()),
        unlocated=int(is_lost.sum()),
        by_beat=() if beats is None else _by_beat(beats, grid, table),
    )


def premises_near(
    store: StandingStore,
    source: str,
    areas: Sequence[BaseGeometry],
    *,
    within_m: float = WITHIN_M,
) -> NDArray[np.int64] | None:
    """Count one register's premises in and near each area.

    Parameters
    ----------
    areas
        Polygons, EPSG:4326.
    within_m
        How far round an area a premises counts; those known less exactly are left out.

    Returns
    -------
    int64, one per area; None where no premises is known so exactly, so that nothing can be said. A
    premises near two areas counts at both: the numbers do not add up.
    """
    table = store.rows(store.source(source))
    longitude, latitude, precision_m = (
        table.column(name).to_numpy() for name in ("longitude", "latitude", "location_precision_m")
    )
    usable = ~np.isnan(longitude) & (precision_m <= within_m)
    if not usable.any():
        return None
    return near_each(areas, longitude[usable], latitude[usable], within_m=within_m)


def beat_numbers(store: StandingStore, source: str, *, beats: Beats) -> BeatNumbers:
    """Put one table's numbers beside the store's beats as they are now.

    Raises
    ------
    BadInputError
        The store holds no such source.
    """
    held = store.source(source)
    table = store.rows(held)
    given = table.column("beat").to_pylist()
    numbers = table.column("number").cast("float64").to_numpy()
    at = {name: place for place, name in enumerate(beats.names)}
    known = np.array([name in at for name in given], dtype=bool)
    places = [at[name] for name in given if name in at]
    return BeatNumbers(
        source=held,
        names=tuple(name for name in given if name in at),
        middles=beats.middles[places].reshape(-1, 2),
        numbers=numbers[known],
        absent=tuple(name for name in beats.names if name not in set(given)),
        gone=tuple(name for name in given if name not in at),
    )


def _by_beat(beats: Beats, grid: HexGrid, table: pa.Table) -> tuple[tuple[int, str], ...]:
    """Return the premises in each beat of the study area, fewest first."""
    if not beats.names:
        return ()
    here = np.flatnonzero(shapely.contains_xy(grid.study_area.polygon, *beats.middles.T))
    shapes = np.array(beats.shapes, dtype=object)[here]
    longitude, latitude = (table.column(name).to_numpy() for name in ("longitude", "latitude"))
    usable = ~np.isnan(longitude)
    points = np.asarray(shapely.points(longitude[usable], latitude[usable]), dtype=object)
    within, _ = shapely.STRtree(points).query(shapes, predicate="contains")
    numbers = np.bincount(within, minlength=len(shapes)).tolist()
    return tuple(
        sorted((number, beats.names[at]) for number, at in zip(numbers, here, strict=True))
    )
