"""The history: what happened in each cell, period by period and kind by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.incidents.schema import cell_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.window import Window

DAYS_PER_PERIOD: Final = 365.25 / 12
UNWEIGHED: Final = " without a weight"


@dataclass(frozen=True, slots=True, eq=False)
class CellHistory:
    """Incidents by cell, period and kind, in long form: a row for each that is not zero.

    Attributes
    ----------
    cells, periods
        How many cells the area has, zeros included, and how many periods of equal length the
        history has, oldest first.
    kinds
        What each kind of incident is called.
    position, period, kind, incidents
        Which cell (in the grid's order), which period, which kind, and how many; int64, shape (m,).
        A combination may come more than once: its numbers add up.

    Raises
    ------
    BadInputError
        A cell, period or kind that does not exist, or a number that is missing or negative.
    """

    cells: int
    periods: int
    kinds: tuple[str, ...]
    position: NDArray[np.int64]
    period: NDArray[np.int64]
    kind: NDArray[np.int64]
    incidents: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Refuse rows that cannot be counted."""
        if self.cells < 1 or self.periods < 1:
            msg = (
                f"A history of {self.cells!r} cells and {self.periods!r} periods says nothing. "
                "Give at least one of each."
            )
            raise BadInputError(msg)
        for name, size in (
            ("position", self.cells),
            ("period", self.periods),
            ("kind", len(self.kinds)),
        ):
            values = getattr(self, name)
            wrong = (values < 0) | (values >= size)
            if wrong.any():
                msg = (
                    f"Row {int(wrong.argmax())} of the history has {name} "
                    f"{values[wrong][0].item()!r}, and there are {size:,}. Leave out what lies "
                    "outside the area and window."
                )
                raise BadInputError(msg)
        wrong = ~np.isfinite(self.incidents) | (self.incidents < 0)
        if wrong.any():
            msg = (
                f"Row {int(wrong.argmax())} of the history has {self.incidents[wrong][0].item()!r} "
                "incidents. A number of incidents is 0 or more."
            )
            raise BadInputError(msg)

    def weighted(self, kinds: Sequence[int], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return each cell's incidents of some kinds, each times the weight of its period.

        Parameters
        ----------
        kinds
            Places in ``self.kinds``.
        weights
            One per period, shape (periods,).

        Returns
        -------
        Shape (cells,).
        """
        # a look-up by kind: models ask for this thousands of times
        wanted = np.zeros(len(self.kinds), dtype=bool)
        wanted[list(kinds)] = True
        rows = np.flatnonzero(wanted[self.kind])
        numbers = self.incidents[rows] * weights[self.period[rows]]
        totals = np.bincount(self.position[rows], weights=numbers, minlength=self.cells)
        return totals.astype(np.float64)

    def total(self, kinds: Sequence[int]) -> NDArray[np.float64]:
        """Return each cell's incidents of some kinds over all periods, shape (cells,)."""
        return self.weighted(kinds, np.ones(self.periods))

    def first(self, periods: int) -> CellHistory:
        """Return the history as it stood after its first periods: nothing later is in it."""
        known = self.period < periods
        return CellHistory(
            self.cells,
            periods,
            self.kinds,
            self.position[known],
            self.period[known],
            self.kind[known],
            self.incidents[known],
        )

    def without(self, kinds: Sequence[str]) -> CellHistory:
        """Return the history without some kinds, by name; a name it does not hold changes nothing.

        For what must not inform: antisocial behaviour, or offences found by police activity.
        """
        gone = {number for number, name in enumerate(self.kinds) if name in kinds}
        stays = [number for number in range(len(self.kinds)) if number not in gone]
        renumbered = np.full(len(self.kinds), -1, dtype=np.int64)
        renumbered[stays] = np.arange(len(stays))
        rows = renumbered[self.kind] >= 0
        return CellHistory(
            self.cells,
            self.periods,
            tuple(self.kinds[number] for number in stays),
            self.position[rows],
            self.period[rows],
            renumbered[self.kind[rows]],
            self.incidents[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class WeighedHistory:
    """A history whose first kinds are a profile's tiers, with what one incident of each weighs.

    Attributes
    ----------
    history
        The profile's tiers first, then all that it does not select.
    weights
        Mean days of an incident of each of the profile's tiers in the window, by the store's
        edition; None for incidents whose offence has no weight, which are a kind of their own.
    """

    history: CellHistory
    weights: dict[str, float | None]


def count_history(
    connection: duckdb.DuckDBPyConnection,
    condition: str,
    *,
    window: Window,
    grid: HexGrid,
) -> WeighedHistory:
    """Count a profile's tiers, and everything else the store holds, by cell and month.

    Parameters
    ----------
    connection
        Has the view ``incidents`` (columns of :mod:`spatial.incidents.schema`).
    condition
        SQL over that view: see :func:`spatial.incidents.select.profile_condition`.
    window
        Inclusive dates of ``occurred_from``. Whole months are cut at each month's first day, so
        that month-only records fall where they belong; other windows into equal spans as near to
        a month as they come.
    grid
        Incidents outside it, and those without a location, are not in the history.

    Returns
    -------
    The profile's tiers by name, those of its incidents that have no weight as kinds of their own;
    then all other incidents by category, or by tier where the source gave no category.
    """
    column = cell_column(grid.resolution)
    if window.whole_months:
        months = (
            (window.last.year - window.first.year) * 12 + window.last.month - window.first.month
        )
        periods, cut = months + 1, "datediff('month', CAST($first AS DATE), occurred_from)"
    else:
        periods = max(1, round(window.days / DAYS_PER_PERIOD))
        cut = f"datediff('day', CAST($first AS DATE), occurred_from) * {periods} // {window.days}"
    # plain SQL over the store's columns, so that another engine can run the same text
    rows = connection.execute(
        f"""
        SELECT {column} AS cell, {cut} AS period, ({condition}) AS selected,
               CASE WHEN ({condition}) AND harm_days IS NULL
                    THEN CAST(tier AS VARCHAR) || '{UNWEIGHED}'
                    WHEN ({condition}) THEN CAST(tier AS VARCHAR)
                    ELSE coalesce(CAST(category AS VARCHAR), CAST(tier AS VARCHAR)) END AS kind,
               coalesce(sum(harm_days), 0) AS days, count(*) AS incidents
        FROM incidents
        WHERE occurred_from >= $first
              AND occurred_from < CAST($last AS DATE) + INTERVAL 1 DAY
              AND {column} IS NOT NULL
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 2, 3, 4
        """,  # noqa: S608 (the condition is built from checked profile models, not from user text)
        {"first": window.first, "last": window.last},
    ).fetchnumpy()
    positions = grid.positions(np.asarray(rows["cell"], dtype=np.uint64))
    inside = positions >= 0
    names = np.asarray(rows["kind"], dtype=np.str_)[inside]
    selected = np.asarray(rows["selected"], dtype=bool)[inside]
    days = np.asarray(rows["days"], dtype=np.float64)[inside]
    incidents = np.asarray(rows["incidents"], dtype=np.int64)[inside]
    # the profile's own tiers first; a category of the rest may bear the same word
    labels = np.array([*np.unique(names[selected]), *np.unique(names[~selected])], dtype=np.str_)
    own = len(np.unique(names[selected]))
    kind = np.where(
        selected,
        np.searchsorted(labels[:own], names),
        own + np.searchsorted(labels[own:], names),
    )
    weights: dict[str, float | None] = {}
    for place, name in enumerate(labels[:own].tolist()):
        rows_of = kind == place
        # mean of whole numbers of incidents, summed in the same order whatever the data's order
        mean = float(days[rows_of].sum() / incidents[rows_of].sum())
        weights[name] = None if name.endswith(UNWEIGHED) else mean
    history = CellHistory(
        cells=len(grid),
        periods=periods,
        kinds=(*labels[:own].tolist(), *(f"other: {name}" for name in labels[own:].tolist())),
        position=positions[inside],
        period=np.asarray(rows["period"], dtype=np.int64)[inside],
        kind=kind.astype(np.int64),
        incidents=incidents,
    )
    return WeighedHistory(history, weights)
