"""Two-way reading: violence and disorder side by side in every cell, never summed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.hotspots.reference import draw_deals, reference_distributions
from spatial.hotspots.significance import HOT, benjamini_hochberg, two_sided

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from spatial.hexes.neighbours import Neighbours

READINGS: Final = {
    "both": "Hot for violence and hot for disorder.",
    "violence only": "Hot for violence, not for disorder.",
    "disorder only": "Hot for disorder, not for violence.",
    "neither": "Hot for neither.",
}
"""Every reading, with its meaning; hot is 95% or better after correction over the whole map."""

ASSOCIATED_AT: Final = 0.05
"""A cell is named in the analyst's tables where p adjusted over all cells is at most this."""

_SIDES: Final = {
    (1, 1): "both high",
    (-1, -1): "both low",
    (1, -1): "violence high, disorder low",
    (-1, 1): "violence low, disorder high",
}
_NONE: Final = "none"


def two_way_reading(violence: ArrayLike, disorder: ArrayLike) -> NDArray[np.str_]:
    """Say of every cell whether it is hot for violence, for disorder, for both or for neither.

    Parameters
    ----------
    violence, disorder
        Significance classes of the two surfaces, both of counts, of the same cells in the same
        order, shape (n,): ``class`` of :func:`spatial.hotspots.surface.surface`.

    Returns
    -------
    A key of :data:`READINGS` for each cell, shape (n,).

    Raises
    ------
    ValueError
        The surfaces are not of equally many cells.

    Notes
    -----
    Not hot is not proven quiet: ``violence only`` may hold much disorder, just short of the line.
    Disorder is many times commoner than violence, so its surface finds more with the same rule.
    """
    first, second = np.asarray(violence), np.asarray(disorder)
    if first.shape != second.shape:
        msg = f"violence has shape {first.shape!r}, disorder {second.shape!r}: give the same cells."
        raise ValueError(msg)
    violent, disorderly = np.isin(first, HOT), np.isin(second, HOT)
    return np.select(
        [violent & disorderly, violent, disorderly],
        ["both", "violence only", "disorder only"],
        "neither",
    )


def cross_moran(
    violence: NDArray[np.int64],
    disorder: NDArray[np.int64],
    neighbours: Neighbours,
    *,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Set the violence in each cell against the disorder round it: bivariate local Moran.

    Parameters
    ----------
    violence, disorder
        Counts, zeros included, shape (n,).
    neighbours
        Binary, self included; the cell itself is then left out of what lies round it.
    rng
        Used only where a null must be sampled.

    Returns
    -------
    One row per cell: ``position, moran, p, p_adjusted, association``. p is one-sided in the
    direction of the disorder round the cell, p_adjusted two-sided over all cells (Benjamini-
    Hochberg), ``association`` one of ``both high``, ``both low``, ``violence high, disorder low``,
    ``violence low, disorder high`` where p_adjusted is at most 0.05, else ``none``.

    Raises
    ------
    ValueError
        Shapes differ, a count is negative, or the weights are not binary with self.

    Notes
    -----
    I = (n - 1) / n x z(violence) x mean z(disorder) over the neighbours (Anselin, Syabri and
    Smirnov 2002). The null: disorder dealt over all cells, violence where it is; ties in both
    tails; exact for counts. Under it the violence of the cell decides the sign and size of I, but
    not p: a cell is significant because of what lies round it, however little violence it holds
    above the mean. On sparse counts a single incident is above the mean.
    """
    x, y = _checked(violence, disorder, neighbours)
    n = len(x)
    round_about = np.rint(neighbours.matrix @ y).astype(np.int64) - y
    sizes = neighbours.cardinalities - 1
    # n times what a neighbourhood holds above its share: whole numbers, so that a tie is a tie
    above = n * round_about - sizes * int(y.sum())
    lag = np.divide(above, n * sizes, out=np.zeros(n), where=sizes > 0)
    spread = x.std() * y.std()
    own = x - x.mean()
    moran = (n - 1) / n * own * lag / spread if spread else np.zeros(n)
    p = np.ones(n)
    wanted = np.unique(sizes[sizes > 0])
    if len(wanted) and spread:
        tables = reference_distributions(y, wanted, largest=int(round_about.max()), rng=rng)
        for size, table in tables.items():
            here = (sizes == size) & (above != 0)
            seen = round_about[here]
            p[here] = np.where(above[here] > 0, table.upper(seen), table.lower(seen))
    return _table("moran", moran, p, np.sign(own), np.sign(above))


def lee_l(
    violence: NDArray[np.int64],
    disorder: NDArray[np.int64],
    neighbours: Neighbours,
    *,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Set the violence in and round each cell against the disorder in and round it: Lee's L.

    Parameters
    ----------
    violence, disorder
        Counts, zeros included, shape (n,).
    neighbours
        Binary, self included.
    rng
        Draws the null.

    Returns
    -------
    One row per cell: ``position, lee, p, p_adjusted, association`` as :func:`cross_moran`, p being
    one-sided in the nearer tail. ``both ...`` needs the upper tail (more alike than chance), the
    others the lower.

    Raises
    ------
    ValueError
        Shapes differ, a count is negative, or the weights are not binary with self.

    Notes
    -----
    L = mean z(violence) x mean z(disorder), both over the cell and its neighbours (Lee 2001
    doi:10.1007/s101090100064, equation 22). The null deals the cells' own pairs anew, so that
    violence and disorder stay together as they are and only their clustering is tested; a million
    deals, p at least 0.000001. A product does not say which factor made it large: much disorder and
    a little violence can equal the reverse, and two quiet surfaces are ``both low``.
    """
    x, y = _checked(violence, disorder, neighbours)
    n, sizes = len(x), neighbours.cardinalities
    high_x = n * np.rint(neighbours.matrix @ x) - sizes * x.sum()
    high_y = n * np.rint(neighbours.matrix @ y) - sizes * y.sum()
    spread = x.std() * y.std()
    lee = high_x * high_y / (n * sizes) ** 2.0 / spread if spread else np.zeros(n)
    upper, lower = np.ones(n), np.ones(n)
    if spread:
        dealt = draw_deals(n, int(sizes.max()), rng)
        sum_x, sum_y = np.zeros(len(dealt)), np.zeros(len(dealt))
        # the first k of a deal are themselves a deal of k
        for size in range(1, dealt.shape[1] + 1):
            sum_x += x[dealt[:, size - 1]]
            sum_y += y[dealt[:, size - 1]]
            here = sizes == size
            if here.any():
                products = (n * sum_x - size * x.sum()) * (n * sum_y - size * y.sum())
                null = np.sort(products)
                seen = high_x[here] * high_y[here]
                upper[here] = 1.0 + len(null) - np.searchsorted(null, seen, side="left")
                lower[here] = 1.0 + np.searchsorted(null, seen, side="right")
        upper, lower = upper / (len(dealt) + 1.0), lower / (len(dealt) + 1.0)
    frame = _table("lee", lee, np.minimum(upper, lower), np.sign(high_x), np.sign(high_y))
    # more alike than chance is the upper tail; a cell in the other tail is not high or low together
    alike = frame["association"].str.startswith("both").to_numpy()
    fits = np.where(alike, upper <= lower, lower < upper)
    return frame.assign(association=np.where(fits, frame["association"], _NONE))


def _checked(
    violence: NDArray[np.int64], disorder: NDArray[np.int64], neighbours: Neighbours
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if not (neighbours.binary and neighbours.includes_self):
        msg = "A shared null needs binary weights that include self."
        raise ValueError(msg)
    for name, counts in (("violence", violence), ("disorder", disorder)):
        if counts.shape != (len(neighbours),) or counts.min() < 0:
            msg = f"{name} must be one count for each of {len(neighbours)} cells, none negative."
            raise ValueError(msg)
    return violence, disorder


def _table(
    name: str,
    statistic: NDArray[np.float64],
    p: NDArray[np.float64],
    violence_side: NDArray[np.float64],
    disorder_side: NDArray[np.float64],
) -> pd.DataFrame:
    adjusted = benjamini_hochberg(two_sided(p))
    called = adjusted <= ASSOCIATED_AT
    association = np.select(
        [called & (violence_side == a) & (disorder_side == b) for a, b in _SIDES],
        list(_SIDES.values()),
        _NONE,
    )
    return pd.DataFrame(
        {
            "position": np.arange(len(p)),
            name: statistic,
            "p": p,
            "p_adjusted": adjusted,
            "association": association,
        }
    )
