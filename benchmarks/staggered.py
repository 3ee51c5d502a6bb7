"""Staggered operations without effect: how often the leading figure calls one an effect, or misses.

Twenty places in four waves, eight months before, a wave every two months, two months after the
last, under a strong season and a trend that all share. The aim: 5% tests reject at most 7%, 95%
intervals hold at least 93%. ``even``: independent incidents, one a place and month; ``rare``: one
in ten places and months; ``bursts``: places wander and months burst, three a place and month;
``rare bursts``: the same with three in ten; ``fell``: bursts, with a true fall of 40%. Each where
chance drew the order, and where the hottest places began first; all in the end patrolled, or six
never.

Run from the project's folder: python -m benchmarks.staggered [OPERATIONS [SCENE ...]]
"""

from __future__ import annotations

import math
import sys
import time
from typing import Final

import numpy as np

from spatial.evaluation.waves.estimates import staggered_jackknife, ways_of
from spatial.evaluation.waves.panel import WavePanel
from spatial.evaluation.waves.stacks import Stacks, comparisons

PLACES, WAVES, BEFORE, EACH = 20, 4, 8, 2
SCENES: Final = {
    "even": (1.0, False, 1.0),
    "rare": (0.1, False, 1.0),
    "bursts": (3.0, True, 1.0),
    "rare bursts": (0.3, True, 1.0),
    "fell": (3.0, True, 0.6),
}
ORDERS: Final = {
    "lot, all in the end": (True, 0),
    "lot, six never": (True, 6),
    "hottest first, all": (False, 0),
    "hottest first, six never": (False, 6),
}
MOST_REJECTED, LEAST_HELD, LEVEL = 0.07, 0.93, 0.05


def operation(  # noqa: PLR0913 (what an operation is made of)
    rng: np.random.Generator,
    level: float,
    *,
    scattered: bool,
    effect: float,
    drawn: bool = True,
    never: int = 0,
    growth: float = 1.0,
) -> WavePanel:
    """Draw one operation; ``growth`` multiplies the effect each month after a place's start."""
    months = BEFORE + EACH * WAVES
    month = np.arange(months)
    size = rng.gamma(4, 1 / 4, PLACES)
    wave = np.append(np.sort(np.arange(PLACES - never) % WAVES), np.full(never, WAVES))
    if drawn:
        wave = rng.permutation(wave)
    else:
        size = -np.sort(-size)
    mean = size[:, None] * level * np.exp(0.5 * np.sin(2 * np.pi * month / 12) + 0.03 * month)
    if scattered:
        mean = mean * np.exp(np.cumsum(rng.normal(0, 0.12, mean.shape), axis=1))
        mean = mean * rng.gamma(2, 1 / 2, mean.shape)
    starts = BEFORE + EACH * np.arange(WAVES)
    since = month[None, :] - np.append(starts, months)[wave][:, None]
    mean = np.where(since >= 0, mean * effect * growth ** np.maximum(since, 0), mean)
    return WavePanel("invented", rng.poisson(mean), np.full(months, 30.0), wave, starts, drawn)


def main(operations: str = "1000", *scenes: str) -> int:
    """Print a table of the scenes named, or of all."""
    for scene in scenes or tuple(SCENES):
        level, scattered, effect = SCENES[scene]
        for order, (drawn, never) in ORDERS.items():
            rng = np.random.default_rng(20)
            called, held, jack = [], [], []
            started = time.perf_counter()
            for _ in range(int(operations)):
                panel = operation(
                    rng, level, scattered=scattered, effect=effect, drawn=drawn, never=never
                )
                listed, ways = comparisons(panel), ways_of(panel)
                stacks = Stacks(panel, listed, ways.ways)
                none = stacks.tails(panel.values(), 0.0)
                true = none
                if effect != 1:
                    true = stacks.tails(panel.values(), math.log(effect))
                called.append(2 * min(none) <= LEVEL)
                held.append(min(true) > LEVEL / 2)
                beside = staggered_jackknife(panel)
                if beside.p is not None and beside.low is not None and beside.high is not None:
                    jack.append((beside.p <= LEVEL, beside.low <= effect <= beside.high))
            share, inside = float(np.mean(called)), float(np.mean(held))
            theirs = np.mean(jack, axis=0)
            missed = (effect == 1 and share > MOST_REJECTED) or inside < LEAST_HELD
            print(
                f"{scene:12} {order:26} p <= .05 {share:6.1%}   holds {inside:6.1%}   "
                f"jackknife {theirs[0]:6.1%} / {theirs[1]:6.1%} of {len(jack):,}   "
                f"{time.perf_counter() - started:.0f} s"
                f"{'  misses the aim' if missed else ''}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
