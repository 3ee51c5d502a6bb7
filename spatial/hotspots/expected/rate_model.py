"""The rate model: what a cell's history, its neighbours and related crime say of its next months.

Each kind's rate is a sum of parts, none of them negative: a base that every cell shares, the cell's
own history, that of the cells around it, and related crime. A gamma prior whose mean is the sum of
all but the cell's own history, and whose strength is the same in every cell, has exactly such a
posterior mean, so the share of the own history is its empirical-Bayes credibility. The sum is then
brought up to date by each cell's own record, which counts for more the busier the cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import brentq, nnls
from scipy.special import digamma

from spatial.hotspots.expected.shrinkage import GammaRates, distinct_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.hexes.history import CellHistory
    from spatial.hexes.rings import Rings

HALF_LIFE: Final = 4.0
"""Periods after which an incident counts half in the recent history."""
HORIZON: Final = 3
"""Periods that are held back to learn from, where the history is long enough."""
BLOCKS: Final = 2
"""How many such stretches, one before the other."""
RECORD_PERIODS: Final = 12
"""Latest periods whose record each cell's sum is held against."""
FEWEST_PERIODS: Final = 3
"""Shorter histories cannot be split into a before and an after."""
FEWEST_KIND: Final = 100
"""Related kinds with fewer incidents are taken together."""
_YEAR = 12.0
_STEPS, _SETTLED = 25, 1e-9
_LEAST_VARIANCE = 0.25
_RIDGE = 1e-9
# rows of a block: with the twenty columns there are, too few for a library to share out
_BLOCK: Final = 512
# logarithms of the shapes looked at: a cell's own record counts for all, or for nothing
_SHAPES: Final = (-6.0, 8.0)
# own history (all, recent), neighbours (first, second ring), then related crime
_OWN, _NEAR = slice(1, 3), slice(3, 5)


@dataclass(frozen=True, slots=True, eq=False)
class KindRates:
    """Rates of one kind of incident in every cell, and what they are made of.

    Attributes
    ----------
    rates
        Gamma distributions of the events per period.
    base, own_history, neighbours, related
        Parts of ``rates.mean``, events per period, shape (n,) each; they add up to it.
    credibility
        How far a cell's own rate is believed at first: its expected rate rises by so much for each
        event per period in its own history. A busy cell's record is then believed further.
    """

    rates: GammaRates
    base: NDArray[np.float64]
    own_history: NDArray[np.float64]
    neighbours: NDArray[np.float64]
    related: NDArray[np.float64]
    credibility: float


def training_blocks(periods: int) -> tuple[int, list[int]]:
    """Return how many periods are held back at a time, and where each such stretch begins.

    The stretches do not overlap, end with the last period, and leave at least a third of the
    history before them.
    """
    horizon = HORIZON if periods >= 2 * HORIZON else 1
    starts = [periods - horizon * block for block in range(1, BLOCKS + 1)]
    return horizon, [start for start in starts if start >= max(1, periods // 3)]


def held_back(history: CellHistory, kinds: Sequence[int]) -> int:
    """Return how many incidents of some kinds fall into the stretches that are learnt from."""
    if history.periods < FEWEST_PERIODS:
        return 0
    horizon, starts = training_blocks(history.periods)
    rows = np.isin(history.kind, kinds) & (history.period >= min(starts, default=horizon))
    return int(history.incidents[rows].sum())


def fit_rates(
    history: CellHistory,
    rings: Rings,
    *,
    own: Sequence[int],
    related: Sequence[int],
    cells: NDArray[np.float64] | None = None,
) -> KindRates:
    """Learn on the past how much each part is worth, and apply it to the whole history.

    Parameters
    ----------
    history
        At least three periods and one incident of these kinds. Nothing after its last period is
        used, because nothing is there.
    rings
        The neighbours, in the same order of cells.
    own
        The kinds (places in ``history.kinds``) whose rate is wanted, taken together.
    related
        The kinds that may say something about it. They inform; they are not counted.
    cells
        How many cells each row of the history stands for, shape (n,), where cells of which nothing
        is known share one (:mod:`spatial.hotspots.expected.told_cells`). None for one each.

    Returns
    -------
    Rates per period, all above 0, that add up over the area to the history's own mean per period.

    Notes
    -----
    Weighted least squares without negative coefficients, as credibility theory has it: what was
    known before each held-back stretch against what happened in it, each cell weighted by the
    inverse of its expected count plus a quarter. A plain Poisson likelihood spends its effort on
    cells where next to nothing happens; the quarter turns it to those worth ranking. A related kind
    that says nothing, or speaks against, gets 0. The base is at least half an event over the whole
    area, so that no cell is called impossible. The strength of the posterior is the smaller of what
    credibility implies and what the scatter of the held-back events shows, so its interval covers
    the model's own misses.
    """
    cells = np.ones(history.cells) if cells is None else cells
    groups = _grouped(history, related)
    horizon, starts = training_blocks(history.periods)
    now = _features(history, rings, own, groups)
    tables, events = [], []
    for start in starts:
        tables.append(_features(history.first(start), rings, own, groups))
        ahead = np.zeros(history.periods)
        ahead[start : start + horizon] = 1
        events.append(history.weighted(own, ahead))
    table, happened = np.concatenate(tables), np.concatenate(events)
    worth = _learn(table * horizon, happened, np.tile(cells, len(tables)))
    parts = now * worth
    # where, not how much: a busy last quarter is a season more often than a trend
    level = float(history.total(own).sum() / history.periods / (cells[:, None] * parts).sum())
    held = min(history.periods, RECORD_PERIODS)
    latest = (np.arange(history.periods) >= history.periods - held).astype(np.float64)
    parts = _brought_up_to_date(parts * level, history.weighted(own, latest), held, cells)
    credibility = float(min(worth[_OWN].sum(), 1.0))
    weights = worth[1] / history.periods + worth[2] * _recency(history.periods)
    strength = _strength(
        weights,
        credibility,
        expected=table @ worth * horizon,
        happened=happened,
        cells=np.tile(cells, len(tables)),
        horizon=horizon,
    )
    return KindRates(
        rates=GammaRates(parts.sum(axis=1), strength / level),
        base=parts[:, 0],
        own_history=parts[:, _OWN].sum(axis=1),
        neighbours=parts[:, _NEAR].sum(axis=1),
        related=parts[:, _NEAR.stop :].sum(axis=1),
        credibility=credibility,
    )


def _brought_up_to_date(
    parts: NDArray[np.float64],
    events: NDArray[np.float64],
    periods: int,
    cells: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the parts once each cell's record has been held against them, shape (n, k).

    One worth of the own record for all cells draws the busiest too far down. So the parts' sum is
    taken for the prior mean of a gamma whose shape all cells share (maximum likelihood of the
    negative binomial counts): the more events were to be expected, the more the record counts
    (Clayton and Kaldor 1987, doi:10.2307/2532003). The record is the latest year's, since places
    change: what is older speaks through the parts alone. The area holds what it held.
    """
    whole = (cells[:, None] * parts).sum()
    if not events.any():
        return parts
    # where, not how much: a quieter or busier last year moves no cell by itself
    parts = parts * (events.sum() / periods / whole)
    prior = parts.sum(axis=1) * periods
    shape = _common_shape(prior, events, cells)
    believed = prior / (shape + prior)
    parts = parts * (1 - believed)[:, None]
    parts[:, _OWN.start] += believed * events / periods
    parts *= whole / (cells[:, None] * parts).sum()
    return parts


def _common_shape(
    prior: NDArray[np.float64], events: NDArray[np.float64], cells: NDArray[np.float64]
) -> float:
    # cells alike count once, with their number: most of a map is quiet
    pairs, place = distinct_pairs(prior, events)
    alike = np.bincount(place, weights=cells)
    mean, happened = pairs

    def slope(logarithm: float) -> float:
        shape = np.exp(logarithm)
        steep = (
            digamma(happened + shape)
            - digamma(shape)
            - np.log1p(mean / shape)
            + (mean - happened) / (shape + mean)
        )
        return float((alike * steep).sum())

    least, most = _SHAPES
    # counts that scatter no more than chance has them, or that nothing foretold
    if slope(most) >= 0 or slope(least) <= 0:
        return float(np.exp(most if slope(most) >= 0 else least))
    return float(np.exp(brentq(slope, least, most, xtol=1e-12)))


def _recency(periods: int) -> NDArray[np.float64]:
    weights = 0.5 ** (np.arange(periods)[::-1] / HALF_LIFE)
    normed: NDArray[np.float64] = weights / weights.sum()
    return normed


def _grouped(history: CellHistory, related: Sequence[int]) -> list[list[int]]:
    # a kind of a handful of incidents fits by luck: such kinds speak together
    sizes = np.bincount(history.kind, weights=history.incidents, minlength=len(history.kinds))
    common = [[kind] for kind in related if sizes[kind] >= FEWEST_KIND]
    rare = [kind for kind in related if 0 < sizes[kind] < FEWEST_KIND]
    return [*common, rare] if rare else common


def _features(
    history: CellHistory, rings: Rings, own: Sequence[int], groups: Sequence[Sequence[int]]
) -> NDArray[np.float64]:
    """Return base, own rates, neighbours' rates and related crime, shape (n, k), none negative."""
    even = np.full(history.periods, 1 / history.periods)
    yearly = even * _YEAR
    rate = history.weighted(own, even)
    columns = [np.ones(history.cells), rate, history.weighted(own, _recency(history.periods))]
    columns.extend(rings.averages(rate))
    # logarithms: the hundredth theft at a shop says less than the first
    columns.extend(np.log1p(history.weighted(group, yearly)) for group in groups)
    if groups:
        together = history.weighted([kind for group in groups for kind in group], yearly)
        columns.extend(np.log1p(around) for around in rings.averages(together))
    return np.column_stack(columns)


def _learn(
    table: NDArray[np.float64], events: NDArray[np.float64], alike: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return non-negative coefficients of events on a table, identity link, shape (k,).

    ``alike`` is how many cells each row stands for.
    """
    # cells of which nothing is known differ in nothing: one row with as many cells behind it
    told = (table[:, 1:] != 0).any(axis=1)
    rest = table[:1] * (np.arange(table.shape[1]) == 0)
    rows = np.concatenate([table[told], rest])
    cells = np.append(alike[told], alike[~told].sum())
    counts = np.append(events[told], events[~told].sum())
    # each column on one scale; those that never differ from 0 explain nothing
    totals = cells @ rows
    used = totals > 0
    rows = rows[:, used] / totals[used]
    worth = np.zeros(int(used.sum()))
    worth[0] = counts.sum()
    for _ in range(_STEPS):
        # variance of a Poisson count, and no count taken to be known to less than half an event
        weight = 1 / (rows @ worth + _LEAST_VARIANCE)
        bend = _crossed(rows, cells * weight)
        bend += np.diag(np.diag(bend)) * _RIDGE
        root = np.linalg.cholesky(bend)
        better = nnls(root.T, np.linalg.solve(root, rows.T @ (weight * counts)))[0]
        settled = np.abs(better - worth).max() <= _SETTLED * counts.sum()
        worth = better
        if settled:
            break
    # half an event over the whole area: no cell is called impossible
    worth[0] = max(worth[0], 0.5)
    found = np.zeros(table.shape[1])
    found[used] = worth / totals[used]
    return found


def _crossed(rows: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted cross products of columns, shape (k, k).

    Block by block, each too small for a library to share out among threads: so that the sum does
    not depend on how many processors a machine has, and sessions do not wait for each other's.
    """
    whole = len(rows) // _BLOCK * _BLOCK
    weighted = rows * weight[:, None]
    blocks = (whole // _BLOCK, _BLOCK, rows.shape[1])
    bend = weighted[whole:].T @ rows[whole:]
    if whole:
        parts = weighted[:whole].reshape(blocks).transpose(0, 2, 1) @ rows[:whole].reshape(blocks)
        bend = bend + parts.sum(axis=0)
    return np.asarray(bend)


def _strength(  # noqa: PLR0913 (what was known, what happened, and where)
    weights: NDArray[np.float64],
    credibility: float,
    *,
    expected: NDArray[np.float64],
    happened: NDArray[np.float64],
    cells: NDArray[np.float64],
    horizon: int,
) -> float:
    # periods that a weighted history is worth, over the share of it that is believed
    total = weights.sum()
    implied = float(total**2 / (weights**2).sum() / credibility) if total > 0 else np.inf
    # scatter of what happened beyond what chance gives to Poisson counts
    excess = float((cells * (happened - expected) ** 2).sum() / (cells * expected).sum()) - 1
    shown = horizon / excess if excess > 0 else np.inf
    return min(implied, shown)
