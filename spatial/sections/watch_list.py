"""The watch list: rare offences over the whole store, as they stood at the window's end."""

from __future__ import annotations

from typing import Final

import pandas as pd

from config.watch import load_watch_list
from spatial.hotspots.changed.watch_list import (
    CANNOT_BE_SEEN,
    STATUSES,
    rate_words,
    read_events,
    watch_list,
)
from spatial.notes import Note
from spatial.report_results import Section
from spatial.sections.ground import Ground, all_absent, present
from spatial.window import day_words

NAME: Final = "watch_list"

_METHOD: Final = (
    "Exact binomial test of the last 4, 13 and 52 weeks against up to three whole years before each"
)
_PAGE: Final = "watch-list.md"


def watched(ground: Ground) -> Section:
    """Say how every watched series stands on the last day of the window, or of the data."""
    listed, store = load_watch_list(), ground.scene.store
    day = min(ground.window.last, store.data_through)
    events = read_events(ground.scene.connection, listed)
    table = watch_list(events, watched=listed, data_from=store.data_from, data_through=day)
    if (table["status"] == CANNOT_BE_SEEN).all():
        few = f"only {events.coded:.0%} of" if events.coded else "none of"
        why = (
            f"The watch list cannot be read: it is made of offence codes, and {few} the records "
            "carry one. That nothing is listed says nothing."
        )
        return Section(NAME, ground.run_id, all_absent(NAME, why), {"day": day}, _METHOD, _PAGE, ())
    counted = table["status"].value_counts()
    notes = [
        Note(
            f"The whole store is looked at, whatever study area, profile and window, as it stood "
            f"on {day_words(day)}. Records of one day count as one event."
        ),
        Note(rate_words(listed.rules)),
    ]
    notes += [
        Note(f"{series.title}: {sentence}") for series in listed.series for sentence in series.notes
    ]
    return Section(
        name=NAME,
        run_id=ground.run_id,
        parts=(present(NAME, "series", pd.DataFrame(table)),),
        facts={
            "day": day,
            **{status: int(counted.get(status, 0)) for status in STATUSES},
        },
        method=_METHOD,
        page=_PAGE,
        notes=tuple(notes),
    )
