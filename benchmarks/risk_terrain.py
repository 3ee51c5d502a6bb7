"""Risk terrain modelling at the size of a county: seconds of the design and of the model, memory.

Twenty kinds of places, near and dense at four distances, on 50,000 cells: 160 candidates. Towns,
places and chance are made up; three kinds raise risk, one by three, one by five, one by two.

    python -m benchmarks.risk_terrain [--cells 50000] [--resamples 10]
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from benchmarks.scale import peak_gb
from config.risk_terrain import load_risk_rules
from spatial.risk_terrain.candidates import make_candidates
from spatial.risk_terrain.factors import Factor
from spatial.risk_terrain.fitting import fit_risk_model
from spatial.risk_terrain.operationalisation import Kind, operationalisations

if TYPE_CHECKING:
    from spatial.risk_terrain.model import RiskModel

CELL_M: Final = 130.0
TOWNS, KINDS = 12, 20
DISTANCES: Final = (75.0, 150.0, 225.0, 300.0)
PLANTED: Final = {"kind_00": (150.0, 3.0), "kind_01": (150.0, 5.0), "kind_02": (225.0, 2.0)}
AIM_DESIGN_S, AIM_MODEL_S, AIM_GB = 10.0, 180.0, 4.0
SEED: Final = 20261121


def main() -> None:
    """Print seconds, memory and what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=50_000)
    parser.add_argument("--resamples", type=int, default=10)
    asked = parser.parse_args()
    rules, rng = load_risk_rules(), np.random.default_rng(SEED)
    side = round(asked.cells**0.5)
    middle = (np.arange(side) + 0.5) * CELL_M
    centres = np.column_stack([np.tile(middle, side), np.repeat(middle, side)])
    factors = _factors(rng, side * CELL_M)
    counts = _counts(rng, centres, factors)
    hows = operationalisations(tuple(Kind), DISTANCES)
    print(
        f"{len(centres):,} cells, {int(counts.sum()):,} incidents, {len(factors)} factors of "
        f"{sum(map(len, factors)):,} features, {len(factors) * len(hows)} candidates"
    )
    begun = time.perf_counter()
    made = make_candidates(
        centres, factors, hows, rules=rules.candidates, line_step_m=rules.factors.line_step_m
    )
    design = time.perf_counter() - begun
    print(f"  design           {design:6.1f} s (aim {AIM_DESIGN_S:.0f}), {len(made.listed)} usable")

    def fit(resamples: int) -> tuple[RiskModel, float]:
        start = time.perf_counter()
        model = fit_risk_model(
            factors, centres, counts, hows=hows, rules=rules, resamples=resamples
        )
        return model, time.perf_counter() - start

    model, seconds = fit(0)
    print(f"  model            {seconds:6.1f} s (aim {AIM_MODEL_S:.0f}), its design included")
    for term in model.terms:
        planted = PLANTED.get(term.factor)
        truth = f"planted x{planted[1]:g} within {planted[0]:g} m" if planted else "a decoy"
        how = term.candidate.how
        print(
            f"    {term.factor} {how.kind} {how.distance_m:g} m x{term.relative_risk:.2f} ({truth})"
        )
    if asked.resamples:
        _, longer = fit(asked.resamples)
        print(f"  each resample    {(longer - seconds) / asked.resamples:6.1f} s")
    print(f"  memory           {peak_gb():6.1f} GB at most (aim {AIM_GB:.0f})")


def _factors(rng: np.random.Generator, width_m: float) -> list[Factor]:
    towns = rng.uniform(0.1 * width_m, 0.9 * width_m, (TOWNS, 2))
    factors = []
    for kind in range(KINDS):
        number = int(rng.integers(60, 900))
        spread = rng.uniform(600.0, 2500.0)
        at = towns[rng.integers(0, TOWNS, number)] + rng.normal(0.0, spread, (number, 2))
        factors.append(Factor(f"kind_{kind:02}", shapely.points(at), ("",) * number))
    return factors


def _counts(rng: np.random.Generator, centres: np.ndarray, factors: list[Factor]) -> np.ndarray:
    expected = np.full(len(centres), 0.08)
    for factor in factors:
        if factor.kind in PLANTED:
            within_m, times = PLANTED[factor.kind]
            near = np.zeros(len(centres), dtype=bool)
            tree = shapely.STRtree(shapely.points(centres))
            near[tree.query(factor.shapes, predicate="dwithin", distance=within_m)[1]] = True
            expected *= np.where(near, times, 1.0)
    # cells differ for reasons nobody mapped
    return rng.poisson(expected * rng.gamma(1.5, 1 / 1.5, len(centres)))


if __name__ == "__main__":
    main()
