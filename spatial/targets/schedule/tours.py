"""Tours: places in an order that starts and ends at a base, cut into rounds that can be walked."""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def tour(minutes: NDArray[np.int64], *, exact_stops: int) -> list[int]:
    """Order places into a short way round.

    Parameters
    ----------
    minutes
        Shape (n + 1, n + 1), the same both ways; the base is the first.
    exact_stops
        Up to so many places the shortest of all orders is taken.

    Returns
    -------
    The places 1 to n in order.

    Notes
    -----
    More places: always the nearest next, then turning round and moving stretches while that
    shortens the way (2-opt and or-opt). Ties go to the lower number, so that the same places always
    have the same order; a longer round may be a few per cent above the shortest.
    """
    stops = len(minutes) - 1
    if stops <= exact_stops:
        return _shortest(minutes)
    order = _nearest_next(minutes)
    return _improved(order, minutes)


def length(order: Sequence[int], minutes: NDArray[np.int64]) -> int:
    """Return the minutes of a way from the base along places and back."""
    way = np.array([0, *order, 0])
    return int(minutes[way[:-1], way[1:]].sum())


def cut(
    order: Sequence[int], minutes: NDArray[np.int64], *, visit: int, longest: int
) -> list[list[int]]:
    """Cut an order into as few rounds as can be walked, of them the shortest together.

    Parameters
    ----------
    order
        Places, by number in ``minutes``.
    visit
        Minutes at each place.
    longest
        Minutes that a round may take from base to base. A place that takes longer by itself has a
        round of its own.

    Notes
    -----
    Every way of cutting the one order is weighed (Beasley 1983, doi:10.1016/0305-0483(83)90033-6).
    """
    way = [int(one) for one in order]
    legs = minutes.tolist()
    best: list[tuple[int, int, int]] = [(0, 0, 0)]
    for end in range(1, len(way) + 1):
        inside, choices = 0, []
        for begin in range(end - 1, -1, -1):
            inside += visit + (legs[way[begin]][way[begin + 1]] if begin < end - 1 else 0)
            taken = legs[0][way[begin]] + inside + legs[way[end - 1]][0]
            if taken > longest and begin < end - 1:
                break
            rounds, walked, _ = best[begin]
            choices.append((rounds + 1, walked + taken, begin))
        best.append(min(choices))
    cuts: list[list[int]] = []
    end = len(way)
    while end:
        begin = best[end][2]
        cuts.append(way[begin:end])
        end = begin
    return cuts[::-1]


def _shortest(minutes: NDArray[np.int64]) -> list[int]:
    stops = len(minutes) - 1
    if not stops:
        return []
    orders = _orders(stops)
    lengths = minutes[0, orders[:, 0]] + minutes[orders[:, -1], 0]
    if stops > 1:
        lengths = lengths + minutes[orders[:, :-1], orders[:, 1:]].sum(axis=1)
    return [int(one) for one in orders[int(np.argmin(lengths))]]


@lru_cache(maxsize=8)
def _orders(stops: int) -> NDArray[np.int64]:
    return np.array(list(permutations(range(1, stops + 1))), dtype=np.int64)


def _nearest_next(minutes: NDArray[np.int64]) -> list[int]:
    left = list(range(1, len(minutes)))
    order: list[int] = []
    here = 0
    while left:
        here = min(left, key=lambda one: (minutes[here, one], one))
        left.remove(here)
        order.append(here)
    return order


def _improved(order: list[int], minutes: NDArray[np.int64]) -> list[int]:
    legs = minutes.tolist()
    way = [0, *order, 0]
    better = True
    while better:
        better = _turned(way, legs) or _moved(way, legs)
    return way[1:-1]


def _turned(way: list[int], legs: list[list[int]]) -> bool:
    changed = False
    for i in range(1, len(way) - 2):
        for j in range(i + 1, len(way) - 1):
            before = legs[way[i - 1]][way[i]] + legs[way[j]][way[j + 1]]
            after = legs[way[i - 1]][way[j]] + legs[way[i]][way[j + 1]]
            if after < before:
                way[i : j + 1] = way[i : j + 1][::-1]
                changed = True
    return changed


def _moved(way: list[int], legs: list[list[int]]) -> bool:
    for size in (1, 2, 3):
        for i in range(1, len(way) - size):
            piece = way[i : i + size]
            rest = way[:i] + way[i + size :]
            saved = (
                legs[way[i - 1]][piece[0]]
                + legs[piece[-1]][way[i + size]]
                - legs[way[i - 1]][way[i + size]]
            )
            for j in range(len(rest) - 1):
                added = (
                    legs[rest[j]][piece[0]] + legs[piece[-1]][rest[j + 1]]
                    - legs[rest[j]][rest[j + 1]]
                )  # fmt: skip
                if added < saved:
                    way[:] = rest[: j + 1] + piece + rest[j + 1 :]
                    return True
    return False
