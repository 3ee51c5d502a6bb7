"""Evidence: cells that no candidate tells apart, taken together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    On = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Kinds of cells, and how many there are of each.

    Attributes
    ----------
    on
        Which candidates are on, shape (r, k).
    counts
        Incidents of one such cell, shape (r,).
    exposure
        What its count is in proportion to, above 0, shape (r,); all 1 where nothing is known.
    weights
        How many such cells, shape (r,).
    """

    on: On
    counts: Floats
    exposure: Floats
    weights: Floats

    def __len__(self) -> int:
        """Return the number of kinds."""
        return len(self.counts)

    def of(self, columns: NDArray[np.int64]) -> Evidence:
        """Return the evidence on some candidates only, gathered anew."""
        some = replace(self, on=self.on[:, columns])
        return gather(some)[0]

    def weighed(self, weights: Floats) -> Evidence:
        """Return the evidence with other numbers of cells; kinds of which there are none go."""
        left = weights > 0
        return Evidence(self.on[left], self.counts[left], self.exposure[left], weights[left])


def gather(cells: Evidence) -> tuple[Evidence, NDArray[np.int64]]:
    """Take together cells alike in candidates, count and exposure.

    Parameters
    ----------
    cells
        Cells or kinds of them.

    Returns
    -------
    The kinds, and of which kind each cell given is, shape (n,). No likelihood changes by it.
    """
    packed = np.packbits(cells.on, axis=1)
    numbers = np.column_stack([cells.counts, cells.exposure]).view(np.uint8)
    key = np.ascontiguousarray(np.hstack([packed, numbers.reshape(len(cells), -1)]))
    rows = key.view(np.dtype((np.void, key.shape[1]))).reshape(-1)
    _, first, kind = np.unique(rows, return_index=True, return_inverse=True)
    kind = kind.reshape(-1).astype(np.int64)
    weights = np.bincount(kind, weights=cells.weights, minlength=len(first)).astype(np.float64)
    return (
        Evidence(cells.on[first], cells.counts[first], cells.exposure[first], weights),
        kind,
    )


def patterns(evidence: Evidence) -> tuple[On, Floats, Floats]:
    """Take together what is alike in candidates alone: all that a Poisson model needs.

    Returns
    -------
    Which candidates are on, shape (p, k); incidents and exposure added up, shape (p,) each.
    """
    key = np.ascontiguousarray(np.packbits(evidence.on, axis=1))
    if not key.shape[1]:
        total = (
            (evidence.weights * evidence.counts).sum(),
            (evidence.weights * evidence.exposure).sum(),
        )
        return evidence.on[:1], np.array([total[0]]), np.array([total[1]])
    rows = key.view(np.dtype((np.void, key.shape[1]))).reshape(-1)
    _, first, kind = np.unique(rows, return_index=True, return_inverse=True)
    counts, exposure = (
        np.bincount(kind.reshape(-1), evidence.weights * each, len(first)).astype(np.float64)
        for each in (evidence.counts, evidence.exposure)
    )
    return evidence.on[first], counts, exposure
