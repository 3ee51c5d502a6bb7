"""The design of a crossover: which place was to be treated on which day, and how that was drawn."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from config.errors import BadInputError
from spatial.notes import Note, Notes
from spatial.targets.schedule.allocation import shortest_wait

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from config.operation import Operation

_YES: Final = frozenset({"1", "true", "yes"})
_NO: Final = frozenset({"0", "false", "no"})
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class CrossoverDesign:
    """An allocation as drawn.

    Attributes
    ----------
    dates
        The policing days in force, in order.
    area_ids
        The places, in the order of the columns.
    treated
        Shape (days, places): drawn for a patrol. What was delivered is another matter.
    longest_wait
        In any so many days running every place was drawn at least once; None where each day was
        drawn by itself.
    notes
        What was taken for granted in reading it.
    """

    dates: tuple[dt.date, ...]
    area_ids: tuple[str, ...]
    treated: NDArray[np.bool_]
    longest_wait: int | None = None
    notes: Notes = ()

    def __post_init__(self) -> None:
        """Refuse what is no crossover."""
        days, places = self.treated.shape
        if (len(self.dates), len(self.area_ids)) != (days, places):
            msg = (
                f"The allocation has {days} days and {places} places, and {len(self.dates)} dates "
                f"and {len(self.area_ids)} ids were given with it. Give one for each."
            )
            raise BadInputError(msg)
        if places < _FEWEST or days < _FEWEST:
            msg = (
                f"A crossover needs at least two places and two days; {places} and {days} were "
                "given. Use a before-after design."
            )
            raise BadInputError(msg)
        if self.treated.all() or not self.treated.any():
            msg = "Every place-day is treated, or none is: there is nothing to compare. Mend it."
            raise BadInputError(msg)

    @property
    def each_day(self) -> NDArray[np.int64]:
        """Shape (days,): places treated on each day."""
        return np.asarray(self.treated.sum(axis=1), dtype=np.int64)

    @property
    def constant(self) -> bool:
        """Whether as many places were treated on every day."""
        return bool(np.ptp(self.each_day) == 0)

    @property
    def place_days_treated(self) -> int:
        """Place-days drawn for a patrol."""
        return int(self.treated.sum())

    @property
    def place_days_control(self) -> int:
        """Place-days not drawn."""
        return int(self.treated.size - self.treated.sum())


def outcome(values: ArrayLike, design: CrossoverDesign, *, what: str) -> NDArray[np.float64]:
    """Return counts or harm by place-day as floats of the design's shape, or refuse them.

    Raises
    ------
    BadInputError
        The shape is another, or a value is negative or not a number.
    """
    found = np.asarray(values, dtype=np.float64)
    if found.shape != design.treated.shape:
        msg = (
            f"{what}: has the shape {found.shape!r}, and the allocation {design.treated.shape!r} "
            "(days, places). Count it over the same days and places."
        )
        raise BadInputError(msg)
    if not np.isfinite(found).all() or (found < 0).any():
        msg = f"{what}: holds a value below nought or none at all. Give every place-day a value."
        raise BadInputError(msg)
    return found


def counted(values: ArrayLike, design: CrossoverDesign, *, what: str) -> NDArray[np.int64]:
    """Return counts by place-day as whole numbers, or refuse them as `outcome` does."""
    found = outcome(values, design, what=what)
    whole = found.astype(np.int64)
    if (whole != found).any():
        msg = f"{what}: holds {found[whole != found][0]!r}, which is no count. Give whole numbers."
        raise BadInputError(msg)
    return whole


def read_design(operation: Operation, *, area_ids: tuple[str, ...]) -> CrossoverDesign:
    """Read the daily allocation of an operation, and hold it against what the operation says.

    Parameters
    ----------
    operation
        A crossover, as :func:`config.operation_file.read_operation` returns it.
    area_ids
        Its places (:func:`config.operation_file.area_ids`).

    Raises
    ------
    BadInputError
        A column or value of the file is wrong, or the allocation is not the design: other places,
        days missing or outside, another number of places on a day, a wait longer than allowed.
    """
    said = operation.crossover
    if said is None:
        msg = f"design: {operation.design!r} has no daily allocation. Only a crossover has one."
        raise BadInputError(msg)
    file = Path(said.allocation)
    drawn = _drawn(file, frozenset(area_ids))
    dates = operation.dates
    _check_dates(file, {day for day, _ in drawn}, dates)
    treated = np.zeros((len(dates), len(area_ids)), dtype=bool)
    absent: tuple[dt.date, str] | None = None
    for row, day in enumerate(dates):
        for column, area in enumerate(area_ids):
            given = drawn.get((day, area))
            if given is None:
                absent = absent or (day, area)
            treated[row, column] = bool(given)
    notes: Notes = ()
    if absent is not None:
        if not all(drawn.values()):
            msg = (
                f"{file.name}: {absent[1]!r} has no row on {absent[0]}. List every place on every "
                "day, treated or not, or only those treated."
            )
            raise BadInputError(msg)
        notes = (Note("The allocation lists treated place-days only; all others are controls."),)
    design = CrossoverDesign(dates, area_ids, treated, said.longest_wait_days, notes)
    _check_drawn(file, design, said.treated_each_day)
    return design


def longest_gap(treated: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each place the most days running, within the schedule, without its treatment."""
    days, places = treated.shape
    gap = np.zeros(places, dtype=np.int64)
    longest = np.zeros(places, dtype=np.int64)
    for day in range(days):
        gap = np.where(treated[day], 0, gap + 1)
        longest = np.maximum(longest, gap)
    return longest


def _check_drawn(file: Path, design: CrossoverDesign, k: int | Literal["varies"]) -> None:
    each_day = design.each_day
    if k != "varies":
        wrong = np.flatnonzero(each_day != k)
        if wrong.size:
            msg = (
                f"{file.name}: {each_day[wrong[0]]} places are treated on "
                f"{design.dates[wrong[0]]}, and the operation says {k} each day. Mend the row, or "
                'write treated_each_day = "varies" if the draw was so.'
            )
            raise BadInputError(msg)
    if design.longest_wait is None:
        return
    if not design.constant:
        msg = (
            f"{file.name}: a longest wait ({design.longest_wait} days) goes with the same number "
            "of places each day. Leave longest_wait_days out, or mend the allocation."
        )
        raise BadInputError(msg)
    gaps = longest_gap(design.treated)
    if gaps.max() >= design.longest_wait:
        place = design.area_ids[int(gaps.argmax())]
        msg = (
            f"{file.name}: {place!r} goes {gaps.max()} days without a treated day, and the draw is "
            f"said to reach every place in any {design.longest_wait}. Mend longest_wait_days."
        )
        raise BadInputError(msg)
    if design.longest_wait < shortest_wait(len(design.area_ids), int(each_day[0])):
        msg = f"longest_wait_days: {design.longest_wait!r} is impossible. Mend longest_wait_days."
        raise BadInputError(msg)
    if np.ptp(design.treated.sum(axis=0)) > 1:
        msg = (
            f"{file.name}: places differ by more than one treated day, so that it was not drawn "
            "with a longest wait by harmhex schedule. Leave longest_wait_days out."
        )
        raise BadInputError(msg)


def _check_dates(file: Path, found: set[dt.date], dates: tuple[dt.date, ...]) -> None:
    outside = sorted(found - set(dates))
    if outside:
        msg = (
            f"{file.name}: date: {outside[0]} is no day on which the operation was in force. Take "
            "its rows out, or mend the operation's dates."
        )
        raise BadInputError(msg)
    missing = [day for day in dates if day not in found]
    if missing:
        msg = (
            f"{file.name}: date: there is no row for {missing[0]}, a day in force "
            f"({len(missing)} such). Add its rows, or mend the operation's dates."
        )
        raise BadInputError(msg)


def _drawn(file: Path, areas: frozenset[str]) -> dict[tuple[dt.date, str], bool]:
    drawn: dict[tuple[dt.date, str], bool] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            for column in ("date", "area_id", "treated"):
                if column not in (rows.fieldnames or ()):
                    msg = f"{file.name} has no column {column!r}. Add it."
                    raise BadInputError(msg)
            for number, row in enumerate(rows, start=2):
                key, value = _row(file, number, row, areas)
                if drawn.setdefault(key, value) != value:
                    msg = (
                        f"{file.name} row {number}: {key[1]!r} is treated and also not, on "
                        f"{key[0]}. Mend one."
                    )
                    raise BadInputError(msg)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{file.name} cannot be read as CSV ({error}). Save it again as CSV UTF-8."
        raise BadInputError(msg) from error
    return drawn


def _row(
    file: Path, number: int, row: dict[str, str], areas: frozenset[str]
) -> tuple[tuple[dt.date, str], bool]:
    given = {key: (row[key] or "").strip() for key in ("date", "area_id", "treated")}
    try:
        day = dt.date.fromisoformat(given["date"])
    except ValueError as error:
        msg = f"{file.name} row {number}: date: {given['date']!r} is no date. Write 2026-12-14."
        raise BadInputError(msg) from error
    if given["area_id"] not in areas:
        msg = (
            f"{file.name} row {number}: area_id: {given['area_id']!r} is none of the operation's "
            "areas. Mend the id, or the operation's areas."
        )
        raise BadInputError(msg)
    word = given["treated"].lower()
    if word not in _YES | _NO:
        msg = f"{file.name} row {number}: treated: {given['treated']!r} is neither 1 nor 0."
        raise BadInputError(msg)
    return (day, given["area_id"]), word in _YES
