"""Risk validation: a risk terrain on months it has not seen, against simpler ways to choose."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.expected import expect_harm
from spatial.hotspots.concentrated.accuracy import accuracy
from spatial.risk_results import PAIRED_COLUMNS, SCORE_COLUMNS, Validation
from spatial.scene import count_subject
from spatial.window import Window, year_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from config.risk_terrain import ValidationRules
    from spatial.scene import Subject

    Floats = NDArray[np.float64]

RISK: Final = "risk_terrain"
COUNT, HARM = "count", "harm"
# so many days after the window are enough to look at
_FEWEST_DAYS: Final = 28
_NAMES: Final = {
    RISK: "the risk terrain",
    "last_year_count": "last year's count",
    "expected_harm": "expected harm",
    "risk_times_harm": "risk times harm",
}
_RIVALS: Final = ("last_year_count", "expected_harm")


@dataclass(frozen=True, slots=True)
class Split:
    """Which months a model is fitted on, and on which it is scored.

    Attributes
    ----------
    held_back
        Whether the scored ones were taken out of the window asked for.
    """

    fitted: Window
    scored: Window
    held_back: bool


def split_windows(subject: Subject, rules: ValidationRules) -> Split | None:
    """Choose the months to score on: after the window, or its last where nothing comes after.

    Returns
    -------
    None where the window is too short to hold any back.
    """
    window, through = subject.window, subject.scene.store.data_through
    if subject.monthly:
        # a month's records bear its first day
        through = through.replace(day=calendar.monthrange(through.year, through.month)[1])
    after = window.last + dt.timedelta(days=1)
    last = min(through, _months_on(after, rules.most_months) - dt.timedelta(days=1))
    if (last - after).days + 1 >= _FEWEST_DAYS:
        return Split(window, Window(after, last), held_back=False)
    end = min(window.last, through)
    first = _months_on(end + dt.timedelta(days=1), -rules.held_back_months)
    if (first - window.first).days < 2 * (end - first).days:
        return None
    return Split(
        Window(window.first, first - dt.timedelta(days=1)), Window(first, end), held_back=True
    )


def not_validated(why: str) -> Validation:
    """Return the validation of a model that there is nothing to score on."""
    return Validation(
        fitted=None,
        scored=None,
        held_back=False,
        incidents=0,
        scores=pd.DataFrame(columns=list(SCORE_COLUMNS)),
        paired=pd.DataFrame(columns=list(PAIRED_COLUMNS)),
        pai=None,
        beats=None,
        sentence=f"Not tried on later months: {why}. Nothing here shows that it places patrols "
        "well.",
    )


def validate(  # noqa: PLR0913 (what is scored, and on what)
    subject: Subject,
    risk: Floats,
    split: Split,
    blocks: NDArray[np.int64],
    *,
    rules: ValidationRules,
    rng: np.random.Generator,
) -> Validation:
    """Score a risk terrain, last year's count and expected harm on the same months.

    Parameters
    ----------
    subject
        The window that the model was fitted on, and nothing later.
    risk
        Relative risk scores of that model, shape (n,).
    split
        Of :func:`split_windows`.
    blocks
        The block of ground of each cell, shape (n,).
    rules
        Shares of the area, resamples and level.
    rng
        What draws blocks.

    Notes
    -----
    The interval of a difference draws blocks of ground anew, the chosen cells held: it says how
    far the scored months' luck of place may reach, not how another window would have chosen.
    """
    later = count_subject(subject.scene, subject.profile, split.scored)
    incidents = int(later.counts.incidents.sum())
    if not incidents:
        return not_validated(f"no incident from {split.scored.words}")
    ways = _ways(subject, risk)
    outcomes = {COUNT: later.counts.incidents.astype(np.float64)}
    if subject.profile.weighs_harm and later.counts.harm.any():
        outcomes[HARM] = later.counts.harm_days
    scores = _scored(ways, outcomes, rules.area_shares)
    paired = _paired(ways, outcomes, blocks, rules=rules, rng=rng)
    main = scores[scores["area_share"] == rules.area_shares[0]]
    beats = _beats(paired, rules.area_shares[0])
    return Validation(
        fitted=split.fitted,
        scored=split.scored,
        held_back=split.held_back,
        incidents=incidents,
        scores=scores,
        paired=paired,
        pai=float(scores["pai"].iloc[0]),
        beats=beats,
        sentence=_sentence(split, main, paired, beats, rules.area_shares[0], incidents),
    )


def chosen_in_expectation(scores: Floats, *, area_share: float) -> Floats:
    """Return with what chance each cell is among the first share of the area, ties dealt evenly."""
    wanted = area_share * len(scores)
    values, tie = np.unique(-scores, return_inverse=True)
    tie = tie.reshape(-1)
    size = np.bincount(tie, minlength=len(values)).astype(np.float64)
    before = np.cumsum(size) - size
    return np.clip((wanted - before) / size, 0.0, 1.0)[tie]


def _ways(subject: Subject, risk: Floats) -> dict[str, Floats]:
    year = year_to(subject.window.last)
    last_year = count_subject(subject.scene, subject.profile, year).counts
    expected = expect_harm(subject)
    harm = subject.counts.harm_days if subject.counts.harm.any() else subject.counts.incidents
    found = {RISK: risk, "last_year_count": last_year.incidents.astype(np.float64)}
    if expected is not None:
        found["expected_harm"] = expected.harm_days
    return {**found, "risk_times_harm": risk * harm}


def _scored(
    ways: Mapping[str, Floats], outcomes: Mapping[str, Floats], shares: Sequence[float]
) -> pd.DataFrame:
    rows = []
    for share in shares:
        for measure, outcome in outcomes.items():
            for method, scores in ways.items():
                found = accuracy(scores, outcome, np.ones(len(scores)), area_share=share)
                rows.append((method, share, measure, found.captured, found.pai, found.pei))
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS))


def _paired(
    ways: Mapping[str, Floats],
    outcomes: Mapping[str, Floats],
    blocks: NDArray[np.int64],
    *,
    rules: ValidationRules,
    rng: np.random.Generator,
) -> pd.DataFrame:
    number = int(blocks.max()) + 1
    # how often each block is drawn, resample by resample, the same for every comparison
    drawn = rng.multinomial(number, np.full(number, 1 / number), size=rules.resamples)
    tail = (1.0 - rules.level) / 2.0
    rows = []
    for share in rules.area_shares:
        chosen = {m: chosen_in_expectation(s, area_share=share) for m, s in ways.items()}
        for measure, outcome in outcomes.items():
            whole = drawn @ np.bincount(blocks, outcome, minlength=number)
            for rival in (name for name in _RIVALS if name in ways):
                gain = (chosen[RISK] - chosen[rival]) * outcome
                held = drawn @ np.bincount(blocks, gain, minlength=number)
                there = whole > 0
                low, high = np.quantile(held[there] / whole[there], [tail, 1.0 - tail])
                difference = float(gain.sum() / outcome.sum())
                rows.append((RISK, rival, share, measure, difference, float(low), float(high)))
    return pd.DataFrame(rows, columns=list(PAIRED_COLUMNS))


def _beats(paired: pd.DataFrame, share: float) -> bool:
    # of incidents and of harm
    return bool((paired.loc[paired["area_share"] == share, "low"] > 0).all())


def _sentence(  # noqa: PLR0913, PLR0917 (what is said of it)
    split: Split,
    main: pd.DataFrame,
    paired: pd.DataFrame,
    beats: bool,  # noqa: FBT001 (the finding itself)
    share: float,
    incidents: int,
) -> str:
    rows = main[["method", "measure", "captured", "pai"]].itertuples(index=False, name=None)
    held = {(way, of): f"{captured:.0%} (PAI {pai:.1f})" for way, of, captured, pai in rows}

    def others(of: str) -> str:
        return " and ".join(
            f"{_NAMES[one]} {held[one, of]}" for one in _RIVALS if (one, of) in held
        )

    how = "held back from the window" if split.held_back else "after the window"
    said = (
        f"Of {incidents:,} incidents from {split.scored.words} ({how}), the riskiest "
        f"{share:.0%} of cells held {held[RISK, COUNT]}; the same area by {others(COUNT)}."
    )
    if (RISK, HARM) in held:
        said = f"{said} Of their harm it held {held[RISK, HARM]}; {others(HARM)}."
    if beats:
        return f"{said} It held clearly more than they did."
    compared = paired[paired["area_share"] == share]
    behind = compared.loc[compared["high"] < 0, "against"].to_list()
    worse = [_NAMES[one] for one in _RIVALS if one in behind]
    if worse:
        return (
            f"{said} It does not beat {' or '.join(worse)}: choose places by those, and read the "
            "risk terrain for why."
        )
    return (
        f"{said} It does not clearly beat them: choose places by those, and read the risk terrain "
        "for why."
    )


def _months_on(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
