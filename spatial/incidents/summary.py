"""The summary of what a load stored: its dates, its words, and what must be said of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from config.offence import DISORDER_CATEGORY, offence_table
from spatial.incidents.rows.offences import distinct_codes
from spatial.incidents.rows.words import indices_of, words_of
from spatial.incidents.schema import UNKNOWN
from spatial.incidents.tally import Choice, Tally, tally

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from config.harm_scheme import HarmScheme

    Codes = tuple[str | None, str | None, str | None]

_MOST_LISTED = 12
_LONELY_DAYS = 90
_LONG_SPAN = np.timedelta64(7, "D")
_ENOUGH_TIMES = 100
"""Fewer times than this are too few to tell a heap from chance."""
# Even minutes would put 0.07% at midnight and 1.6% on the other whole hours.
_MIDNIGHT_HEAP, _HOUR_HEAP = 0.01, 0.1


class Summary:
    """Adds up what must be known of the incidents stored, chunk by chunk.

    Parameters
    ----------
    today
        The day of the load, None where nobody says: no date is then in the future.
    """

    def __init__(self, today: dt.date | None = None) -> None:
        self._today = today
        self._future = 0
        self._codes: Counter[Codes] = Counter()
        self._weightless: Counter[Codes] = Counter()
        self._choices: Tally = Counter()
        self._days = np.empty(0, dtype="datetime64[D]")
        self._last_day: np.datetime64 | None = None
        self._precisions: set[str] = set()
        self._timed = self._midnights = self._hours = 0
        self._undecided = 0

    def add(self, incidents: pa.Table) -> None:
        """Add a chunk of a table of the incident schema."""
        if not incidents.num_rows:
            return
        self._add_times(incidents)
        self._add_codes(incidents)
        undecided = _is_word(incidents, "tier", "robbery") & (
            _is_word(incidents, "knife", UNKNOWN)
            | _is_word(incidents, "firearm", UNKNOWN)
            | _is_word(incidents, "weapon", UNKNOWN)
        )
        self._undecided += int(undecided.sum())
        self._choices += tally((Choice.NO_LOCATION, "", incidents.column("longitude").null_count))

    def give_way(self, unplaced: int) -> None:
        """Take back rows without a location that gave way to others of their incidents."""
        self._choices.subtract({(Choice.NO_LOCATION, ""): unplaced})

    @property
    def dates(self) -> tuple[dt.date | None, dt.date | None]:
        """The first and last date on which something happened, None without incidents.

        A month-only incident happened at some time to the end of its month; any other on the day it
        began, however late it may have ended.
        """
        if self._last_day is None:
            return None, None
        first, last = (
            day.astype("datetime64[D]").tolist() for day in (self._days[0], self._last_day)
        )
        return first, last

    @property
    def precisions(self) -> tuple[str, ...]:
        """How fine the times are: minute, hour, day, month, sorted."""
        return tuple(sorted(self._precisions))

    def choices(self, schemes: Sequence[HarmScheme]) -> Tally:
        """Count what must be said: no location, no code, no weight, odd times.

        Parameters
        ----------
        schemes
            The harm schemes that weighed the incidents.
        """
        lonely = self._lonely_date()
        by_code = any(scheme.keyed_by == "offence" for scheme in schemes)
        return (
            self._choices
            + self._code_choices(schemes)
            + self._time_choices()
            + tally(
                (Choice.FUTURE, str(self._today), self._future),
                (Choice.LONELY_DATE, lonely, int(bool(lonely))),
                (Choice.ROBBERY_FLAGS, "", self._undecided if by_code else 0),
            )
        )

    def _add_times(self, incidents: pa.Table) -> None:
        start = incidents.column("occurred_from").to_numpy()
        end = incidents.column("occurred_to").to_numpy()
        is_month = _is_word(incidents, "time_precision", "month")
        last = np.where(is_month, end, start).max().astype("datetime64[D]")
        self._last_day = last if self._last_day is None else max(self._last_day, last)
        self._days = np.unique(np.concatenate([self._days, start.astype("datetime64[D]")]))
        if self._today is not None:
            self._future += int((start.astype("datetime64[D]") > np.datetime64(self._today)).sum())
        self._precisions |= set(words_of(_joined(incidents, "time_precision")))
        long = ~np.isnat(end) & (end - start > _LONG_SPAN) & ~is_month
        self._choices += tally((Choice.LONG_SPAN, "", int(long.sum())))
        timed = start[_is_word(incidents, "time_precision", "minute")].astype(np.int64)
        self._timed += len(timed)
        self._midnights += int((timed % 86_400 == 0).sum())
        self._hours += int((timed % 3_600 == 0).sum())

    def _add_codes(self, incidents: pa.Table) -> None:
        combinations, place = distinct_codes(
            _joined(incidents, "ho_code"),
            _joined(incidents, "prc_code"),
            _joined(incidents, "category"),
        )
        weightless = (
            incidents.column("harm_days").combine_chunks().is_null().to_numpy(zero_copy_only=False)
        )
        for counter, places in ((self._codes, place), (self._weightless, place[weightless])):
            numbers = np.bincount(places, minlength=len(combinations)).tolist()
            for codes, number in zip(combinations, numbers, strict=True):
                if number:
                    counter[codes] += number

    def _code_choices(self, schemes: Sequence[HarmScheme]) -> Tally:
        unknown: Counter[str] = Counter()
        missing: Counter[str] = Counter()
        chosen: Tally = Counter()
        nameless = 0
        table = offence_table()
        for (ho_code, prc_code, category), number in self._codes.items():
            without = self._weightless[ho_code, prc_code, category]
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
        editions = " or ".join(scheme.edition for scheme in schemes)
        return chosen + tally(
            (Choice.NO_OFFENCE, "", nameless),
            (Choice.UNKNOWN_CODE, _listed(unknown), unknown.total()),
            (Choice.WEIGHTLESS, f"{editions} ({_listed(missing)})", missing.total()),
        )

    def _time_choices(self) -> Tally:
        """Say when times heap on midnight and on whole hours."""
        if self._timed < _ENOUGH_TIMES:
            return Counter()
        hours = self._hours - self._midnights
        midnights, whole = self._midnights / self._timed, hours / self._timed
        return tally(
            (
                Choice.MIDNIGHT,
                f"{midnights:.1%}",
                self._midnights if midnights >= _MIDNIGHT_HEAP else 0,
            ),
            (Choice.WHOLE_HOUR, f"{whole:.0%}", hours if whole >= _HOUR_HEAP else 0),
        )

    def _lonely_date(self) -> str:
        """Return the last date if no other is near it, else an empty text."""
        days = self._days
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


def _is_word(incidents: pa.Table, column: str, word: str) -> NDArray[np.bool_]:
    values = _joined(incidents, column)
    is_it = np.array([one == word for one in words_of(values)] + [False], dtype=bool)
    found: NDArray[np.bool_] = is_it[indices_of(values)]
    return found
