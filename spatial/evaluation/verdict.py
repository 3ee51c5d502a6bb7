"""The verdict: what an estimate and its interval allow to be said, in a fixed vocabulary."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from spatial.evaluation_results import CANNOT_TELL, FELL, ROSE, TOO_FEW

if TYPE_CHECKING:
    from spatial.evaluation.estimate import Estimate

LEADING: Final = {
    "before_after": "did_negative_binomial",
    "matched_comparison": "did_negative_binomial",
    "staggered": "staggered_ratio",
    "crossover": "crossover_rate_ratio",
}
"""Which estimate a verdict rests on, by design: fixed here, before any outcome is looked at."""

_LEVEL: Final = 0.05
# beyond this a ratio is told in times, not per cent
_TIMES: Final = 3.0


def direction(estimate: Estimate) -> str:
    """Return what may be said of a ratio: fell, rose, cannot_tell or too_few.

    It fell only where the whole interval lies below no change, and the test, where there is one,
    says so too; it rose likewise. Without an interval nothing can be said.
    """
    low, high = estimate.low, estimate.high
    if low is None and high is None:
        return TOO_FEW
    if estimate.p is not None and estimate.p > _LEVEL:
        return CANNOT_TELL
    if high is not None and high < 1 and (low is None or low <= high):
        return FELL
    if low is not None and low > 1 and (high is None or high >= low):
        return ROSE
    return CANNOT_TELL


def headline(estimate: Estimate, *, what: str, against: str) -> str:
    """Say in one sentence what became of an outcome's incidents, and what the truth could be.

    Parameters
    ----------
    estimate
        A ratio: 1 is no change.
    what
        What was counted: the incidents of this.
    against
        Against what, as the end of a clause ("against the comparison places").
    """
    found = direction(estimate)
    if found == TOO_FEW:
        return f"There is too little to say anything of incidents of {what}: no change can be told."
    size = "" if estimate.estimate is None else change_words(estimate.estimate, about=True)
    if found in {FELL, ROSE}:
        by = _by(estimate.estimate)
        return f"Incidents of {what} {found}{by} {against}; {range_words(estimate)}."
    came = f"it came out as {size}" if size else "there is no single figure"
    return (
        f"We cannot tell whether incidents of {what} changed {against}: {came}, and "
        f"{range_words(estimate)}."
    )


def harm_words(estimate: Estimate) -> str:
    """Say in one sentence what became of those incidents' harm; the verdict rests on the count."""
    found = direction(estimate)
    if found == TOO_FEW:
        return "Of their harm nothing can be said."
    if found in {FELL, ROSE}:
        return f"Their harm {found}{_by(estimate.estimate)}; {range_words(estimate)}."
    return f"Whether their harm changed we cannot tell; {range_words(estimate)}."


def next_door(estimate: Estimate, *, metres: int, counts: str) -> str:
    """Say in one sentence what happened round the places, as far as it can be told."""
    found = direction(estimate)
    where = f"within {metres} m of the places"
    if found == TOO_FEW:
        return f"Whether anything moved next door ({where}) cannot be told: {counts}."
    if found == ROSE:
        return (
            f"Next door ({where}) it rose, which trouble that moved there would look like: "
            f"{range_words(estimate)} ({counts})."
        )
    if found == FELL:
        return (
            f"Next door ({where}) it fell too, so that nothing shows it moved there: "
            f"{range_words(estimate)} ({counts})."
        )
    return (
        f"We cannot tell whether it moved next door ({where}): {range_words(estimate)} ({counts})."
    )


def range_words(estimate: Estimate) -> str:
    """Say between which changes the truth may lie, as the interval has them."""
    low, high = estimate.low, estimate.high
    if low is None and high is None:
        return "what the true change could be cannot be said"
    if high is None and not low:
        return "the true change could be anything"
    if high is None:
        return f"the true change could be {change_words(low or 0.0)} or anything above it"
    return (
        f"the true change could be anything from {change_words(low or 0.0)} to {change_words(high)}"
    )


def told_words(estimate: Estimate) -> str:
    """Write a figure with what the truth could be: ``a 40% fall (a 62% fall to a 5% fall)``."""
    if estimate.estimate is None:
        return "no single figure"
    said, low, high = change_words(estimate.estimate), estimate.low, estimate.high
    if low is None and high is None:
        return f"{said} (the true change cannot be said)"
    last = "anything above it" if high is None else change_words(high)
    return f"{said} (the true change could be {change_words(low or 0.0)} to {last})"


def change_words(ratio: float, *, about: bool = False) -> str:
    """Write a ratio as a change: ``a 62% fall``, ``a 5% rise``, ``3.4 times as many``."""
    if ratio == 0:
        return "a fall to nothing"
    if ratio == 1:
        return "no change"
    nearly = "about " if about else ""
    if ratio >= _TIMES:
        return f"{nearly}{_times(ratio)} as many"
    noun = "fall" if ratio < 1 else "rise"
    amount = _percent(abs(ratio - 1))
    if about or amount.startswith("under"):
        return f"a {noun} of {nearly}{amount}"
    article = "an" if amount[0] == "8" or amount in {"11%", "18%"} else "a"
    return f"{article} {amount} {noun}"


def many(number: float, noun: str) -> str:
    """Write a number of something: ``1 place``, ``12 places``."""
    return f"{number:,.0f} {noun}" + ("" if number == 1 else "s")


def _by(ratio: float | None) -> str:
    if ratio is None:
        return ""
    if ratio == 0:
        return " to nothing"
    if ratio >= _TIMES:
        return f" to about {_times(ratio)} as many"
    return f" by about {_percent(abs(ratio - 1))}"


def _percent(share: float) -> str:
    value = share * 100
    if value < 1:
        return "under 1%"
    # a fall that is not total is never told as one
    return f"{min(math.floor(value + 0.5), 99) if share < 1 else math.floor(value + 0.5):,}%"


def _times(ratio: float) -> str:
    if not math.isfinite(ratio):
        return "any number of times"
    return f"{ratio:.1f} times" if ratio < 10 else f"{ratio:,.0f} times"  # noqa: PLR2004 (one decimal is enough there)
