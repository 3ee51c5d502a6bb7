"""Drawn ranking: which of a force's own polygons come first."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from config.profile import Measure
from spatial.hexes.counts import HARM_UNITS
from spatial.hexes.ground import on_plane
from spatial.notes import Note
from spatial.targets.areas.growth import AreaRules, enough_trouble
from spatial.targets.areas.separation import spaced
from spatial.targets.ranking import RankedAreas, choice_notes, homicide_harm

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.projection import MetricSystem
    from spatial.targets.areas.drawn_counts import DrawnCounts


def rank_drawn(  # noqa: PLR0913 (one choice's inputs, all needed)
    found: DrawnCounts,
    *,
    measure: Measure,
    rules: AreaRules,
    places: int,
    metric_system: MetricSystem,
    expected_days: NDArray[np.float64] | None = None,
    rivals: int = 0,
    separation_m: float = 0.0,
) -> RankedAreas:
    """Choose and order a force's own polygons, as :func:`rank_areas` does areas of cells.

    Parameters
    ----------
    found
        What lies in each polygon.
    measure, rules, places, rivals, separation_m
        As :func:`spatial.targets.ranking.rank_areas`; of the rules the least numbers alone.
    metric_system
        The plane in which separations are measured.
    expected_days
        Harm to be expected in each *cell*, days: for that measure.

    Returns
    -------
    ``areas`` are the cells that each polygon mostly holds; ``drawn`` what was counted in the
    polygons themselves, by rank and then the rivals.

    Raises
    ------
    ValueError
        Expected harm is wanted and was not given.

    Notes
    -----
    The order is by total: a large polygon comes before a small one with the same density of harm,
    and costs more to patrol. Draw them alike.
    """
    if measure is Measure.EXPECTED_HARM:
        if expected_days is None:
            msg = "Ranking by expected harm needs expected_days."
            raise ValueError(msg)
        value = np.rint(found.expected(expected_days) * HARM_UNITS).astype(np.int64)
    else:
        fatal = homicide_harm(found.counts, len(found.drawn), measure)
        value = found.counts.values(measure) - fatal
    order = np.argsort(-value, kind="stable")
    ordered = iter(
        place
        for place in order[found.counts.incidents[order] > 0].tolist()
        if enough_trouble(np.array([place]), found.dates, rules=rules)
    )
    shapes = on_plane(found.drawn.outlines, metric_system)

    def outline_m(place: int) -> BaseGeometry:
        outline: BaseGeometry = shapes[place]
        return outline

    chosen, passed = spaced(ordered, outline_m, places=places, separation_m=separation_m)
    everyone = [*chosen, *islice(ordered, rivals)]
    kept = found.of(np.array(everyone, dtype=np.int64))
    notes = (
        Note(
            f"Places are {len(found.drawn):,} areas drawn by hand, not grown from cells: incidents "
            "count in the polygon they lie in, and of a cell that a polygon cuts the same share of "
            "its expected harm as of its ground."
        ),
        *found.drawn.notes,
        *choice_notes(
            len(chosen), places, size="as drawn", rules=rules, measure=measure, passed=passed,
            separation_m=separation_m,
        ),
    )  # fmt: skip
    cells = kept.main_cells
    return RankedAreas(cells[: len(chosen)], notes, measure, cells[len(chosen) :], drawn=kept)
