"""What is told of each place: its hours, why it is on the list, and what its figures lean on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from config.profile import Family
from config.shifts import load_shifts
from spatial.hexes.beats import beat_of
from spatial.hotspots.significance import HOT
from spatial.incidents.moments import read_moments
from spatial.risk_terrain.near import nouns_near
from spatial.targets.figures import cautions
from spatial.targets.reasons import why
from spatial.targets.table import PlaceWords
from spatial.targets.when.signs import signs_of_places
from spatial.targets.when.windows import PlaceTimes, times_of_places

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from spatial.incidents.moments import Moments
    from spatial.notes import Notes
    from spatial.risk_terrain.near import NearFactors
    from spatial.scene import Subject
    from spatial.targets.figures import PlaceFigures
    from spatial.targets.ranking import RankedAreas

SMALL: Final = 10
"""Incidents below which a place's number is called small: what gave nine may as well have given
four or seventeen (exact 95% interval of a Poisson count)."""
SEED: Final = 1842
"""Of the even weeks and the dates dealt anew: the same list is told the same."""


def tell(
    subject: Subject,
    ranked: RankedAreas,
    figures: PlaceFigures,
    *,
    disorder: pd.DataFrame,
    risk: NearFactors | None = None,
) -> tuple[PlaceWords, tuple[PlaceTimes, ...], Notes]:
    """Say of each place what can be said.

    Parameters
    ----------
    subject
        Profile and window.
    ranked, figures
        The places, and what lies in them.
    disorder
        ``cell, class`` of the antisocial behaviour surface.
    risk
        What stands near, by a risk terrain that somebody chose; None to say nothing of it.

    Returns
    -------
    The words, the hours and how they were taken.
    """
    scene = subject.scene
    moments = read_moments(
        scene.connection,
        subject.condition,
        window=subject.window,
        resolution=scene.grid.resolution,
    )
    place = _in_drawn(moments, ranked, scene.grid.positions(moments.cell) >= 0)
    times, notes = times_of_places(
        moments, ranked.areas, scene.grid, shifts=load_shifts(), seed=SEED, place=place
    )
    signs = signs_of_places(
        moments, ranked.areas, scene.grid, window=subject.window, seed=SEED, place=place
    )
    hot = disorder.loc[disorder["class"].isin(HOT), "cell"].tolist()
    noisy = scene.grid.positions(np.array([int(cell, 16) for cell in hot], dtype=np.uint64))
    violent = subject.profile.family is Family.SERIOUS_VIOLENCE
    cells = [scene.grid.cells[area] for area in ranked.areas]
    factors = [()] * len(cells) if risk is None else nouns_near(risk, cells)
    reasons = [
        why(
            figures.tiers[at],
            disorder_hot=violent and bool(np.isin(area, noisy).any()),
            proxy=subject.monthly,
            measure=ranked.measure,
            one_event=signs[at].one_event,
            times=times[at].spoken,
            repeats=signs[at].repeats,
            trend=signs[at].trend,
            factors=factors[at],
        )
        for at, area in enumerate(ranked.areas)
    ]
    said = _cautions(figures, [one.one_event for one in signs])
    return PlaceWords(reasons, [one.words for one in times], said), times, notes


def _cautions(figures: PlaceFigures, one_event: list[bool]) -> tuple[str, ...]:
    """Add to what one incident does: one event of several records, and small numbers."""
    said = []
    for at, first in enumerate(cautions(figures)):
        words = [first] if first else []
        # one incident that is half of the harm is an event by itself
        if one_event[at] and 2 * figures.gravest[at] < figures.harm[at]:
            words.append("one event, of several records, is more than half of its harm")
        if (number := int(figures.incidents[at])) < SMALL:
            words.append(f"small number: {number} incident{'' if number == 1 else 's'}")
        said.append("; ".join(words))
    return tuple(said)


def _in_drawn(
    moments: Moments, ranked: RankedAreas, inside: NDArray[np.bool_]
) -> NDArray[np.int64] | None:
    """Return each incident's polygon, -1 for none or outside the study area's cells."""
    if ranked.drawn is None:
        return None
    outlines = list(ranked.drawn.drawn.outlines[: len(ranked.areas)])
    place = np.asarray(beat_of(moments.longitude, moments.latitude, outlines), dtype=np.int64)
    return np.where(inside, place, -1)
