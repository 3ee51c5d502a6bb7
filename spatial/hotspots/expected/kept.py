"""Kept: expected harm worked out before, for exactly the same history, neighbours and weights."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from spatial.hexes.rings import rings_of
from spatial.hotspots.expected.expected_harm import ExpectedHarm, expected_harm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.hexes.history import CellHistory

# of arrays that are kept: some dozens of windows of a county at resolution 9, a few at 10
_MOST_BYTES: Final = 200_000_000

_kept: OrderedDict[str, ExpectedHarm] = OrderedDict()
_keeping: Final = threading.Lock()


def kept_expected_harm(
    history: CellHistory,
    grid: HexGrid,
    *,
    weights: Mapping[str, float | None],
    kin: Sequence[str] = (),
) -> ExpectedHarm:
    """Return the harm to be expected in each cell of a grid, worked out once for the same numbers.

    Parameters
    ----------
    history, weights, kin
        See :func:`spatial.hotspots.expected.expected_harm.expected_harm`.
    grid
        The cells of the history.

    Returns
    -------
    Read-only arrays. What is kept goes by the numbers themselves, not by where they came from: the
    same for whoever counts the same, and never another store's, area's or scheme's.

    Raises
    ------
    BadInputError
        See there.
    """
    key = _content(history, grid, weights, kin)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = expected_harm(history, rings_of(grid), weights=weights, kin=kin)
    for array in _arrays(found):
        array.flags.writeable = False
    with _keeping:
        _kept[key] = found
        # the newest stays even where it alone is larger
        while len(_kept) > 1 and sum(map(_size, _kept.values())) > _MOST_BYTES:
            _kept.popitem(last=False)
    return found


def forget_expected() -> None:
    """Drop what is kept: for measuring how long it takes."""
    with _keeping:
        _kept.clear()


def _content(
    history: CellHistory,
    grid: HexGrid,
    weights: Mapping[str, float | None],
    kin: Sequence[str],
) -> str:
    said = (grid.digest, history.cells, history.periods, history.kinds, list(weights.items()), kin)
    content = hashlib.sha256(repr(said).encode())
    for name in ("position", "period", "kind", "incidents"):
        content.update(getattr(history, name).astype("<i8").tobytes())
    return content.hexdigest()


def _arrays(found: ExpectedHarm) -> list[NDArray[np.float64]]:
    tiers = [tier.expected for tier in found.tiers]
    return [found.harm_days, found.low, found.high, found.variance, *found.parts.values(), *tiers]


def _size(found: ExpectedHarm) -> int:
    return sum(array.nbytes for array in _arrays(found))
