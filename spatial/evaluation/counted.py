"""Counted: occurrences added up by place and period, by place-day, and month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from config.operation import Span
from spatial.evaluation.crossover.panel import CrossoverPanel
from spatial.evaluation.panel import COUNT, Panel
from spatial.evaluation.periods import Periods, cut_months
from spatial.evaluation.totals import Totals
from spatial.evaluation_results import SERIES_COLUMNS, SideCounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from config.operation import Operation
    from spatial.evaluation.crossover.design import CrossoverDesign
    from spatial.evaluation.occurrences import Occurrences


@dataclass(frozen=True, slots=True, eq=False)
class Tallied:
    """Counts and harm by row and column, every array of one shape.

    Attributes
    ----------
    incidents
        Whole numbers.
    harm_days, squares, greatest
        Harm, the sum of squared weights, and the gravest single incident; an incident without a
        weight adds nothing, and ``without_weight`` says how many there were.
    """

    incidents: NDArray[np.int64]
    harm_days: NDArray[np.float64]
    squares: NDArray[np.float64]
    greatest: NDArray[np.float64]
    without_weight: int


def tally(
    occurrences: Occurrences,
    chosen: NDArray[np.bool_],
    *,
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    shape: tuple[int, int],
) -> Tallied:
    """Add up the chosen occurrences; a row or column of -1 is outside.

    Notes
    -----
    Harm is added in the occurrences' order, so that the same store gives the same sums to the bit.
    """
    kept = chosen & (row >= 0) & (column >= 0)
    at = row[kept] * shape[1] + column[kept]
    days = occurrences.harm_days[kept]
    known = np.nan_to_num(days, nan=0.0)
    size = shape[0] * shape[1]
    greatest = np.zeros(size)
    np.maximum.at(greatest, at, known)
    return Tallied(
        np.bincount(at, minlength=size).astype(np.int64).reshape(shape),
        np.bincount(at, weights=known, minlength=size).astype(np.float64).reshape(shape),
        np.bincount(at, weights=known**2, minlength=size).astype(np.float64).reshape(shape),
        greatest.reshape(shape),
        int(np.isnan(days).sum()),
    )


def period_panel(  # noqa: PLR0913 (what a panel is made of)
    tallied: Tallied,
    periods: Periods,
    *,
    treated: NDArray[np.bool_],
    outcome: str,
    weighs_harm: bool,
    largest_days: float | None,
) -> Panel:
    """Return the panel of places by periods.

    Raises
    ------
    BadInputError
        There is no time before outside the dates of choice, or nothing to compare with.
    """
    chosen = periods.chosen_on if periods.chosen_on.any() else None
    return Panel(
        outcome,
        tallied.incidents,
        periods.days,
        treated,
        periods.after,
        chosen,
        harm=tallied.harm_days if weighs_harm else None,
        squares=tallied.squares if weighs_harm else None,
        greatest=tallied.greatest if weighs_harm else None,
        largest_days=largest_days if weighs_harm else None,
    )


def crossover_panel(  # noqa: PLR0913 (what a panel is made of)
    tallied: Tallied,
    around: NDArray[np.int64] | None,
    design: CrossoverDesign,
    *,
    outcome: str,
    weighs_harm: bool,
    largest_days: float | None,
) -> CrossoverPanel:
    """Return the panel of days by places."""
    return CrossoverPanel(
        design,
        outcome,
        tallied.incidents,
        tallied.harm_days if weighs_harm else None,
        around,
        largest_days if weighs_harm else None,
    )


def column_of(occurrences: Occurrences, dates: Sequence[Any]) -> NDArray[np.int64]:
    """Return the place of each incident's policing day among some dates, -1 for none."""
    days = np.array(dates, dtype="datetime64[D]")
    found = np.minimum(np.searchsorted(days, occurrences.day), len(days) - 1)
    return np.where(days[found] == occurrences.day, found, -1)


def sides_of(panel: Panel, *, against: str) -> tuple[SideCounts, ...]:
    """Return both groups before and after, as they are shown beside every figure."""
    found = []
    for mine, who in ((True, "patrolled places"), (False, against)):
        rows = panel.treated if mine else ~panel.treated
        counts = panel.by_place()[rows].sum(axis=0)
        harm = None if panel.harm is None else panel.by_place("harm")[rows].sum(axis=0)
        for moment, when in enumerate(("before", "after")):
            found.append(
                SideCounts(
                    f"{'treated' if mine else 'control'}_{when}",
                    f"{who}, {when}",
                    int(counts[moment]),
                    None if harm is None else float(harm[moment]),
                    int(rows.sum()),
                    panel.exposure[moment],
                )
            )
    return tuple(found)


def totals_of(tallied: Tallied, periods: Periods, *, measure: str = COUNT) -> Totals:
    """Return one group's counts, or harm, before (outside the dates of choice) and after."""
    windows = (~periods.after & ~periods.chosen_on, periods.after)
    values = tallied.incidents if measure == COUNT else tallied.harm_days
    before, after = (float(values[:, window].sum()) for window in windows)
    days = [float(periods.days[window].sum()) for window in windows]
    squares: list[float | None] = [None, None]
    if measure != COUNT:
        squares = [float(tallied.squares[:, window].sum()) for window in windows]
    return Totals(
        before,
        after,
        days_before=days[0],
        days_after=days[1],
        squares_before=squares[0],
        squares_after=squares[1],
    )


def monthly_series(  # noqa: PLR0913 (what a series is made of)
    occurrences: Occurrences,
    chosen: NDArray[np.bool_],
    groups: Mapping[str, NDArray[np.bool_]],
    *,
    operation: Operation,
    span: Span,
    weighs_harm: bool,
) -> pd.DataFrame:
    """Return incidents and harm of each group by calendar month: ``SERIES_COLUMNS``."""
    parts = cut_months(Span(first=span.first.replace(day=1), last=span.last), 1)
    firsts = np.array([one.first for one in parts], dtype="datetime64[D]")
    month = np.searchsorted(firsts, occurrences.day, side="right") - 1
    month = np.where(occurrences.within(span), month, -1)
    rows = []
    for group, inside in groups.items():
        found = tally(
            occurrences,
            chosen & inside,
            row=np.zeros(len(occurrences), dtype=np.int64),
            column=month,
            shape=(1, len(parts)),
        )
        for place, part in enumerate(parts):
            shown = Span(first=max(part.first, span.first), last=part.last)
            rows.append(
                (
                    part.first, group, shown.days, int(found.incidents[0, place]),
                    float(found.harm_days[0, place]) if weighs_harm else np.nan,
                    _part(shown, operation),
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(SERIES_COLUMNS))


def _part(month: Span, operation: Operation) -> str:
    middle = month.first + (month.last - month.first) / 2
    spans = {
        "operation": Span(first=operation.first_date, last=operation.last_date),
        "chosen_on": operation.selection,
        "baseline": operation.baseline,
    }
    for name, span in spans.items():
        if span is not None and span.first <= middle <= span.last:
            return name
    return ""
