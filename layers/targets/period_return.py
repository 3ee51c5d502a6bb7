"""The period return: hours, visits, places and outcomes by month or quarter, for who funds them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.period_return import PeriodKind, ReturnLayout, load_return_layout, require_sources
from layers.formats.tables import table_csv
from layers.marking import OUTSIDE_HANDLING, Marking, marking_in_force
from layers.suppression import suppress
from spatial.notes import Note
from spatial.window import Window, day_words

if TYPE_CHECKING:
    from spatial.notes import Notes

VISIT_COLUMNS: Final = ("area_id", "start", "minutes", "officers", "seen", "done")
"""What is read of a table of visits (``register.visits.TABLE_COLUMNS``)."""
OUTCOME_COLUMNS: Final = ("profile", "date", "incidents", "harm_days")
"""What is read of a table of outcomes."""

_MONTHS: Final = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}
_APRIL: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class PeriodReturn:
    """A return as it goes out.

    Attributes
    ----------
    table
        One row for each period, in order, under the layout's headings. Blank is null.
    notes
        What must be said beside it.
    """

    table: pd.DataFrame
    notes: Notes


def period_return(  # noqa: PLR0913 (what a return is made of)
    visits: pd.DataFrame,
    areas: pd.DataFrame,
    outcomes: pd.DataFrame,
    *,
    window: Window,
    data_through: dt.date,
    layout: ReturnLayout | None = None,
) -> PeriodReturn:
    """Add up visits and outcomes by period, under the headings that a funder asks for.

    Parameters
    ----------
    visits
        As ``register.visits.table`` gives them. Those that begin outside the window, or at a place
        that is not on the list, are left out and said.
    areas
        The list: ``area_id``.
    outcomes
        ``profile, date, incidents, harm_days``: what happened in the listed areas, by calendar day
        (the first of the month where data are by month). ``harm_days`` is null where nothing
        weighs it. A profile without a row is unknown, not 0: give a row of 0 for one that had none.
    window
        Inclusive calendar days. Periods that it cuts are made of the days inside, and said.
    data_through
        The day the incidents reach. Outcomes of a period that ends later are blank.
    layout
        None for the shipped one.

    Raises
    ------
    BadInputError
        A table lacks a column, or a source is none there is: a word the register does not know, a
        profile that the outcomes do not hold.

    Notes
    -----
    Incidents at chosen places fall by themselves after a bad year (regression to the mean): a
    return says what happened, never what the patrols did. Where a count of a profile is kept back,
    so is its harm in every period: a sum would give it back.
    """
    form = layout or load_return_layout()
    require_sources(form)
    _require(visits, VISIT_COLUMNS, what="visits")
    _require(areas, ("area_id",), what="areas")
    _require(outcomes, OUTCOME_COLUMNS, what="outcomes")
    spans = _periods(window, form.period)
    starts = pd.to_datetime(visits["start"], format="ISO8601").dt.date
    listed = visits["area_id"].isin(areas["area_id"])
    within = (starts >= window.first) & (starts <= window.last)
    made = visits[listed & within].reset_index(drop=True)
    place = _place(starts[listed & within].tolist(), spans)
    happened, said = _outcomes(outcomes, spans, through=data_through, form=form)
    found = {
        "period": [_label(span, form.period) for span in spans],
        **_delivered(made, place, spans, places_listed=int(areas["area_id"].nunique())),
        **happened,
    }
    for column in form.columns:
        if column.kind in {"seen", "done"}:
            words = made[column.kind].astype(str).str.split()
            held = np.array([column.of in one for one in words], dtype=float)
            found[column.source] = _whole(_summed(held, place, len(spans)))
    table = pd.DataFrame(
        {column.heading: pd.Series(found[column.source], dtype=object) for column in form.columns}
    )
    notes = [
        *_left_out(int((~listed & within).sum()), int((~within).sum())),
        *_cut(window, form.period),
        *said,
    ]
    return PeriodReturn(table, tuple(notes))


def period_return_csv(made: PeriodReturn, *, handling: str = OUTSIDE_HANDLING) -> bytes:
    """Write a return as CSV; the last two columns of every row are its notes and marking.

    ``handling`` is what may be done with it: the force's own line usually forbids to share.
    """
    said = " ".join(note.text for note in made.notes)
    marking = Marking(marking_in_force().marking, handling)
    return table_csv(made.table.assign(Notes=said, Marking=marking.line))


def _periods(window: Window, kind: PeriodKind) -> list[Window]:
    """Return the parts of a window by month or quarter, in order."""
    found, first = [], window.first
    while first <= window.last:
        after = _start_of(first, kind, after=1)
        found.append(Window(first, min(after - dt.timedelta(days=1), window.last)))
        first = after
    return found


def _label(span: Window, kind: PeriodKind) -> str:
    first = span.first
    if kind is PeriodKind.MONTH:
        return f"{first.year}-{first.month:02d}"
    year = first.year if first.month >= _APRIL else first.year - 1
    quarter = (first.month - _APRIL) % 12 // 3 + 1
    return f"{year}/{(year + 1) % 100:02d} Q{quarter}"


def _place(days: list[dt.date], spans: list[Window]) -> np.ndarray[Any, np.dtype[np.int64]]:
    firsts = np.array([span.first for span in spans], dtype="datetime64[D]")
    return np.searchsorted(firsts, np.array(days, dtype="datetime64[D]"), side="right") - 1


def _summed(
    values: np.ndarray[Any, Any], place: np.ndarray[Any, Any], periods: int
) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.bincount(place, weights=values, minlength=periods).astype(float)


def _whole(values: np.ndarray[Any, Any]) -> list[int]:
    return [int(value) for value in np.rint(values).tolist()]


def _delivered(
    made: pd.DataFrame, place: np.ndarray[Any, Any], spans: list[Window], *, places_listed: int
) -> dict[str, list[Any]]:
    """Return what was done in each period, by source."""
    periods = len(spans)
    minutes = made["minutes"].to_numpy(dtype=float)
    officers = made["officers"].to_numpy(dtype=float)
    visited = made["area_id"].groupby(place).nunique().reindex(range(periods), fill_value=0)
    return {
        "first_day": [span.first.isoformat() for span in spans],
        "last_day": [span.last.isoformat() for span in spans],
        "hours": _hours(_summed(minutes * officers, place, periods)),
        "visit_hours": _hours(_summed(minutes, place, periods)),
        "visits": _whole(_summed(np.ones(len(made)), place, periods)),
        "places": _whole(visited.to_numpy()),
        "places_listed": [places_listed] * periods,
    }


def _hours(minutes: np.ndarray[Any, Any]) -> list[float]:
    return [float(value) for value in np.round(minutes / 60, 1)]


def _outcomes(
    outcomes: pd.DataFrame, spans: list[Window], *, through: dt.date, form: ReturnLayout
) -> tuple[dict[str, list[Any]], list[Note]]:
    """Return the values of each outcome source, blank where unknown or kept back, and notes."""
    wanted = {column.of for column in form.columns if column.kind in {"incidents", "harm"}}
    held = set(outcomes["profile"])
    if missing := sorted(wanted - held):
        listed = ", ".join(sorted(map(str, held))) or "none"
        msg = (
            f"The return asks for outcomes of {missing[0]!r}, which were not counted (counted: "
            f"{listed}). Count that profile too, or take the column out of the return."
        )
        raise BadInputError(msg)
    seen = np.array([span.last <= through for span in spans])
    notes: list[Note] = []
    if not seen.all():
        notes.append(
            Note(f"Incidents are known to {day_words(through)}: outcomes after it are blank.")
        )
    found: dict[str, list[Any]] = {}
    for profile in sorted(wanted):
        rows = outcomes[outcomes["profile"] == profile]
        days = pd.to_datetime(rows["date"], format="ISO8601").dt.date
        within = np.array([spans[0].first <= day <= spans[-1].last for day in days], dtype=bool)
        place = _place(days[within].tolist(), spans)
        inside = rows[within]
        counts = _summed(inside["incidents"].to_numpy(dtype=float), place, len(spans))
        shown = suppress(np.rint(counts[seen]), fewest=form.fewest_shown)
        blank = np.full(len(spans), np.nan)
        blank[seen] = shown.shown
        found[f"incidents:{profile}"] = [_or_none(value, whole=True) for value in blank]
        weighed = bool(inside["harm_days"].notna().all()) and len(inside) > 0
        tells = weighed and not shown.kept_back.any()
        days_harm = _summed(inside["harm_days"].to_numpy(dtype=float), place, len(spans))
        harm = np.where(seen & tells, np.round(days_harm, 1), np.nan)
        found[f"harm:{profile}"] = [_or_none(value, whole=False) for value in harm]
        notes += [Note(f"{profile}: {note.text}") for note in shown.notes]
    return found, notes


def _or_none(value: float, *, whole: bool) -> int | float | None:
    if np.isnan(value):
        return None
    return int(value) if whole else float(value)


def _left_out(elsewhere: int, outside: int) -> list[Note]:
    said = []
    if elsewhere:
        said.append(Note(f"Visits at places that are not on the list, left out: {elsewhere:,}."))
    if outside:
        said.append(Note(f"Visits outside the days of the return, left out: {outside:,}."))
    return said


def _cut(window: Window, kind: PeriodKind) -> list[Note]:
    said = []
    if window.first != _start_of(window.first, kind):
        said.append(Note(f"The first {kind.value} counts from {day_words(window.first)} only."))
    if window.last != _start_of(window.last, kind, after=1) - dt.timedelta(days=1):
        said.append(Note(f"The last {kind.value} counts to {day_words(window.last)} only."))
    return said


def _start_of(day: dt.date, kind: PeriodKind, *, after: int = 0) -> dt.date:
    """Return the first day of the period a day lies in, or of so many periods after it."""
    months = _MONTHS[kind]
    index = day.year * 12 + day.month - 1
    # quarters of the financial year begin where those of the calendar do
    index += months * after - index % months
    return dt.date(index // 12, index % 12 + 1, 1)


def _require(table: pd.DataFrame, columns: tuple[str, ...], *, what: str) -> None:
    lacking = [column for column in columns if column not in table]
    if lacking:
        msg = (
            f"The table of {what} has no column {lacking[0]!r}. Give one with {', '.join(columns)}."
        )
        raise BadInputError(msg)
