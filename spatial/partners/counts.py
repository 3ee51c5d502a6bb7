"""Counting: partner records of one source into cells or near areas, small numbers kept back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import h3
import numpy as np
import shapely

from config.settings import load_settings
from spatial.incidents.schema import cell_column
from spatial.notes import Note, Notes
from spatial.projection import metric_system_at
from spatial.window import day_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.hexes.grid import HexGrid
    from spatial.partners.store import PartnerSource, PartnerStore
    from spatial.window import Window

WITHIN_M: Final = 100.0
"""How far round a patrol area records are counted, unless another distance is given."""

_SLACK_DAYS: Final = 31
"""Records are few: a month without one does not mean that the data end there."""

_IN_WINDOW: Final = """
    source = $source AND occurred_from >= $first
    AND occurred_from < CAST($last AS DATE) + INTERVAL 1 DAY
"""


@dataclass(frozen=True, slots=True, eq=False)
class PartnerCounts:
    """One source's records of a window, counted into the cells of a grid.

    Attributes
    ----------
    source
        The layer: what it counts, to what date, and how far it may be trusted.
    window, grid
        What was counted, and where.
    counts
        Records in each cell, int64, in the grid's order, shape (n,). Not to be shown as they are.
    outside, coarse, unlocated
        Records of the window outside the grid; known less exactly than a cell is wide; on no map.
    fewest
        The least number that may be shown.
    """

    source: PartnerSource
    window: Window
    grid: HexGrid
    counts: NDArray[np.int64]
    outside: int
    coarse: int
    unlocated: int
    fewest: int

    @property
    def shown(self) -> NDArray[np.float64]:
        """Counts that may be shown, NaN where there are fewer than may be, none included."""
        return kept_back(self.counts, fewest=self.fewest)

    @property
    def notes(self) -> Notes:
        """What must be said beside the layer."""
        source = self.source
        said = [
            Note(f"{source.title}: {source.counts}. Never added to police figures."),
            Note(f"Confidence {source.grade}: {source.reason}."),
            Note(
                f"Cells with fewer than {self.fewest} are not shown; that a cell is blank does not "
                "mean that nothing happened there."
            ),
        ]
        rest = {
            f"have no place that could be found and are on no map: {self.unlocated:,}": (
                self.unlocated
            ),
            f"are known less exactly than a cell is wide and are in none: {self.coarse:,}": (
                self.coarse
            ),
        }
        said += [
            Note(f"Records of this window that {words}.", loud=True)
            for words, number in rest.items()
            if number >= self.fewest
        ]
        if self.window.last > source.complete_to:
            said.append(
                Note(
                    f"Records usually arrive within {source.lag_days} days, so those after "
                    f"{day_words(source.complete_to)} may still be missing.",
                    loud=True,
                )
            )
        if not covers(source.data_from, source.data_through, self.window):
            said.append(
                Note(
                    f"The source holds {day_words(source.data_from)} to "
                    f"{day_words(source.data_through)}, not the whole window.",
                    loud=True,
                )
            )
        return tuple(said)


def count_cells(
    store: PartnerStore, source: str, *, window: Window, grid: HexGrid, fewest: int | None = None
) -> PartnerCounts:
    """Count one source's records of a window into a grid.

    Parameters
    ----------
    store
        The partner records.
    source
        Which layer. There is no way to count several together: they count different things.
    window
        Inclusive dates. A record known only to the month counts on the first of it.
    grid
        Cells of resolution 8, 9 or 10.
    fewest
        The least number to show; None for the setting ``fewest_shown``.

    Raises
    ------
    BadInputError
        The store holds no such source.

    Notes
    -----
    A record that is known less exactly than the length of a cell's edge could lie in any of several
    cells, and is in none: a long street is no hexagon. What police records hold of the same events
    is not known here: neither "unreported" nor "also recorded" can be read from the counts.
    """
    held = store.source(source)
    edge_m = h3.average_hexagon_edge_length(grid.resolution, unit="m")
    column = cell_column(grid.resolution)
    given = {"source": source, "first": window.first, "last": window.last}
    with store.connect() as connection:
        found: pa.Table = connection.sql(
            f"SELECT {column} AS cell, location_precision_m > $edge AS coarse, count(*) AS records "  # noqa: S608 (our names)
            f"FROM partners WHERE {_IN_WINDOW} GROUP BY ALL ORDER BY ALL",
            params={**given, "edge": edge_m},
        ).to_arrow_table()
    cells = found.column("cell").fill_null(0).to_numpy().astype(np.uint64)
    records = found.column("records").to_numpy()
    is_coarse = found.column("coarse").fill_null(False).to_numpy()  # noqa: FBT003 (arrow's own argument)
    is_lost = cells == 0
    usable = ~is_lost & ~is_coarse
    place = grid.positions(cells)
    inside = usable & (place >= 0)
    counts = np.zeros(len(grid), dtype=np.int64)
    np.add.at(counts, place[inside], records[inside])
    return PartnerCounts(
        source=held,
        window=window,
        grid=grid,
        counts=counts,
        outside=int(records[usable & (place < 0)].sum()),
        coarse=int(records[~is_lost & is_coarse].sum()),
        unlocated=int(records[is_lost].sum()),
        fewest=load_settings().fewest_shown if fewest is None else fewest,
    )


def count_near(
    store: PartnerStore,
    source: str,
    areas: Sequence[BaseGeometry],
    *,
    window: Window,
    within_m: float = WITHIN_M,
) -> NDArray[np.int64]:
    """Count one source's records of a window in and near each area.

    Parameters
    ----------
    store, source, window
        See :func:`count_cells`.
    areas
        Polygons, EPSG:4326.
    within_m
        How far round an area a record counts; records known less exactly than this are left out.

    Returns
    -------
    int64, one per area. A record near two areas counts at both, so the numbers do not add up. Show
    them only through :func:`kept_back`.

    Raises
    ------
    BadInputError
        The store holds no such source.
    """
    store.source(source)
    given = {"source": source, "first": window.first, "last": window.last, "reach": within_m}
    with store.connect() as connection:
        points: pa.Table = connection.sql(
            f"SELECT longitude, latitude FROM partners WHERE {_IN_WINDOW} "  # noqa: S608 (our names)
            "AND longitude IS NOT NULL AND location_precision_m <= $reach",
            params=given,
        ).to_arrow_table()
    longitude, latitude = (points.column(name).to_numpy() for name in ("longitude", "latitude"))
    return near_each(areas, longitude, latitude, within_m=within_m)


def is_placed_within(store: PartnerStore, source: str, *, within_m: float = WITHIN_M) -> bool:
    """Whether any record of a source is known exactly enough to count in `count_near`.

    Where none is, nothing can be said of any place: not even that there are few.
    """
    with store.connect() as connection:
        found = connection.sql(
            "SELECT count(*) FROM partners WHERE source = $source AND longitude IS NOT NULL "
            "AND location_precision_m <= $reach",
            params={"source": source, "reach": within_m},
        ).fetchall()
    return bool(found[0][0])


def near_each(
    areas: Sequence[BaseGeometry],
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
    *,
    within_m: float,
) -> NDArray[np.int64]:
    """Count points (degrees, EPSG:4326) in and within so many metres of each area, int64."""
    counts = np.zeros(len(areas), dtype=np.int64)
    if not areas:
        return counts
    middle = areas[0].representative_point()
    plane = metric_system_at(middle.x, middle.y)
    ground = np.array([plane.project(area) for area in areas], dtype=object)
    points = np.asarray(shapely.points(*plane.forward(longitude, latitude)), dtype=object)
    tree = shapely.STRtree(points)
    near, _ = tree.query(ground, predicate="dwithin", distance=within_m)
    return counts + np.bincount(near, minlength=len(areas))


def covers(first: dt.date, last: dt.date, window: Window) -> bool:
    """Whether data of these dates, inclusive, reach over a window, but for a month at each end."""
    slack = dt.timedelta(days=_SLACK_DAYS)
    return first <= window.first + slack and window.last <= last + slack


def kept_back(counts: NDArray[np.int64], *, fewest: int) -> NDArray[np.float64]:
    """Return counts as they may be shown: NaN where there are fewer than may be, none included.

    None and one look the same on purpose. Whoever compares two windows that differ by a day can
    still work out small numbers: exports should keep to whole months.
    """
    return np.where(counts < fewest, np.nan, counts.astype(float))
