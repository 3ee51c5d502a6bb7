"""The summary of what a load stored: its dates, its words, and what must be said of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from config.offence import DISORDER_CATEGORY, offence_table
from spatial.incidents.offences import distinct_codes
from spatial.incidents.schema import UNKNOWN
from spatial.incidents.tally import Choice, Tally, tally
from spatial.incidents.words import indices_of, words_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pyarrow as pa

    from config.harm_scheme import HarmScheme

_MOST_LISTED = 12
_LONELY_DAYS = 90
_LONG_SPAN = np.timedelta64(7, "D")
_ENOUGH_TIMES = 100
"""Fewer times than this are too few to tell a heap from chance."""
# Even minutes would put 0.07% at midnight and 1.6% on the other whole hours.
_MIDNIGHT_HEAP, _HOUR_HEAP = 0.01, 0.1


def dates_of(incidents: pa.Table) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last date on which something happened, None without incidents.

    A month-only incident happened at some time to the end of its month; any other on the day it
    began, however late it may have ended.
    """
    if not incidents.num_rows:
        return None, None
    start = incidents.column("occurred_from").to_numpy()
    end = incidents.column("occurred_to").to_numpy()
    is_month = _is_word(incidents, "time_precision", "month")
    last = np.where(is_month, end, start)
    first_day: dt.date = start.min().astype("datetime64[D]").item()
    last_day: dt.date = last.max().astype("datetime64[D]").item()
    return first_day, last_day


def words_in(incidents: pa.Table, column: str) -> tuple[str, ...]:
    """Return the distinct words of a column, sorted."""
    return tuple(sorted(words_of(_joined(incidents, column)))) if incidents.num_rows else ()


def notes_of_incidents(incidents: pa.Table, schemes: Sequence[HarmScheme]) -> Tally:
    """Count what must be said of the incidents stored: no location, no code, no weight.

    Parameters
    ----------
    incidents
        A table of the incident schema.
    schemes
        The harm schemes that weighed them.
    """
    if not incidents.num_rows:
        return Counter()
    combinations, place = distinct_codes(
        _joined(incidents, "ho_code"),
        _joined(incidents, "prc_code"),
        _joined(incidents, "category"),
    )
    counts = np.bincount(place, minlength=len(combinations)).tolist()
    weightless = (
        incidents.column("harm_days").combine_chunks().is_null().to_numpy(zero_copy_only=False)
    )
    unweighed = np.bincount(place[weightless], minlength=len(combinations)).tolist()
    unknown: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    chosen: Tally = Counter()
    nameless = 0
    table = offence_table()
    for (ho_code, prc_code, category), number, without in zip(
        combinations, counts, unweighed, strict=True
    ):
        label = ho_code or prc_code or category
        if label is None:
            nameless += number
        elif category != DISORDER_CATEGORY:
            is_known = table.classify(ho_code, prc_code, category).known
            if not is_known:
                unknown[label] += number
            if without:
                missing[label] += without
            if number > without and len(schemes) == 1:
                code = ho_code if is_known else None
                choice = schemes[0].weigh(code, prc_code, category).choice
                if choice:
                    name = code or f"class {prc_code}"
                    chosen[Choice.WEIGHT_CHOICE, f"{name}: {choice}"] += number
    undecided = _is_word(incidents, "tier", "robbery") & (
        _is_word(incidents, "knife", UNKNOWN)
        | _is_word(incidents, "firearm", UNKNOWN)
        | _is_word(incidents, "weapon", UNKNOWN)
    )
    by_code = [scheme for scheme in schemes if scheme.keyed_by == "offence"]
    editions = " or ".join(scheme.edition for scheme in schemes)
    choices = _time_choices(incidents)
    placeless = incidents.column("longitude").null_count
    lonely = _lonely_date(incidents)
    return (
        chosen
        + choices
        + tally(
            (Choice.LONELY_DATE, lonely, int(bool(lonely))),
            (Choice.NO_LOCATION, "", placeless),
            (Choice.NO_OFFENCE, "", nameless),
            (Choice.UNKNOWN_CODE, _listed(unknown), unknown.total()),
            (Choice.WEIGHTLESS, f"{editions} ({_listed(missing)})", missing.total()),
            (Choice.ROBBERY_FLAGS, "", int(undecided.sum()) if by_code else 0),
        )
    )


def _time_choices(incidents: pa.Table) -> Tally:
    """Count long spans, and times that heap on midnight and on whole hours."""
    start = incidents.column("occurred_from").to_numpy()
    end = incidents.column("occurred_to").to_numpy()
    is_month = _is_word(incidents, "time_precision", "month")
    long = ~np.isnat(end) & (end - start > _LONG_SPAN) & ~is_month
    timed = start[_is_word(incidents, "time_precision", "minute")].astype(np.int64)
    midnight, hours, midnights, whole = 0, 0, 0.0, 0.0
    if len(timed) >= _ENOUGH_TIMES:
        midnight = int((timed % 86_400 == 0).sum())
        hours = int((timed % 3_600 == 0).sum()) - midnight
        midnights, whole = midnight / len(timed), hours / len(timed)
    return tally(
        (Choice.LONG_SPAN, "", int(long.sum())),
        (Choice.MIDNIGHT, f"{midnights:.1%}", midnight if midnights >= _MIDNIGHT_HEAP else 0),
        (Choice.WHOLE_HOUR, f"{whole:.0%}", hours if whole >= _HOUR_HEAP else 0),
    )


def _lonely_date(incidents: pa.Table) -> str:
    """Return the last date if no other is near it, else an empty text."""
    days = np.unique(incidents.column("occurred_from").to_numpy().astype("datetime64[D]"))
    if len(days) < 2 or (days[-1] - days[-2]).astype(int) <= _LONELY_DAYS:  # noqa: PLR2004 (a pair)
        return ""
    return str(days[-1])


def _listed(counts: Counter[str]) -> str:
    """List codes with their counts, the commonest first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    text = ", ".join(f"{code} {number:,}" for code, number in ordered[:_MOST_LISTED])
    left = len(ordered) - _MOST_LISTED
    return f"{text} and {left} other codes" if left > 0 else text


def _joined(incidents: pa.Table, column: str) -> pa.DictionaryArray:
    return incidents.column(column).unify_dictionaries().combine_chunks()


def _is_word(
    incidents: pa.Table, column: str, word: str
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    values = _joined(incidents, column)
    is_it = np.array([one == word for one in words_of(values)] + [False], dtype=bool)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = is_it[indices_of(values)]
    return found
