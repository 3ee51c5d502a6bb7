"""Recorded: whether what is compared was recorded alike, before and after, here and there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import norm

from config.operation import Span
from spatial.evaluation.counted import column_of
from spatial.evaluation.periods import operation_periods
from spatial.incidents.checks.months import ALL, month_gaps
from spatial.incidents.checks.recording import flag_changes
from spatial.incidents.select import unrecorded
from spatial.notes import Note

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from config.operation import Operation
    from config.profile import Profile
    from spatial.evaluation.crossover.design import CrossoverDesign
    from spatial.evaluation.placed import Placed
    from spatial.incidents.store import IncidentStore
    from spatial.notes import Notes

UNTESTED: Final = "not_recorded"
"""Among the occurrences: left out of the primary outcome only because a flag was not recorded."""

_LEVEL: Final = 0.05
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Recorded:
    """How what is compared was recorded.

    Attributes
    ----------
    spells
        Months that are missing or thin, and flags that came to be used otherwise, where they touch
        some of the dates compared and not all: each a sentence.
    sides
        By side: its words, incidents left out because a flag was not recorded, and those counted.
    p
        Of the shares left out having changed alike (of a crossover: being alike); None where
        nothing was left out.
    """

    spells: tuple[str, ...]
    sides: tuple[tuple[str, int, int], ...]
    p: float | None

    @property
    def unlike(self) -> bool:
        """Whether more was left out on one side than chance explains."""
        return self.p is not None and self.p <= _LEVEL

    @property
    def left_out(self) -> int:
        """Incidents left out because a flag was not recorded, all sides together."""
        return sum(left for _, left, _ in self.sides)

    @property
    def words(self) -> str:
        """What was left out for want of a flag, side by side; empty for nothing."""
        if not self.left_out:
            return ""
        listed = ", ".join(
            f"{left:,} beside {kept:,} ({words})" for words, left, kept in self.sides
        )
        return f"Left out, beside those counted, because a flag was not recorded: {listed}."

    @property
    def notes(self) -> Notes:
        """The tally of what was left out, loud."""
        return (Note(self.words, loud=True),) if self.words else ()


def look_at_recording(
    store: IncidentStore,
    placed: Placed,
    operation: Operation,
    profile: Profile,
    design: CrossoverDesign | None,
) -> Recorded:
    """Look whether the primary outcome was recorded alike on all sides that are compared.

    Notes
    -----
    How it can mislead: a change that leaves flags as they are (another counting rule, a new way to
    report) is not seen; and with few incidents an uneven share is not told from chance.
    """
    months = _months(operation)
    sides = tuple(_sides(placed, operation, profile, design))
    p = _unlike(np.array([(left, kept) for _, left, kept in sides], dtype=np.float64))
    return Recorded(
        (
            *_gaps(month_gaps(store), profile, months),
            *_changes(flag_changes(store), profile, months),
        ),
        sides,
        p,
    )


def _months(operation: Operation) -> frozenset[str]:
    """Return the months (YYYY-MM) of which something is compared."""
    spans: tuple[Span, ...] = (Span(first=operation.first_date, last=operation.last_date),)
    if operation.design != "crossover":
        periods = operation_periods(operation)
        spans = tuple(
            span
            for span, chosen in zip(periods.spans, periods.chosen_on, strict=True)
            if not chosen
        )
    found: set[str] = set()
    for span in spans:
        days = np.arange(np.datetime64(span.first), np.datetime64(span.last) + 1)
        found |= set(np.unique(days.astype("datetime64[M]").astype(str)).tolist())
    return frozenset(found)


def _gaps(gaps: pd.DataFrame, profile: Profile, months: frozenset[str]) -> Iterator[str]:
    for row in gaps.to_dict("records"):
        if row["family"] in {ALL, profile.family.value} and _touched(row, "last", months):
            yield str(row["words"])


def _changes(changes: pd.DataFrame, profile: Profile, months: frozenset[str]) -> Iterator[str]:
    needed = {*unrecorded(profile, included=False), *unrecorded(profile, included=True)}
    needed |= {"knife", "firearm"} if "weapon" in needed else set()
    for row in changes.to_dict("records"):
        touched = _touched(row, "until", months, first="month")
        # where all that is compared was recorded alike, nothing changed
        if (
            str(row["flag"]).removesuffix("_band").replace("_", " ") in needed
            and touched
            and len(touched) < len(months)
        ):
            yield str(row["words"])


def _touched(
    row: Mapping[Hashable, object], last: str, months: frozenset[str], *, first: str = "first"
) -> frozenset[str]:
    # months as YYYY-MM sort as they follow each other; no last one is one that never comes
    begins, ends = str(row[first])[:7], str(row[last] or "9999-12")[:7]
    return frozenset(one for one in months if begins <= one <= ends)


def _sides(
    placed: Placed, operation: Operation, profile: Profile, design: CrossoverDesign | None
) -> Iterator[tuple[str, int, int]]:
    kinds = [placed.chosen(name) for name in (UNTESTED, profile.name)]
    mine = (placed.row >= 0) & (placed.row < placed.places)
    if design is not None:
        day = column_of(placed.occurrences, design.dates)
        inside = mine & (day >= 0)
        drawn = np.zeros(len(inside), dtype=bool)
        drawn[inside] = design.treated[day[inside], placed.row[inside]]
        sides = {"days drawn for a patrol": inside & drawn, "other days": inside & ~drawn}
    else:
        periods = operation_periods(operation)
        place = periods.of(placed.occurrences)
        used = (place >= 0) & ~periods.chosen_on[place]
        late = used & periods.after[place]
        theirs = placed.row >= placed.places
        sides = {
            "patrolled places, before": mine & used & ~late,
            "patrolled places, after": mine & late,
            "comparison places, before": theirs & used & ~late,
            "comparison places, after": theirs & late,
        }
    for words, side in sides.items():
        left, kept = (int((side & kind).sum()) for kind in kinds)
        yield words, left, kept


def _unlike(table: NDArray[np.float64]) -> float | None:
    """Return p of the odds of being left out changing alike; half an incident is added to each."""
    if table[:, 0].sum() == 0:
        return None
    full = table + _HALF
    log = np.log(full[:, 0] / full[:, 1])
    change = log[0] - log[1] if len(log) == 2 else (log[1] - log[0]) - (log[3] - log[2])  # noqa: PLR2004 (two sides, or before and after of two)
    return float(2 * norm.sf(abs(change) / np.sqrt((1 / full).sum())))
