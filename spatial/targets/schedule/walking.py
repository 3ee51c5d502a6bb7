"""Walking: minutes between a base and places, along streets where they are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np
import shapely

from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from config.dose import DoseRules
    from spatial.projection import MetricSystem
    from spatial.targets.names import NamedLines

# corners of streets lie this close together: a place starts on its street and not at its end
_STEP_M: Final = 50.0
# a street that ends this close to another meets it: nodes drawn apart by a hair
_MEETS_M: Final = 2.0
_PAST_M: Final = 0.05
# streets further outside the places than this are not walked between them
_AROUND_M: Final = 1500.0
# a place further from any street than this is not on it
_OFF_STREET_M: Final = 500.0
_NOT_WALKED: Final = "rail"


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """Minutes from each place to each other.

    Attributes
    ----------
    minutes
        Whole minutes, rounded up, shape (n, n); nought on the diagonal.
    driven
        Which legs are too far to walk and taken by car.
    metres
        How far, shape (n, n).
    notes
        How it was measured.
    """

    minutes: NDArray[np.int64]
    driven: NDArray[np.bool_]
    metres: NDArray[np.float64]
    notes: Notes


def legs_between(
    points: NDArray[np.float64],
    streets: NamedLines | None,
    *,
    metric_system: MetricSystem,
    rules: DoseRules,
) -> Legs:
    """Return the minutes between points.

    Parameters
    ----------
    points
        Longitude and latitude (degrees, WGS84), shape (n, 2).
    streets
        On the same plane; None where none are loaded.
    metric_system
        The plane on which is measured.
    rules
        Speeds, the detour of a straight line, and how far is walked.

    Notes
    -----
    Along streets: the shortest way by Dijkstra from the corner (one at least every 50 m) nearest to
    each point, and the straight steps to and from it. Streets meet where their lines cross, or end
    within two metres of each other: a street under a bridge is taken to meet the one over it, so a
    way may be shorter than it is. Railways and motorways are not walked.
    """
    x, y = metric_system.forward(points[:, 0], points[:, 1])
    plane = np.column_stack([x, y])
    straight = np.hypot(*(plane[:, None] - plane[None]).transpose(2, 0, 1))
    metres, notes = straight * rules.detour, _no_streets(rules)
    if streets is not None:
        along, off = _along(plane, streets)
        unreached = ~np.isfinite(along)
        metres = np.where(unreached, metres, np.maximum(along, straight))
        notes = _on_streets(int(unreached[np.triu_indices(len(points), 1)].sum()), off, rules)
    walked = np.ceil(metres / rules.walk_metres_a_minute - 1e-9)
    by_car = np.ceil(rules.park_minutes + metres / rules.drive_metres_a_minute - 1e-9)
    driven = (walked > rules.furthest_walk_minutes) & (by_car < walked)
    minutes = np.where(driven, by_car, walked).astype(np.int64)
    return Legs(minutes, driven, metres, notes)


def _no_streets(rules: DoseRules) -> Notes:
    return (
        Note(
            "No streets are loaded: distances on foot are straight lines times "
            f"{rules.detour:g}, and a river or railway between two places is not seen. Give "
            "a store that holds streets for the ways along them.",
            loud=True,
        ),
    )


def _on_streets(unreached: int, off: int, rules: DoseRules) -> Notes:
    notes = [Note("Distances on foot follow the store's streets.")]
    if off:
        notes.append(
            Note(
                f"{off} points lie over {_OFF_STREET_M:.0f} m from any street loaded; from them "
                f"straight lines times {rules.detour:g} are taken.",
                loud=True,
            )
        )
    elif unreached:
        notes.append(
            Note(
                f"{unreached} pairs of places have no way between them along the streets loaded; "
                f"a straight line times {rules.detour:g} is taken."
            )
        )
    return tuple(notes)


def _along(plane: NDArray[np.float64], streets: NamedLines) -> tuple[NDArray[np.float64], int]:
    count = len(plane)
    graph, at, off_street = _graph(plane, streets)
    near = off_street <= _OFF_STREET_M
    metres = np.full((count, count), np.inf)
    np.fill_diagonal(metres, 0.0)
    for one in np.flatnonzero(near):
        reached = nx.single_source_dijkstra_path_length(graph, int(at[one]), weight="metres")
        for other in np.flatnonzero(near):
            way = reached.get(int(at[other]))
            if way is not None and other != one:
                metres[one, other] = way + off_street[one] + off_street[other]
    # the same both ways, whatever order the sums were made in
    return np.minimum(metres, metres.T), int((~near).sum())


def _graph(
    plane: NDArray[np.float64], streets: NamedLines
) -> tuple[nx.Graph, NDArray[np.int64], NDArray[np.float64]]:
    # corners of the streets around, each a number; corners within a metre are one
    box = shapely.box(*(plane.min(axis=0) - _AROUND_M), *(plane.max(axis=0) + _AROUND_M))
    lines = np.array(list(_walked(streets)), dtype=object)
    lines = shapely.get_parts(lines[shapely.intersects(lines, box)])
    lines = lines[shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING]
    if not len(lines):
        return nx.Graph(), np.zeros(len(plane), dtype=np.int64), np.full(len(plane), np.inf)
    pieces = shapely.get_parts(shapely.union_all(np.concatenate([lines, _joins(lines)])))
    corners, line = shapely.get_coordinates(shapely.segmentize(pieces, _STEP_M), return_index=True)
    # the pieces of a noded net share their ends to the last bit
    _, first, node = np.unique(corners, axis=0, return_index=True, return_inverse=True)
    node = node.reshape(-1)
    places = corners[first]
    tree = shapely.STRtree(np.asarray(shapely.points(places), dtype=object))
    asked, nearest = tree.query_nearest(shapely.points(plane), all_matches=False)
    at = np.empty(len(plane), dtype=np.int64)
    at[asked] = nearest
    # only ends, joins and the corners asked for stay; what lies between is one length
    ends = np.concatenate([[True], line[1:] != line[:-1]])
    kept = ends | np.concatenate([ends[1:], [True]])
    kept |= np.bincount(node)[node] > 1
    kept |= np.isin(node, at)
    steps = np.hypot(*np.diff(corners, axis=0, prepend=corners[:1]).T)
    steps[ends] = 0.0
    run = np.cumsum(steps)
    stops = np.flatnonzero(kept)
    same = line[stops[1:]] == line[stops[:-1]]
    source, target = stops[:-1][same], stops[1:][same]
    graph = nx.Graph()
    graph.add_nodes_from(at.tolist())
    lengths = run[target] - run[source]
    # of two ways between the same corners the shorter comes last, and stays
    longest_first = np.argsort(-lengths, kind="stable")
    graph.add_weighted_edges_from(
        zip(
            node[source][longest_first].tolist(),
            node[target][longest_first].tolist(),
            lengths[longest_first].tolist(),
            strict=True,
        ),
        weight="metres",
    )
    off = np.hypot(*(places[at] - plane).T)
    return graph, at, off


def _joins(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    # from each end that stops just short of another line, a short line that crosses it
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    own = np.tile(np.arange(len(lines)), 2)
    end, other = shapely.STRtree(lines).query(ends, predicate="dwithin", distance=_MEETS_M)
    apart = own[end] != other
    gaps = shapely.shortest_line(ends[end[apart]], lines[other[apart]])
    gaps = gaps[shapely.length(gaps) > 0]
    pairs = shapely.get_coordinates(gaps).reshape(-1, 2, 2)
    ahead = pairs[:, 1] - pairs[:, 0]
    pairs[:, 1] += ahead / np.hypot(*ahead.T)[:, None] * _PAST_M
    joined: NDArray[np.object_] = np.asarray(shapely.linestrings(pairs), dtype=object)
    return joined


def _walked(streets: NamedLines) -> Iterable[object]:
    for name, kind, line in zip(streets.names, streets.classes, streets.lines, strict=True):
        motorway = name[:1] == "M" and name[1:].isdigit()
        if kind != _NOT_WALKED and not motorway and not name.endswith("(M)"):
            yield line
