"""Concentration: how much of the harm lies in how few of the places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import binom

from config.errors import BadInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

HELD_LEVELS: Final = (0.25, 0.50, 0.80)
"""Shares of incidents or harm whose places are looked up by :func:`shares_table`."""
PLACE_LEVELS: Final = (0.01, 0.05, 0.10)
"""Shares of places whose incidents or harm are looked up by :func:`shares_table`."""
DEALS: Final = 99
"""Maps dealt by :func:`dealt_curve`: shares are good to well under one per cent of themselves."""

# a number of incidents that fewer cells than this would hold by chance is left out
_NEVER: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class SharesCurve:
    """Cumulated shares, fullest places first: a Lorenz curve seen from its upper end.

    Attributes
    ----------
    places, held
        float64, shape (m,), both from 0 to 1 and never falling: the first ``places[i]`` of the area
        (or of the population) hold ``held[i]`` of what is measured. Between two points, places that
        tie are taken in any order: the straight line is what they hold on average.
    """

    places: NDArray[np.float64]
    held: NDArray[np.float64]

    def held_in(self, share_of_places: float) -> float:
        """Return the share that the first so many (0-1) of the places hold."""
        return _read(self.places, self.held, _share(share_of_places))

    def places_holding(self, share_held: float) -> float:
        """Return the least share of the places that holds so much (0-1)."""
        share = _share(share_held)
        after = int(np.searchsorted(self.held, share, side="left"))
        if after == 0:
            return 0.0
        run = self.places[after] - self.places[after - 1]
        rise = self.held[after] - self.held[after - 1]
        return float(self.places[after - 1] + run * (share - self.held[after - 1]) / rise)


def lorenz_curve(values: ArrayLike, sizes: ArrayLike) -> SharesCurve:
    """Return how much the fullest places hold, place after place.

    Parameters
    ----------
    values
        Incidents or harm of each cell, not negative, zeros included, shape (n,).
    sizes
        What each cell measures, in any unit: area (all 1 for cells of one resolution), or people
        who live there, shape (n,). Places come in the order of values per size.

    Returns
    -------
    The curve. By population, cells where nobody lives come first: a town centre or a shopping
    street has many victims and few residents, so that a steep start of that curve says where people
    are by day, not that residents are at risk.

    Raises
    ------
    BadInputError
        There is nothing to share out.
    ValueError
        Shapes differ, or a number is negative or not finite.

    Notes
    -----
    In sample by construction: the places are chosen by what they are then said to hold. What the
    same places go on to hold is said by
    :func:`spatial.hotspots.concentrated.accuracy.in_and_out`. Of few incidents in many cells
    nearly all must lie in few cells: set :func:`chance_curve` beside it.
    """
    amounts, extents = _checked(values, sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        density = np.where(extents > 0, amounts / extents, np.where(amounts > 0, np.inf, 0.0))
    return ranked_curve(density, amounts, extents)


def ranked_curve(scores: ArrayLike, values: ArrayLike, sizes: ArrayLike) -> SharesCurve:
    """Return how much places hold when they are taken in the order of a score, highest first.

    Parameters
    ----------
    scores
        What chooses the places: last year's count, say, shape (n,). Ties are scored in expectation:
        half the size of a group that ties holds half of what the group holds.
    values, sizes
        What they are scored by, and what they measure: see :func:`lorenz_curve`.

    Raises
    ------
    BadInputError
        There is nothing to share out.
    ValueError
        Shapes differ, a number is negative or not finite, or a score is not a number.
    """
    amounts, extents = _checked(values, sizes)
    ranks = np.asarray(scores, dtype=float)
    if ranks.shape != amounts.shape or np.isnan(ranks).any():
        msg = f"scores has shape {ranks.shape!r}: give one number for each of {len(amounts)} cells."
        raise ValueError(msg)
    order = np.argsort(-ranks, kind="stable")
    ordered = ranks[order]
    last_of_tie = np.append(ordered[1:] != ordered[:-1], True)
    places = np.cumsum(extents[order])[last_of_tie]
    held = np.cumsum(amounts[order])[last_of_tie]
    return SharesCurve(_from_nought(places), _from_nought(held))


def chance_curve(incidents: int, cells: int) -> SharesCurve:
    """Return the curve that chance alone gives: incidents dealt over cells of equal size.

    Parameters
    ----------
    incidents, cells
        How many there are of each.

    Notes
    -----
    Each of n cells receives a binomial number of c incidents (c trials, 1 / n). With 200 incidents
    in 40,000 cells, half of them lie in a quarter of a per cent of the cells by chance alone; only
    what lies above this curve is concentration.

    Raises
    ------
    BadInputError
        There is no incident or no cell.
    """
    if incidents < 1 or cells < 1:
        raise BadInputError(_nothing(f"{cells:,} cells hold {incidents:,} incidents"))
    most = min(incidents, int(binom.isf(_NEVER / cells, incidents, 1 / cells)) + 1)
    number = np.arange(most, -1, -1)
    expected = cells * binom.pmf(number, incidents, 1 / cells)
    return SharesCurve(
        _from_nought(np.cumsum(expected)), _from_nought(np.cumsum(expected * number))
    )


def dealt_curve(
    weights: ArrayLike, cells: int, *, rng: np.random.Generator, draws: int = DEALS
) -> SharesCurve:
    """Return the curve that chance alone gives to what incidents weigh, by dealing them.

    Parameters
    ----------
    weights
        The harm of every incident, not negative, shape (c,).
    cells
        How many cells of equal size they are dealt over.
    rng
        Deals them.
    draws
        How many maps are dealt and averaged, place by place.

    Notes
    -----
    As :func:`chance_curve`, for weights. Harm is far more concentrated than incidents even by
    chance, because few incidents hold most of it.

    Raises
    ------
    BadInputError
        Nothing weighs anything, or there is no cell.
    """
    amounts, _ = _checked(weights, np.ones(np.shape(weights)))
    if cells < 1:
        raise BadInputError(_nothing(f"{cells:,} cells hold {len(amounts):,} incidents"))
    total = np.zeros(cells)
    for _ in range(draws):
        dealt = np.bincount(rng.integers(cells, size=len(amounts)), amounts, minlength=cells)
        total += np.sort(dealt)[::-1]
    return SharesCurve(_from_nought(np.arange(1.0, cells + 1)), _from_nought(np.cumsum(total)))


def shares_table(curves: dict[str, SharesCurve]) -> pd.DataFrame:
    """Read curves off both ways: what so many places hold, and what places hold so much.

    Parameters
    ----------
    curves
        By name, such as ``harm by area``.

    Returns
    -------
    ``curve, share_held, share_of_places, given``: shares 0-1; ``given`` names the one that was
    looked up (``held`` or ``places``). In sample, as the curves are.
    """
    rows = [
        *((name, level, curve.places_holding(level), "held")
          for name, curve in curves.items() for level in HELD_LEVELS),
        *((name, curve.held_in(level), level, "places")
          for name, curve in curves.items() for level in PLACE_LEVELS),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["curve", "share_held", "share_of_places", "given"])


@dataclass(frozen=True, slots=True)
class Gini:
    """How unequally incidents are spread over cells: 0 is evenly, 1 all in one.

    Attributes
    ----------
    plain
        The usual coefficient G. Inflated where incidents are fewer than cells: then most cells are
        empty however they are dealt.
    generalised
        G' = max(1, n / c)(G - 1) + 1 for c incidents in n cells: 0 where they are spread as evenly
        as c incidents can be.
    plain_unbiased, generalised_unbiased
        The same over their greatest possible value, so that all in one cell is 1: G n / (n - 1),
        and G' m / (m - 1) with m the smaller of n and c. None with one cell (or one incident).
    cells, incidents
        n and c.
    """

    plain: float
    generalised: float
    plain_unbiased: float | None
    generalised_unbiased: float | None
    cells: int
    incidents: int


def gini(counts: ArrayLike) -> Gini:
    """Return the Gini coefficient of counts, plain and generalised.

    Parameters
    ----------
    counts
        Whole numbers of incidents, zeros included, shape (n,). Not harm: the correction is for
        how many events there are; give harm as :func:`lorenz_curve`.

    Raises
    ------
    BadInputError
        There is no incident.
    ValueError
        A count is negative or not a whole number.

    Notes
    -----
    Bernasco and Steenbeek (2017) doi:10.1007/s10940-016-9324-7. Even G' exceeds 0 for incidents
    that fell at random: chance does not spread them evenly. Compare places or years that hold
    similar numbers, over the same cells.
    """
    numbers, _ = _checked(counts, np.ones(np.shape(counts)))
    if (numbers != np.rint(numbers)).any():
        msg = "The Gini coefficient is of counts: give whole numbers (harm has its Lorenz curve)."
        raise ValueError(msg)
    n, c = len(numbers), int(numbers.sum())
    ranks = np.arange(1, n + 1)
    plain = float(2 * (ranks * np.sort(numbers)).sum() / (n * c) - (n + 1) / n)
    generalised = max(1.0, n / c) * (plain - 1.0) + 1.0
    fewer = min(n, c)
    return Gini(
        plain=plain,
        generalised=generalised,
        plain_unbiased=plain * n / (n - 1) if n > 1 else None,
        generalised_unbiased=generalised * fewer / (fewer - 1) if fewer > 1 else None,
        cells=n,
        incidents=c,
    )


def _read(along: NDArray[np.float64], up: NDArray[np.float64], at: float) -> float:
    # the height of a line that may rise straight up: at such a place, its upper end
    before = int(np.searchsorted(along, at, side="right")) - 1
    if before == len(along) - 1:
        return float(up[-1])
    run = along[before + 1] - along[before]
    return float(up[before] + (up[before + 1] - up[before]) * (at - along[before]) / run)


def _from_nought(cumulated: NDArray[np.float64]) -> NDArray[np.float64]:
    # shares from 0 to exactly 1, whatever the sums were rounded to
    shares: NDArray[np.float64] = np.concatenate([[0.0], cumulated / cumulated[-1]])
    return shares


def _share(share: float) -> float:
    if not 0.0 <= share <= 1.0:
        msg = f"The share {share!r} is not between 0 and 1."
        raise ValueError(msg)
    return float(share)


def _nothing(why: str) -> str:
    return f"There is nothing to share out: {why}. Choose another window, profile or study area."


def _checked(
    values: ArrayLike, sizes: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    amounts, extents = np.asarray(values, dtype=float), np.asarray(sizes, dtype=float)
    if amounts.shape != extents.shape or amounts.ndim != 1:
        msg = f"values has shape {amounts.shape!r} and sizes {extents.shape!r}: one of each a cell."
        raise ValueError(msg)
    for name, numbers in (("values", amounts), ("sizes", extents)):
        wrong = np.flatnonzero(~(np.isfinite(numbers) & (numbers >= 0)))
        if len(wrong):
            msg = (
                f"{name}[{wrong[0]}] is {numbers[wrong[0]]!r}: no cell may hold less than nothing."
            )
            raise ValueError(msg)
    if not amounts.sum():
        raise BadInputError(_nothing(f"none of {len(amounts):,} cells holds any"))
    if not extents.sum():
        raise BadInputError(
            _nothing(f"{len(amounts):,} cells have no size, or nobody lives in them")
        )
    return amounts, extents
