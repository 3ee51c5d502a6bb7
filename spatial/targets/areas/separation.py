"""Separation: how far apart the places on one list lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from shapely.geometry.base import BaseGeometry

    Place = TypeVar("Place")


def spaced(
    ordered: Iterable[Place],
    outline_m: Callable[[Place], BaseGeometry],
    *,
    places: int,
    separation_m: float,
) -> tuple[tuple[Place, ...], int]:
    """Take the best places that lie far enough from every better one taken.

    Parameters
    ----------
    ordered
        Places, best first; no more are drawn from it than are needed.
    outline_m
        A place's outline in metres; not asked for without a separation.
    places
        How many are wanted.
    separation_m
        The least distance between nearest edges, metres; 0 takes them as they come.

    Returns
    -------
    The places, best first, and how many were passed over because they lie too near a better one.

    Notes
    -----
    A place passed over pushes none further away: only those taken do. So a long row of hot places
    gives every second or third of them.
    """
    taken: list[Place] = []
    outlines: list[BaseGeometry] = []
    passed = 0
    candidates = iter(ordered)
    # asked before the next is drawn: whoever goes on drawing must not miss one
    while len(taken) < places and (place := next(candidates, None)) is not None:
        if separation_m > 0:
            outline = outline_m(place)
            if outlines and shapely.distance(np.array(outlines), outline).min() < separation_m:
                passed += 1
                continue
            outlines.append(outline)
        taken.append(place)
    return tuple(taken), passed


def separation_notes(passed: int, *, separation_m: float) -> Notes:
    """Say how many places were passed over for lying too near a better one."""
    if separation_m <= 0:
        return ()
    apart = f"Places lie at least {separation_m:,.0f} m apart, edge to edge"
    if not passed:
        return (Note(f"{apart}; none had to be passed over for it."),)
    which = "1 place was" if passed == 1 else f"{passed:,} places were"
    sentence = f"{apart}: {which} passed over, each nearer than that to a better one on the list."
    return (Note(sentence, loud=True),)
