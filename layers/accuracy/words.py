"""A backtest in words: the headline, what it rests on, what became of earlier lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.accuracy.rankings import name_of
from layers.wording import chance, counted, percent, run_words
from spatial.accuracy.certainty import CERTAIN, MIGHT_BE, NEAR_MISS
from spatial.accuracy.patrolled import WHY
from spatial.window import day_words

if TYPE_CHECKING:
    import pandas as pd

    from spatial.accuracy.recommendation import Recommendation
    from spatial.backtest_results import BacktestResult

STANDING_WORDS: Final = {
    CERTAIN: "certain",
    MIGHT_BE: "might be",
    NEAR_MISS: "near miss",
}
"""Of places, by how sure they are; "near miss": off the list, and as well might be on it."""
MISLEADS: Final = (
    "Recorded incidents are scored. What nobody reported is in no figure.",
    "One homicide outweighs a month of robberies: read harm with its range, beside incidents.",
    (
        "Of many rankings one is always ahead by luck. The recommendation allows for that; the "
        "other differences do not."
    ),
    (
        "Single cells are scored, not the patrol areas grown from them: the Tasking page says "
        "what lists of areas went on to hold."
    ),
    (
        "The ranges say what other months might have brought here. They do not say what another "
        "force would find, nor what strikes a whole force in one quarter."
    ),
    "It says where recorded harm was, not whether a patrol there would have prevented any.",
)
"""How the figures can mislead, each a sentence or two."""


def headline(result: BacktestResult) -> str:
    """Answer in one sentence what to rank by, with the margin."""
    found = result.recommendation
    if found is None:
        return "Lists of a share of the area were not scored, so nothing is recommended."
    held = (
        f"{area_words(found.captured)} of the "
        f"{'harm' if found.yardstick == 'harm' else 'incidents'} of the next "
        f"{result.horizon_words} in {area_words(found.area_share)} of the area"
    )
    margin = (
        f"{share_points(found.difference)} points more "
        f"({share_points(found.low)} to {share_points(found.high)})"
    )
    best = ranked_by_words(found)
    if found.method == "last_year_count":
        return f"Last year's count does as well as anything: it held {held}."
    if found.real_difference:
        return f"{best} held {margin} than last year's count: {held}."
    return (
        f"No real difference: last year's count would do as well. {best} held {held}, {margin}, "
        "which may be chance."
    )


def widened(result: BacktestResult) -> str:
    """Say why the headline's range is wider than a table's for the same ranking; empty without."""
    found = result.recommendation
    if found is None or found.method == "last_year_count":
        return ""
    return (
        f"The range in this sentence, {share_points(found.low)} to {share_points(found.high)}, "
        "allows for having picked the best of several rankings, so it is wider than the range "
        "that the table gives the same ranking. Go by this one."
    )


def basis(result: BacktestResult) -> str:
    """Return the line that says what the numbers rest on."""
    origins = result.origins
    first, last = origins.iloc[0]["scored_from"], origins.iloc[-1]["scored_to"]
    cells = ", ".join(
        f"{number:,} cells at resolution {resolution}"
        for resolution, number in result.cells.items()
    )
    times = "once" if len(origins) == 1 else f"{len(origins)} times"
    return " · ".join(
        (
            result.profile.title,
            f"{result.study_area.name}, {cells}",
            f"chosen {times}, scored on the next {result.horizon_words}",
            f"{day_words(first)} to {day_words(last)}",
            counted(round(float(origins["incidents"].sum())), "incident") + " scored",
            f"run {run_words(result.run_id)}",
        )
    )


def patrolled_words(result: BacktestResult) -> str:
    """Say whether patrolled place-days were left out, and why that matters."""
    left_out = (
        f"{counted(result.left_out_days, 'patrolled place-day')} were left out of what is known "
        "and of what is scored, and the rest of each month was raised to stand for the whole."
        if result.left_out_days
        else "Patrolled place-days are in these figures."
    )
    return f"{left_out} {WHY}"


def staying_words(staying: pd.DataFrame) -> tuple[str, ...]:
    """Say how many places of each standing the next list held, where any were."""
    return tuple(
        f"Of {counted(int(row['places']), 'place')} called {STANDING_WORDS[row['standing']]} "
        f"before, {int(row['stayed']):,} ({chance(float(row['share']))}) were on the next list."
        for row in staying.to_dict("records")
        if row["places"]
    )


def area_words(share: float) -> str:
    """Write a share of the area: ``1%``, ``0.5%``."""
    return percent(share).replace(".0%", "%")


def share_points(difference: float) -> str:
    """Write a difference of shares (0-1) in points: ``4.1``, ``-0.3``."""
    value = round(100 * difference, 1)
    return f"{value + 0.0:.1f}" if value >= 0 else f"\N{MINUS SIGN}{-value:.1f}"


def ranked_by_words(found: Recommendation) -> str:
    """Name a ranking by its measure and window: ``Expected harm on 12 months``."""
    months = found.window_months
    if found.measure == "count":
        return f"The count of the last {months} months"
    name = name_of(found.method).partition(",")[0]
    return f"{name} on {'all months known' if months is None else f'{months} months'}"
