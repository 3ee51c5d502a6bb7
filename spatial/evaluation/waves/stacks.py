"""Stacks: each wave against the places not yet patrolled, wave by wave and step by step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.evaluation.waves.tables import departure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.evaluation.waves.panel import WavePanel

_ALIKE: Final = 1e-9
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """One wave in one stretch of time, against places that are not patrolled in all of it.

    Attributes
    ----------
    wave
        Whose.
    before, after
        Periods that are set against each other, shape (periods,); before, the wave itself was not
        patrolled.
    others
        Waves (the last: never patrolled) that are compared with, shape (waves + 1,).
    """

    wave: int
    before: NDArray[np.bool_]
    after: NDArray[np.bool_]
    others: NDArray[np.bool_]


def comparisons(panel: WavePanel) -> tuple[Comparison, ...]:
    """Return every comparison that is free of places already patrolled.

    Returns
    -------
    For each wave and each step (from one wave's start to the next one's), as long as somebody is
    not yet patrolled: the wave in that step against all its time before, compared with the places
    that begin after that step or never.

    Notes
    -----
    Effects by group and time, against places not yet treated: Callaway and Sant'Anna (2021)
    doi:10.1016/j.jeconom.2020.12.001; stacks: Cengiz, Dube, Lindner and Zipperer (2019)
    doi:10.1093/qje/qjz014.
    """
    period = np.arange(len(panel.days))
    edges = np.append(panel.starts, len(period))
    found = []
    for wave in range(panel.waves):
        before = period < panel.starts[wave]
        for step in range(wave, panel.waves):
            after = (period >= edges[step]) & (period < edges[step + 1])
            others = not_yet(panel, after)
            if others[panel.wave].any():
                found.append(Comparison(wave, before, after, others))
    return tuple(found)


def not_yet(panel: WavePanel, until: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the waves that begin after the last of some periods, or never, shape (waves + 1,)."""
    last = int(np.flatnonzero(until)[-1])
    return np.append(panel.starts > last, [True])


@dataclass(frozen=True, slots=True, eq=False)
class Stacks:
    """Comparisons, to be made for many arrangements of the places at once.

    Attributes
    ----------
    panel, listed
        What is compared.
    ways
        Waves of the places, shape (ways, places); the actual one is the last.
    factors
        By which each comparison counts beside its weight, shape (comparisons,): None for 1.
    """

    panel: WavePanel
    listed: tuple[Comparison, ...]
    ways: NDArray[np.int64]
    factors: NDArray[np.float64] | None = None

    def statistics(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the combined change of each way over its own scatter, shape (ways,).

        Parameters
        ----------
        values
            Counts or harm, a supposed ratio taken out, shape (places, periods).

        Notes
        -----
        Each comparison is a table of two by two, whose departure from no change is taken on the
        logarithmic scale to first order (so that nothing counted is no infinity), and weighted by
        what was expected (:meth:`weights`). The scatter adds up the squares of what each place adds
        to the whole, over all comparisons that it is in: it is clustered by place.
        """
        total = np.zeros(len(self.ways))
        added = np.zeros(self.ways.shape)
        factors = np.ones(len(self.listed)) if self.factors is None else self.factors
        for one, factor in zip(self.listed, factors, strict=True):
            own, other = _groups(one, self.ways)
            late = values[:, one.after].sum(axis=1)
            early = values[:, one.before].sum(axis=1)
            pair = np.column_stack([late, early])
            found = departure(np.stack([own @ pair, other @ pair], axis=1))
            weight = found.counts_for(self._expected(one, own, other)) * factor
            total += weight * found.change
            gain = own * (weight * found.mine)[:, None] - other * (weight * found.theirs)[:, None]
            added += gain * (late - found.share[:, None] * (late + early))
        scatter = np.sqrt((added**2).sum(axis=1))
        statistic = np.zeros_like(total)
        np.divide(total, scatter, out=statistic, where=scatter > 0)
        return statistic

    def tails(
        self, values: NDArray[np.float64], log: float, *, marked: NDArray[np.bool_] | None = None
    ) -> tuple[float, float]:
        """Return how often as low, and as high, a result comes out among the ways.

        Parameters
        ----------
        values
            As counted, shape (places, periods).
        log
            Logarithm of the supposed ratio.
        marked
            The place-periods that have it, shape (places, periods); None for all that were
            patrolled.
        """
        at = self.panel.began if marked is None else marked
        supposed = np.where(at, values / math.exp(log), values)
        found = self.statistics(supposed)
        near = _ALIKE * (1 + abs(found[-1]))
        return float((found <= found[-1] + near).mean()), float((found >= found[-1] - near).mean())

    def tables(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return after and before of the wave and of the others, for the actual waves.

        Shape (comparisons, 2, 2): the wave first, after first.
        """
        found = []
        for one in self.listed:
            rows = (self.panel.wave == one.wave, one.others[self.panel.wave])
            found.append(
                [[values[mine][:, when].sum() for when in (one.after, one.before)] for mine in rows]
            )
        return np.array(found, dtype=np.float64).reshape(len(found), 2, 2)

    def weights(self) -> NDArray[np.float64]:
        """Return what is expected of each comparison, for the actual waves, shape (comparisons,).

        The information of the table of two by two that the places' level before the first start
        leads to expect, were nothing to change: known on the first day, whatever happens later.
        What a table then counts for is said by
        :meth:`spatial.evaluation.waves.tables.Departure.counts_for`.
        """
        actual = self.panel.wave[None, :]
        found = [self._expected(one, *_groups(one, actual))[0] for one in self.listed]
        return np.array(found, dtype=np.float64)

    def _expected(
        self, one: Comparison, own: NDArray[np.float64], other: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        panel = self.panel
        first = int(panel.starts[0])
        base = panel.days[:first].sum()
        level = panel.counts[:, :first].sum(axis=1) / base
        # half an incident more, so that a wave without any still counts for something
        rates = np.stack([own @ level, other @ level]) + _HALF / base
        days = np.array([panel.days[one.after].sum(), panel.days[one.before].sum()])
        found: NDArray[np.float64] = 1 / ((1 / rates).sum(axis=0) * (1 / days).sum())
        return found


def _groups(
    one: Comparison, ways: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return (ways == one.wave).astype(np.float64), one.others[ways].astype(np.float64)
