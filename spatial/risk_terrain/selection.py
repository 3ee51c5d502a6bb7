"""Selection: penalised sieve, then stepwise under both families; the lower BIC wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spatial.risk_terrain.count_models import Family
from spatial.risk_terrain.stepwise import Chosen, choose_stepwise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from config.risk_terrain import ModelRules
    from spatial.risk_terrain.evidence import Evidence


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What was chosen of the columns that the sieve kept.

    Attributes
    ----------
    columns
        Of all candidates, ascending.
    by_family
        The model that each family ended with, over the columns of the sieve.
    family
        The winner.
    """

    columns: tuple[int, ...]
    by_family: dict[Family, Chosen]
    family: Family

    @property
    def chosen(self) -> Chosen:
        """The winning model."""
        return self.by_family[self.family]


def usable(evidence: Evidence) -> NDArray[np.bool_]:
    """Say which columns hold an incident where they are on, and one where they are off."""
    weight = evidence.weights * evidence.counts
    held = weight @ evidence.on
    return np.asarray((held > 0) & (held < weight.sum()), dtype=bool)


def select(
    evidence: Evidence,
    kept: NDArray[np.int64],
    factor_of: Sequence[int],
    *,
    rules: ModelRules,
    protective: bool,
) -> Selection:
    """Choose among the columns that the sieve kept.

    Parameters
    ----------
    evidence
        Cells, gathered, over all candidates.
    kept
        Columns that the sieve kept.
    factor_of
        The factor of each candidate.
    rules
        The most terms.
    protective
        Whether coefficients may be negative.

    Returns
    -------
    Of equal BIC, the simpler family: Poisson.
    """
    sieve = kept[usable(evidence)[kept]]
    small = evidence.of(sieve)
    groups = [factor_of[column] for column in sieve.tolist()]
    found = {
        family: choose_stepwise(
            small, groups, family=family, protective=protective, most_terms=rules.most_terms
        )
        for family in Family
    }
    family = min(Family, key=lambda one: found[one].fit.bic)
    return Selection(tuple(sieve[list(found[family].columns)].tolist()), found, family)
