"""What the keys of an operation must say together, and what data of a precision can judge."""

from __future__ import annotations

import datetime as dt

from config.errors import BadInputError
from config.operation import Comparators, Operation, Precision, Span


def checked(operation: Operation, *, name: str) -> Operation:
    """Return an operation whose keys fit together, or refuse it; ``name`` is what it is called.

    What needs other files (areas by file, the allocation, maps) is checked where they are read.

    Raises
    ------
    BadInputError
        The first thing that does not fit, with its key and the remedy.
    """
    fault = (
        _dates_fault(operation)
        or _hours_fault(operation)
        or _areas_fault(operation)
        or _comparators_fault(operation)
        or _design_fault(operation)
    )
    if fault:
        msg = f"{name}: {fault}"
        raise BadInputError(msg)
    return operation


def check_precision(operation: Operation, precision: Precision, *, name: str) -> None:
    """Refuse an operation that data of a precision cannot judge.

    ``precision`` is the coarsest that a notable share of the outcomes has: open data have months.

    Raises
    ------
    BadInputError
        Days, weekdays or hours are asked of data that do not say them.
    """
    if precision in {"minute", "hour"}:
        return
    if not operation.all_day:
        msg = (
            f"{name}: start: the operation ran {operation.start} to {operation.end}, and the data "
            f"say only the {precision}. Load incidents with times, or leave start and end out."
        )
        raise BadInputError(msg)
    if precision == "day":
        return
    if operation.design == "crossover" or operation.weekdays:
        key = "design" if operation.design == "crossover" else "weekdays"
        given = operation.design if operation.design == "crossover" else list(operation.weekdays)
        msg = (
            f"{name}: {key}: {given!r} compares days, and the data say only the month. Load "
            "incidents with dates."
        )
        raise BadInputError(msg)
    spans = {"first_date and last_date": Span(first=operation.first_date, last=operation.last_date)}
    if operation.baseline is not None:
        spans["baseline"] = operation.baseline
    for area, day in operation.starts.items():
        if day.day != 1:
            msg = (
                f"{name}: starts.{area}: {day} is not the first of a month, and the data say only "
                "the month. Give the first day of a month."
            )
            raise BadInputError(msg)
    for key, span in spans.items():
        if span.first.day != 1 or (span.last + dt.timedelta(days=1)).day != 1:
            msg = (
                f"{name}: {key}: {span.first} to {span.last} are not whole months, and the data "
                "say only the month. Give the first and last day of months."
            )
            raise BadInputError(msg)


def _dates_fault(said: Operation) -> str:
    spans = {"last_date": (said.first_date, said.last_date)}
    for key in ("selection", "baseline"):
        span: Span | None = getattr(said, key)
        if span is None:
            continue
        spans[key] = (span.first, span.last)
        if span.last >= said.first_date and span.last >= span.first:
            return (
                f"{key}: {span.last} is not before the operation's first day {said.first_date}. "
                "End it the day before, or earlier."
            )
    for key, (first, last) in spans.items():
        if last < first:
            return f"{key}: {last} is before {first}. Swap them."
    if not said.dates:
        return f"weekdays: {list(said.weekdays)!r} leaves no day in force. Name other weekdays."
    if said.design != "crossover" and said.baseline is None:
        return (
            f"baseline: missing, and {said.design!r} needs a time before. Write [baseline] with "
            "first and last, of the same season and not the dates the places were chosen on."
        )
    return ""


def _hours_fault(said: Operation) -> str:
    if bool(said.start) != bool(said.end):
        return "start, end: give both hours, or neither for all day."
    if said.start and said.start == said.end:
        return f"end: {said.end!r} is also the start. Leave both out for all day."
    daily = said.design == "crossover" or bool(said.weekdays)
    if said.start and daily and _hours_since(said.start, said) > _hours_since(said.end, said) > 0:
        return (
            f"end: {said.start} to {said.end} runs over {said.day_starts}, when the next policing "
            "day starts, so that a day in force is not one day. Change end, or day_starts."
        )
    return ""


def _hours_since(clock: str, said: Operation) -> int:
    # minutes since the policing day began; its own end counts as its beginning
    return (_minutes(clock) - _minutes(said.day_starts)) % (24 * 60)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _areas_fault(said: Operation) -> str:
    for key, areas in (("areas", said.areas), ("comparators", said.comparators)):
        if areas is None or (isinstance(areas, Comparators) and areas.kind != "areas"):
            continue
        if bool(areas.file) == bool(areas.cells):
            return f"{key}: give either a file or lists of cells, so that each place has a shape."
        if areas.cells and areas.ids:
            return f"{key}.ids: the cells name their areas themselves. Leave ids out."
        if len(set(areas.ids)) < len(areas.ids):
            twice = next(one for one in areas.ids if areas.ids.count(one) > 1)
            return f"{key}.ids: {twice!r} stands twice. Take one out."
        owners: dict[str, str] = {}
        for area, cells in areas.cells.items():
            for cell in cells:
                if cell in owners and owners[cell] != area:
                    return (
                        f"{key}.cells: {cell!r} belongs to {owners[cell]!r} and to {area!r}. "
                        "Take it out of one."
                    )
                owners[cell] = area
    return ""


def _comparators_fault(said: Operation) -> str:
    against = said.comparators
    if against is None:
        if said.design in {"before_after", "matched_comparison"}:
            return (
                f"comparators: missing, and {said.design!r} says nothing without: places chosen "
                'because they were high fall by themselves. Write kind = "rest_of_force", '
                '"matched" or "areas".'
            )
        return ""
    return _kind_fault(said, against) or _overlap_fault(said, against)


def _kind_fault(said: Operation, against: Comparators) -> str:
    if said.design == "matched_comparison" and against.kind == "rest_of_force":
        return (
            'comparators.kind: \'rest_of_force\' is not matched. Write "matched" or "areas", or '
            'design = "before_after".'
        )
    if against.kind != "areas" and (against.file or against.cells or against.ids):
        return f'comparators: {against.kind!r} lists no areas. Take them out, or write "areas".'
    if against.how_many is not None and against.kind != "matched":
        return f'comparators.how_many: {against.how_many} goes with kind = "matched" only.'
    return ""


def _overlap_fault(said: Operation, against: Comparators) -> str:
    both = set(said.areas.named) & set(against.named)
    if both and said.areas.file == against.file:
        return (
            f"comparators: {min(both)!r} is both patrolled and compared with. Take it out of one."
        )
    shared = {cell for cells in said.areas.cells.values() for cell in cells} & {
        cell for cells in against.cells.values() for cell in cells
    }
    if shared:
        return f"comparators.cells: {min(shared)!r} lies in an area that is patrolled. Take it out."
    return ""


def _design_fault(said: Operation) -> str:
    if (said.design == "crossover") != (said.crossover is not None):
        return (
            "crossover: missing; name the daily allocation and how many were treated each day."
            if said.design == "crossover"
            else f"crossover: does not go with design {said.design!r}. Take it out."
        )
    if (said.design == "staggered") != bool(said.starts):
        return (
            "starts: missing; give each area the date from which it was patrolled."
            if said.design == "staggered"
            else f"starts: does not go with design {said.design!r}. Take it out."
        )
    if said.order is not None and said.design != "staggered":
        return f"order: {said.order!r} does not go with design {said.design!r}. Take it out."
    for area, day in said.starts.items():
        if not said.first_date <= day <= said.last_date:
            return (
                f"starts.{area}: {day} is outside {said.first_date} to {said.last_date}. Mend the "
                "date."
            )
        if said.areas.named and area not in said.areas.named:
            return f"starts.{area}: is none of the areas. Mend the id."
    return ""
