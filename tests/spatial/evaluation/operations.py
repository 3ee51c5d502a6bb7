"""Simulated operations: places, periods and incidents whose true effect is known."""

from __future__ import annotations

import numpy as np

from spatial.evaluation.panel import Panel
from spatial.evaluation.waves.panel import WavePanel


def operation(  # noqa: PLR0913 (what an operation is made of)
    rng: np.random.Generator,
    *,
    places: int = 20,
    treated: int = 10,
    before: int = 8,
    after: int = 4,
    level: float = 1.0,
    effect: float = 1.0,
    scattered: bool = False,
) -> Panel:
    """Draw counts of places by months; ``scattered`` places drift, and their months come in bursts.

    Parameters
    ----------
    rng
        Where chance comes from.
    places, treated, before, after
        How many of each.
    level
        Mean incidents per place and month.
    effect
        True rate ratio.
    scattered
        Whether places drift between before and after, and months burst (gamma).
    """
    months = before + after
    mean = rng.gamma(4, 1 / 4, places)[:, None] * level * np.ones(months)
    mean = mean * np.exp(0.3 * np.sin(np.arange(months)))
    if scattered:
        drift = rng.gamma(8, 1 / 8, (places, 2))
        mean = mean * np.repeat(drift, [before, after], axis=1)
        mean = mean * rng.gamma(2, 1 / 2, mean.shape)
    late = np.arange(months) >= before
    mine = np.arange(places) < treated
    mean = mean * np.where(np.outer(mine, late), effect, 1.0)
    return Panel("invented", rng.poisson(mean), np.full(months, 30.0), mine, late)


def in_waves(  # noqa: PLR0913 (what an operation is made of)
    rng: np.random.Generator,
    level: float,
    *,
    scattered: bool = False,
    effect: float = 1.0,
    growth: float = 1.0,
    drawn: bool = True,
    never: int = 0,
) -> WavePanel:
    """Draw twenty places that begin in four waves, under a season and a trend that all share.

    Parameters
    ----------
    rng
        Where chance comes from.
    level
        Mean incidents per place and month.
    scattered
        Whether places wander, and months burst (gamma).
    effect, growth
        True rate ratio, and by what it is multiplied in each month after a place's start.
    drawn
        Whether chance draws the order; else the places with most begin first.
    never
        How many are never patrolled.
    """
    places, waves, before, each = 20, 4, 8, 2
    month = np.arange(before + each * waves)
    size = rng.gamma(4, 1 / 4, places)
    wave = np.append(np.sort(np.arange(places - never) % waves), np.full(never, waves))
    if drawn:
        wave = rng.permutation(wave)
    else:
        size = -np.sort(-size)
    mean = size[:, None] * level * np.exp(0.5 * np.sin(2 * np.pi * month / 12) + 0.03 * month)
    if scattered:
        mean = mean * np.exp(np.cumsum(rng.normal(0, 0.12, mean.shape), axis=1))
        mean = mean * rng.gamma(2, 1 / 2, mean.shape)
    starts = before + each * np.arange(waves)
    since = month[None, :] - np.append(starts, len(month))[wave][:, None]
    mean = np.where(since >= 0, mean * effect * growth ** np.maximum(since, 0), mean)
    return WavePanel("invented", rng.poisson(mean), np.full(len(month), 30.0), wave, starts, drawn)
