"""Moments: when and where each incident of a selection happened, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.incidents.schema import cell_column

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from spatial.window import Window

PRECISIONS: Final = ("minute", "hour", "day", "month")


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Incidents in the order of their start (then their id), every array of shape (n,).

    Attributes
    ----------
    start, end
        First and last moment, Europe/London wall-clock to the second; the end is NaT where none was
        recorded. A coarser unit lasts to its last second.
    precision
        Each incident's time precision: minute, hour, day or month.
    longitude, latitude
        Degrees, EPSG:4326; NaN without a location.
    cell
        H3 cell at the resolution asked for; 0 without a location.
    tier
        Severity of the offence.
    harm_days
        Days; NaN where the offence has no weight.
    """

    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    precision: NDArray[np.str_]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    cell: NDArray[np.uint64]
    tier: NDArray[np.str_]
    harm_days: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of incidents."""
        return len(self.start)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Moments:
        """Return some of the incidents: a mask, or positions."""
        return Moments(
            *(
                getattr(self, name)[chosen]
                for name in (
                    "start", "end", "precision", "longitude", "latitude", "cell", "tier",
                    "harm_days",
                )
            )
        )  # fmt: skip


def read_moments(
    connection: duckdb.DuckDBPyConnection, condition: str, *, window: Window, resolution: int
) -> Moments:
    """Read the moments of the incidents that meet a condition.

    Parameters
    ----------
    connection
        Has the view ``incidents`` (columns of :mod:`spatial.incidents.schema`).
    condition
        SQL over that view: see :func:`spatial.incidents.select.profile_condition`.
    window
        Inclusive dates of ``occurred_from``.
    resolution
        Of the cells.
    """
    rows = connection.execute(
        f"""
        SELECT occurred_from AS start, occurred_to AS "end",
               CAST(time_precision AS VARCHAR) AS precision,
               coalesce(longitude, 'nan') AS longitude, coalesce(latitude, 'nan') AS latitude,
               coalesce({cell_column(resolution)}, 0) AS cell, CAST(tier AS VARCHAR) AS tier,
               coalesce(harm_days, 'nan') AS harm_days
        FROM incidents
        WHERE occurred_from >= $first AND occurred_from < CAST($last AS DATE) + INTERVAL 1 DAY
              AND ({condition})
        ORDER BY occurred_from, incident_id
        """,  # noqa: S608 (the condition is built from checked profile models, not from user text)
        {"first": window.first, "last": window.last},
    ).fetchnumpy()
    return Moments(
        start=_seconds(rows["start"]),
        end=_seconds(rows["end"]),
        precision=np.asarray(rows["precision"], dtype=np.str_),
        longitude=np.asarray(rows["longitude"], dtype=np.float64),
        latitude=np.asarray(rows["latitude"], dtype=np.float64),
        cell=np.asarray(rows["cell"], dtype=np.uint64),
        tier=np.asarray(rows["tier"], dtype=np.str_),
        harm_days=np.asarray(rows["harm_days"], dtype=np.float64),
    )


def _seconds(column: object) -> NDArray[np.datetime64]:
    # a masked array where some are missing: NaT says so in the array itself
    given = np.ma.asarray(column).astype("datetime64[s]")
    seconds: NDArray[np.datetime64] = np.where(
        np.ma.getmaskarray(given), np.datetime64("NaT", "s"), np.ma.getdata(given)
    )
    return seconds
