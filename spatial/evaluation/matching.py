"""Matching: comparison places that were like the patrolled ones before these were chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from config.errors import BadInputError
from spatial.notes import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.notes import Notes

BALANCE_COLUMNS: Final = ("feature", "treated", "pool", "matched", "before", "after")
BALANCED: Final = 0.25
"""A standardised difference above this is no longer called alike."""
_SEASONS: Final = 4
_SEASON_MONTHS: Final = 12
_LEVEL_WEIGHT: Final = 2.0
_FEWEST_FOR_TREND: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Chosen comparators.

    Attributes
    ----------
    pairs
        ``treated, comparator`` (positions in the counts given) and ``distance``, ascending by
        treated, nearest first.
    comparators
        Positions, ascending, each once.
    balance
        ``BALANCE_COLUMNS``: each feature's mean in the patrolled places, in all candidates and in
        the matched; and the standardised difference (difference of means over the pooled spread)
        before and after matching.
    method, notes
        How, and what does not balance.
    """

    pairs: pd.DataFrame
    comparators: NDArray[np.int64]
    balance: pd.DataFrame
    method: str
    notes: Notes


def match_comparators(
    counts: NDArray[np.float64],
    *,
    treated: NDArray[np.bool_],
    candidates: NDArray[np.bool_],
    months: Sequence[int] | None = None,
    each: int = 1,
) -> Matches:
    """Choose comparators by prior level, trend and season.

    Parameters
    ----------
    counts
        Incidents, shape (places, periods), of periods **before** the window that the patrolled
        places were chosen on. That window must not be in it: a place that is like a hot spot only
        in its worst month is no match for it.
    treated, candidates
        Shape (places,); candidates must not lie in a buffer or be patrolled.
    months
        Calendar month (1-12) of each period, for the season; None leaves season out.
    each
        Comparators for each patrolled place.

    Returns
    -------
    Each candidate is used at most once. Features: level (square root of incidents a period, so
    that small and large places differ about evenly), trend (slope of the count over its mean),
    and the share of each quarter of the year where all quarters were seen. Each is divided by its
    spread over the candidates and patrolled places, the level counting double; pairs have the
    least sum of squared differences over all places together (an optimal, not a greedy, pairing),
    and the same counts always give the same pairs.

    Raises
    ------
    BadInputError
        Too few candidates, a place both patrolled and candidate, or no period.

    Notes
    -----
    How it can mislead: matching on few incidents matches noise, and a place that is alike in its
    past may differ in everything else. Candidates whose past was high by luck fall back just as
    patrolled ones do only where both were chosen on the same past: hence the window left out.
    """
    own, pool = np.flatnonzero(treated), np.flatnonzero(candidates)
    _check(counts, treated, candidates, own, pool, months, each)
    features = _features(np.asarray(counts, dtype=np.float64), months)
    used = np.concatenate([own, pool])
    table = np.column_stack(list(features.values()))
    spread = table[used].std(axis=0)
    scaled = table / np.where(spread > 0, spread, 1.0)
    scaled[:, 0] *= np.sqrt(_LEVEL_WEIGHT)
    distance = ((scaled[own][:, None, :] - scaled[pool][None, :, :]) ** 2).sum(axis=2)
    # ties go to the earlier candidate
    nudged = distance + 1e-9 * np.arange(len(pool))[None, :]
    left, right = linear_sum_assignment(np.repeat(nudged, each, axis=0))
    which = left // each
    pairs = pd.DataFrame(
        {
            "treated": own[which],
            "comparator": pool[right],
            "distance": np.sqrt(distance[which, right]),
        }
    ).sort_values(["treated", "distance", "comparator"], ignore_index=True)
    comparators = np.sort(pool[right])
    balance = _balance(features, own, pool, comparators)
    return Matches(
        pairs, comparators, balance, _method(each, features), _notes(balance, counts, own)
    )


def _check(  # noqa: PLR0913, PLR0917 (all that can be wrong)
    counts: NDArray[np.float64],
    treated: NDArray[np.bool_],
    candidates: NDArray[np.bool_],
    own: NDArray[np.int64],
    pool: NDArray[np.int64],
    months: Sequence[int] | None,
    each: int,
) -> None:
    if (treated & candidates).any():
        place = int(np.flatnonzero(treated & candidates)[0]) + 1
        msg = f"Place {place!r} is patrolled and a candidate: leave it out of the candidates."
        raise BadInputError(msg)
    if each < 1 or len(own) == 0 or len(pool) < each * len(own):
        msg = (
            f"{len(own)!r} patrolled places need {each!r} comparators each, and there are "
            f"{len(pool)!r} candidates: give more candidates or ask for fewer."
        )
        raise BadInputError(msg)
    if counts.ndim != 2 or counts.shape[1] == 0:  # noqa: PLR2004 (places by periods)
        msg = (
            "There is no period before the one that places were chosen on, so nothing can be "
            "matched: load earlier months."
        )
        raise BadInputError(msg)
    if months is not None and len(months) != counts.shape[1]:
        msg = f"{len(months)!r} months for {counts.shape[1]!r} periods: give one for each."
        raise BadInputError(msg)


def _features(
    counts: NDArray[np.float64], months: Sequence[int] | None
) -> dict[str, NDArray[np.float64]]:
    periods = counts.shape[1]
    mean = counts.mean(axis=1)
    features = {"level": np.sqrt(mean)}
    if periods >= _FEWEST_FOR_TREND:
        when = np.arange(periods) - (periods - 1) / 2
        slope = counts @ when / (when @ when)
        # one incident more, so that near-empty places have no wild trend
        features["trend"] = slope / (mean + 1 / periods)
    if months is not None and len(set(months)) == _SEASON_MONTHS:
        quarter = (np.asarray(months) - 1) // 3
        for one in range(_SEASONS - 1):
            inside = quarter == one
            expected = inside.mean()
            share = (counts[:, inside].sum(axis=1) + expected) / (counts.sum(axis=1) + 1)
            features[f"quarter_{one + 1}"] = share
    return features


def _balance(
    features: dict[str, NDArray[np.float64]],
    own: NDArray[np.int64],
    pool: NDArray[np.int64],
    matched: NDArray[np.int64],
) -> pd.DataFrame:
    rows = []
    for name, values in features.items():
        # the spread is the one before matching, so that both differences have one yardstick
        spread = np.sqrt((values[own].var() + values[pool].var()) / 2)
        means = [float(values[group].mean()) for group in (own, pool, matched)]
        apart = [(means[0] - other) / spread if spread > 0 else 0.0 for other in means[1:]]
        rows.append((name, *means, *apart))
    return pd.DataFrame(rows, columns=list(BALANCE_COLUMNS))


def _method(each: int, features: dict[str, NDArray[np.float64]]) -> str:
    season = " and season" if any(name.startswith("quarter") for name in features) else ""
    trend = ", trend" if "trend" in features else ""
    return (
        f"{each} comparator{'s' if each > 1 else ''} for each patrolled place, the nearest in "
        f"level{trend}{season} over all pairs together, on the time before places were chosen."
    )


def _notes(balance: pd.DataFrame, counts: NDArray[np.float64], own: NDArray[np.int64]) -> Notes:
    notes: Notes = ()
    poor = balance.loc[balance["after"].abs() > BALANCED]
    if len(poor):
        listed = ", ".join(
            f"{str(name).replace('_', ' ')} ({apart:+.2f})"
            for name, apart in zip(poor["feature"], poor["after"], strict=True)
        )
        notes += (
            Note(
                f"Not alike after matching: {listed} (standardised difference; up to {BALANCED} "
                "either way is called alike).",
                loud=True,
            ),
        )
    if not any(name == "trend" for name in balance["feature"]):
        notes += (Note(f"With {counts.shape[1]} periods, trend could not be matched."),)
    if not any(name.startswith("quarter") for name in balance["feature"]):
        notes += (Note("Less than a year was given, so season could not be matched."),)
    typical = float(np.median(np.asarray(counts)[own].sum(axis=1)))
    if typical < 5:  # noqa: PLR2004 (fewer say little of level and nothing of trend)
        notes += (
            Note(
                f"The patrolled places had {typical:.0f} incidents each to be matched on: trend "
                "and season of so few are mostly chance.",
                loud=True,
            ),
        )
    return notes
