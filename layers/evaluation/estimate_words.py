"""What each estimate is called on a screen, how it is read, and what its figure says in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layers.wording import number

if TYPE_CHECKING:
    from spatial.evaluation.estimate import Estimate

RATIO: Final = "ratio"
DIFFERENCE: Final = "difference"
DESCRIPTION: Final = "description"

BY_PLACE: Final = "place by place, or as drawn"
INDEPENDENT: Final = "only if incidents come one by one"
OBSERVED: Final = "observed, not drawn"
MISLEADING: Final = "misleading by itself"
MEASURED: Final = (
    "Measured on operations without any effect: figures made place by place, or as drawn, call "
    "about 5 in 100 of them an effect, as they should. Those that hold only if incidents come one "
    "by one call up to 40 in 100 an effect where incidents come in bursts (the weighted "
    "displacement difference 40, the totals 36, a crossover's Poisson figure 26): read them with "
    "that, or not at all."
)
"""Of the calibration in ``docs/methods/evaluation.md`` and ``crossover.md``."""


@dataclass(frozen=True, slots=True)
class EstimateWords:
    """An estimate for a reader.

    Attributes
    ----------
    title
        What it is called.
    kind
        ``ratio`` (no change at 1), ``difference`` (at 0) or ``description`` (has neither an
        interval nor a test).
    trust
        What its interval takes for granted.
    """

    title: str
    kind: str
    trust: str


_KNOWN: Final = {
    "did_negative_binomial": ("Against comparators", RATIO, BY_PLACE),
    "did_with_choice_window": ("The same, with the window of choice", RATIO, MISLEADING),
    "did_by_place": ("Against comparators, place by place", RATIO, BY_PLACE),
    "did_harm": ("Harm against comparators", RATIO, BY_PLACE),
    "did_buffer": ("Around the places, against comparators", RATIO, BY_PLACE),
    "wdd_by_place": ("Incidents against what was expected", DIFFERENCE, BY_PLACE),
    "wdd_harm_by_place": ("Harm against what was expected", DIFFERENCE, BY_PLACE),
    "rate_ratio": ("Totals, exact", RATIO, INDEPENDENT),
    "rate_ratio_log": ("Totals, on logarithms", RATIO, INDEPENDENT),
    "wdd": ("Weighted displacement difference", DIFFERENCE, INDEPENDENT),
    "wdd_harm": ("Weighted displacement difference, harm", DIFFERENCE, INDEPENDENT),
    "harm_ratio": ("Harm, totals", RATIO, INDEPENDENT),
    "harm_ratio_delta": ("Harm, totals, delta method", RATIO, MISLEADING),
    "e_test": ("Before and after, E-test", DIFFERENCE, MISLEADING),
    "gross_effect": ("Gross effect", DESCRIPTION, INDEPENDENT),
    "net_effect": ("Net effect", DESCRIPTION, INDEPENDENT),
    "success": ("Success measure", DESCRIPTION, INDEPENDENT),
    "wdq": ("Weighted displacement quotient", DESCRIPTION, INDEPENDENT),
    "total_net_effect": ("Total net effect", DESCRIPTION, INDEPENDENT),
    "naive_since_choice": ("Naive, since the places were chosen", RATIO, MISLEADING),
    "naive_before_after": ("Naive before and after", RATIO, MISLEADING),
    "synthetic_control": ("Against a mix of places, synthetic", RATIO, BY_PLACE),
    "crossover_rate_ratio": ("As drawn, exact", RATIO, BY_PLACE),
    "crossover_rate_ratio_mid_p": ("As drawn, mid-p", RATIO, BY_PLACE),
    "crossover_rate_ratio_poisson": ("Place by place, Poisson", RATIO, INDEPENDENT),
    "crossover_rate_ratio_model": ("Model with places and days", RATIO, BY_PLACE),
    "crossover_rate_ratio_carry_over": ("Model, carry-over taken out", RATIO, BY_PLACE),
    "crossover_harm_ratio": ("Harm, as drawn", RATIO, BY_PLACE),
    "crossover_half_change": ("Second half against first", RATIO, BY_PLACE),
    "crossover_first_half": ("First half", RATIO, BY_PLACE),
    "crossover_second_half": ("Second half", RATIO, BY_PLACE),
    "crossover_trend": ("Change from first to last day", RATIO, BY_PLACE),
    "crossover_as_delivered": ("Days as patrolled", RATIO, OBSERVED),
    "crossover_buffer_rate_ratio": ("Around the places", RATIO, BY_PLACE),
    "staggered_ratio": ("Against places not yet patrolled", RATIO, BY_PLACE),
    "staggered_jackknife": ("The same, leaving out each place in turn", RATIO, BY_PLACE),
    "staggered_harm": ("Harm against places not yet patrolled", RATIO, BY_PLACE),
    "staggered_buffer": ("Around the places, against those not yet patrolled", RATIO, BY_PLACE),
    "staggered_two_way": ("All waves in one model, two-way", RATIO, MISLEADING),
}
_CARRY_OVER: Final = "crossover_carry_over_"
_WAVE: Final = "staggered_wave_"


def estimate_words(name: str) -> EstimateWords:
    """Return how an estimate is called and read; one that is not known by its own name."""
    if name in _KNOWN:
        return EstimateWords(*_KNOWN[name])
    lag = name.removeprefix(_CARRY_OVER)
    if lag.isdigit():
        days = "the day after" if lag == "1" else f"{lag} days after"
        return EstimateWords(f"Felt {days} a patrol", RATIO, BY_PLACE)
    wave = name.removeprefix(_WAVE)
    if wave.isdigit():
        return EstimateWords(f"Wave {wave} by itself", RATIO, BY_PLACE)
    title = name.replace("_", " ").capitalize()
    return EstimateWords(title, DIFFERENCE if name.startswith("wdd") else DESCRIPTION, INDEPENDENT)


def is_ratio(estimate: Estimate) -> bool:
    """Return whether no change is at 1, so that it stands on the chart of ratios."""
    return estimate_words(estimate.name).kind == RATIO


def figure_words(estimate: Estimate) -> str:
    """Write the figure: ``40% lower``, ``3.2 fewer``; never to be shown without its interval."""
    if estimate.estimate is None:
        return "cannot be said"
    return _value(estimate, estimate.estimate)


def interval_words(estimate: Estimate) -> str:
    """Write the interval: ``62% lower to 5% lower``; a side without limit as ``no limit``."""
    if estimate.low is None and estimate.high is None:
        return "none"
    low, high = (
        "no limit" if limit is None else _value(estimate, limit)
        for limit in (estimate.low, estimate.high)
    )
    return f"{low} to {high}"


def chance_words(estimate: Estimate) -> str:
    """Write p: ``0.004``, ``under 0.001``; a dash where there is no test."""
    if estimate.p is None:
        return "\N{EN DASH}"
    return "under 0.001" if estimate.p < 0.001 else f"{estimate.p:.3f}"  # noqa: PLR2004 (three decimals)


def change_words(ratio: float) -> str:
    """Write a ratio of rates as a change: ``40% lower``, ``the same``, ``3.1 times as many``."""
    if ratio >= 3:  # noqa: PLR2004 (beyond it per cent are hard to read)
        return f"{ratio:.1f} times as many"
    percent = round((ratio - 1) * 100)
    if percent == 0:
        return "the same"
    return f"{percent}% higher" if percent > 0 else f"{-percent}% lower"


def _value(estimate: Estimate, value: float) -> str:
    kind = estimate_words(estimate.name).kind
    if kind == RATIO:
        return change_words(value)
    if kind == DESCRIPTION:
        return f"{value:.2f}"
    unit = "days of harm " if estimate.measure == "harm" else ""
    rounded = number(abs(value)) if abs(value) >= 10 else f"{abs(value):.1f}"  # noqa: PLR2004 (as in number)
    if float(f"{value:.1f}") == 0:
        return "no difference"
    return f"{rounded} {unit}{'fewer' if value < 0 else 'more'}"
