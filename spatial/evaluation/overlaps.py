"""Overlaps: other operations on the same ground at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.evaluation.footprint import footprint
from spatial.evaluation.placing import ground_round
from spatial.window import day_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.operation import Operation
    from spatial.evaluation_results import EvaluatedGround


def overlapping(
    operation: Operation, ground: EvaluatedGround, others: Sequence[Operation]
) -> tuple[str, ...]:
    """Say which other operations share ground and dates, each in words.

    Ground is that of the patrolled places with the registered buffer, and of the comparators; dates
    run from the first day of the time before. In the order of their first dates and names, whatever
    the order in which they are given.
    """
    first = operation.first_date if operation.baseline is None else operation.baseline.first
    treated = ground_round(ground.treated, metres=operation.buffer_m)
    compared = None if ground.comparators is None else shapely.union_all(ground.comparators.shapes)
    found = []
    for other in sorted(others, key=lambda one: (one.first_date, one.name)):
        if other.last_date < first or other.first_date > operation.last_date:
            continue
        shapes = footprint(other.areas).shapes
        here = int(np.sum(shapely.intersects(treated, shapes)))
        there = 0 if compared is None else int(np.sum(shapely.intersects(compared, shapes)))
        if here or there:
            where = " and ".join(
                f"{number} of its places lie {words}"
                for number, words in (
                    (here, "in or next to places patrolled here"),
                    (there, "in comparison places"),
                )
                if number
            )
            found.append(
                f"{other.name} ({day_words(other.first_date)} to {day_words(other.last_date)}): "
                f"{where}"
            )
    return tuple(found)
