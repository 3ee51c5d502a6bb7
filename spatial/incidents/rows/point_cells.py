"""Point cells: the H3 cells of points, each distinct point indexed once."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np
from h3.api import basic_int

from spatial.incidents.schema import RESOLUTIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.complex128]
    Cells = NDArray[np.uint64]

_MOST_KEPT: Final = 2_000_000


class PointCells:
    """Indexes points, and remembers those it has seen: sources repeat the points of a map.

    Parameters
    ----------
    most
        How many points are remembered; more are indexed anew every time.

    Notes
    -----
    A point is a complex number, longitude + latitude i, in degrees (EPSG:4326). Points are kept in
    sorted runs that double in length. What is remembered changes how long an answer takes, never
    the answer. May be asked by several threads at once.
    """

    def __init__(self, *, most: int = _MOST_KEPT) -> None:
        self._most = most
        self._runs: tuple[tuple[Points, Cells], ...] = ()
        self._lock = Lock()

    def cells(self, points: Points) -> Cells:
        """Return the cells of distinct points, shape (n, number of resolutions)."""
        cells = np.zeros((len(points), len(RESOLUTIONS)), dtype=np.uint64)
        is_new = np.ones(len(points), dtype=bool)
        for known, of_known in self._runs:
            place = np.minimum(np.searchsorted(known, points), len(known) - 1)
            found = known[place] == points
            cells[found] = of_known[place[found]]
            is_new &= ~found
        new = points[is_new]
        if len(new):
            cells[is_new] = _indexed(new)
            self._remember(new, cells[is_new])
        return cells

    def _remember(self, points: Points, cells: Cells) -> None:
        with self._lock:
            runs = list(self._runs)
            if sum(len(known) for known, _ in runs) + len(points) > self._most:
                return
            run = (points, cells)
            while runs and len(runs[-1][0]) <= 2 * len(run[0]):
                known, of_known = runs.pop()
                # another thread may have come to the same point
                merged, first = np.unique(np.concatenate([known, run[0]]), return_index=True)
                run = (merged, np.concatenate([of_known, run[1]])[first])
            self._runs = (*runs, run)


def _indexed(points: Points) -> Cells:
    """Index points at every resolution, each from the point itself.

    A parent cell is not used: 6-7% of points lie in another cell than their child's parent.
    """
    index = basic_int.latlng_to_cell
    longitude, latitude = points.real.tolist(), points.imag.tolist()
    columns = [
        [index(lat, lon, resolution) for lat, lon in zip(latitude, longitude, strict=True)]
        for resolution in RESOLUTIONS
    ]
    return np.array(columns, dtype=np.uint64).T
