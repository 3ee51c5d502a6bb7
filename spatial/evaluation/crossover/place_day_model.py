"""A model of place-days: what a day and a place have of their own, and what treatment adds.

Given each day's total, where its incidents fell is multinomial, with weights exp(place + effects):
the conditional Poisson model, whose estimates are those of Poisson regression with a term for every
place and every day (Palmgren 1981, doi:10.1093/biomet/68.2.563), and which takes no part of its
answer from the many day terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_STEPS: Final = 60
_CLOSE: Final = 1e-10
_TOO_FAR: Final = 12.0
_LONGEST_STEP: Final = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class ModelFit:
    """Effects on the logarithm of the rate, other things being the place's and the day's own.

    Attributes
    ----------
    log_ratios
        Shape (effects,).
    covariance
        Shape (effects, effects), for independent incidents.
    """

    log_ratios: NDArray[np.float64]
    covariance: NDArray[np.float64]


def fit(counts: NDArray[np.int64], effects: NDArray[np.float64]) -> ModelFit | None:
    """Fit effects to counts by maximum likelihood.

    Parameters
    ----------
    counts
        Shape (days, places).
    effects
        Shape (effects, days, places): treatment, its lags and so on.

    Returns
    -------
    None where there is no estimate: an effect cannot be told from places and days, or is unbounded
    because one side of it saw nothing.
    """
    there = counts.sum(axis=0) > 0
    days = counts.sum(axis=1) > 0
    seen = counts[np.ix_(days, there)].astype(np.float64)
    if seen.size == 0 or seen.shape[1] < 2:  # noqa: PLR2004 (a place needs another)
        return None
    terms = np.moveaxis(effects[:, days][:, :, there], 0, 2)
    days_seen, places = seen.shape
    own = np.broadcast_to(np.eye(places)[:, 1:], (days_seen, places, places - 1))
    x = np.concatenate([terms, own], axis=2)
    of_day = seen.sum(axis=1)
    values = np.zeros(x.shape[2])
    values[terms.shape[2] :] = np.log(seen.sum(axis=0)[1:] / seen[:, 0].sum())
    for _ in range(_MOST_STEPS):
        gradient, information = _slope(x, seen, of_day, values)
        try:
            factor = cho_factor(information)
        except (LinAlgError, ValueError):
            return None
        step = cho_solve(factor, gradient)
        values += step * min(1.0, _LONGEST_STEP / max(float(np.abs(step).max()), _LONGEST_STEP))
        if np.abs(values[: terms.shape[2]]).max() > _TOO_FAR:
            return None
        if np.abs(step).max() < _CLOSE:
            covariance = cho_solve(factor, np.eye(x.shape[2]))
            inner = slice(0, terms.shape[2])
            return ModelFit(values[inner].copy(), covariance[inner, inner].copy())
    return None


def _slope(
    x: NDArray[np.float64],
    seen: NDArray[np.float64],
    of_day: NDArray[np.float64],
    values: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    weight = x @ values
    weight = np.exp(weight - weight.max(axis=1, keepdims=True))
    weight *= (of_day / weight.sum(axis=1))[:, None]
    terms = x.shape[2]
    gradient = (seen - weight).ravel() @ x.reshape(-1, terms)
    mean = np.einsum("ti,tip->tp", weight, x)
    flat = x.reshape(-1, terms)
    information = flat.T @ (weight.reshape(-1, 1) * flat) - (mean / of_day[:, None]).T @ mean
    return gradient, information
