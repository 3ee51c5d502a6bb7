"""Dispersion: how much more places' changes scatter than chance alone would make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

from spatial.notes import Note

if TYPE_CHECKING:
    from spatial.evaluation.panel import Panel
    from spatial.notes import Notes

_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How places' changes scatter.

    Attributes
    ----------
    ratio
        Variance over Poisson variance: 1 where incidents come one by one and places change alike;
        None where nothing can be said.
    p
        Of a ratio as large by chance.
    freedom
        Degrees of freedom.
    """

    ratio: float | None
    p: float | None
    freedom: int

    @property
    def clear(self) -> bool:
        """Whether the places scatter more than chance alone explains."""
        return self.p is not None and self.p <= _LEVEL

    @property
    def notes(self) -> Notes:
        """The warning for figures that take incidents for independent; none where not clear."""
        if not self.clear or self.ratio is None:
            return ()
        return (
            Note(
                f"The places' changes scatter about {self.ratio:.1f} times as much as independent "
                "incidents would: this interval is too narrow and its p too small. Read the "
                "figures made place by place.",
                loud=True,
            ),
        )


def change_dispersion(panel: Panel) -> Dispersion:
    """Estimate how much more than Poisson the places' changes scatter.

    Parameters
    ----------
    panel
        Its counts.

    Returns
    -------
    Pearson's chi-square of places by (before, after) over its degrees of freedom, within the
    patrolled and within the comparison places, added up; so an effect common to all patrolled
    places is not in it. Places without any incident say nothing and are left out.

    Notes
    -----
    How it can mislead: with few places it is rough, and with few incidents it has little power: a
    ratio near 1 does not show that the incidents are independent.
    """
    total, freedom = 0.0, 0
    table = panel.by_place()
    for rows in (panel.treated, ~panel.treated):
        group = table[rows]
        group = group[group.sum(axis=1) > 0]
        columns = group.sum(axis=0)
        if len(group) <= 1 or (columns == 0).any():
            continue
        expected = np.outer(group.sum(axis=1), columns) / columns.sum()
        total += float(((group - expected) ** 2 / expected).sum())
        freedom += len(group) - 1
    if freedom == 0:
        return Dispersion(None, None, 0)
    return Dispersion(total / freedom, float(chi2.sf(total, freedom)), freedom)
