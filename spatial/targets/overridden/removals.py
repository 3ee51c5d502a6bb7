"""Removals: places proposed for taking off, for they hold a prison, hospital or the like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from spatial.hexes.grid import merge_cells
from spatial.incidents.checks.surroundings import reason_for
from spatial.incidents.checks.suspects import DECIDED, DOUBTFUL
from spatial.incidents.decided.decisions import Choice, Reason
from spatial.vectors import read_features

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.projection import MetricSystem
    from spatial.targets.overridden.decided_list import Place

PROPOSAL_COLUMNS: Final = (
    "area_id", "kind", "holds", "incidents", "near", "share", "words",
)  # fmt: skip
NEAR_M: Final = 75.0
"""About the length of a resolution-10 cell's edge: a patrol area is 200 to 340 m across, so that a
larger circle would count most of it whatever stood there."""
DOUBTFUL_POINT: Final = "doubtful point"

_KINDS: Final = frozenset(
    {
        Reason.POLICE_STATION,
        Reason.HOSPITAL,
        Reason.PRISON,
        Reason.HEADQUARTERS,
        Reason.CUSTODY,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Prisons, hospitals, police stations and the like on a metric plane.

    Attributes
    ----------
    kinds, names
        One per site; a site without a name is called by its kind.
    shapes
        Points or polygons, metres.
    """

    kinds: tuple[str, ...]
    names: tuple[str, ...]
    shapes: tuple[BaseGeometry, ...]


def read_sites(path: Path, *, metric_system: MetricSystem) -> Sites:
    """Read those of a kept ``places`` layer (``name, kind``) at which incidents tend to be put."""
    state = path.stat()
    return _read_sites(path, state.st_mtime_ns, state.st_size, metric_system)


@lru_cache(maxsize=4)
def _read_sites(path: Path, changed: int, size: int, metric_system: MetricSystem) -> Sites:
    del changed, size  # another file under the same name must not be taken for this one
    features = read_features(path)
    kinds = [reason_for(str(row.get("kind") or "")) for row in features.properties]
    found = [at for at, kind in enumerate(kinds) if kind in _KINDS]
    return Sites(
        kinds=tuple(str(kinds[at]) for at in found),
        names=tuple(str(features.properties[at].get("name") or kinds[at]) for at in found),
        shapes=tuple(metric_system.project(features.geometries[at]) for at in found),
    )


def sites_of_suspects(points: pd.DataFrame, *, metric_system: MetricSystem) -> Sites:
    """Return the doubtful points of a store as sites.

    Parameters
    ----------
    points
        See :data:`spatial.incidents.checks.suspects.POINT_COLUMNS`. Points nobody decided about,
        and those that were looked at, kept, and said to be a prison, hospital or the like: what
        happens in them is real and no patrol's work. Dropped and moved ones are on no map.
    metric_system
        The plane.
    """
    undecided = points["check"].isin(DOUBTFUL) & (points["decision"] == "")
    institution = points["reason"].isin([kind.value for kind in _KINDS])
    kept = (points["decision"] == Choice.KEEP.value) & institution
    rows = points[undecided | kept | ((points["check"] == DECIDED) & kept)]
    rows = rows.drop_duplicates(["longitude", "latitude"])
    x, y = metric_system.forward(rows["longitude"].to_numpy(), rows["latitude"].to_numpy())
    told = rows["near"].where(rows["near"] != "", rows["grid_ref"])
    return Sites(
        kinds=tuple(
            row["reason"] if row["decision"] else DOUBTFUL_POINT for row in rows.to_dict("records")
        ),
        names=tuple(told.tolist()),
        shapes=tuple(shapely.Point(*pair) for pair in zip(x.tolist(), y.tolist(), strict=True)),
    )


def propose_removals(  # noqa: PLR0913 (places, what stands in them, what happened there)
    places: Sequence[Place],
    cells: NDArray[np.uint64],
    sites: Sequence[Sites],
    incidents: pd.DataFrame,
    *,
    metric_system: MetricSystem,
    near_m: float = NEAR_M,
) -> pd.DataFrame:
    """Propose places to look at: a prison, hospital, police station or doubtful point is in them.

    Parameters
    ----------
    places
        The list.
    cells
        The grid's cells, uint64, shape (n,).
    sites
        See :func:`read_sites` and :func:`sites_of_suspects`.
    incidents
        ``longitude, latitude`` (degrees) of the window's incidents of the profile, inside the study
        area or not: see :func:`spatial.hexes.counts.located_rows`.
    metric_system
        The plane.
    near_m
        Metres within which an incident is near a site.

    Returns
    -------
    `PROPOSAL_COLUMNS`, one row per place and site in it, by rank, then the largest share first:
    ``incidents`` of the place, how many are ``near`` the site, and their ``share`` (0-1; null where
    there are none). Nothing is taken off: a hospital's street can be a place to patrol, and its
    point can be where a geocoder put what it could not place.

    Notes
    -----
    Incidents are told by the outline of the place, so their number may differ by one or two from
    that of its cells where a point lies on the border.
    """
    shapes = [shape for group in sites for shape in group.shapes]
    if not places or not shapes:
        return pd.DataFrame(columns=list(PROPOSAL_COLUMNS))
    kinds = [kind for group in sites for kind in group.kinds]
    names = [name for group in sites for name in group.names]
    outlines = np.array(
        [metric_system.project(merge_cells(cells[place.cells])) for place in places], dtype=object
    )
    x, y = metric_system.forward(
        incidents["longitude"].to_numpy(), incidents["latitude"].to_numpy()
    )
    rows = []
    held = shapely.STRtree(outlines).query(np.array(shapes, dtype=object), predicate="intersects")
    # of a county's incidents only those of places that hold a site are looked at
    placed = _within(x, y, outlines[np.unique(held[1])])
    points = np.atleast_1d(np.asarray(shapely.points(x[placed], y[placed]), dtype=object))
    tree = shapely.STRtree(points)
    for site, at in sorted(zip(*held.tolist(), strict=True), key=lambda pair: (pair[1], pair[0])):
        inside = tree.query(outlines[at], predicate="intersects")
        near = int((shapely.distance(points[inside], shapes[site]) <= near_m).sum())
        share = near / len(inside) if len(inside) else None
        words = _words(kinds[site], names[site], near, len(inside), near_m)
        told = (kinds[site], names[site], len(inside), near, share, words)
        rows.append((at, (places[at].area_id, *told)))
    rows.sort(key=lambda row: (row[0], -(row[1][5] or 0.0), row[1][1], row[1][2]))
    return pd.DataFrame([row for _, row in rows], columns=list(PROPOSAL_COLUMNS))


def _within(
    x: NDArray[np.float64], y: NDArray[np.float64], outlines: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """Return which points lie in the bounding box of some outline, shape (n,)."""
    found = np.zeros(len(x), dtype=np.bool_)
    for west, south, east, north in shapely.bounds(outlines).reshape(-1, 4).tolist():
        found |= (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return found


def _words(kind: str, name: str, near: int, of: int, near_m: float) -> str:
    plural = "" if of == 1 else "s"
    counted = f"{near:,} of its {of:,} incident{plural} lie within {near_m:.0f} m of it"
    if kind == DOUBTFUL_POINT:
        return (
            f"Holds a point that is doubtful ({name}): {counted}. Decide on that point first "
            "(Quality page, or harmhex locations)."
        )
    called = name if kind.casefold() in name.casefold() else f"{kind} ({name})"
    return (
        f"Holds {called}: {counted}. If they happened inside, or were only recorded there, take "
        "the place off or draw it beside."
    )
