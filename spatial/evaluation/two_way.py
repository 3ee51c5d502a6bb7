"""Two-way model: negative-binomial counts with an effect of each place and of each period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEPS: Final = 60
_HALVINGS: Final = 30
_ENOUGH: Final = 1e-9
# a step further than this on the logarithmic scale is cut, so that sparse panels do not run away
_STRIDE: Final = 2.0
_CLOSE: Final = 1e-4
_MOST_ALPHA: Final = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class TwoWayFit:
    """A fitted model.

    Attributes
    ----------
    mean
        Expected counts, shape (places, periods).
    alpha
        Overdispersion: variance is mean + alpha mean^2.
    effect
        Logarithm of the rate ratio of the marked cells; 0 where none was fitted.
    scores, weights
        Of each place: the score of the effect, and its information once the place's own level is
        accounted for, shape (places,).
    level, period
        Logarithms of each place's rate in the first period, and of each later period's rate against
        the first.
    """

    mean: NDArray[np.float64]
    alpha: float
    effect: float
    level: NDArray[np.float64]
    period: NDArray[np.float64]
    scores: NDArray[np.float64]
    weights: NDArray[np.float64]


def fit_two_way(  # noqa: PLR0913 (the panel, and what is known of it)
    counts: NDArray[np.float64],
    offset: NDArray[np.float64],
    *,
    after: NDArray[np.bool_],
    treated: NDArray[np.bool_] | None,
    alpha: float,
    start: TwoWayFit | None = None,
) -> TwoWayFit:
    """Fit place and period effects for a given overdispersion.

    Parameters
    ----------
    counts
        Shape (places, periods); every place and every period must hold an incident.
    offset
        Logarithm of the exposure, of the same shape or one that spreads to it.
    after
        Periods from the start on, shape (periods,).
    treated
        Places whose cells after the start have an effect of their own, or None to fit none.
    alpha
        Overdispersion; 0 is Poisson.
    start
        A fit of the same counts to begin from; None for their margins.

    Returns
    -------
    The maximum-likelihood fit. Fisher scoring, with place effects eliminated: the log-likelihood
    is concave for a given ``alpha``, so there is one optimum.
    """
    marked = np.zeros(counts.shape)
    if treated is not None:
        marked[np.ix_(treated, after)] = 1.0
    offset = np.broadcast_to(offset, counts.shape)
    level, period, effect = _start(counts, offset, start)
    effect = effect if treated is not None else 0.0
    for _ in range(_STEPS):
        eta = level[:, None] + offset + effect * marked
        eta[:, 1:] += period
        mean = np.exp(eta)
        weight = mean / (1 + alpha * mean)
        residual = (counts - mean) / (1 + alpha * mean)
        rise, step = _step(weight, residual, marked if treated is not None else None)
        level = level + rise
        period = period + step[: len(period)]
        if treated is not None:
            effect += float(step[-1])
        if max(np.abs(step).max(initial=0.0), np.abs(rise).max()) < _ENOUGH:
            break
    late, early = weight[:, after].sum(axis=1), weight[:, ~after].sum(axis=1)
    scores = residual[:, after].sum(axis=1)
    return TwoWayFit(mean, alpha, effect, level, period, scores, late * early / (late + early))


def fit_alpha(
    counts: NDArray[np.float64],
    offset: NDArray[np.float64],
    *,
    after: NDArray[np.bool_],
    treated: NDArray[np.bool_],
) -> TwoWayFit:
    """Fit the model with the overdispersion that the counts themselves show.

    Parameters
    ----------
    counts, offset, after, treated
        As :func:`fit_two_way`.

    Returns
    -------
    The fit whose Pearson statistic equals its degrees of freedom; alpha is 0 where counts scatter
    no more than Poisson. Unlike the likelihood's own alpha, this one allows for the many place and
    period effects (Breslow 1984, doi:10.2307/2347661).
    """
    places, periods = counts.shape
    freedom = places * periods - places - periods

    def at(alpha: float, start: TwoWayFit | None) -> tuple[TwoWayFit, float]:
        fit = fit_two_way(counts, offset, after=after, treated=treated, alpha=alpha, start=start)
        spread = fit.mean * (1 + alpha * fit.mean)
        return fit, float(((counts - fit.mean) ** 2 / spread).sum())

    fit, excess = at(0.0, None)
    if excess <= freedom:
        return fit
    low, high = 0.0, 0.05
    fit, excess = at(high, fit)
    while excess > freedom and high < _MOST_ALPHA:
        low, high = high, 4 * high
        fit, excess = at(high, fit)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        fit, excess = at(middle, fit)
        low, high = (middle, high) if excess > freedom else (low, middle)
        if high - low < _CLOSE * high:
            break
    return fit


def _start(
    counts: NDArray[np.float64], offset: NDArray[np.float64], start: TwoWayFit | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    if start is not None:
        return start.level, start.period, start.effect
    exposure = np.exp(offset)
    by_period = np.log(counts.sum(axis=0) / exposure.sum(axis=0))
    by_place = np.log(counts.sum(axis=1) / (exposure * np.exp(by_period)).sum(axis=1))
    return by_place + by_period[0], by_period[1:] - by_period[0], 0.0


def _step(
    weight: NDArray[np.float64],
    residual: NDArray[np.float64],
    marked: NDArray[np.float64] | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # one step of Fisher scoring: places' levels, then every later period (and the mark)
    by_place = weight.sum(axis=1)
    sums, slopes = [weight[:, 1:]], [residual[:, 1:].sum(axis=0)]
    inner = np.diag(weight[:, 1:].sum(axis=0))
    if marked is not None:
        inside = weight * marked
        sums.append(inside.sum(axis=1)[:, None])
        slopes.append(np.array([(residual * marked).sum()]))
        edge = inside[:, 1:].sum(axis=0)
        inner = np.block([[inner, edge[:, None]], [edge[None, :], inside.sum()]])
    columns = np.hstack(sums)
    centre = columns / by_place[:, None]
    own = residual.sum(axis=1)
    step = np.linalg.solve(inner - columns.T @ centre, np.concatenate(slopes) - centre.T @ own)
    step = np.clip(step, -_STRIDE, _STRIDE)
    rise = np.clip(own / by_place - centre @ step, -_STRIDE, _STRIDE)
    return rise, step
