"""Simulated operations: places, periods and incidents whose true effect is known."""

from __future__ import annotations

import numpy as np

from spatial.evaluation.panel import Panel


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
