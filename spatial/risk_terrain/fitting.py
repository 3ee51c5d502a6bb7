"""Fitting: from factors and counts to a risk model, step by step of the published procedure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.risk_terrain.blocks import block_width_m, folds_of, ground_blocks
from spatial.risk_terrain.candidates import make_candidates
from spatial.risk_terrain.count_models import Family, overdispersion
from spatial.risk_terrain.evidence import Evidence, gather
from spatial.risk_terrain.model import CHOSEN, FitStatistics, RiskModel, Term, Tried
from spatial.risk_terrain.penalised import choose_penalised
from spatial.risk_terrain.progress import SILENT
from spatial.risk_terrain.scores import risk_scores
from spatial.risk_terrain.selection import Selection, select, usable
from spatial.risk_terrain.stability import Stability, measure_stability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from config.risk_terrain import RiskRules
    from spatial.risk_terrain.candidates import Candidates
    from spatial.risk_terrain.factors import Factor, Rejection
    from spatial.risk_terrain.operationalisation import Operationalisation
    from spatial.risk_terrain.penalised import Penalised
    from spatial.risk_terrain.progress import Progress

    Floats = NDArray[np.float64]

# below so many values their middle 90% is no more than the values
_FEWEST_FOR_RANGE: Final = 20


def fit_risk_model(  # noqa: PLR0913 (what a model hangs on)
    factors: Sequence[Factor],
    centres: Floats,
    counts: NDArray[np.int64],
    *,
    hows: Sequence[Operationalisation],
    rules: RiskRules,
    exposure: Floats | None = None,
    protective: bool = False,
    resamples: int = 0,
    seed: int = 0,
    rejected: Sequence[Rejection] = (),
    progress: Progress = SILENT,
) -> RiskModel:
    """Choose and fit the model.

    Parameters
    ----------
    factors
        Of :func:`spatial.risk_terrain.factors.read_factors`.
    centres
        Middles of all cells of the study area, metres, shape (n, 2).
    counts
        Incidents of each cell, at least one in all, shape (n,).
    hows
        Near or dense, and how far, to try of each factor.
    rules
        See ``config/risk_terrain.toml``.
    exposure
        What counts are in proportion to (people, say), above 0, shape (n,).
    protective
        Whether factors may lower risk.
    resamples
        For stability; 0 for none.
    seed
        Of folds and resamples.
    rejected
        Factors left out before, for the record.
    progress
        Told, and asked whether to stop.

    Raises
    ------
    ValueError
        There is no incident, or an exposure is not above 0.
    StoppedError
        It was asked to stop.

    Notes
    -----
    The procedure of Caplan and Kennedy's risk terrain modelling as reports of the tool RTMDx state
    it. How it can mislead: it finds what stands where incidents are recorded, not what causes
    them; a busy street is risky for all that stands in it. What is in no file is not seen.
    """
    if exposure is not None and not (exposure > 0).all():
        msg = "exposure must be above 0 in every cell."
        raise ValueError(msg)
    if not counts.any():
        msg = "There is no incident to fit a model to: choose another window or profile."
        raise ValueError(msg)
    candidates = make_candidates(
        centres,
        factors,
        hows,
        rules=rules.candidates,
        line_step_m=rules.factors.line_step_m,
        progress=progress.part(0.0, 0.1),
    )
    furthest = max(how.distance_m for how in hows)
    width = block_width_m(centres, furthest_m=furthest, fewest=rules.model.fewest_blocks)
    blocks = ground_blocks(centres, width_m=width)
    ones = np.ones(len(counts))
    cells = Evidence(
        candidates.on, counts.astype(np.float64), ones if exposure is None else exposure, ones
    )
    evidence, kind = gather(cells)
    order = {factor.kind: place for place, factor in enumerate(factors)}
    factor_of = [order[one.factor] for one in candidates.listed]
    rng = np.random.default_rng([seed, 0])
    penalised = choose_penalised(
        evidence,
        cells,
        folds_of(blocks, folds=rules.model.folds, rng=rng),
        rules=rules.model,
        protective=protective,
        progress=progress.part(0.1, 0.3),
    )
    progress.step("Choosing factors", 0.3)
    found = select(evidence, penalised.kept, factor_of, rules=rules.model, protective=protective)
    stability = measure_stability(
        evidence,
        kind,
        blocks,
        factor_of,
        strength=penalised.strength,
        rules=rules.model,
        protective=protective,
        resamples=resamples if candidates.listed else 0,
        rng=np.random.default_rng([seed, 1]),
        progress=progress.part(0.35, 1.0),
    )
    terms = _terms(candidates, found, stability, factors, factor_of, counts)
    on = candidates.on[:, [column for column, _ in terms]]
    scores, lowest = risk_scores(on, [term.coefficient for _, term in terms])
    return RiskModel(
        terms=tuple(term for _, term in terms),
        intercept=float(found.chosen.fit.coefficients[0]),
        fit=_statistics(found, evidence, penalised, counts),
        on=on,
        scores=scores,
        lowest=lowest,
        tried=_all_tried(candidates, found, penalised, stability, evidence, rejected),
        factors={factor.kind: factor for factor in factors},
        centres=centres,
        resamples=stability.resamples,
        block_m=width,
        strength=penalised.strength,
    )


def _terms(  # noqa: PLR0913, PLR0917 (what a term says)
    candidates: Candidates,
    found: Selection,
    stability: Stability,
    factors: Sequence[Factor],
    factor_of: Sequence[int],
    counts: NDArray[np.int64],
) -> list[tuple[int, Term]]:
    terms = []
    drawn = stability.resamples > 0
    for column, b in zip(found.columns, found.chosen.fit.coefficients[1:], strict=True):
        values = stability.coefficients[:, column]
        values = np.exp(values[~np.isnan(values)])
        low = high = None
        if len(values) >= _FEWEST_FOR_RANGE:
            low, high = (float(edge) for edge in np.quantile(values, [0.05, 0.95]))
        factor = factor_of[column]
        term = Term(
            candidate=candidates.listed[column],
            coefficient=float(b),
            features=len(factors[factor]),
            incidents_on=int(counts[candidates.on[:, column]].sum()),
            stability=float(stability.factors[factor]) if drawn else None,
            same_way=float(stability.candidates[column]) if drawn else None,
            range_low=low,
            range_high=high,
        )
        terms.append((column, term))
    return sorted(terms, key=lambda one: (-one[1].coefficient, one[1].factor))


def _statistics(
    found: Selection, evidence: Evidence, penalised: Penalised, counts: NDArray[np.int64]
) -> FitStatistics:
    poisson = found.by_family[Family.POISSON]
    small = evidence.of(penalised.kept[usable(evidence)[penalised.kept]])
    winner = found.chosen
    return FitStatistics(
        family=found.family,
        bic=winner.fit.bic,
        aic=winner.fit.aic,
        deviance=winner.fit.deviance,
        null_bic=winner.null.bic,
        bic_by_family={family.value: one.fit.bic for family, one in found.by_family.items()},
        dispersion=winner.fit.dispersion,
        overdispersion=overdispersion(small, poisson.fit),
        cells=len(counts),
        cells_with=int((counts > 0).sum()),
        incidents=int(counts.sum()),
    )


def _all_tried(  # noqa: PLR0913, PLR0917 (what is told of a candidate)
    candidates: Candidates,
    found: Selection,
    penalised: Penalised,
    stability: Stability,
    evidence: Evidence,
    rejected: Sequence[Rejection],
) -> tuple[Tried, ...]:
    held = (evidence.weights * evidence.counts) @ evidence.on
    total = float((evidence.weights * evidence.counts).sum())
    taken = {candidates.listed[column].factor: column for column in found.columns}
    tried = [
        Tried(one.factor, one.how, one.distance_m, None, None, None, None, one.reason)
        for one in (*rejected, *candidates.rejected)
    ]
    for column, one in enumerate(candidates.listed):
        if column in found.columns:
            outcome = CHOSEN
        elif held[column] == 0:
            outcome = "no incident where it is on"
        elif held[column] == total:
            outcome = "no incident where it is off"
        elif one.factor in taken:
            other = candidates.listed[taken[one.factor]].how
            outcome = f"{other.kind} within {other.distance_m:g} m fits better"
        elif penalised.coefficients[column] == 0:
            outcome = "put aside by the penalised model"
        else:
            outcome = "does not lower BIC"
        tried.append(
            Tried(
                one.factor,
                one.how.kind.value,
                one.how.distance_m,
                one.cells_on,
                int(held[column]),
                float(penalised.coefficients[column]),
                float(stability.candidates[column]) if stability.resamples else None,
                outcome,
            )
        )
    return tuple(sorted(tried, key=lambda one: (one.factor, one.how, one.distance_m or 0.0)))
