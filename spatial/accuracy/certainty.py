"""Certainty: which places are surely among the first N, which might be, and the near misses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.hotspots.expected.rank_stability import chance_in_top

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CERTAIN: Final = "certain"
MIGHT_BE: Final = "might_be"
NEAR_MISS: Final = "near_miss"
SURE: Final = 0.9
"""Chance from which a listed place is called certain."""
UNLIKELY: Final = 0.1
"""Chance below which a place off the list is no near miss."""
CERTAINTY_COLUMNS: Final = ("position", "rank", "expected", "chance", "standing")


def certainty(mean: Floats, variance: Floats, *, places: int) -> pd.DataFrame:
    """Sort places by how sure it is that they belong among the first N.

    Parameters
    ----------
    mean, variance
        Of the expected harm (or incidents) of each cell, shape (n,), as
        :class:`spatial.hotspots.expected.expected_harm.ExpectedHarm` has them.
    places
        N.

    Returns
    -------
    ``CERTAINTY_COLUMNS`` by rank: all N listed places (``certain`` from a chance of ``SURE``, else
    ``might_be``), then those off the list whose chance is at least ``UNLIKELY`` (``near_miss``).

    Notes
    -----
    The chance is that of the underlying rate, cells taken as independent, and errors that cells
    share are not in it: it is somewhat too sure. How many of the certain places stayed on the next
    list is said beside it by :func:`staying`.
    """
    chance = chance_in_top(mean, variance, places=places)
    order = np.argsort(-mean, kind="stable")
    rank = np.empty(len(mean), dtype=np.int64)
    rank[order] = np.arange(1, len(mean) + 1)
    shown = order[(rank[order] <= places) | (chance[order] >= UNLIKELY)]
    listed = rank[shown] <= places
    standing = np.where(listed, np.where(chance[shown] >= SURE, CERTAIN, MIGHT_BE), NEAR_MISS)
    return pd.DataFrame(
        {
            "position": shown,
            "rank": rank[shown],
            "expected": mean[shown],
            "chance": chance[shown],
            "standing": standing,
        }
    )


def staying(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return by standing how many places there were, and how many the next list held.

    Parameters
    ----------
    before, after
        Of two consecutive origins, as :func:`certainty` gives them.
    """
    listed = after.loc[after["standing"] != NEAR_MISS, "position"]
    stayed = before["position"].isin(listed)
    return {
        name: (
            int((before["standing"] == name).sum()),
            int(stayed[before["standing"] == name].sum()),
        )
        for name in (CERTAIN, MIGHT_BE, NEAR_MISS)
    }
