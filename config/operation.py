"""Operations: what was done where and when, and how it is to be judged, as a file says it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.toml_file import check_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DESIGNS: Final = ("before_after", "matched_comparison", "staggered", "crossover")
"""The same words as the register's (``register/operations.py``)."""

Design = Literal["before_after", "matched_comparison", "staggered", "crossover"]
Order = Literal["by_lot", "chosen"]
Precision = Literal["minute", "hour", "day", "month"]

_KEPT: Final = (
    "name", "design", "first_date", "last_date", "weekdays", "start", "end", "buffer_m", "profiles",
    "run_id", "remark",
)  # fmt: skip
_IS_CELL: Final = re.compile(r"8[0-9a-f]{14}")
_MOST_BUFFER_M: Final = 5000
_MORNING: Final = "06:00"

_Text = Annotated[str, Field(min_length=1, max_length=200)]
_Remark = Annotated[str, Field(max_length=2000)]
_AreaId = Annotated[str, Field(pattern=r"^\w[\w .:/+()-]{0,119}$")]
_Cell = Annotated[str, Field(pattern=r"^8[0-9a-f]{14}$")]
_Cells = Annotated[tuple[_Cell, ...], Field(min_length=1)]
_Clock = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]
_Metres = Annotated[int, Field(ge=0, le=_MOST_BUFFER_M)]
_Weekday = Annotated[int, Field(ge=0, le=6)]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Said):
    """Inclusive dates."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days, both ends counted."""
        return (self.last - self.first).days + 1


class Areas(_Said):
    """Places: features of a file, or lists of H3 cells written out.

    Attributes
    ----------
    file
        A ``targets.csv``, or a map file whose features carry ``area_id``; beside the operation's
        own file unless it is a whole path.
    ids
        Those of its areas that are meant; empty for all.
    cells
        In place of a file: the cells of each area by its id.
    """

    file: Annotated[str, Field(max_length=1000)] = ""
    ids: tuple[_AreaId, ...] = ()
    cells: dict[_AreaId, _Cells] = Field(default_factory=dict)

    @property
    def named(self) -> tuple[str, ...]:
        """The ids written in the file; empty where all of another file's areas are meant."""
        return tuple(self.cells) if self.cells else self.ids


class Comparators(Areas):
    """What the areas are compared with.

    Attributes
    ----------
    kind
        ``areas`` (listed here as areas are), ``rest_of_force`` (everything outside areas and
        buffers) or ``matched`` (chosen by their level, trend and season before the operation).
    how_many
        How many are matched to each area; None for the evaluation's own choice.
    """

    kind: Literal["areas", "rest_of_force", "matched"]
    how_many: Annotated[int, Field(ge=1, le=50)] | None = None


class Crossover(_Said):
    """How a randomised crossover was drawn.

    Attributes
    ----------
    allocation
        CSV with ``date, area_id, treated``, as ``harmhex schedule`` writes it.
    treated_each_day
        How many places were drawn each day; ``varies`` where that number itself varied, which the
        analysis then takes as given for each day.
    longest_wait_days
        The longest a place may have waited between two of its days, where the draw was restricted
        so; None where every day was drawn by itself.
    """

    allocation: Annotated[str, Field(min_length=1, max_length=1000)]
    treated_each_day: Annotated[int, Field(ge=1)] | Literal["varies"]
    longest_wait_days: Annotated[int, Field(ge=1, le=366)] | None = None


class Registered(_Said):
    """Who registered it, and when: before outcomes were computed, or after."""

    by: _Text
    at: dt.datetime | dt.date


class Operation(_Said):
    """One operation as its file says it; ``operation_rules.checked`` refuses what makes no sense.

    Attributes
    ----------
    name, design
        What it is called; one of ``DESIGNS``.
    first_date, last_date
        Inclusive.
    weekdays
        0 (Monday) to 6 of the policing day; empty for every day.
    start, end
        ``HH:MM``, wall-clock; an end before the start is past midnight; both empty for all day.
    day_starts
        When a policing day begins: what happens before belongs to the day before.
    profiles
        Names of the profiles that are its outcomes, or paths of their TOML files.
    areas, comparators, crossover, starts
        Which places; against what; how days were drawn (crossover); from which date each place
        was patrolled (staggered).
    order
        How it was settled which place began when (staggered): ``by_lot`` where chance drew it, else
        ``chosen``; None counts as chosen.
    selection
        The dates whose incidents the places were chosen on: what was high then falls by itself.
    baseline
        The dates before, against which a before-after design measures.
    buffer_m, buffers_m
        Metres round the areas in which displacement is looked for; other distances tried beside.
    registered, run_id, remark
        Who and when; the run whose targets it patrols; anything else.
    """

    name: _Text
    design: Design
    first_date: dt.date
    last_date: dt.date
    weekdays: Annotated[tuple[_Weekday, ...], Field(max_length=7)] = ()
    start: _Clock = ""
    end: _Clock = ""
    day_starts: Annotated[_Clock, Field(min_length=5)] = _MORNING
    profiles: Annotated[tuple[_Text, ...], Field(min_length=1)]
    buffer_m: _Metres = 100
    buffers_m: tuple[_Metres, ...] = ()
    run_id: Annotated[str, Field(max_length=120)] = ""
    remark: _Remark = ""
    areas: Areas
    comparators: Comparators | None = None
    crossover: Crossover | None = None
    starts: dict[_AreaId, dt.date] = Field(default_factory=dict)
    order: Order | None = None
    selection: Span | None = None
    baseline: Span | None = None
    registered: Registered | None = None

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The policing days on which it was in force, in order."""
        span = (self.last_date - self.first_date).days + 1
        days = (self.first_date + dt.timedelta(days=step) for step in range(span))
        return tuple(day for day in days if not self.weekdays or day.weekday() in self.weekdays)

    @property
    def distances_m(self) -> tuple[int, ...]:
        """Every buffer distance to be shown, shortest first."""
        return tuple(sorted({self.buffer_m, *self.buffers_m}))

    @property
    def all_day(self) -> bool:
        """Whether it was in force at all hours."""
        return not self.start

    @property
    def baseline_on_selection(self) -> bool:
        """Whether the dates before share days with those the places were chosen on.

        Places chosen because they were high fall by themselves: such a baseline flatters.
        """
        if self.baseline is None or self.selection is None:
            return False
        return (
            self.baseline.first <= self.selection.last
            and self.selection.first <= self.baseline.last
        )


def register_fields(operation: Operation, *, area_ids: tuple[str, ...]) -> dict[str, Any]:
    """Return what the register keeps of an operation, under the register's own names."""
    compared = operation.comparators.named if operation.comparators is not None else ()
    fields = {key: getattr(operation, key) for key in _KEPT}
    return {**fields, "areas": area_ids, "comparators": compared}


def from_register(
    kept: Mapping[str, Any], *, areas_file: str = "", more: Mapping[str, Any] | None = None
) -> Operation:
    """Return an operation as a file would say it, from what the register keeps.

    Parameters
    ----------
    kept
        The register's fields (`register_fields`).
    areas_file
        Where the areas' ground is; needed unless every id is itself an H3 cell.
    more
        What the register does not keep: ``crossover``, ``starts``, ``baseline``, ``selection``,
        ``comparators`` and so on, as in the file.

    Raises
    ------
    BadInputError
        A value is out of range; :func:`config.operation_rules.checked` then says what does not fit.
    """
    said = {key: kept[key] for key in _KEPT}
    said["areas"] = _source(kept["areas"], areas_file)
    if kept["comparators"]:
        said["comparators"] = {"kind": "areas", **_source(kept["comparators"], areas_file)}
    return check_model({**said, **(more or {})}, Operation, name=str(kept["name"]))


def _source(ids: Sequence[str], file: str) -> dict[str, Any]:
    if not file and all(_IS_CELL.fullmatch(one) for one in ids):
        return {"cells": {one: (one,) for one in ids}}
    return {"file": file, "ids": tuple(ids)}
