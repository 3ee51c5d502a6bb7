"""Penalised choice: an elastic-net Poisson model keeps the candidates that help on other ground."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from glum import GeneralizedLinearRegressor
from scipy.special import xlogy
from threadpoolctl import threadpool_limits

from spatial.risk_terrain.evidence import Evidence, patterns
from spatial.risk_terrain.progress import SILENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.risk_terrain import ModelRules
    from spatial.risk_terrain.progress import Progress

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Penalised:
    """What the penalised model kept.

    Attributes
    ----------
    coefficients
        Logarithms of relative risk, shrunk; 0 where the candidate was put aside, shape (k,).
    strength
        Of the penalty, chosen by cross-validation.
    deviance
        Strengths tried, strongest first, and the mean Poisson deviance per cell on ground left
        out, shape (strengths, 2).
    """

    coefficients: Floats
    strength: float
    deviance: Floats

    @property
    def kept(self) -> NDArray[np.int64]:
        """Columns with a coefficient."""
        return np.flatnonzero(self.coefficients).astype(np.int64)


def choose_penalised(  # noqa: PLR0913 (what the sieve hangs on)
    evidence: Evidence,
    cells: Evidence,
    folds: NDArray[np.int64],
    *,
    rules: ModelRules,
    protective: bool,
    progress: Progress = SILENT,
) -> Penalised:
    """Fit the elastic net at the strength that does best on ground left out.

    Parameters
    ----------
    evidence
        All cells, gathered.
    cells
        All cells, one by one.
    folds
        The fold of each cell; blocks of ground as a whole, shape (n,).
    rules
        Mixture and strengths.
    protective
        Whether coefficients may be negative.
    progress
        Told after each fold.

    Notes
    -----
    Columns are put on one scale first, so that a rare place and a common one are asked the same.
    The strength with the least deviance is taken, not a stronger one near it: what it keeps too
    much, the next stage drops.
    """
    strengths = _strengths(evidence, rules, protective=protective)
    if not len(strengths):
        return Penalised(np.zeros(evidence.on.shape[1]), 0.0, np.zeros((0, 2)))
    deviance = np.zeros(len(strengths))
    numbers = np.unique(folds)
    for done, fold in enumerate(numbers):
        progress.step(f"Trying penalties, fold {done + 1} of {len(numbers)}", done / len(numbers))
        out = folds == fold
        kept = Evidence(
            cells.on[~out], cells.counts[~out], cells.exposure[~out], cells.weights[~out]
        )
        if not (kept.counts > 0).any():
            continue
        intercepts, paths = _path(kept, strengths, rules, protective=protective)
        left = Evidence(cells.on[out], cells.counts[out], cells.exposure[out], cells.weights[out])
        on, counts, exposure = patterns(left)
        rates = np.exp(np.minimum(on @ paths.T + intercepts, 30.0)) * exposure[:, None]
        unit = xlogy(counts[:, None], rates) - rates
        deviance += -2.0 * unit.sum(axis=0)
    best = int(np.argmin(deviance))
    _, path = _path(evidence, strengths[: best + 1], rules, protective=protective)
    return Penalised(
        path[-1], float(strengths[best]), np.column_stack([strengths, deviance / len(cells)])
    )


def refit_penalised(
    evidence: Evidence, *, strength: float, rules: ModelRules, protective: bool
) -> NDArray[np.int64]:
    """Return which columns the elastic net keeps at a strength that is known already.

    None at a strength of 0, which says that nothing was worth keeping on all the ground.
    """
    if not strength:
        return np.zeros(0, dtype=np.int64)
    strengths = _strengths(evidence, rules, protective=protective)
    stronger = strengths[strengths > strength]
    _, path = _path(evidence, np.append(stronger[::3], strength), rules, protective=protective)
    return np.flatnonzero(path[-1]).astype(np.int64)


def _strengths(evidence: Evidence, rules: ModelRules, *, protective: bool) -> Floats:
    # the strongest is the least at which nothing is kept
    on, counts, exposure = patterns(evidence)
    if not on.shape[1]:
        return np.zeros(0)
    share = exposure / exposure.sum()
    mean = share @ on
    spread = np.sqrt(mean * (1 - mean))
    rate = counts.sum() / exposure.sum()
    pull = (share * (counts / exposure - rate)) @ on
    pull = np.divide(pull, spread, out=np.zeros_like(pull), where=spread > 0)
    most = float(np.abs(pull).max() if protective else pull.max()) / rules.l1_ratio
    if most <= 0:
        return np.zeros(0)
    return np.geomspace(most, most * rules.least_strength, rules.strengths)


def _path(
    evidence: Evidence, strengths: Floats, rules: ModelRules, *, protective: bool
) -> tuple[Floats, Floats]:
    """Return intercepts, shape (s,), and coefficients, shape (s, k), of each strength."""
    on, counts, exposure = patterns(evidence)
    # a column that never changes here cannot be put on a scale
    told = np.flatnonzero(on.any(axis=0) & ~on.all(axis=0))
    coefficients = np.zeros((len(strengths), on.shape[1]))
    if not len(told):
        flat = np.log(counts.sum() / exposure.sum())
        return np.full(len(strengths), flat), coefficients
    model = GeneralizedLinearRegressor(
        family="poisson",
        l1_ratio=rules.l1_ratio,
        # named, because choosing it stumbles over several strengths where nothing is bounded
        solver="irls-cd",
        alpha_search=True,
        alpha=strengths,
        scale_predictors=True,
        lower_bounds=None if protective else np.zeros(len(told)),
    )
    # one thread: on columns this short more of them wait for each other longer than they work
    with threadpool_limits(1, user_api="openmp"), warnings.catch_warnings():
        # a path that is not quite settled is as good a sieve
        warnings.filterwarnings("ignore", message=".*[Cc]onverge.*")
        # counts over exposure, weighed by exposure: the same likelihood as with an offset
        model.fit(
            np.asfortranarray(on[:, told], dtype=np.float64),
            counts / exposure,
            sample_weight=exposure,
        )
    coefficients[:, told] = model.coef_path_
    return np.asarray(model.intercept_path_, dtype=np.float64), coefficients
