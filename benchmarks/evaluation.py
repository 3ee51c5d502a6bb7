"""Operations without effect: how often each estimate calls one an effect, or misses the truth.

Twenty places, ten of them patrolled, eight months before and four after. The aim: 5% tests reject
at most 7%, 95% intervals hold at least 93%. ``even``: independent incidents, one a place and month;
``rare``: one in ten places and months; ``bursts``: places drift and months burst, three a place and
month; ``rare bursts``: the same with three in ten; ``fell``: bursts, with a true fall of 40%.

Run from the project's folder: python -m benchmarks.evaluation [OPERATIONS]
"""

from __future__ import annotations

import sys
import time
from typing import Final

import numpy as np

from spatial.evaluation.estimates import every_estimate
from spatial.evaluation.panel import Panel
from spatial.evaluation.totals import Totals

PLACES, TREATED, BEFORE, AFTER = 20, 10, 8, 4
# days of harm and their share of incidents: serious ones are rare
WEIGHTS: Final = np.array([5475.0, 1460.0, 365.0, 19.0])
SHARES: Final = np.array([0.005, 0.045, 0.3, 0.65])
SCENES: Final = {
    "even": (1.0, False, 1.0),
    "rare": (0.1, False, 1.0),
    "bursts": (3.0, True, 1.0),
    "rare bursts": (0.3, True, 1.0),
    "fell": (3.0, True, 0.6),
}
MOST_REJECTED, LEAST_HELD, LEVEL = 0.07, 0.93, 0.05


def operation(rng: np.random.Generator, level: float, *, scattered: bool, effect: float) -> Panel:
    """Draw one operation, with the harm of every incident."""
    months = BEFORE + AFTER
    mean = rng.gamma(4, 1 / 4, PLACES)[:, None] * level * np.ones(months)
    mean = mean * np.exp(0.3 * np.sin(np.arange(months)))
    if scattered:
        drift = rng.gamma(8, 1 / 8, (PLACES, 2))
        mean = mean * np.repeat(drift, [BEFORE, AFTER], axis=1)
        mean = mean * rng.gamma(2, 1 / 2, mean.shape)
    late = np.arange(months) >= BEFORE
    mine = np.arange(PLACES) < TREATED
    mean = mean * np.where(np.outer(mine, late), effect, 1.0)
    tiers = rng.poisson(mean[:, :, None] * SHARES)
    return Panel(
        "invented",
        tiers.sum(axis=2),
        np.full(months, 30.0),
        mine,
        late,
        harm=tiers @ WEIGHTS,
        squares=tiers @ WEIGHTS**2,
        greatest=((tiers > 0) * WEIGHTS).max(axis=2),
        largest_days=float(WEIGHTS.max()),
    )


def main(operations: str = "2000") -> int:
    """Print a table for each scene."""
    for scene, (level, scattered, effect) in SCENES.items():
        rng = np.random.default_rng(20)
        rejected: dict[str, list[bool]] = {}
        held: dict[str, list[bool]] = {}
        started = time.perf_counter()
        for _ in range(int(operations)):
            panel = operation(rng, level, scattered=scattered, effect=effect)
            for one in every_estimate(panel, treated_around=Totals(1, 1)):
                # differences have no one truth where the effect is a ratio
                if one.p is None or (effect != 1 and "wdd" in one.name):
                    continue
                rejected.setdefault(one.name, []).append(one.p <= LEVEL)
                truth = 0.0 if "wdd" in one.name else effect
                if one.name != "e_test":
                    low = -np.inf if one.low is None else one.low
                    high = np.inf if one.high is None else one.high
                    held.setdefault(one.name, []).append(low <= truth <= high)
        seconds = time.perf_counter() - started
        print(f"{scene}: {int(operations):,} operations, {seconds:.0f} s", flush=True)
        for name, calls in rejected.items():
            share, inside = float(np.mean(calls)), float(np.mean(held.get(name, [True])))
            missed = effect == 1 and share > MOST_REJECTED
            missed |= name in held and inside < LEAST_HELD
            kept = f"{inside:7.1%}" if name in held else "      -"
            flag = "  misses the aim" if missed else ""
            print(f"  {name:24} p <= .05 {share:6.1%}   holds {kept}   of {len(calls):,}{flag}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
