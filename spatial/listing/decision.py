"""The decision: whose area each is, and what people changed, on one choice of areas."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from spatial.places import area_rules, walked
from spatial.targets.kept.identity import identify
from spatial.targets.overridden.decided_list import OUTCOME_COLUMNS, DecidedList, Place
from spatial.targets.overridden.override_effects import EFFECT_COLUMNS, Holdings
from spatial.targets.overridden.overrides import decide
from spatial.targets.table import area_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from spatial.hotspots.expected.expected_harm import ExpectedHarm
    from spatial.listing.choice import Choice
    from spatial.notes import Notes
    from spatial.scene import Subject
    from spatial.targets.kept.previous import PreviousList
    from spatial.targets.overridden.override_list import Override
    from spatial.targets.ranking import RankedAreas


def decide_places(
    subject: Subject,
    choice: Choice,
    *,
    expected: ExpectedHarm | None,
    previous: PreviousList | None,
    overrides: Sequence[Override],
) -> tuple[DecidedList, Notes]:
    """Give every area its id, and apply people's changes.

    Returns
    -------
    The list as it is patrolled, and how ids were told.

    Raises
    ------
    BadInputError
        There are changes, and the places are a force's own polygons.
    """
    scene, ranked = subject.scene, choice.ranked
    if ranked.drawn is not None and not overrides:
        return _as_drawn(ranked), () if previous is None else previous.notes
    made = {key for one in overrides for key in one.made_ids}
    identities = identify((*ranked.areas, *ranked.rivals), scene.grid, previous, reserved=made)
    rules = area_rules(subject, choice.worth.measure)
    adjoining, _ = walked(scene, rules)
    decided = decide(
        ranked,
        identities,
        overrides,
        scene.grid,
        value=choice.worth.value,
        holdings=Holdings(
            subject.counts,
            None if expected is None else expected.harm_days,
            subject.profile.weighs_harm,
        ),
        adjoining=adjoining,
        most_cells=rules.most_cells,
    )
    return decided, identities.notes


def _as_drawn(ranked: RankedAreas) -> DecidedList:
    # a polygon is itself as long as its outline stands, whatever its rank
    assert ranked.drawn is not None  # noqa: S101 (the caller has looked)
    drawn = ranked.drawn.drawn
    places = []
    for at, (cells, outline) in enumerate(
        zip((*ranked.areas, *ranked.rivals), drawn.outlines, strict=True)
    ):
        key = area_id([shapely.to_wkt(shapely.normalize(outline), rounding_precision=6)])
        places.append(Place(key, cells, cells, at + 1, name=drawn.names[at]))
    listed = len(ranked.areas)
    return DecidedList(
        places=tuple(places[:listed]),
        held_back=(),
        merged_into={},
        next_best=tuple(places[listed:]),
        outcomes=pd.DataFrame(columns=[*OUTCOME_COLUMNS, *EFFECT_COLUMNS]),
        ranked=ranked,
        notes=ranked.notes,
    )


def nearest_m(subject: Subject, outlines: Sequence[BaseGeometry]) -> float:
    """Return how near to each other the two nearest places lie, edge to edge, metres."""
    system = subject.scene.grid.study_area.metric_system
    shapes = [system.project(outline) for outline in outlines]
    pairs = combinations(shapes, 2)
    return min((float(shapely.distance(one, other)) for one, other in pairs), default=float("inf"))
