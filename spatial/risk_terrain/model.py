"""The model: its terms, how it fits, and what became of everything that was tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.risk_terrain.candidates import Candidate
    from spatial.risk_terrain.count_models import Family
    from spatial.risk_terrain.factors import Factor

    Floats = NDArray[np.float64]

CHOSEN: Final = "in the model"
"""The outcome of a candidate that was chosen."""


@dataclass(frozen=True, slots=True)
class Term:
    """One factor of the model.

    Attributes
    ----------
    candidate
        Which, near or dense, how far, and in how many cells.
    coefficient
        Logarithm of its relative risk value.
    features
        How many of its kind there are in the files.
    incidents_on
        Incidents in the cells where it is on.
    stability
        Share of resamples in which the factor was chosen, whatever its distance; None without.
    same_way
        Share in which it was chosen this very way.
    range_low, range_high
        The middle 90% of its relative risk values over the resamples that chose it this way; None
        under 20 of them. Those that chose it not are not in it: no confidence interval.
    """

    candidate: Candidate
    coefficient: float
    features: int
    incidents_on: int
    stability: float | None
    same_way: float | None
    range_low: float | None
    range_high: float | None

    @property
    def factor(self) -> str:
        """Its kind."""
        return self.candidate.factor

    @property
    def relative_risk(self) -> float:
        """How many times the incidents, where it is on and all else is alike."""
        return float(np.exp(self.coefficient))


@dataclass(frozen=True, slots=True)
class FitStatistics:
    """How the model fits.

    Attributes
    ----------
    family
        The one with the lower BIC.
    bic, aic, deviance
        Of it; deviance is minus twice the log likelihood.
    null_bic
        Of the same family without any factor.
    bic_by_family
        What each family's own choice came to.
    dispersion
        Of the negative binomial (variance mu + dispersion mu^2); 0 for Poisson.
    overdispersion
        Pearson's chi-square over degrees of freedom of the Poisson choice: 1 where incidents come
        as Poisson's law has it.
    cells, cells_with, incidents
        In the study area, with an incident, and of them all.
    """

    family: Family
    bic: float
    aic: float
    deviance: float
    null_bic: float
    bic_by_family: dict[str, float]
    dispersion: float
    overdispersion: float
    cells: int
    cells_with: int
    incidents: int


@dataclass(frozen=True, slots=True)
class Tried:
    """One candidate, and what became of it.

    Attributes
    ----------
    factor, how, distance_m
        Which; ``how`` is empty and the distance None for a factor rejected as a whole.
    cells_on, incidents_on
        None where it was dropped before any incident was looked at.
    penalised
        Its coefficient in the penalised model; None likewise.
    stability
        Share of resamples in which it was chosen this way.
    outcome
        In the model, or why not.
    """

    factor: str
    how: str
    distance_m: float | None
    cells_on: int | None
    incidents_on: int | None
    penalised: float | None
    stability: float | None
    outcome: str


@dataclass(frozen=True, slots=True, eq=False)
class RiskModel:
    """A fitted risk terrain.

    Attributes
    ----------
    terms
        By relative risk, highest first.
    intercept
        Logarithm of the incidents per cell (per unit of exposure) where no term is on.
    fit
        How it fits.
    on
        Which terms are on, in their order, shape (cells, terms).
    scores
        Relative risk scores, lowest 1, shape (cells,).
    lowest
        Logarithm of the product that counts as 1.
    tried
        Every candidate and factor.
    factors
        By kind, with their shapes: what "what would change if" adds to and takes from.
    centres
        Middles of the cells, metres, shape (cells, 2).
    resamples
        On which stability rests.
    block_m
        Width of the blocks of ground left out and drawn.
    strength
        Of the penalty.
    """

    terms: tuple[Term, ...]
    intercept: float
    fit: FitStatistics
    on: NDArray[np.bool_]
    scores: Floats
    lowest: float
    tried: tuple[Tried, ...]
    factors: dict[str, Factor]
    centres: Floats
    resamples: int
    block_m: float
    strength: float
