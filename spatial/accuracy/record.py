"""The record: what the store holds, by cell, day and kind, so that origins share one reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.hexes.history import UNWEIGHED
from spatial.incidents.schema import cell_column

if TYPE_CHECKING:
    import datetime as dt

    import duckdb
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

# points closer than this are taken for one when density is worked out
_SITE_DEGREES: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """What happened in each cell, on each day, of each kind: a row for each that is not zero.

    Attributes
    ----------
    cells
        How many cells the area has, zeros included.
    kinds, tiers
        What each kind is called; the first ``tiers`` of them are the profile's own.
    day, position, kind
        Days since the timeline begins (ascending), cell in the grid's order, kind; int64, shape
        (m,).
    incidents
        How many; whole numbers, unless patrolled place-days were left out
        (:mod:`spatial.accuracy.patrolled`). float64, shape (m,).
    harm, root_harm
        Sum of their days and of the roots of their days, 0 without a weight. float64, shape (m,).
    points
        Where the profile's incidents lie, degrees (EPSG:4326) rounded to about ten metres, each
        point once: longitude and latitude, shape (p, 2).
    site_day, site, site_incidents
        The profile's incidents by day and point: days ascending, place in ``points``, and how many;
        shape (s,) each.
    outside
        Incidents of the profile that lie in no cell of the area.
    months_only
        Whether some of the profile's incidents give only their month.
    """

    cells: int
    kinds: tuple[str, ...]
    tiers: int
    day: Whole
    position: Whole
    kind: Whole
    incidents: Floats
    harm: Floats
    root_harm: Floats
    points: Floats
    site_day: Whole
    site: Whole
    site_incidents: Floats
    outside: int = 0
    months_only: bool = False

    def between(self, first: int, until: int) -> Record:
        """Return what happened from one day on and before another: nothing else is in it."""
        rows = slice(*np.searchsorted(self.day, [first, until]).tolist())
        sites = slice(*np.searchsorted(self.site_day, [first, until]).tolist())
        return replace(
            self,
            day=self.day[rows],
            position=self.position[rows],
            kind=self.kind[rows],
            incidents=self.incidents[rows],
            harm=self.harm[rows],
            root_harm=self.root_harm[rows],
            site_day=self.site_day[sites],
            site=self.site[sites],
            site_incidents=self.site_incidents[sites],
        )

    def summed(self, column: str) -> Floats:
        """Return each cell's total of the profile's own ``incidents``, ``harm`` or ``root_harm``.

        Returns
        -------
        Shape (cells,).
        """
        own = self.kind < self.tiers
        values: Floats = getattr(self, column)[own]
        return np.bincount(self.position[own], weights=values, minlength=self.cells).astype(float)

    def summed_others(self) -> Floats:
        """Return each cell's incidents of all other kinds together, shape (cells,)."""
        rest = self.kind >= self.tiers
        totals = np.bincount(
            self.position[rest], weights=self.incidents[rest], minlength=self.cells
        )
        return totals.astype(float)

    def weights(self) -> dict[str, float | None]:
        """Return the mean days of an incident of each of the profile's kinds that it holds.

        None for incidents whose offence has no weight. Only what the record holds is read: a record
        of the past weighs by the past.
        """
        own = self.kind < self.tiers
        days = np.bincount(self.kind[own], weights=self.harm[own], minlength=self.tiers)
        number = np.bincount(self.kind[own], weights=self.incidents[own], minlength=self.tiers)
        found: dict[str, float | None] = {}
        for place, name in enumerate(self.kinds[: self.tiers]):
            if number[place] > 0:
                weighed = not name.endswith(UNWEIGHED)
                found[name] = float(days[place] / number[place]) if weighed else None
        return found


def read_record(  # noqa: PLR0913 (whose, where, when, and what is not to be read)
    connection: duckdb.DuckDBPyConnection,
    condition: str,
    *,
    begins: dt.date,
    ends: dt.date,
    grid: HexGrid,
    without: tuple[str, ...] = (),
    months_only: bool = False,
) -> Record:
    """Read a profile's incidents, and everything else the store holds, by cell and day.

    Parameters
    ----------
    connection
        Has the view ``incidents`` (columns of :mod:`spatial.incidents.schema`).
    condition
        SQL over that view: see :func:`spatial.incidents.select.profile_condition`.
    begins, ends
        First day, and first day that is not read.
    grid
        Incidents outside it, and those without a location, are in no cell.
    without
        Other kinds that must tell nothing, by category or, where there is none, by tier.
    months_only
        Whether some of the profile's incidents give only their month.

    Returns
    -------
    Kinds are named as :func:`spatial.hexes.history.count_history` names them. A month-only incident
    stands on the first of its month.
    """
    column = cell_column(grid.resolution)
    between = "occurred_from >= $begins AND occurred_from < $ends"
    span = {"begins": begins, "ends": ends}
    # plain SQL over the store's columns, so that another engine can run the same text
    rows = connection.execute(
        f"""
        SELECT {column} AS cell, datediff('day', CAST($begins AS DATE), occurred_from) AS day,
               ({condition}) AS selected,
               CASE WHEN ({condition}) AND harm_days IS NULL
                    THEN CAST(tier AS VARCHAR) || '{UNWEIGHED}'
                    WHEN ({condition}) THEN CAST(tier AS VARCHAR)
                    ELSE coalesce(CAST(category AS VARCHAR), CAST(tier AS VARCHAR)) END AS kind,
               count(*) AS incidents, coalesce(sum(harm_days), 0) AS harm,
               coalesce(sum(sqrt(harm_days)), 0) AS root_harm
        FROM incidents
        WHERE {between} AND {column} IS NOT NULL
        GROUP BY 1, 2, 3, 4
        ORDER BY 2, 1, 3, 4
        """,  # noqa: S608 (the condition is built from checked profile models, not from user text)
        span,
    ).fetchnumpy()
    positions = grid.positions(np.asarray(rows["cell"], dtype=np.uint64))
    names = np.asarray(rows["kind"], dtype=np.str_)
    selected = np.asarray(rows["selected"], dtype=bool)
    outside = int(np.asarray(rows["incidents"])[selected & (positions < 0)].sum())
    taken = (positions >= 0) & (selected | ~np.isin(names, without))
    names, selected = names[taken], selected[taken]
    own, others = np.unique(names[selected]), np.unique(names[~selected])
    # a category of the rest may bear the word of a tier
    kind = np.where(
        selected, np.searchsorted(own, names), len(own) + np.searchsorted(others, names)
    )
    sites = connection.execute(
        f"""
        SELECT {column} AS cell, datediff('day', CAST($begins AS DATE), occurred_from) AS day,
               round(longitude, {_SITE_DEGREES}) AS x, round(latitude, {_SITE_DEGREES}) AS y,
               count(*) AS incidents
        FROM incidents
        WHERE {between} AND {column} IS NOT NULL AND ({condition})
        GROUP BY 1, 2, 3, 4
        ORDER BY 2, 1, 3, 4
        """,  # noqa: S608 (as above)
        span,
    ).fetchnumpy()
    near = grid.positions(np.asarray(sites["cell"], dtype=np.uint64)) >= 0
    where = np.column_stack([np.asarray(sites[axis], dtype=np.float64)[near] for axis in "xy"])
    points, site = np.unique(where, axis=0, return_inverse=True)
    return Record(
        cells=len(grid),
        kinds=(*own.tolist(), *(f"other: {name}" for name in others.tolist())),
        tiers=len(own),
        day=np.asarray(rows["day"], dtype=np.int64)[taken],
        position=positions[taken],
        kind=kind.astype(np.int64),
        incidents=np.asarray(rows["incidents"], dtype=np.float64)[taken],
        harm=np.asarray(rows["harm"], dtype=np.float64)[taken],
        root_harm=np.asarray(rows["root_harm"], dtype=np.float64)[taken],
        points=points,
        site_day=np.asarray(sites["day"], dtype=np.int64)[near],
        site=site.reshape(-1).astype(np.int64),
        site_incidents=np.asarray(sites["incidents"], dtype=np.float64)[near],
        outside=outside,
        months_only=months_only,
    )
