"""One crossover from its place-days to all that can be said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.evaluation.crossover.carry_over import carry_over
from spatial.evaluation.crossover.compliance import Compliance, as_delivered, compliance
from spatial.evaluation.crossover.harm_ratio import crossover_harm_ratio
from spatial.evaluation.crossover.null_sum import null_sum
from spatial.evaluation.crossover.panel import CrossoverPanel, Sides, sides
from spatial.evaluation.crossover.periods import balance, period_effects
from spatial.evaluation.crossover.rate_ratio import (
    crossover_rate_ratio,
    crossover_rate_ratio_model,
    crossover_rate_ratio_poisson,
)
from spatial.evaluation.crossover.rerandomise import DRAWS, SEED, redraws
from spatial.evaluation.estimate import LEVEL
from spatial.notes import Note
from spatial.targets.schedule.power import Design, power_words, smallest_fall

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from spatial.evaluation.estimate import Estimate
    from spatial.notes import Notes

BESIDE: Final = Note(
    "The buffers round the places: above 1 trouble moved next door on patrolled days, below 1 next "
    "door gained too; an interval over 1 cannot tell, which is not the same as nothing moved."
)


@dataclass(frozen=True, slots=True, eq=False)
class Achieved:
    """What the operation could have found, given the counts it met.

    Attributes
    ----------
    smallest_fall
        The smallest fall (0-1) found eight times in ten; None where not even a fall to none is.
    clustering
        Variance of the treated sum over that of independent incidents, by the draw.
    words
        The same in a sentence.
    """

    smallest_fall: float | None
    clustering: float
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class CrossoverResult:
    """All that is said of a crossover.

    Attributes
    ----------
    sides
        Counts, harm and place-days; shown with every figure.
    estimates
        ``crossover_rate_ratio`` first: the one to go by.
    balance
        By weekday and half (:func:`~.periods.balance`).
    achieved
        What it could have found; None without incidents.
    compliance
        None where no visits were given.
    notes
        Of the design.
    """

    sides: Sides
    estimates: tuple[Estimate, ...]
    balance: pd.DataFrame
    achieved: Achieved | None
    compliance: Compliance | None
    notes: Notes


def analyse_crossover(  # noqa: PLR0913 (a panel, what is known of it, settings)
    panel: CrossoverPanel,
    *,
    delivered: NDArray[np.bool_] | None = None,
    drawn: NDArray[np.bool_] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = LEVEL,
) -> CrossoverResult:
    """Analyse a crossover as it was drawn.

    Parameters
    ----------
    panel
        Outcomes by place-day, and the design.
    delivered
        Shape (days, places): whether a patrol was made; None where that is not known.
    drawn
        The draw made again (:func:`~.rerandomise.redraws`), where somebody has it already.
    draws, seed
        Of the re-randomisation, where it has no exact sum.
    """
    design, counts, outcome = panel.design, panel.counts, panel.outcome
    # under a longest wait there is no exact sum: the whole draw is made again
    if design.longest_wait is not None and drawn is None:
        drawn = redraws(design, draws=draws, rng=np.random.default_rng(seed))
    estimates = [
        crossover_rate_ratio(counts, design, outcome=outcome, drawn=drawn, level=level),
        crossover_rate_ratio(
            counts, design, outcome=outcome, mid=True, name="crossover_rate_ratio_mid_p",
            drawn=drawn, level=level,
        ),
        crossover_rate_ratio_poisson(counts, design, outcome=outcome, level=level),
        crossover_rate_ratio_model(counts, design, outcome=outcome, level=level),
    ]  # fmt: skip
    if panel.harm_days is not None:
        estimates.append(
            crossover_harm_ratio(panel, drawn=drawn, draws=draws, seed=seed, level=level)
        )
    if panel.buffer_counts is not None:
        beside = crossover_rate_ratio(
            panel.buffer_counts,
            design,
            outcome=outcome,
            drawn=drawn,
            name="crossover_buffer_rate_ratio",
            level=level,
        )
        estimates.append(replace(beside, notes=(*beside.notes, BESIDE)))
    estimates += carry_over(counts, design, outcome=outcome, level=level)
    estimates += period_effects(panel, level=level)
    made = None
    if delivered is not None:
        made = compliance(design, delivered)
        estimates.append(as_delivered(counts, design, delivered, outcome=outcome, level=level))
    return CrossoverResult(
        sides(panel), tuple(estimates), balance(panel), achieved(panel), made, design.notes
    )


def achieved(panel: CrossoverPanel) -> Achieved | None:
    """Say what fall the design could have found, from the control place-days' own rate.

    None where they saw nothing: a rate of nought plans nothing.
    """
    both, design = sides(panel), panel.design
    if both.control == 0:
        return None
    clustering = max(1.0, null_sum(panel.counts, design).clustering)
    expected = both.control / both.place_days_control * design.treated.size
    met = Design(
        expected=expected,
        treated_share=both.place_days_treated / design.treated.size,
        days=len(design.dates),
        overdispersion=clustering,
    )
    return Achieved(smallest_fall(met), clustering, power_words(met))
