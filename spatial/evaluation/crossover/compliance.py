"""Compliance: which patrols were made as drawn, and place-days compared as they were patrolled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from spatial.evaluation.crossover.design import CrossoverDesign
from spatial.evaluation.crossover.poisson_split import poisson_split
from spatial.evaluation.estimate import LEVEL, Estimate, number
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS: Final = (
    "area_id", "treated_days", "delivered_days", "delivered_share", "control_days",
    "control_days_visited", "control_share_visited",
)  # fmt: skip
NOT_RANDOM: Final = Note(
    "Not randomised: which patrols were missed or added was no chance, so this may show why they "
    "were, and not what they did. The figure as drawn is the one to go by.",
    loud=True,
)
NO_SIDES: Final = Note("Every place-day was patrolled, or none: there is nothing to compare.")


@dataclass(frozen=True, slots=True, eq=False)
class Compliance:
    """What was made of the plan.

    Attributes
    ----------
    delivered_share
        Share (0-1) of treated place-days with a patrol.
    control_share_visited
        Share (0-1) of control place-days that had one too.
    by_place
        ``COLUMNS``, in the order of the design's places.
    """

    delivered_share: float
    control_share_visited: float
    by_place: pd.DataFrame


def compliance(design: CrossoverDesign, delivered: NDArray[np.bool_]) -> Compliance:
    """Hold what was delivered (days, places) against what was drawn."""
    made = _checked(design, delivered)
    on = design.treated
    treated, control = on.sum(axis=0), (~on).sum(axis=0)
    kept, visited = (made & on).sum(axis=0), (made & ~on).sum(axis=0)
    with np.errstate(invalid="ignore"):
        table = pd.DataFrame(
            dict(
                zip(
                    COLUMNS,
                    (list(design.area_ids), treated, kept, kept / treated, control, visited,
                     visited / control),
                    strict=True,
                )
            )
        )  # fmt: skip
    return Compliance(
        float(kept.sum() / treated.sum()), float(visited.sum() / control.sum()), table
    )


def as_delivered(
    counts: NDArray[np.int64],
    design: CrossoverDesign,
    delivered: NDArray[np.bool_],
    *,
    outcome: str,
    level: float = LEVEL,
) -> Estimate:
    """Compare place-days with a patrol and without, as it happened; never the main figure.

    Returns
    -------
    ``crossover_as_delivered``, by place, for independent incidents; without p, for nothing was
    drawn.
    """
    name, method = (
        "crossover_as_delivered",
        "Rate on place-days that were patrolled over others, place by place; not randomised.",
    )
    made = _checked(design, delivered)
    if made.all() or not made.any():
        return Estimate(name, outcome, "count", None, None, None, None, method, (NO_SIDES,))
    split = poisson_split(counts, CrossoverDesign(design.dates, design.area_ids, made))
    total = int(split.totals.sum())
    if total == 0:
        return Estimate(name, outcome, "count", None, None, None, None, method, (NOT_RANDOM,))
    low, high = split.limits(level=level)
    expected = float((split.totals * split.odds / (1 + split.odds)).sum())
    others = total - split.observed
    ratio = split.observed / others * (total - expected) / expected if others else float("inf")
    return Estimate(
        name, outcome, "count", number(ratio), low, number(high), None, method, (NOT_RANDOM,)
    )


def _checked(design: CrossoverDesign, delivered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    made = np.asarray(delivered, dtype=bool)
    if made.shape != design.treated.shape:
        msg = (
            f"delivered: has the shape {made.shape!r}, and the allocation "
            f"{design.treated.shape!r} (days, places). Count visits over the same days and places."
        )
        raise BadInputError(msg)
    return made
