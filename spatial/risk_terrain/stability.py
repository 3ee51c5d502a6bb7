"""Stability: how often the same factors are chosen when the ground is drawn again.

After a choice among many, standard errors describe a model that was never chosen; how often it
would be chosen again is what can be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spatial.risk_terrain.blocks import drawn_weights
from spatial.risk_terrain.penalised import refit_penalised
from spatial.risk_terrain.progress import SILENT
from spatial.risk_terrain.selection import select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from config.risk_terrain import ModelRules
    from spatial.risk_terrain.evidence import Evidence
    from spatial.risk_terrain.progress import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """How often each candidate was chosen.

    Attributes
    ----------
    resamples
        How many were drawn and held an incident; 0 where none was asked for.
    candidates
        Share of them in which the candidate was chosen, shape (k,).
    factors
        Share in which any candidate of the factor was, shape (factors,).
    coefficients
        Of each candidate where it was chosen, null elsewhere, shape (resamples, k).
    """

    resamples: int
    candidates: NDArray[np.float64]
    factors: NDArray[np.float64]
    coefficients: NDArray[np.float64]


def measure_stability(  # noqa: PLR0913 (what a choice hangs on)
    evidence: Evidence,
    kind_of_cell: NDArray[np.int64],
    blocks: NDArray[np.int64],
    factor_of: Sequence[int],
    *,
    strength: float,
    rules: ModelRules,
    protective: bool,
    resamples: int,
    rng: np.random.Generator,
    progress: Progress = SILENT,
) -> Stability:
    """Choose again on blocks of ground drawn with replacement.

    Parameters
    ----------
    evidence, kind_of_cell
        Of :func:`spatial.risk_terrain.evidence.gather`.
    blocks
        The block of each cell, shape (n,).
    factor_of
        The factor of each candidate.
    strength
        Of the penalty, as cross-validation chose it on all the ground: it is not chosen again.
    rules, protective
        As for the model itself.
    resamples
        How many.
    rng
        What draws.
    progress
        Told before each.

    Notes
    -----
    How it can mislead: a factor chosen every time stands out on this ground in this window; that
    does not make it a cause, and says nothing of another town. Two factors that stand side by side
    share their choices between them: both look unsure, though one of them matters.
    """
    k = evidence.on.shape[1]
    factors = max(factor_of, default=-1) + 1
    chosen = np.zeros(k)
    of_factor = np.zeros(factors)
    coefficients: list[NDArray[np.float64]] = []
    for number in range(resamples):
        progress.step(f"Drawing the ground again, {number + 1} of {resamples}", number / resamples)
        weights = drawn_weights(blocks, rng=rng)
        times = np.bincount(kind_of_cell, weights, minlength=len(evidence)).astype(np.float64)
        again = evidence.weighed(times)
        if not again.counts.any():
            continue
        kept = refit_penalised(again, strength=strength, rules=rules, protective=protective)
        found = select(again, kept, factor_of, rules=rules, protective=protective)
        row = np.full(k, np.nan)
        row[list(found.columns)] = found.chosen.fit.coefficients[1:]
        coefficients.append(row)
        chosen[list(found.columns)] += 1
        of_factor[[factor_of[column] for column in found.columns]] += 1
    done = len(coefficients)
    return Stability(
        resamples=done,
        candidates=chosen / max(done, 1),
        factors=of_factor / max(done, 1),
        coefficients=np.array(coefficients).reshape(done, k),
    )
