"""Blocks of ground: cells taken together, so that neighbours are left out or drawn together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


def block_width_m(centres: Floats, *, furthest_m: float, fewest: int) -> float:
    """Return how wide blocks are to be: beyond reach of each other, but not too few.

    Parameters
    ----------
    centres
        Middles of cells, metres, shape (n, 2).
    furthest_m
        The greatest distance at which a factor may act.
    fewest
        Blocks below which they are made narrower.

    Returns
    -------
    Metres: twice ``furthest_m``, halved until there are enough blocks or every cell is its own.
    """
    width = 2.0 * furthest_m
    while True:
        number = int(ground_blocks(centres, width_m=width).max()) + 1
        if number >= min(fewest, len(centres)):
            return width
        width /= 2.0


def ground_blocks(centres: Floats, *, width_m: float) -> Whole:
    """Return the number of the square block of ground that each cell's middle lies in.

    Parameters
    ----------
    centres
        Metres, shape (n, 2).
    width_m
        Of a block.

    Returns
    -------
    Shape (n,), from 0 on, every number taken.
    """
    square = np.floor((centres - centres.min(axis=0)) / width_m).astype(np.int64)
    key = square[:, 0] * (int(square[:, 1].max()) + 1) + square[:, 1]
    _, block = np.unique(key, return_inverse=True)
    return block.reshape(-1).astype(np.int64)


def folds_of(blocks: Whole, *, folds: int, rng: np.random.Generator) -> Whole:
    """Deal blocks into folds of about equal numbers of blocks.

    Returns
    -------
    The fold of each cell, from 0 on, shape (n,); fewer folds where there are fewer blocks.
    """
    number = int(blocks.max()) + 1
    fold = np.empty(number, dtype=np.int64)
    fold[rng.permutation(number)] = np.arange(number) % min(folds, number)
    return fold[blocks]


def drawn_weights(blocks: Whole, *, rng: np.random.Generator) -> Floats:
    """Draw as many blocks as there are, with replacement: how often each cell is in, shape (n,)."""
    number = int(blocks.max()) + 1
    times = np.bincount(rng.integers(0, number, number), minlength=number)
    return times[blocks].astype(np.float64)
