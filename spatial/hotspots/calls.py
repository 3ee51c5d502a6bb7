"""Calls: how many cells each correction for many tests would call hot or cold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.hotspots.significance import LEVELS, benjamini_hochberg, bonferroni, two_sided

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

CORRECTIONS: Final = ("none", "false discovery", "family-wise")
"""Uncorrected; Benjamini-Hochberg, as the map has it; Bonferroni."""

CALL_COLUMNS: Final = ("correction", "level", "hot", "cold", "by_chance")


def calls_by_correction(z: ArrayLike, p: ArrayLike) -> pd.DataFrame:
    """Count the hot and the cold cells of a whole map under every correction.

    Parameters
    ----------
    z
        Of every cell of the study area, not of a chosen part of it, shape (n,).
    p
        One-sided in the direction of z, shape (n,).

    Returns
    -------
    ``CALL_COLUMNS``, a row for each of ``CORRECTIONS`` at each level (0.10, 0.05, 0.01), two-sided.
    ``by_chance`` is how many cells, hot and cold together, would at most be called on average if
    every value lay where it does by chance; null under the other two corrections, which promise
    something else: ``false discovery`` that this share of the calls is false, ``family-wise`` that
    a map without any hot spot has a single call with at most this probability.

    Notes
    -----
    Neighbourhoods overlap, so that calls come in groups: a dozen hot cells may be one finding.
    """
    side = np.sign(np.asarray(z, dtype=float))
    both = two_sided(np.asarray(p, dtype=float))
    corrected: tuple[Callable[[ArrayLike], NDArray[np.float64]], ...] = (
        lambda raw: np.asarray(raw, dtype=float),
        benjamini_hochberg,
        bonferroni,
    )
    rows = []
    for name, correct in zip(CORRECTIONS, corrected, strict=True):
        adjusted = correct(both)
        for level, _ in reversed(LEVELS):
            called = adjusted <= level
            rows.append(
                (
                    name,
                    level,
                    int((called & (side > 0)).sum()),
                    int((called & (side < 0)).sum()),
                    level * len(both) if name == CORRECTIONS[0] else np.nan,
                )
            )
    return pd.DataFrame(rows, columns=list(CALL_COLUMNS))
