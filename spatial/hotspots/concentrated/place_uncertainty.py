"""Uncertainty of place: which of the first places stay so when points move as far as they may."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd

from config.errors import BadInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid

DRAWS: Final = 200
"""How often every point is moved, unless asked for otherwise: a share is good to about 0.03."""

# where in its disc a point may land: enough that a cell's part of it is right to about one in fifty
_LANDINGS: Final = 64
_METRES_PER_DEGREE: Final = 111_195.0
_GOLDEN_ANGLE: Final = np.pi * (3.0 - np.sqrt(5.0))


@dataclass(frozen=True, slots=True, eq=False)
class MovablePoints:
    """Located incidents, and how exactly each is located.

    Attributes
    ----------
    longitude, latitude
        Degrees, EPSG:4326, finite, shape (m,).
    precision_m
        Radius in metres within which the incident happened; 0 exact, null not recorded, shape (m,).
    weights
        What each counts for, not negative: 1, or harm in thousandths of a day, shape (m,).
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    precision_m: NDArray[np.float64]
    weights: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse columns of different lengths, and places that are none."""
        for name in ("longitude", "latitude", "precision_m", "weights"):
            column = getattr(self, name)
            if column.shape != self.longitude.shape:
                msg = f"{name} has shape {column.shape!r}; longitude has {self.longitude.shape!r}."
                raise ValueError(msg)
            known = column[~np.isnan(column)] if name == "precision_m" else column
            if not np.isfinite(known).all():
                msg = f"{name} holds a number that is not finite: leave out incidents without one."
                raise ValueError(msg)
        if (self.precision_m < 0).any() or (self.weights < 0).any():
            msg = "precision_m and weights must not be negative."
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, eq=False)
class PlaceStability:
    """How far the choice of the first places depends on where exactly points lie.

    Attributes
    ----------
    frame
        The places that are among the first as mapped, best first: ``place, value, in_top, stays,
        value_low, value_high``. ``place`` is a position in the grid, or the number of an area;
        ``in_top`` is 1, or less for a place that ties for the last places; ``stays`` the share of
        draws in which it is among the first, ties shared; low and high are the 5th and 95th
        per cent of its value over the draws.
    kept
        Share of the first places that are still first when points move, on average, 0-1; places
        that tie for the last ones are no difference where they tied before.
    held_as_mapped, held_when_moved
        Share of all values that these same places hold as mapped, and on average when points
        move; what leaves the study area counts as not held.
    places, draws
        How many places were chosen, and how often points were moved.
    unmoved
        Incidents whose precision is not recorded: left where they are, so that stability is
        flattered by them.
    """

    frame: pd.DataFrame
    kept: float
    held_as_mapped: float
    held_when_moved: float
    places: int
    draws: int
    unmoved: int


def place_stability(  # noqa: PLR0913 (one question's parts, all named)
    points: MovablePoints,
    grid: HexGrid,
    *,
    places: int,
    rng: np.random.Generator,
    draws: int = DRAWS,
    areas: NDArray[np.int64] | None = None,
) -> PlaceStability:
    """Move every point within its precision, again and again, and see which places stay first.

    Parameters
    ----------
    points
        All located incidents of a profile and window, those just outside the study area too: they
        may lie inside. The order of rows does not matter.
    grid
        Its resolution indexes every moved point anew.
    places
        How many are first.
    rng
        Seeded by the caller; the same seed gives the same answer.
    draws
        How often points are moved.
    areas
        For patrol areas: the number of the area each cell of the grid belongs to, from 0, -1 for
        none, int64, shape (n,). Give more candidates than ``places``: among just as many there is
        nothing to lose a place to. None ranks single cells.

    Returns
    -------
    Every incident lands anywhere in the disc of its precision, equally likely, independently of
    those mapped to the same point.

    Raises
    ------
    BadInputError
        No point lies in the study area, or a number asked for is below one.
    ValueError
        ``areas`` has another shape than the grid.

    Notes
    -----
    A disc is a guess: open data are snapped to the nearest of the publisher's map points, whose
    catchments are small in towns and large in the country, and a default point (a police station)
    is wrong by miles (Tompson, Johnson, Ashby, Perkins and Edwards 2015
    doi:10.1080/15230406.2014.972456). Areas are not grown anew for each draw. Precision is not the
    only uncertainty: next year's incidents are another, larger one.
    """
    if places < 1 or draws < 1:
        msg = f"Asked for {places!r} places and {draws!r} draws: give at least one of each."
        raise BadInputError(msg)
    candidates = np.arange(len(grid)) if areas is None else areas
    if candidates.shape != (len(grid),):
        msg = f"areas has shape {candidates.shape!r}; the grid has {len(grid)} cells."
        raise ValueError(msg)
    number = int(candidates.max(initial=-1)) + 1
    sites, site, weights = _distinct_sites(points)
    # one more candidate, the last, gathers whatever falls outside the grid or every area
    cells = np.append(np.where(candidates < 0, number, candidates), number)
    home = cells[_cells_of(sites[:, 0], sites[:, 1], grid)]
    as_mapped = _totals(home[site], weights, number)
    if not as_mapped.any():
        msg = (
            f"None of {len(weights):,} located incidents counts for anything inside study area "
            f"{grid.study_area.name!r}. Check that it belongs to these incidents."
        )
        raise BadInputError(msg)
    in_top = _share_in_top(as_mapped, places)
    chosen = np.flatnonzero(in_top)
    chosen = chosen[np.lexsort((chosen, -as_mapped[chosen]))]
    landings = cells[_landing_cells(sites, grid, rng)]
    values = np.empty((draws, len(chosen)))
    member, stays, kept = in_top[chosen], np.zeros(len(chosen)), 0.0
    for draw in range(draws):
        landed = landings[site, rng.integers(_LANDINGS, size=len(site), dtype=np.uint8)]
        totals = _totals(landed, weights, number)
        values[draw] = totals[chosen]
        still = _share_in_top(totals, places)[chosen]
        stays += still
        # places that tie now and tied before are no change
        kept += float(np.minimum(member, still).sum() / member.sum())
    low, high = np.quantile(values, [0.05, 0.95], axis=0)
    everything = weights.sum()
    return PlaceStability(
        frame=pd.DataFrame(
            {
                "place": chosen,
                "value": as_mapped[chosen],
                "in_top": member,
                "stays": np.minimum(stays / draws, 1.0),
                "value_low": low,
                "value_high": high,
            }
        ),
        kept=min(kept / draws, 1.0),
        held_as_mapped=float((member * as_mapped[chosen]).sum() / everything),
        held_when_moved=float((member * values.mean(axis=0)).sum() / everything),
        places=places,
        draws=draws,
        unmoved=int(np.isnan(points.precision_m).sum()),
    )


def _distinct_sites(
    points: MovablePoints,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    # distinct (longitude, latitude, precision), which of them each incident has, and its weight:
    # in one order, whatever order the rows came in, so that the same seed moves the same incident
    precision = np.nan_to_num(points.precision_m, nan=0.0)
    rows = np.column_stack([points.longitude, points.latitude, precision])
    order = np.lexsort((points.weights, *rows.T[::-1]))
    rows = rows[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return rows[first], np.cumsum(first) - 1, points.weights[order]


def _landing_cells(
    sites: NDArray[np.float64], grid: HexGrid, rng: np.random.Generator
) -> NDArray[np.int64]:
    # positions in the grid of points spread evenly over each site's disc, shape (sites, landings);
    # each disc is turned by its own angle, so that no direction is favoured over many sites
    step = np.arange(_LANDINGS)
    radius = np.sqrt((step + 0.5) / _LANDINGS) * sites[:, [2]]
    angle = step * _GOLDEN_ANGLE + rng.uniform(0.0, 2.0 * np.pi, size=(len(sites), 1))
    latitude = sites[:, [1]] + radius * np.sin(angle) / _METRES_PER_DEGREE
    shrink = np.cos(np.radians(sites[:, [1]]))
    longitude = sites[:, [0]] + radius * np.cos(angle) / (_METRES_PER_DEGREE * shrink)
    landed = np.repeat(_cells_of(sites[:, 0], sites[:, 1], grid)[:, None], _LANDINGS, axis=1)
    moves = sites[:, 2] > 0
    found = _cells_of(longitude[moves].ravel(), latitude[moves].ravel(), grid)
    landed[moves] = found.reshape(-1, _LANDINGS)
    return landed


def _cells_of(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64], grid: HexGrid
) -> NDArray[np.int64]:
    # H3 has no call for many points at once; this one takes about a microsecond each
    pairs = map(
        h3_int.latlng_to_cell, latitude.tolist(), longitude.tolist(), repeat(grid.resolution)
    )
    return grid.positions(np.fromiter(pairs, dtype=np.uint64, count=len(longitude)))


def _totals(
    candidate: NDArray[np.int64], weights: NDArray[np.float64], number: int
) -> NDArray[np.float64]:
    totals = np.zeros(number + 1)
    np.add.at(totals, candidate, weights)
    return totals[:number]


def _share_in_top(totals: NDArray[np.float64], places: int) -> NDArray[np.float64]:
    # 1 for those above the last place, an equal share for those that tie for it, 0 for places that
    # hold nothing, however few there are to choose from
    if places >= np.count_nonzero(totals):
        return (totals > 0).astype(float)
    last = np.partition(totals, -places)[-places]
    above, ties = totals > last, totals == last
    share: NDArray[np.float64] = above + ties * ((places - above.sum()) / ties.sum())
    return share
