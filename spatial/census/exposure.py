"""Exposure: who lives under patrol areas and who in the study area, small numbers kept back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

_LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """How much of each census area lies where.

    Attributes
    ----------
    study
        Share (0-1) of each area inside the study area, shape (n,).
    patrolled
        Share inside the study area and any place, each spot counted once, shape (n,).
    places
        Share inside each place, shape (k, n).
    """

    study: NDArray[np.float64]
    patrolled: NDArray[np.float64]
    places: NDArray[np.float64]


def cover(
    shapes: NDArray[np.object_], study_area: BaseGeometry, places: Sequence[BaseGeometry]
) -> Cover:
    """Measure how much of each census area lies in the study area and in each place.

    Parameters
    ----------
    shapes
        Census areas, EPSG:4326: polygons, or points, which lie wholly inside or outside.
    study_area, places
        Polygons, EPSG:4326. What of a place lies beyond the study area counts for nothing, so that
        the patrolled are a part of the whole.

    Notes
    -----
    Surfaces are compared in degrees: within one census area a degree has one size. People are taken
    to live evenly over the surface of their census area, as in `spatial.hexes.residents`.
    """
    inside = [shapely.intersection(place, study_area) for place in places]
    union = shapely.union_all(np.array(inside, dtype=object))
    parts = [_share(shapes, part) for part in inside]
    return Cover(
        study=_share(shapes, study_area),
        patrolled=_share(shapes, union),
        places=np.vstack(parts) if parts else np.empty((0, len(shapes))),
    )


def _share(shapes: NDArray[np.object_], zone: BaseGeometry) -> NDArray[np.float64]:
    share = np.zeros(len(shapes))
    if zone.is_empty:
        return share
    shapely.prepare(zone)
    touching = shapely.intersects(shapes, zone)
    whole = touching & shapely.covers(zone, shapes)
    surface = shapely.area(shapes)
    share[whole | (touching & (surface == 0))] = 1.0
    crossing = touching & ~whole & (surface > 0)
    share[crossing] = shapely.area(shapely.intersection(shapes[crossing], zone)) / surface[crossing]
    return share


def share_interval(part: ArrayLike, whole: ArrayLike, *, fewest_places: int) -> tuple[float, float]:
    """Return the 95% interval of a share over places: how far it hangs on which places are listed.

    Parameters
    ----------
    part, whole
        Residents of the class and residents in all, one value a place, shape (k,).
    fewest_places
        With fewer places that hold anybody there is no interval.

    Returns
    -------
    Two shares, NaN where there is none: too few places, or a share of nothing or of all.

    Notes
    -----
    A ratio of sums over clusters: variance by linearisation (Cochran 1977, Sampling Techniques,
    section 2.11), Student's t with a place less than there are, on the logit scale so that it stays
    between 0 and 1. The census counted everybody: what varies is the list. It says what share other
    lists of such places would have had, were these places drawn from them independently, and
    nothing of how people are spread inside a census area.
    """
    members, people = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    lived_in = people > 0
    members, people = members[lived_in], people[lived_in]
    count, total = len(people), float(people.sum())
    share = float(members.sum()) / total if total else 0.0
    if count < fewest_places or not 0 < share < 1:
        return math.nan, math.nan
    off = members - share * people
    error = math.sqrt(count / (count - 1) * float((off**2).sum())) / total
    reach = float(stats.t.ppf((1 + _LEVEL) / 2, count - 1)) * error / (share * (1 - share))
    middle = math.log(share / (1 - share))
    return _expit(middle - reach), _expit(middle + reach)


def _expit(value: float) -> float:
    # two forms, so that neither overflows
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))


def withheld(counts: ArrayLike, *, fewest: int) -> NDArray[np.bool_]:
    """Say which of the classes that add up to a total may not be shown.

    Parameters
    ----------
    counts
        Residents by class, shape (n,).
    fewest
        The least that may be shown; nobody at all may be.

    Returns
    -------
    Shape (n,). What is kept back is never one class alone, and never fewer than ``fewest`` people
    together, since the total is shown: the next smallest classes are kept back with it.
    """
    numbers = np.asarray(counts, dtype=float)
    hidden = (numbers > 0) & (numbers < fewest)
    if not hidden.any():
        return hidden
    for place in np.argsort(numbers, kind="stable"):
        if hidden.sum() > 1 and numbers[hidden].sum() >= fewest:
            break
        if numbers[place] > 0:
            hidden[place] = True
    return hidden
