"""The recommendation: which measure and window to rank by, by how much, and whether it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from spatial.accuracy.resampling import LEVEL
from spatial.accuracy.rivals import BASELINE
from spatial.accuracy.scores import HARM, INCIDENTS

if TYPE_CHECKING:
    from spatial.accuracy.scores import Pooled

CANDIDATES: Final[dict[str, tuple[str, int | None]]] = {
    BASELINE: ("count", 12),
    "last_three_months": ("count", 3),
    "raw_harm": ("harm", 12),
    "sqrt_harm": ("sqrt_harm", 12),
    "expected_harm": ("expected_harm", 12),
    "expected_harm_24": ("expected_harm", 24),
    "expected_harm_all": ("expected_harm", None),
}
"""Rankings that the product offers, with their measure and window in months; None for all there is.
Other rivals are measured and not offered."""
YARDSTICK: Final = 0.01
"""Share of the area on which rankings are judged."""
_WORDS: Final = {
    "count": "the count", "harm": "harm", "sqrt_harm": "square-root harm",
    "expected_harm": "expected harm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to rank by.

    Attributes
    ----------
    method, measure, window_months
        The ranking that did best; None months for all there is.
    resolution
        On which it was judged.
    area_share, yardstick
        What it was judged by: share of the area, and ``harm`` or ``incidents`` captured in it.
    captured
        Share captured, 0-1.
    against
        Last year's count; or, where that did best itself, the runner-up.
    difference, low, high
        Of shares captured, with an interval widened for having looked at so many rankings.
    real_difference
        Whether the whole interval lies above nought.
    events
        Incidents that were scored.
    words
        The same in two sentences.
    """

    method: str
    measure: str
    window_months: int | None
    resolution: int
    area_share: float
    yardstick: str
    captured: float
    against: str
    difference: float
    low: float
    high: float
    real_difference: bool
    events: int
    words: str


def recommend(pooled: Pooled, *, resolution: int, horizon_words: str) -> Recommendation | None:
    """Recommend a measure and window.

    Returns
    -------
    None where lists of a share of the area were not scored.

    Notes
    -----
    The best of several looks better than it is: its interval is Bonferroni's over the candidates.
    Harm is the yardstick where there is any, since that is what a list is for; a few grave offences
    make it scatter, and then the interval says so.
    """
    lengths = pooled.trial.lengths
    if not lengths.shares:
        return None
    length = min(range(len(lengths.shares)), key=lambda i: abs(lengths.shares[i] - YARDSTICK))
    yardstick = HARM if HARM in pooled.shares else INCIDENTS
    shares = {
        name: float(pooled.shares[yardstick][name][length])
        for name in CANDIDATES
        if name in pooled.shares[yardstick]
    }
    # the earlier, plainer one where two did the same
    best = max(shares, key=lambda name: (shares[name], -list(CANDIDATES).index(name)))
    rest = [name for name in shares if name != best]
    against = BASELINE if best != BASELINE else max(rest, key=lambda name: shares[name])
    level = 1 - (1 - LEVEL) / max(len(rest), 1)
    difference, low, high = pooled.difference(
        best, against, measure=yardstick, length=length, level=level
    )
    measure, months = CANDIDATES[best]
    found = Recommendation(
        method=best,
        measure=measure,
        window_months=months,
        resolution=resolution,
        area_share=lengths.shares[length],
        yardstick=yardstick,
        captured=shares[best],
        against=against,
        difference=difference,
        low=low,
        high=high,
        real_difference=low > 0,
        events=round(float(pooled.trial.total.sum())),
        words="",
    )
    return _in_words(found, horizon_words)


def _in_words(found: Recommendation, horizon_words: str) -> Recommendation:
    what = "harm" if found.yardstick == HARM else "incidents"
    measured = (
        f"{_percent(found.captured)} of the {what} of the next {horizon_words} in "
        f"{_percent(found.area_share)} of the area"
    )
    name = _ranking(found.measure, found.window_months)
    gap = f"{_points(found.difference)} points ({_points(found.low)} to {_points(found.high)})"
    if found.method == BASELINE:
        words = (
            f"No ranking held more than last year's count: it held {measured}, {gap} more than "
            f"{_ranking(*CANDIDATES[found.against])}."
        )
    elif found.real_difference:
        words = f"Rank by {name}: it held {measured}, {gap} more than last year's count."
    else:
        words = (
            f"Last year's count would do as well: {name} held {measured}, and the difference of "
            f"{gap} from last year's count may be chance."
        )
    values = {name: getattr(found, name) for name in Recommendation.__slots__}
    return Recommendation(**{**values, "words": words})


def _ranking(measure: str, months: int | None) -> str:
    span = "all months known" if months is None else f"the last {months} months"
    return f"{_WORDS[measure]} of {span}"


def _percent(share: float) -> str:
    number = f"{100 * share:.1f}"
    return f"{number.removesuffix('.0')}%"


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}"
