"""Resampling: how sure pooled shares and their differences are, by blocks of ground and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS: Final = 1000
SEED: Final = 20_261_121
LEVEL: Final = 0.95
_AT_ONCE: Final = 50


def units(held: Floats, *, run: int) -> Floats:
    """Return what each unit that is drawn holds: a block of ground in one stretch of time.

    Parameters
    ----------
    held
        Shape (origins, ..., blocks).
    run
        How many consecutive origins share days they are scored on, and so are drawn together.

    Returns
    -------
    Shape (stretches x blocks, ...).
    """
    starts = np.arange(0, len(held), run)
    stretches = np.add.reduceat(held, starts, axis=0)
    moved = np.moveaxis(stretches, -1, 1)
    return moved.reshape(-1, *moved.shape[2:])


def drawn_shares(
    captured: dict[str, Floats],
    total: Floats,
    *,
    run: int = 1,
    draws: int = DRAWS,
    seed: int = SEED,
) -> dict[str, Floats]:
    """Return the pooled shares of draws with replacement, the same draws for every method.

    Parameters
    ----------
    captured
        By method, shape (origins, lengths, blocks).
    total
        Shape (origins, blocks).
    run
        See :func:`units`.
    draws, seed
        The same seed gives the same draws.

    Returns
    -------
    By method, shape (draws, lengths); NaN in a draw that holds nothing.

    Notes
    -----
    A block bootstrap: each unit is in a draw a Poisson number of times with mean 1. Incidents of
    one block and stretch stay together, since one leads to another. The ground itself is taken as
    given: the question is what another stretch of time would have brought here, not what another
    force would find. What strikes every block of a stretch alike is in no interval.
    """
    below = units(total, run=run)
    used = below > 0
    below = below[used]
    tables = {name: units(held, run=run)[used] for name, held in captured.items()}
    table = np.concatenate([*tables.values(), below[:, None]], axis=1)
    rng = np.random.default_rng(seed)
    sums = np.concatenate(
        [
            rng.poisson(1.0, size=(min(_AT_ONCE, draws - start), len(table))).astype(np.float64)
            @ table
            for start in range(0, draws, _AT_ONCE)
        ]
    )
    whole = sums[:, -1:]
    shares = np.full((draws, sums.shape[1] - 1), np.nan)
    np.divide(sums[:, :-1], whole, out=shares, where=whole > 0)
    each = np.split(shares, np.cumsum([one.shape[1] for one in tables.values()])[:-1], axis=1)
    return dict(zip(tables, each, strict=True))


def interval(values: Floats, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the central interval of draws along the first axis, draws that hold nothing left out.

    Returns
    -------
    Lower and upper ends, NaN where no draw held anything.
    """
    tail = (1 - level) / 2
    usable = ~np.isnan(values).any(axis=tuple(range(1, values.ndim)))
    if not usable.any():
        nothing = np.full(values.shape[1:], np.nan)
        return nothing, nothing
    low, high = np.quantile(values[usable], [tail, 1 - tail], axis=0)
    return low, high
