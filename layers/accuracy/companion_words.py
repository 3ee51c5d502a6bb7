"""The companion in words: what lists chosen the same way before went on to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.wording import counted, percent

if TYPE_CHECKING:
    from spatial.backtest_results import Companion

_QUARTER = "3 months"
_SURE = 0.05


def companion_words(found: Companion) -> str:
    """Return one short sentence, such as for a strip of answers.

    ``12 places chosen the same way before each of the last 4 quarters went on to hold 31% (27 to
    36%) of the next quarter's harm``, with less than that said where less was known or chosen.
    """
    quarter = found.horizon_words == _QUARTER
    span = "quarter" if quarter else found.horizon_words.removeprefix("1 ")
    ahead = f"next quarter's {found.measure}" if quarter else f"{found.measure} of the next {span}"
    last = f"the last {span}" if found.origins == 1 else _each(found, quarter=quarter)
    fewer = found.fewest_places < found.places
    places = f"Up to {counted(found.places, 'place')}" if fewer else counted(found.places, "place")
    share = f"{percent(found.share)} ({interval_words(found.low, found.high)})"
    return f"{places} chosen the same way before {last} went on to hold {share} of the {ahead}"


def known_words(found: Companion, *, window_months: float) -> str:
    """Say on how much each list was chosen, where that is not as much as the list at hand."""
    fewest, most = (round(months) for months in found.known_months)
    if found.known_months[0] > window_months - _SURE:
        return ""
    known = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    return f"The data allow each of these to be chosen on {known} months only."


def interval_words(low: float, high: float) -> str:
    """Write an interval of shares as ``27 to 36%``, with decimals where both are small."""
    first, last = percent(low), percent(high)
    if "under" in first or "under" in last:
        return f"{first} to {last}"
    return f"{first.removesuffix('%')} to {last}"


def _each(found: Companion, *, quarter: bool) -> str:
    if quarter:
        return f"each of the last {found.origins} quarters"
    return f"each of {found.origins} spans of {found.horizon_words}"
