"""Expectation: the product's own ranking, expected harm, on what was known."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from spatial.accuracy.known import YEAR
from spatial.hotspots.expected.expected_harm import ExpectedHarm, expected_harm
from spatial.hotspots.expected.kin import KIN, OTHER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.accuracy.known import Known


@lru_cache(maxsize=4)
def expected_harm_of(known: Known, *, months: int | None, unweighed: bool = False) -> ExpectedHarm:
    """Return the harm that the known lead to expect.

    Parameters
    ----------
    known
        The past.
    months
        How many of its last months are read; None for all of them.
    unweighed
        Let every incident weigh one day: the incidents to expect, for profiles without harm.

    Raises
    ------
    BadInputError
        Nothing known has a weight: see :func:`can_expect`.
    """
    history = known.history if months is None else known.history_of(months)
    record = known.record if months is None else known.last(months)
    weights = record.weights()
    if unweighed:
        weights = dict.fromkeys(weights, 1.0)
    kin = [kind for kind in map(OTHER.format, KIN) if kind in history.kinds]
    return expected_harm(history, known.ground.rings, weights=weights, kin=kin)


def can_expect(known: Known, *, months: int | None) -> bool:
    """Say whether anything known has a weight."""
    record = known.record if months is None else known.last(months)
    return any(weight is not None for weight in record.weights().values())


def expected_counts(known: Known) -> NDArray[np.float64]:
    """Rank by the incidents to expect, from the last twelve months: what expected harm is made of.

    Each tier's expected incidents, added up without weights.
    """
    weights = known.last(YEAR).weights()
    if not weights:
        return np.zeros(known.record.cells)
    # where nothing weighs, any weight will do: it is not used
    unweighed = all(weight is None for weight in weights.values())
    found = expected_harm_of(known, months=YEAR, unweighed=unweighed)
    return np.asarray(sum(tier.expected for tier in found.tiers))
