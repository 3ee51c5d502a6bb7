"""Bases: where patrols start and end, and which places are patrolled from each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np

from spatial.notes import Note, Notes, merged
from spatial.targets.schedule.walking import Legs, legs_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from config.dose import DoseRules
    from spatial.projection import MetricSystem
    from spatial.targets.names import NamedLines
    from spatial.targets.schedule.places import SchedulePlaces

_NAMED: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The places that are patrolled from one base.

    Attributes
    ----------
    members
        Their numbers in the list, from nought.
    legs
        Between the base (the first) and the members.
    """

    members: NDArray[np.int64]
    legs: Legs


def groups_of(
    places: SchedulePlaces,
    bases: Sequence[tuple[float, float]],
    *,
    streets: NamedLines | None,
    metric_system: MetricSystem,
    rules: DoseRules,
) -> tuple[tuple[Group, ...], Notes]:
    """Give each place to a base, and measure the ways from there.

    Parameters
    ----------
    bases
        Longitude and latitude (degrees, WGS84); each place belongs to the nearest, straight. None
        given: places within a town of each other share a base in their middle.
    streets, metric_system
        On which is walked.
    rules
        Among them how far apart the places of one town lie.
    """
    plane = np.column_stack(metric_system.forward(places.points[:, 0], places.points[:, 1]))
    if len(bases):
        spots = np.array(bases, dtype=float)
        at = np.column_stack(metric_system.forward(spots[:, 0], spots[:, 1]))
        home = np.argmin(np.hypot(*(plane[:, None] - at[None]).transpose(2, 0, 1)), axis=1)
        notes: Notes = ()
    else:
        home = _towns(plane, rules.town_metres)
        spots = np.array([places.points[home == town].mean(axis=0) for town in np.unique(home)])
        notes = (_no_base(len(spots)),)
    groups = []
    for base in np.unique(home):
        members = np.flatnonzero(home == base)
        points = np.vstack([spots[base : base + 1], places.points[members]])
        legs = legs_between(points, streets, metric_system=metric_system, rules=rules)
        groups.append(Group(members, legs))
    told = merged(notes, *(group.legs.notes for group in groups), _driven(groups, places))
    return tuple(groups), told


def _towns(plane: NDArray[np.float64], metres: float) -> NDArray[np.int64]:
    # places linked by steps of a town's width, numbered by their first in the list
    apart = np.hypot(*(plane[:, None] - plane[None]).transpose(2, 0, 1))
    linked = nx.Graph()
    linked.add_nodes_from(range(len(plane)))
    linked.add_edges_from(np.argwhere(np.triu(apart <= metres, 1)).tolist())
    found = np.empty(len(plane), dtype=np.int64)
    for number, town in enumerate(sorted(nx.connected_components(linked), key=min)):
        found[list(town)] = number
    return found


def _no_base(count: int) -> Note:
    where = (
        "in the middle of the places"
        if count == 1
        else f"in the middle of the places of each of {count} towns"
    )
    text = (
        f"No base was given: patrols are taken to start and end {where}. Give the base for the "
        "walks they really have; once for each base."
    )
    return Note(text, loud=True)


def _driven(groups: Sequence[Group], places: SchedulePlaces) -> Notes:
    far = sorted(
        int(group.members[one])
        for group in groups
        for one in np.flatnonzero(group.legs.driven[0, 1:])
    )
    if not far:
        return ()
    named = ", ".join(places.names[one] for one in far[:_NAMED])
    more = f" and {len(far) - _NAMED} more" if len(far) > _NAMED else ""
    text = f"Too far to walk to from the base, so driven to: {named}{more}."
    return (Note(text, loud=True),)
