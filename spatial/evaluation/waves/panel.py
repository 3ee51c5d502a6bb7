"""Wave panel: places by periods, and from which period on each place was patrolled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.evaluation.panel import COUNT
from spatial.evaluation.totals import Totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_WAVES: Final = 2
SIDES: Final = ("treated_before", "treated_after", "control_before", "control_after")


@dataclass(frozen=True, slots=True, eq=False)
class WavePanel:
    """Places by periods, the places in waves.

    Attributes
    ----------
    outcome
        The profile that was counted.
    counts
        Incidents, shape (places, periods); periods in order, without those that the places were
        chosen on.
    days
        Days of each period, shape (periods,).
    wave
        Which wave each place belongs to, 0 the first; the number of waves for places that were
        never patrolled, shape (places,).
    starts
        The period with which each wave begins, ascending, shape (waves,); none is the first.
    drawn
        Whether chance drew which place began when.
    harm, squares, greatest
        As :class:`spatial.evaluation.panel.Panel`; None where the outcome has no weights.

    Raises
    ------
    BadInputError
        There are fewer than two waves, a wave without places, or no period before the first.
    """

    outcome: str
    counts: NDArray[np.int64]
    days: NDArray[np.float64]
    wave: NDArray[np.int64]
    starts: NDArray[np.int64]
    drawn: bool
    harm: NDArray[np.float64] | None = None
    squares: NDArray[np.float64] | None = None
    greatest: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        shape = (len(self.wave), len(self.days))
        if self.counts.shape != shape:
            msg = f"Counts have shape {self.counts.shape!r}: give {shape!r}, places by periods."
            raise BadInputError(msg)
        if self.waves < FEWEST_WAVES:
            msg = f"{self.waves} wave is no staggered start: give at least {FEWEST_WAVES}."
            raise BadInputError(msg)
        inside = self.starts[0] > 0 and self.starts[-1] < len(self.days)
        if (np.diff(self.starts) <= 0).any() or not inside:
            msg = (
                f"Waves that start in periods {self.starts.tolist()!r} cannot be compared: they "
                "need a period before the first, one from the last on, and an order."
            )
            raise BadInputError(msg)
        held = np.bincount(self.wave, minlength=self.waves)[: self.waves]
        if (held == 0).any():
            msg = f"Wave {int(np.argmin(held)) + 1} has no places: leave it out."
            raise BadInputError(msg)

    @property
    def waves(self) -> int:
        """How many."""
        return len(self.starts)

    @property
    def patrolled(self) -> NDArray[np.bool_]:
        """Which places ever were, shape (places,)."""
        return self.wave < self.waves

    @property
    def compared_until(self) -> int:
        """The period from which on nobody was left who was not yet patrolled."""
        return len(self.days) if (~self.patrolled).any() else int(self.starts[-1])

    @property
    def began(self) -> NDArray[np.bool_]:
        """Whether a place was patrolled in a period, shape (places, periods)."""
        first = np.append(self.starts, len(self.days))[self.wave]
        begun: NDArray[np.bool_] = np.arange(len(self.days))[None, :] >= first[:, None]
        return begun

    def values(self, measure: str = COUNT) -> NDArray[np.float64]:
        """Return counts or harm, shape (places, periods).

        Raises
        ------
        BadInputError
            Harm is asked of an outcome that has none.
        """
        if measure == COUNT:
            return self.counts.astype(np.float64)
        if self.harm is None:
            msg = f"{self.outcome!r} has no harm weights: evaluate its count."
            raise BadInputError(msg)
        return self.harm

    def sides(self) -> dict[str, NDArray[np.bool_]]:
        """Return the place-periods of each of ``SIDES``, shape (places, periods).

        The first two are those of patrolled places before and from their own start on, the others
        those of whoever waits (or was never patrolled) before and since the first start. A place
        that begins late is on both sides, at its time. Nothing counts from when nobody waits.
        """
        period = np.arange(len(self.days))[None, :]
        looked = period < self.compared_until
        last = self.waves if (~self.patrolled).any() else self.waves - 1
        mine = (self.wave < last)[:, None]
        waiting = (self.wave > 0)[:, None] & ~self.began & looked
        masks = (
            mine & ~self.began & looked,
            mine & self.began & looked,
            waiting & (period < self.starts[0]),
            waiting & (period >= self.starts[0]),
        )
        return dict(zip(SIDES, masks, strict=True))

    def totals(self, measure: str = COUNT) -> tuple[Totals, Totals]:
        """Return the totals of the patrolled places and of those that wait; days are place-days."""
        masks = list(self.sides().values())
        return self._total(measure, *masks[:2]), self._total(measure, *masks[2:])

    def _total(self, measure: str, before: NDArray[np.bool_], after: NDArray[np.bool_]) -> Totals:
        values = self.values(measure)
        weighed = measure != COUNT and self.squares is not None and self.greatest is not None
        squares = self.squares if weighed else None
        greatest = self.greatest if weighed else None
        return Totals(
            float(values[before].sum()),
            float(values[after].sum()),
            days_before=float((before * self.days).sum()),
            days_after=float((after * self.days).sum()),
            squares_before=None if squares is None else float(squares[before].sum()),
            squares_after=None if squares is None else float(squares[after].sum()),
            greatest_before=None if greatest is None else float(greatest[before].max(initial=0.0)),
            greatest_after=None if greatest is None else float(greatest[after].max(initial=0.0)),
        )
