"""Timing: the hours of the week, and each place's peak windows, where the data can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from config.shifts import clock, day_starts
from spatial.hotspots.surface import SEED
from spatial.notes import Note
from spatial.report_results import Section
from spatial.sections.ground import all_absent, present
from spatial.timing.aoristic import HOURS, hour_of_week, policing_week, timing_notes
from spatial.timing.peaks import PeakRules, peak_sentence, peak_windows, peaks_of_places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.report_results import Part
    from spatial.sections.ground import Ground
    from spatial.timing.aoristic import HourOfWeek
    from spatial.timing.peaks import Peaks

NAME: Final = "timing"
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_METHOD: Final = (
    "Aoristic weights (Ratcliffe 2002); peak windows by likelihood ratio against an even week "
    "(Kulldorff 1997)"
)
_PAGE: Final = "timing.md"


def timing(ground: Ground) -> Section:
    """Say when in the week incidents fall, in the study area and in this window's places."""
    found = ground.moments
    whole = hour_of_week(found.start, found.end, found.precision)
    total, known = len(found), int(whole.by_the_hour.sum())
    if 2 * known < total:
        why = _why_not(total, known, whole)
        return Section(NAME, ground.run_id, all_absent(NAME, why), {}, _METHOD, _PAGE, ())
    notes = timing_notes(whole)
    rng = np.random.default_rng(SEED)
    peaks = peak_windows(whole.total, known, rng=rng)
    facts: dict[str, Any] = {
        "incidents": total,
        "by_the_hour": known,
        "found": len(peaks.windows),
        "peak_words": peaks.words,
        "peak_sentence": peak_sentence(peaks),
        "day_starts": day_starts(),
    }
    rules = PeakRules()
    notes = (
        *notes,
        Note(
            f"Laid out by policing day, which begins at {clock(day_starts())}. A peak window is "
            "named where an even week would show one as marked at most once in "
            f"{1 / rules.level:.0f} times, and at least {rules.fewest} incidents are known to "
            "within a shift. Its share "
            "is measured on the incidents it was found on, and flatters. Places are not corrected "
            f"for one another: of {1 / rules.level:.0f} places without a rhythm, one may show one."
        ),
    )
    parts = (present(NAME, "hours", _hours(whole.total)), _places(ground, peaks, total, known, rng))
    return Section(NAME, ground.run_id, parts, facts, _METHOD, _PAGE, notes)


def _why_not(total: int, known: int, found: HourOfWeek) -> str:
    for unit, number in (("month", found.month_only), ("day", found.day_only)):
        if number == total:
            return f"The hour cannot be said: all {total:,} incidents give only the {unit}."
    return (
        f"The hour cannot be said: {known:,} of {total:,} incidents have a time that is known to "
        f"within a shift ({found.month_only:,} give only the month, {found.day_only:,} only the "
        "day)."
    )


def _hours(total: NDArray[np.float64]) -> pd.DataFrame:
    week = policing_week(total).ravel()
    share = week / week.sum()
    return pd.DataFrame(
        {
            "day": np.repeat(DAYS, HOURS // len(DAYS)),
            "hour": np.tile((np.arange(24) + day_starts()) % 24, len(DAYS)),
            "incidents": week,
            "share": share,
            "times_even": share * HOURS,
        }
    )


def _places(ground: Ground, whole: Peaks, total: int, known: int, rng: np.random.Generator) -> Part:
    # the study area first, then its places by rank
    rows = _rows({"place": ground.area, "area_id": "", "incidents": total, "by_the_hour": known},
                 whole)  # fmt: skip
    areas = ground.places
    if not areas:
        return present(NAME, "peaks", pd.DataFrame(rows))
    owner = np.full(len(ground.grid), -1, dtype=np.int64)
    for number, area in enumerate(areas):
        owner[area] = number
    found = ground.moments
    place = owner[ground.grid.positions(found.cell)]
    hours = hour_of_week(found.start, found.end, found.precision, place=place, places=len(areas))
    counts = np.bincount(place[place >= 0], minlength=len(areas))
    labels = ground.labels(areas).to_dict("records")
    for label, peaks, held, timed in zip(
        labels, peaks_of_places(hours, rng=rng), counts, hours.by_the_hour, strict=True
    ):
        head = {**label, "incidents": int(held), "by_the_hour": int(timed)}
        rows += _rows(head, peaks)
    return present(NAME, "peaks", pd.DataFrame(rows))


def _rows(head: dict[Any, Any], peaks: Peaks) -> list[dict[Any, Any]]:
    blank = dict.fromkeys(("share", "low", "high", "even_share", "p"), np.nan)
    if not peaks.windows:
        return [{**head, "window": "", **blank, "words": peaks.words}]
    return [
        {
            **head,
            "window": one.words,
            **{name: getattr(one, name) for name in blank},
            "words": f"{one.words} ({one.share:.0%})",
        }
        for one in peaks.windows
    ]
