"""Near repeat: whether one incident is followed by another, near by and soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from config.errors import BadInputError
from spatial.hotspots.surface import SEED
from spatial.notes import Note
from spatial.report_results import Section
from spatial.sections.ground import all_absent, present
from spatial.timing.near_repeat import (
    SPACE_EDGES_M,
    TIME_EDGES_DAYS,
    clear_bands,
    days_known,
    knox,
    space_labels,
    time_labels,
)

if TYPE_CHECKING:
    import pandas as pd

    from spatial.sections.ground import Ground
    from spatial.timing.near_repeat import Knox

NAME: Final = "near_repeat"
LONGEST_DAYS: Final = 366
"""In a longer window hot places come and go, which looks like near repeats."""

_METHOD: Final = "Knox (1964), dates dealt anew over the same points, distance as the crow flies"
_PAGE: Final = "near-repeat.md"


def near_repeat(ground: Ground) -> Section:
    """Set pairs of incidents by distance and time against dates dealt anew."""
    found = ground.moments
    try:
        known = days_known(found.start, found.end, found.precision)
        placed = found.where(known)
        x, y = ground.grid.study_area.metric_system.forward(placed.longitude, placed.latitude)
        counted = knox(x, y, placed.start.astype("datetime64[D]"), rng=np.random.default_rng(SEED))
    except BadInputError as error:
        parts = all_absent(NAME, f"Near repeats cannot be counted: {_lowered(str(error))}")
        return Section(NAME, ground.run_id, parts, {}, _METHOD, _PAGE, ())
    notes = [
        Note(
            f"{counted.incidents:,} incidents, {counted.pairs:,} pairs within the largest distance;"
            f" dates dealt anew {counted.draws:,} times. Each band holds its lower edge, not its "
            "upper. It says that dates and places hang together, not why: a weekly rhythm that only"
            " some places have shows here too."
        )
    ]
    if left_out := int((~known).sum()):
        sentence = f"{left_out:,} incidents are not known to the day and were left out."
        notes.append(Note(sentence, loud=10 * left_out > len(known)))
    if ground.window.days > LONGEST_DAYS:
        sentence = (
            "The window is longer than a year: places that became hot or cold within it look like "
            "near repeats. Choose a year or less."
        )
        notes.append(Note(sentence, loud=True))
    facts: dict[str, Any] = {
        "incidents": counted.incidents,
        "pairs": counted.pairs,
        "draws": counted.draws,
        "left_out": left_out,
        "clear": len(clear_bands(counted)),
        "bands": len(counted.table),
        **_shown(counted),
    }
    parts = (present(NAME, "knox", counted.table),)
    return Section(NAME, ground.run_id, parts, facts, _METHOD, _PAGE, tuple(notes))


def _shown(counted: Knox) -> dict[str, Any]:
    """Return the most marked band of what follows near by, and of what falls on one day.

    A near repeat comes a day or more later, within 200 m and two weeks; what falls on the same day,
    or far away, is as easily a busy night in busy streets.
    """
    clear = clear_bands(counted)
    places, times = space_labels(SPACE_EDGES_M), time_labels(TIME_EDGES_DAYS)
    near, soon = clear["distance"].isin(places[:3]), clear["time"].isin(times[1:3])
    same_day = (clear["time"] == times[0]) & (clear["distance"] != places[0])
    return {
        "followed": _most_marked(clear[near & soon]),
        "same_day": _most_marked(clear[same_day]),
    }


def _most_marked(bands: pd.DataFrame) -> dict[str, Any] | None:
    if bands.empty:
        return None
    # ratio is null only where no deal had a pair: more marked than any number
    return {
        str(key): value
        for key, value in bands.iloc[int(np.argmax(bands["ratio"].fillna(np.inf)))].items()
    }


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
