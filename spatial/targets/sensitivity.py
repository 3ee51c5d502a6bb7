"""Sensitivity: which chosen places stay when harm is weighed in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.profile import Measure
from spatial.targets.ranking import homicide_harm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from config.harm_scheme import HarmScheme
    from spatial.hexes.counts import CellCounts

COLUMNS: Final = ("variant", "kept", "of", "share")
EXPECTED: Final = "expected harm"
_KEPT_SHARE: Final = 0.5


def attempted_murder_days(schemes: Iterable[HarmScheme]) -> float | None:
    """Return what an attempted murder weighs: the gravest thing that is no homicide.

    Of several schemes the greatest counts; None where none weighs it (open data's categories).
    """
    weights = (scheme.weigh("002/00", "2", None).days for scheme in schemes)
    return max((days for days in weights if days is not None), default=None)


def harm_variants(
    counts: CellCounts,
    size: int,
    *,
    capped: NDArray[np.int64] | None,
    measure: Measure = Measure.HARM,
) -> dict[str, NDArray[np.int64]]:
    """Return the values by which places are ordered under each transform of one scheme.

    Parameters
    ----------
    counts
        Under that scheme.
    size
        Number of cells, n.
    capped
        Homicides' harm with the cap, thousandths of a day, shape (n,); None where there is no cap.
    measure
        What ranks the list that they are compared with: the root is listed without homicide's own
        only where that is the list.

    Returns
    -------
    Whole numbers, shape (n,), by the transform's name.
    """
    spared = counts.harm - homicide_harm(counts, size, Measure.HARM)
    variants = {
        "harm, homicide left out": spared,
        "harm": counts.harm,
        "square root of harm": counts.root_harm,
    }
    if capped is not None:
        variants["harm, homicide weighed as attempted murder"] = spared + capped
    if measure is Measure.SQRT_HARM:
        fatal = homicide_harm(counts, size, measure)
        variants["square root of harm, homicide left out"] = counts.root_harm - fatal
    return variants


def is_expected(variant: str) -> bool:
    """Say whether a variant is expected harm, by whichever weights."""
    return variant.startswith(EXPECTED)


def sensitivity_table(
    chosen: tuple[NDArray[np.int64], ...],
    variants: Mapping[str, tuple[NDArray[np.int64], ...]],
) -> pd.DataFrame:
    """Count the chosen places that other choices of weights would keep.

    Parameters
    ----------
    chosen
        Positions of the cells of each place on the list.
    variants
        The same for the list under each variant.

    Returns
    -------
    ``variant``, ``kept`` (places of which at least half the cells lie in the variant's places),
    ``of`` (places on the list) and ``share`` (0-1, null without a place), one row per variant.

    Notes
    -----
    It says how much of the list rests on the weights, not which weights are right. A place kept may
    have another rank.
    """
    rows = []
    for variant, areas in variants.items():
        theirs = np.concatenate([np.empty(0, dtype=np.int64), *areas])
        kept = sum(bool(np.isin(area, theirs).mean() >= _KEPT_SHARE) for area in chosen)
        share = round(kept / len(chosen), 6) if chosen else float("nan")
        rows.append((variant, kept, len(chosen), share))
    return pd.DataFrame(rows, columns=list(COLUMNS))
