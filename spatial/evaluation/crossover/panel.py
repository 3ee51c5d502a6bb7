"""What happened on each place-day of a crossover, and both sides added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.evaluation.crossover.design import CrossoverDesign, counted, outcome

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class CrossoverPanel:
    """Outcomes by place-day.

    Attributes
    ----------
    design
        As drawn.
    outcome
        Name of the profile counted.
    counts
        Incidents, shape (days, places).
    harm_days
        Their harm, the same shape; None where nothing weighs it.
    buffer_counts
        Incidents in the buffers round the places, the same shape; None where none were counted.
    largest_days
        The greatest harm of a single incident; None where it is not known.
    """

    design: CrossoverDesign
    outcome: str
    counts: NDArray[np.int64]
    harm_days: NDArray[np.float64] | None = None
    buffer_counts: NDArray[np.int64] | None = None
    largest_days: float | None = None

    def __post_init__(self) -> None:
        """Refuse outcomes of another shape, and values that are none."""
        counted(self.counts, self.design, what="counts")
        if self.harm_days is not None:
            outcome(self.harm_days, self.design, what="harm_days")
        if self.buffer_counts is not None:
            counted(self.buffer_counts, self.design, what="buffer_counts")


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a crossover added up; harm None where nothing weighs it."""

    place_days_treated: int
    place_days_control: int
    treated: int
    control: int
    harm_treated: float | None
    harm_control: float | None


def sides(panel: CrossoverPanel) -> Sides:
    """Add up incidents and harm of treated and of control place-days."""
    design, harm = panel.design, panel.harm_days
    on = design.treated
    return Sides(
        place_days_treated=design.place_days_treated,
        place_days_control=design.place_days_control,
        treated=int(panel.counts[on].sum()),
        control=int(panel.counts[~on].sum()),
        harm_treated=None if harm is None else float(harm[on].sum()),
        harm_control=None if harm is None else float(harm[~on].sum()),
    )


def part(panel: CrossoverPanel, days: slice) -> CrossoverPanel:
    """Return the panel of some of its days."""
    whole = panel.design
    design = CrossoverDesign(
        whole.dates[days], whole.area_ids, whole.treated[days], whole.longest_wait, whole.notes
    )
    return CrossoverPanel(
        design,
        panel.outcome,
        panel.counts[days],
        None if panel.harm_days is None else panel.harm_days[days],
        None if panel.buffer_counts is None else panel.buffer_counts[days],
        panel.largest_days,
    )
