"""The self-exciting rival: a standing level in each cell, and more for a while after each incident.

A grid-based version of the point process that near-repeat tools use: the rate of a cell is its own
background, plus what recent incidents in it and in the cells that adjoin still add.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from spatial.hexes.history import DAYS_PER_PERIOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.accuracy.known import Known

    Floats = NDArray[np.float64]

HALF_LIVES_WEEKS: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
HALF_LIVES_MONTHS: Final = (1.0, 2.0, 4.0, 8.0)
"""After how long an incident adds half as much; the likeliest is taken."""
REACH_MONTHS: Final = 36
"""Older incidents are not read."""
_WEEK: Final = 7
_STEPS: Final = 40
_LEAST: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Excitement:
    """A fitted process.

    Attributes
    ----------
    background
        Incidents per step of each active cell, shape (a,).
    repeated, nearby
        How many incidents one incident goes on to set off in its own cell, and in the six that
        adjoin together.
    half_life
        In steps.
    likelihood
        Logarithm, but for a constant.
    """

    background: Floats
    repeated: float
    nearby: float
    half_life: float
    likelihood: float


def self_exciting(known: Known) -> Floats:
    """Rank by the incidents that the process expects over the horizon.

    Returns
    -------
    Expected incidents, shape (n,).

    Notes
    -----
    Fitted by expectation maximisation on the known alone, in steps of a week (of a month where
    records give only that), as in Mohler et al. (2015), doi:10.1080/01621459.2015.1077710, with the
    adjoining cells added. Offspring of offspring to come are not followed: over a quarter that
    changes levels, hardly the order.
    """
    counts, active = _counted(known)
    size = known.record.cells
    if not len(active):
        return np.zeros(size)
    links = known.ground.rings.first
    half_lives = HALF_LIVES_MONTHS if known.record.months_only else HALF_LIVES_WEEKS
    fits = [_fit(counts, links, active, half_life) for half_life in half_lives]
    best = max(fits, key=lambda one: one.likelihood)
    fade = 0.5 ** (1 / best.half_life)
    steps = known.ahead * (1.0 if known.record.months_only else DAYS_PER_PERIOD / _WEEK)
    recent = np.zeros(size)
    recent[active] = _recent(counts, fade)[-1]
    around = links @ recent
    ahead = (1 - fade**steps) / (1 - fade)
    expected = (best.repeated * recent + best.nearby * around) * ahead
    expected[active] += best.background * steps
    return np.asarray(expected)


def _counted(known: Known) -> tuple[Floats, NDArray[np.int64]]:
    """Return the profile's incidents by step and active cell, shape (t, a), and those cells."""
    record = known.last(REACH_MONTHS)
    own = record.kind < record.tiers
    if record.months_only:
        step = known.period_of(record.day[own])
    else:
        end = (known.day - known.timeline.begins).days
        step = -((end - 1 - record.day[own]) // _WEEK)
    if not len(step):
        return np.zeros((1, 0)), np.array([], dtype=np.int64)
    active, place = np.unique(record.position[own], return_inverse=True)
    step = step - step.min()
    steps = int(step.max()) + 1
    flat = np.bincount(
        step * len(active) + place, weights=record.incidents[own], minlength=steps * len(active)
    )
    counts = flat.astype(np.float64).reshape(steps, len(active))
    return counts, active.astype(np.int64)


def _recent(counts: Floats, fade: float) -> Floats:
    """Return what is left at each step of what happened before it, shape (t + 1, a)."""
    left = np.zeros((len(counts) + 1, counts.shape[1]))
    for step, happened in enumerate(counts):
        left[step + 1] = fade * left[step] + (1 - fade) * happened
    return left


def _fit(
    counts: Floats, links: sparse.csr_array, active: NDArray[np.int64], half_life: float
) -> Excitement:
    steps = len(counts)
    left = _recent(counts, 0.5 ** (1 / half_life))[:-1]
    among = sparse.csr_array(links[active][:, active])
    around = (among @ left.T).T
    # what the neighbours were told to expect, empty cells included
    passed_on = np.asarray(links.sum(axis=0)).reshape(-1)[active]
    own_mass, near_mass = float(left.sum()), float((left @ passed_on).sum())
    at_step, at_cell = np.nonzero(counts)
    happened = counts[at_step, at_cell]
    own_left, near_left = left[at_step, at_cell], around[at_step, at_cell]
    total = counts.sum(axis=0)
    background, repeated, nearby = total / steps / 2, 0.25, 0.25
    for _ in range(_STEPS):
        by_self, by_near = repeated * own_left, nearby * near_left
        share = happened / np.maximum(background[at_cell] + by_self + by_near, _LEAST)
        repeated = float((share * by_self).sum() / max(own_mass, _LEAST))
        nearby = float((share * by_near).sum() / max(near_mass, _LEAST))
        told = np.bincount(at_cell, weights=share * background[at_cell], minlength=counts.shape[1])
        background = told / steps
    rate = background[at_cell] + repeated * own_left + nearby * near_left
    likelihood = float(
        happened @ np.log(np.maximum(rate, _LEAST))
        - background.sum() * steps
        - repeated * own_mass
        - nearby * near_mass
    )
    return Excitement(background, repeated, nearby, half_life, likelihood)
