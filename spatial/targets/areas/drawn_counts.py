"""Counts in drawn areas: incidents by the point they lie at, expectations by shares of cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from config.profile import Tier
from spatial.hexes.beats import beat_of
from spatial.hexes.counts import HARM_UNITS, ROOT_UNITS, CellCounts
from spatial.hexes.ground import cells_near, on_plane, outlines_m
from spatial.incidents.schema import cell_column

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.targets.areas.drawn import DrawnAreas
    from spatial.window import Window

# a cell belongs to the polygon that holds half of it
_MAIN_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class DrawnCounts:
    """What one subject comes to in each drawn area.

    Attributes
    ----------
    drawn
        The polygons.
    counts
        As :class:`CellCounts` has it, by polygon instead of by cell, shape (k,); ``outside`` are
        those located in no polygon, or in one but outside the study area's cells.
    dates
        ``position, date, incidents`` of non-fatal incidents, ``position`` being the polygon's.
    gravest
        Harm of each polygon's gravest incident, thousandths of a day, shape (k,).
    overlaps
        For each polygon, the positions of the cells that it touches and the share (0-1) of each
        cell's area that it holds.
    """

    drawn: DrawnAreas
    counts: CellCounts
    dates: pd.DataFrame
    gravest: NDArray[np.int64]
    overlaps: tuple[tuple[NDArray[np.int64], NDArray[np.float64]], ...]

    def of(self, order: NDArray[np.int64]) -> DrawnCounts:
        """Return some of the polygons, in an order."""
        moved = np.full(len(self.drawn), -1)
        moved[order] = np.arange(len(order))
        counts, tiers = self.counts, self.counts.by_tier
        places = moved[tiers["position"].to_numpy(dtype=np.int64)]
        dated = moved[self.dates["position"].to_numpy(dtype=np.int64)]
        return DrawnCounts(
            drawn=replace(
                self.drawn,
                names=tuple(self.drawn.names[place] for place in order),
                outlines=self.drawn.outlines[order],
            ),
            counts=CellCounts(
                incidents=counts.incidents[order],
                harm=counts.harm[order],
                root_harm=counts.root_harm[order],
                without_weight=counts.without_weight[order],
                by_tier=_sorted(tiers.assign(position=places)[places >= 0], "tier"),
                outside=counts.outside
                + int(counts.incidents.sum() - counts.incidents[order].sum()),
                unlocated=counts.unlocated,
            ),
            dates=_sorted(self.dates.assign(position=dated)[dated >= 0], "date"),
            gravest=self.gravest[order],
            overlaps=tuple(self.overlaps[place] for place in order),
        )

    def expected(self, cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up what is expected of cells over each polygon, by the share it holds of each.

        Notes
        -----
        As if what is expected of a cell were spread evenly over it: a polygon that cuts round the
        busy half of a cell is given half.
        """
        return np.array([float((cells[place] * share).sum()) for place, share in self.overlaps])

    @property
    def main_cells(self) -> tuple[NDArray[np.int64], ...]:
        """The cells that each polygon holds at least half of; else the one that it holds most of.

        Two polygons smaller than a cell may share theirs.
        """
        return tuple(
            np.sort(place[share >= _MAIN_SHARE])
            if (share >= _MAIN_SHARE).any()
            else place[[int(np.argmax(share))]]
            for place, share in self.overlaps
        )


def count_drawn(
    connection: duckdb.DuckDBPyConnection,
    condition: str,
    *,
    window: Window,
    grid: HexGrid,
    drawn: DrawnAreas,
) -> DrawnCounts:
    """Count the incidents that meet a condition into drawn areas, by point in polygon.

    Parameters
    ----------
    connection, condition, window, grid
        As :func:`spatial.hexes.counts.count_cells`.
    drawn
        The polygons: a point on a common border belongs to the first in their order.

    Notes
    -----
    Open data's points are snapped to a map point that may lie hundreds of metres from the event:
    there a polygon's count says which map points lie in it.
    """
    column = cell_column(grid.resolution)
    rows = connection.execute(
        f"""
        SELECT longitude, latitude, coalesce({column}, 0) AS cell, CAST(tier AS VARCHAR) AS tier,
               CAST(harm_days AS DOUBLE) AS days, CAST(occurred_from AS DATE) AS date,
               count(*) AS incidents
        FROM incidents
        WHERE occurred_from >= $first AND occurred_from < CAST($last AS DATE) + INTERVAL 1 DAY
              AND ({condition})
        GROUP BY ALL ORDER BY ALL
        """,  # noqa: S608 (the condition is built from checked profile models)
        {"first": window.first, "last": window.last},
    ).df()
    cells = rows["cell"].to_numpy(dtype=np.uint64)
    place = beat_of(rows["longitude"].to_numpy(), rows["latitude"].to_numpy(), list(drawn.outlines))
    located = cells != 0
    held = located & (grid.positions(cells) >= 0) & (place >= 0)
    numbers = rows["incidents"].to_numpy(dtype=np.int64)
    days = rows["days"].to_numpy(dtype=np.float64)
    weighed = ~np.isnan(days)
    one = np.rint(np.where(weighed, days, 0.0) * HARM_UNITS).astype(np.int64)
    root = np.rint(np.sqrt(np.where(weighed, days, 0.0)) * ROOT_UNITS).astype(np.int64)
    table = rows.assign(
        position=place, harm=one * numbers, root_harm=root * numbers,
        unweighed=np.where(weighed, 0, numbers), one=one,
    )[held]  # fmt: skip
    size = len(drawn)
    sums = table.groupby("position")[["incidents", "harm", "root_harm", "unweighed"]].sum()
    total = {name: _filled(sums[name], size) for name in sums}
    by_tier = table.groupby(["position", "tier"], as_index=False)[
        ["incidents", "harm", "root_harm"]
    ].sum()
    alive = table[table["tier"] != Tier.HOMICIDE]
    dates = alive.groupby(["position", "date"], as_index=False)["incidents"].sum()
    return DrawnCounts(
        drawn=drawn,
        counts=CellCounts(
            incidents=total["incidents"],
            harm=total["harm"],
            root_harm=total["root_harm"],
            without_weight=total["unweighed"],
            by_tier=by_tier,
            outside=int(numbers[located & ~held].sum()),
            unlocated=int(numbers[~located].sum()),
        ),
        dates=dates,
        gravest=_filled(table.groupby("position")["one"].max(), size),
        overlaps=_overlaps(grid, drawn),
    )


def _overlaps(
    grid: HexGrid, drawn: DrawnAreas
) -> tuple[tuple[NDArray[np.int64], NDArray[np.float64]], ...]:
    shapes = on_plane(drawn.outlines, grid.study_area.metric_system)
    cell, shape = cells_near(grid, shapes)
    each, of = np.unique(cell, return_inverse=True)
    outlines = outlines_m(grid, each)
    held = shapely.area(shapely.intersection(outlines[of], shapes[shape]))
    share = held / shapely.area(outlines)[of]
    real = share > 0
    cell, shape, share = cell[real], shape[real], share[real]
    return tuple((cell[shape == place], share[shape == place]) for place in range(len(drawn)))


def _filled(sums: pd.Series[int], size: int) -> NDArray[np.int64]:
    filled = np.zeros(size, dtype=np.int64)
    filled[sums.index.to_numpy(dtype=np.int64)] = sums.to_numpy(dtype=np.int64)
    return filled


def _sorted(table: pd.DataFrame, by: str) -> pd.DataFrame:
    return table.sort_values(["position", by], kind="stable").reset_index(drop=True)
