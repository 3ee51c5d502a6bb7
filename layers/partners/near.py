"""What partners have near a place, in words: each source apart, small numbers kept back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from config.settings import load_settings
from spatial.partners.counts import WITHIN_M, count_near, covers, is_placed_within, kept_back
from spatial.partners.standing_counts import premises_near
from spatial.window import day_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from spatial.partners.standing import StandingLoad, StandingStore
    from spatial.partners.store import PartnerSource, PartnerStore
    from spatial.window import Window

Row = dict[str, Any]

LABEL: Final = f"Partners, within {WITHIN_M:.0f} m"
_VAGUE: Final = f"is known less exactly than {WITHIN_M:.0f} m"
_MONTH: Final = dt.timedelta(days=31)


def partners_near(
    partners: PartnerStore, standing: StandingStore, areas: pd.DataFrame, *, window: Window
) -> dict[str, str]:
    """Return what each source has near each patrol area, by its id: ``ambulance service 12; ...``.

    Parameters
    ----------
    partners, standing
        Records of the window; registers as they stand. Tables by beat say nothing of a place.
    areas
        ``area_id`` and ``geometry`` (polygons, degrees, WGS84).

    Notes
    -----
    Sources count different things and are never summed. Fewer records than ``fewest_shown``, none
    included, are not told apart. What a source cannot know of the window, or of a place of this
    size, is said in place of a number.
    """
    shapes = list(areas["geometry"])
    said: list[list[str]] = [[] for _ in shapes]
    for source in partners.sources():
        for line, words in zip(said, _records(partners, source, shapes, window), strict=True):
            line.append(f"{source.source} {words}")
    for load in standing.current():
        if load.kind == "licensing":
            for line, words in zip(said, _premises(standing, load, shapes, window), strict=True):
                line.append(f"{load.title.lower()} {words}")
    return {
        str(area_id): "; ".join(line)
        for area_id, line in zip(areas["area_id"], said, strict=True)
        if line
    }


def _records(
    partners: PartnerStore, source: PartnerSource, shapes: list[BaseGeometry], window: Window
) -> list[str]:
    """Return what is said of one source's records at each place."""
    first, last = source.data_from, source.data_through
    if last < window.first or window.last < first:
        return ["has no data of these dates"] * len(shapes)
    if not is_placed_within(partners, source.source):
        return [_VAGUE] * len(shapes)
    fewest = load_settings().fewest_shown
    part = "" if covers(first, last, window) else f" (data {day_words(first)} to {day_words(last)})"
    counts = kept_back(count_near(partners, source.source, shapes, window=window), fewest=fewest)
    return [
        f"{f'fewer than {fewest}' if np.isnan(number) else f'{int(number):,}'}{part}"
        for number in counts.tolist()
    ]


def _premises(
    standing: StandingStore, load: StandingLoad, shapes: list[BaseGeometry], window: Window
) -> list[str]:
    """Return what is said of one register's premises at each place."""
    counts = premises_near(standing, load.source, shapes)
    if counts is None:
        return [_VAGUE] * len(shapes)
    is_near = window.first - _MONTH <= load.through <= window.last + _MONTH
    dated = "" if is_near else f" (as of {day_words(load.through)})"
    none = "none on record (the register may be thin)"
    return [f"{f'{number:,}' if number else none}{dated}" for number in counts.tolist()]


def with_partners(rows: Sequence[Row], lines: Mapping[str, str]) -> list[Row]:
    """Return the list's rows with what partners have near added; order and rank stay."""
    return [
        {**row, "details": [*row["details"], [LABEL, lines[row["id"]]]]}
        if row["id"] in lines
        else row
        for row in rows
    ]
