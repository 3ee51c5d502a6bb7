"""Capture: what the best-ranked cells held, ties in expectation, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Scores of all cells, sorted once.

    Attributes
    ----------
    scores
        Higher first, shape (n,).
    ascending
        The same, sorted.
    """

    scores: Floats
    ascending: Floats

    def chosen(self, wanted: float, cells: NDArray[np.int64] | slice = slice(None)) -> Floats:
        """Return how far cells belong to the first so many, 0 to 1.

        Parameters
        ----------
        wanted
            How many cells are chosen; need not be whole.
        cells
            Which cells are asked about; all of them by default.

        Returns
        -------
        1 above the level that the last chosen cell has; at that level the chance of being drawn for
        the places that are left, so that a sum over cells is a sum in expectation.
        """
        n = len(self.ascending)
        level = self.ascending[max(n - 1 - int(wanted), 0)] if wanted < n else -np.inf
        above = n - int(np.searchsorted(self.ascending, level, side="right"))
        tied = n - above - int(np.searchsorted(self.ascending, level, side="left"))
        share = (wanted - above) / tied if tied else 0.0
        asked = self.scores[cells]
        return np.where(asked > level, 1.0, np.where(asked == level, share, 0.0))


def ranking(scores: NDArray[np.float64]) -> Ranking:
    """Return scores ready to be cut at any number of cells.

    Raises
    ------
    ValueError
        A score is not a number.
    """
    if np.isnan(scores).any():
        msg = f"Cell {int(np.isnan(scores).argmax())} has no score: every cell needs a number."
        raise ValueError(msg)
    return Ranking(scores, np.sort(scores))


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What happened after one origin.

    Attributes
    ----------
    cells
        Those that held anything, shape (c,).
    incidents, harm
        What each held, shape (c,); harm in days.
    block
        The block of each, shape (c,).
    blocks
        How many blocks the area has.
    """

    cells: NDArray[np.int64]
    incidents: Floats
    harm: Floats
    block: NDArray[np.int64]
    blocks: int

    def held(self, values: Floats, chosen: Floats | None = None) -> Floats:
        """Return what each block held, or what of it lay in the chosen cells, shape (blocks,)."""
        weights = values if chosen is None else values * chosen
        return np.bincount(self.block, weights=weights, minlength=self.blocks).astype(np.float64)


def outcome_of(incidents: Floats, harm: Floats, blocks: NDArray[np.int64]) -> Outcome:
    """Return the outcome of whole-area totals, shape (n,) each."""
    cells = np.flatnonzero((incidents > 0) | (harm > 0))
    return Outcome(
        cells, incidents[cells], harm[cells], blocks[cells], int(blocks.max(initial=-1)) + 1
    )


def captured_by(
    ranked: Ranking, outcome: Outcome, wanted: Sequence[float]
) -> tuple[Floats, Floats]:
    """Return incidents and harm captured by block, for lists of several lengths.

    Returns
    -------
    Two arrays, shape (lengths, blocks).
    """
    incidents = np.zeros((len(wanted), outcome.blocks))
    harm = np.zeros_like(incidents)
    for place, number in enumerate(wanted):
        chosen = ranked.chosen(number, outcome.cells)
        incidents[place] = outcome.held(outcome.incidents, chosen)
        harm[place] = outcome.held(outcome.harm, chosen)
    return incidents, harm
