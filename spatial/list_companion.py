"""The companion of a list's share: what lists chosen the same way on the past went on to hold."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from config.profile import load_profile
from spatial.accuracy.ground import BLOCK_RESOLUTION, parents
from spatial.accuracy.resampling import drawn_shares, interval
from spatial.accuracy.timeline import Horizon, Timeline, plan_timeline
from spatial.backtest_results import Companion
from spatial.backtest_scene import area_known
from spatial.hexes.counts import precision
from spatial.listing.asked import asked_of, set_apart
from spatial.places import cell_worth, ranked_places
from spatial.scene import count_subject, open_scene, require_incidents
from spatial.window import Window, day_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from config.profile import Profile
    from spatial.accuracy.timeline import Origin
    from spatial.incidents.store import IncidentStore
    from spatial.listing.asked import Asked
    from spatial.results import TargetRequest, TaskingRequest
    from spatial.scene import Scene

    Floats = NDArray[np.float64]

QUARTER: Final = Horizon(months=3)
_DAY: Final = dt.timedelta(days=1)
_MONTH_DAYS: Final = 365.25 / 12
_LIST: Final = "list"


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    # of one origin: what lay in the list and in all, by block, and how many places there were
    incidents: Floats
    harm: Floats
    all_incidents: Floats
    all_harm: Floats
    places: int


def list_companion(  # noqa: PLR0913 (a request and how it is judged)
    store: IncidentStore,
    request: TargetRequest | TaskingRequest,
    *,
    resolution: int,
    places: int,
    horizon: Horizon = QUARTER,
    progress: Callable[[str], None] | None = None,
) -> Companion:
    """Choose lists like one at hand before each of the last quarters, and see what they held.

    Areas are grown as for the list itself: the same measure, shift, separation, barriers and least
    numbers, on a window as long that ends the day before each origin. What people changed on a list
    is not done again.

    Parameters
    ----------
    store
        The incidents.
    request
        What the list was asked; its window says only how long each of them is.
    resolution, places
        As the list has them.
    horizon
        On how long each is scored.
    progress
        Called before each list with what is done next.

    Raises
    ------
    BadInputError
        The data are too short, nothing is left to score, no place could be chosen on any origin, or
        the areas are a force's own polygons; or as :func:`spatial.run.targets`. The caller says the
        reason in place of the figure.

    Notes
    -----
    The interval is that of :mod:`spatial.accuracy.resampling`: what other months might have brought
    here. Where the data do not hold a whole window before the first origin, lists are chosen on
    what there is: ``known_months`` says on how much.
    """
    profile = load_profile(request.profile)
    scene = open_scene(store, request.study_area, resolution, weights=request.weights)
    timeline = _timeline(store, scene, request.window, horizon)
    scene = set_apart(area_known(scene, timeline.origins[0].day), request)
    asked = asked_of(request, scene, profile)
    if asked.drawn is not None:
        msg = "Earlier lists are chosen anew of areas grown from cells, not of areas drawn by hand."
        raise BadInputError(msg)
    subject = count_subject(scene, profile, Window(timeline.begins, timeline.ends - _DAY))
    require_incidents(subject)
    size = min(BLOCK_RESOLUTION, resolution)
    owner = parents(scene.grid.cells, resolution=size)
    blocks = np.unique(owner, return_inverse=True)[1].reshape(-1)
    spans = [_before(one, request.window, timeline) for one in timeline.origins]
    held = []
    for one, span in zip(timeline.origins, spans, strict=True):
        if progress is not None:
            progress(f"Choosing the list of {day_words(one.day)}")
        after = Window(one.day, one.until - _DAY)
        held.append(_scored(scene, profile, asked, places, span, after, blocks))
    if not any(one.places for one in held):
        msg = "No place could be chosen on any earlier window: each has too few incidents."
        raise BadInputError(msg)
    known = sorted(_months(span) for span in spans)
    return _pooled(held, horizon, places, (known[0], known[-1]), overlap=timeline.overlap)


def _timeline(store: IncidentStore, scene: Scene, window: Window, horizon: Horizon) -> Timeline:
    months_only, _ = precision(
        scene.connection, "TRUE", window=Window(store.data_from, store.data_through)
    )

    def plan(known_months: int | None) -> Timeline:
        return plan_timeline(
            store.data_from,
            store.data_through,
            horizon=horizon,
            months_only=months_only,
            known_months=known_months,
        )

    try:
        return plan(math.ceil(_months(window) - 1e-9))
    except BadInputError:
        # as much as there is, up to a year: said by the months known
        return plan(None)


def _before(origin: Origin, window: Window, timeline: Timeline) -> Window:
    """Return the window as long as the list's that ends the day before an origin."""
    last = origin.day - _DAY
    if window.whole_months or (timeline.monthly and window.days >= _MONTH_DAYS):
        months = max(round(_months(window)), 1)
        index = origin.day.year * 12 + origin.day.month - 1 - months
        first = dt.date(index // 12, index % 12 + 1, 1)
    else:
        first = origin.day - dt.timedelta(days=window.days)
    return Window(max(first, timeline.begins), last)


def _months(window: Window) -> float:
    first, after = window.first, window.last + _DAY
    if first.day == 1 and after.day == 1:
        return (after.year - first.year) * 12 + after.month - first.month
    return window.days / _MONTH_DAYS


def _scored(  # noqa: PLR0913, PLR0917 (ground, list, past and future)
    scene: Scene,
    profile: Profile,
    asked: Asked,
    places: int,
    span: Window,
    ahead: Window,
    blocks: NDArray[np.int64],
) -> _Held:
    past, future = (count_subject(scene, profile, window) for window in (span, ahead))
    after = future.counts
    chosen, number = np.zeros(len(scene.grid)), 0
    if past.counts.incidents.any():
        worth = cell_worth(past, measure=asked.measure, shift=asked.shift)
        areas = ranked_places(past, places, worth=worth).areas
        number = len(areas)
        for area in areas:
            chosen[area] = 1.0

    def by_block(values: NDArray[np.int64] | Floats) -> Floats:
        return np.bincount(blocks, weights=values).astype(np.float64)

    return _Held(
        by_block(after.incidents * chosen),
        by_block(after.harm * chosen),
        by_block(after.incidents),
        by_block(after.harm),
        number,
    )


def _pooled(
    held: list[_Held],
    horizon: Horizon,
    places: int,
    known: tuple[float, float],
    *,
    overlap: int,
) -> Companion:
    weighs = any(one.all_harm.any() for one in held)
    inside = np.stack([one.harm if weighs else one.incidents for one in held])
    every = np.stack([one.all_harm if weighs else one.all_incidents for one in held])
    if not every.any():
        msg = f"Nothing happened in any of the windows of {horizon.words} that would be scored."
        raise BadInputError(msg)
    drawn = drawn_shares({_LIST: inside[:, None, :]}, every, run=overlap)[_LIST]
    low, high = interval(drawn)
    return Companion(
        measure="harm" if weighs else "incidents",
        share=float(inside.sum() / every.sum()),
        low=float(low[0]),
        high=float(high[0]),
        origins=len(held),
        horizon_words=horizon.words,
        places=places,
        fewest_places=min(one.places for one in held),
        known_months=known,
    )
