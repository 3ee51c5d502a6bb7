"""Count models: Poisson and negative binomial regression on a few yes-or-no columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import digamma, gammaln, polygamma, xlogy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.risk_terrain.evidence import Evidence

    Floats = NDArray[np.float64]

_STEPS: Final = 60
_SETTLED: Final = 1e-9
# no relative risk of a hundred thousand was ever estimated from anything
_FURTHEST: Final = 12.0
# logarithms of 1 / dispersion that are looked at: from wild to as good as Poisson
_SHAPES: Final = (-7.0, 11.5)
_LONGEST: Final = 2.0
_HALVINGS: Final = 12


class Family(StrEnum):
    """How counts scatter about their mean."""

    POISSON = "poisson"
    NEGATIVE_BINOMIAL = "negative_binomial"


@dataclass(frozen=True, slots=True, eq=False)
class CountFit:
    """One fitted model.

    Attributes
    ----------
    family
        Poisson, or negative binomial with variance mu + dispersion mu^2 (NB2).
    coefficients
        Intercept first, then one for each column: logarithms of rates and of relative risks.
    dispersion
        0 for Poisson.
    log_likelihood
        At its maximum, constants included.
    cells
        How many.
    means
        Of one cell of each kind of the evidence, shape (r,).
    """

    family: Family
    coefficients: Floats
    dispersion: float
    log_likelihood: float
    cells: float
    means: Floats

    @property
    def parameters(self) -> int:
        """Coefficients, and the dispersion where there is one."""
        return len(self.coefficients) + (self.family is Family.NEGATIVE_BINOMIAL)

    @property
    def deviance(self) -> float:
        """Minus twice the log likelihood, as the published report has it (global deviance)."""
        return -2.0 * self.log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return information_criterion(self.deviance, self.parameters, penalty=2.0)

    @property
    def bic(self) -> float:
        """Schwarz's criterion, over cells."""
        return information_criterion(self.deviance, self.parameters, penalty=np.log(self.cells))


def information_criterion(deviance: float, parameters: int, *, penalty: float) -> float:
    """Return deviance + penalty per parameter: AIC for 2, BIC for the logarithm of the cells."""
    return float(deviance + penalty * parameters)


def fit_counts(
    evidence: Evidence,
    columns: tuple[int, ...],
    *,
    family: Family,
    start: CountFit | None = None,
) -> CountFit | None:
    """Fit one model by maximum likelihood.

    Parameters
    ----------
    evidence
        Cells, gathered.
    columns
        Candidates that enter.
    family
        Poisson or negative binomial.
    start
        A model of the same family to begin from, of any number of columns.

    Returns
    -------
    None where there is no maximum: a column without an incident where it is on, or without one
    where it is off.

    Notes
    -----
    Newton's steps with expected information, the dispersion beside the coefficients: the two are
    independent in expectation, so that each is best where the other is held. Hilbe (2011), Negative
    Binomial Regression, section 8.4; agrees with statsmodels (tests).
    """
    x = np.column_stack([np.ones(len(evidence)), evidence.on[:, list(columns)]]).astype(np.float64)
    y, w = evidence.counts, evidence.weights
    log_exposure = np.log(evidence.exposure)
    beta = np.zeros(x.shape[1])
    beta[0] = np.log((w * y).sum() / (w * evidence.exposure).sum())
    shape = 0.0 if family is Family.NEGATIVE_BINOMIAL else np.inf
    if start is not None:
        shape = np.log(1.0 / start.dispersion) if start.dispersion else shape
        if len(start.coefficients) == len(beta):
            beta = start.coefficients.copy()
        else:
            beta[0] = start.coefficients[0]
    value = -np.inf
    fixed = _constant(y, w)
    for _ in range(_STEPS):
        means = np.exp(x @ beta + log_exposure)
        if np.isfinite(shape):
            shape = _next_shape(y, w, means, shape)
        held = float(np.exp(-shape)) if np.isfinite(shape) else 0.0
        before = value
        beta, means, value = _next_beta(x, y, w, log_exposure, beta, held)
        if np.abs(beta[1:]).max(initial=0.0) > _FURTHEST:
            return None
        if abs(value - before) <= _SETTLED * (abs(value) + 1.0):
            break
    dispersion = float(np.exp(-shape)) if np.isfinite(shape) else 0.0
    return CountFit(family, beta, dispersion, value + fixed, float(w.sum()), means)


def score_statistics(evidence: Evidence, columns: tuple[int, ...], fit: CountFit) -> Floats:
    """Return what each candidate would gain if it entered a model: signed Rao statistics.

    Parameters
    ----------
    evidence
        Cells, gathered.
    columns
        Those in the model.
    fit
        The model.

    Returns
    -------
    About twice the gain in log likelihood, negative where the candidate would lower risk, shape
    (k,); 0 for those in the model.
    """
    slack = 1.0 + fit.dispersion * fit.means
    pull = evidence.weights * (evidence.counts - fit.means) / slack
    weight = evidence.weights * fit.means / slack
    x = np.column_stack([np.ones(len(evidence)), evidence.on[:, list(columns)]]).astype(np.float64)
    on = evidence.on.astype(np.float64)
    score = pull @ on
    shared = (x * weight[:, None]).T @ on
    own = weight @ on
    inside = (x * weight[:, None]).T @ x
    spread = own - (shared * np.linalg.lstsq(inside, shared, rcond=None)[0]).sum(axis=0)
    told = spread > 1e-9 * np.maximum(own, 1e-12)
    gains: Floats = np.zeros_like(score)
    np.divide(np.sign(score) * score**2, spread, out=gains, where=told)
    return gains


def overdispersion(evidence: Evidence, fit: CountFit) -> float:
    """Return Pearson's chi-square over degrees of freedom with Poisson variance: 1 is Poisson."""
    residual = evidence.weights * (evidence.counts - fit.means) ** 2 / fit.means
    return float(residual.sum() / max(fit.cells - len(fit.coefficients), 1.0))


def _constant(y: Floats, w: Floats) -> float:
    return -float((w * gammaln(y + 1.0)).sum())


def _log_likelihood(y: Floats, w: Floats, means: Floats, dispersion: float) -> float:
    if not dispersion:
        return float((w * (xlogy(y, means) - means)).sum())
    r = 1.0 / dispersion
    rise = gammaln(y + r) - gammaln(r)
    # r log r - r log(r + mu), written so that a large r loses no digits
    return float(
        (w * (rise + xlogy(y, means) - y * np.log(r + means) - r * np.log1p(means / r))).sum()
    )


def _next_beta(  # noqa: PLR0913, PLR0917 (one step of Newton's)
    x: Floats, y: Floats, w: Floats, log_exposure: Floats, beta: Floats, dispersion: float
) -> tuple[Floats, Floats, float]:
    means = np.exp(x @ beta + log_exposure)
    slack = 1.0 + dispersion * means
    slope = x.T @ (w * (y - means) / slack)
    information = (x * (w * means / slack)[:, None]).T @ x
    step = np.linalg.lstsq(information, slope, rcond=None)[0]
    longest = np.abs(step).max()
    if longest > _LONGEST:
        step *= _LONGEST / longest
    value = _log_likelihood(y, w, means, dispersion)
    for _ in range(_HALVINGS):
        tried = beta + step
        there = np.exp(np.minimum(x @ tried + log_exposure, 50.0))
        reached = _log_likelihood(y, w, there, dispersion)
        if reached >= value:
            return tried, there, reached
        step = step / 2.0
    return beta, means, value


def _next_shape(y: Floats, w: Floats, means: Floats, shape: float) -> float:
    """Take one step of Newton's towards the best logarithm of 1 / dispersion."""
    r = float(np.exp(shape))
    total = r + means
    first = digamma(y + r) - digamma(r) - np.log1p(means / r) + (means - y) / total
    second = polygamma(1, y + r) - polygamma(1, r) + 1.0 / r - 1.0 / total - (means - y) / total**2
    slope = r * float((w * first).sum())
    bend = r**2 * float((w * second).sum()) + slope
    step = -slope / bend if bend < 0 else np.sign(slope)
    low, high = _SHAPES
    return float(np.clip(shape + np.clip(step, -_LONGEST, _LONGEST), low, high))
