"""Placed: the occurrences round an operation, each put into its place, ring and comparator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from config.errors import BadInputError
from config.operation import Span
from spatial.evaluation.counted import tally
from spatial.evaluation.footprint import Footprint
from spatial.evaluation.matching import Matches, match_comparators
from spatial.evaluation.periods import cut_months
from spatial.evaluation.placing import ground_round, place_of, rest_blocks, rings
from spatial.evaluation_results import EvaluatedGround
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.operation import Operation
    from spatial.evaluation.occurrences import Occurrences
    from spatial.hexes.study_area import StudyArea
    from spatial.notes import Notes

MATCHED_MONTHS: Final = 24
"""Comparators are matched on at most so many months before the places were chosen."""
_FEWEST_APART: Final = 6
APART: Final = Note(
    "Comparators were matched on months outside the time before: chosen on its own counts, what "
    "they had then would in part be chance that comes down by itself, and hide a fall."
)
NOT_APART: Final = Note(
    "Less than half a year lies outside the time before, so comparators were matched on its own "
    "counts: part of what they had then is chance that comes down by itself, and hides a fall "
    "(with 5 incidents a place in two years by about 13%, with 20 by 6%, with 70 by 1%).",
    loud=True,
)


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Occurrences put where they belong.

    Attributes
    ----------
    occurrences
        All of them.
    usable
        Which may be counted: weekday, hours and a time exact enough, shape (n,).
    row
        Patrolled places first, then comparators; -1 for neither, shape (n,).
    treated
        Which rows were patrolled, shape (rows,).
    around, around_comparators
        By distance in metres: which patrolled place's (comparator's) ring it lies in, -1 for none.
    around_notes
        By distance: what was left out of the rings.
    ground
        Where all that is.
    span
        The dates to draw month by month.
    choice_held
        Whether the data reach over all dates that the places were chosen on.
    """

    occurrences: Occurrences
    usable: NDArray[np.bool_]
    row: NDArray[np.int64]
    treated: NDArray[np.bool_]
    around: dict[int, NDArray[np.int64]]
    around_comparators: dict[int, NDArray[np.int64]]
    around_notes: dict[int, Notes]
    ground: EvaluatedGround
    span: Span
    choice_held: bool = True

    @property
    def places(self) -> int:
        """How many patrolled places."""
        return int(self.treated.sum())

    def chosen(self, name: str) -> NDArray[np.bool_]:
        """Return which occurrences belong to an outcome and may be counted."""
        return self.usable & self.occurrences.counts_as[name]


def tried_distances(operation: Operation) -> tuple[int, ...]:
    """Return the distances looked at: those registered; of one alone, half and twice it too."""
    said = operation.distances_m
    if len(said) > 1:
        return tuple(one for one in said if one > 0)
    return tuple(one for one in (said[0] // 2, said[0], said[0] * 2) if one > 0)


def put_in_place(  # noqa: PLR0913 (what an operation is set in)
    occurrences: Occurrences,
    usable: NDArray[np.bool_],
    operation: Operation,
    *,
    treated: Footprint,
    comparators: Footprint | None,
    rest_of: StudyArea | None,
    span: Span,
) -> Placed:
    """Put every occurrence into its area, comparator and rings.

    Parameters
    ----------
    usable
        Which may be counted, shape (n,).
    treated, comparators
        Their ground; comparators None for a crossover, or for the rest of the force.
    rest_of
        The study area whose rest is compared with; None for none.
    span
        The dates to draw.
    """
    distances = tried_distances(operation)
    listed = [] if comparators is None else list(comparators.shapes)
    row = place_of(occurrences, [*treated.shapes, *listed])
    groups = len(treated.shapes) + len(listed)
    words = "the same places' other days"
    if operation.design == "staggered":
        words = "places not yet patrolled"
    waiting = f"{words}, and " if operation.design == "staggered" else ""
    if comparators is not None:
        words = f"{waiting}{len(listed)} comparison places"
    if rest_of is not None:
        barred = ground_round(treated, metres=max(distances, default=0))
        block = rest_blocks(occurrences, rest_of, barred=barred)
        rest = (row < 0) & (block >= 0)
        row = np.where(rest, groups + block, row)
        groups += int(block.max(initial=-1)) + 1
        words = f"{waiting}the rest of {rest_of.name}, in {groups - len(treated.shapes)} blocks"
    around, beside, shown, notes = {}, {}, {}, {}
    others = shapely.union_all(np.array(listed, dtype=object)) if listed else None
    for metres in distances:
        shown[metres], notes[metres] = rings(treated, buffer_m=metres, apart_from=others)
        around[metres] = place_of(occurrences, shown[metres].shapes)
        if comparators is not None:
            near = ground_round(treated, metres=metres)
            theirs, _ = rings(comparators, buffer_m=metres, apart_from=near)
            beside[metres] = place_of(occurrences, theirs.shapes)
    return Placed(
        occurrences,
        usable,
        row,
        np.arange(groups) < len(treated.shapes),
        around,
        beside,
        notes,
        EvaluatedGround(treated, comparators, shown, words),
        span,
    )


def matched(  # noqa: PLR0913 (what a choice rests on)
    occurrences: Occurrences,
    chosen: NDArray[np.bool_],
    operation: Operation,
    *,
    treated: Footprint,
    candidates: Footprint,
    data_from: dt.date,
) -> tuple[Footprint, Matches]:
    """Choose comparators by what they had before the places were chosen, and outside the baseline.

    A comparator chosen on the baseline's own counts falls back from them by chance, as a hot spot
    does from the window it was chosen on: months of the baseline are left out where half a year
    remains.

    Parameters
    ----------
    chosen
        Which occurrences count as the primary outcome, shape (n,).
    candidates
        Places of about the patrolled ones' size, near none of them.
    data_from
        The first date held.

    Raises
    ------
    BadInputError
        There is no whole month before the places were chosen, or there are too few candidates.
    """
    until = (operation.selection.first if operation.selection else operation.first_date).replace(
        day=1
    )
    before = operation.baseline
    months = _months_before(until, data_from, without=before)
    apart = len(months) >= _FEWEST_APART
    if not apart:
        months = _months_before(until, data_from, without=None)
    if not months:
        msg = (
            f"{operation.name}: comparators: nothing can be matched, for the data begin on "
            f"{data_from} and the places were chosen from {until} on. Load earlier months, or list "
            "comparators."
        )
        raise BadInputError(msg)
    firsts = np.array([one.first for one in months], dtype="datetime64[D]")
    lasts = np.array([one.last for one in months], dtype="datetime64[D]")
    month = np.searchsorted(firsts, occurrences.day, side="right") - 1
    month = np.where((month >= 0) & (occurrences.day <= lasts[month]), month, -1)
    shapes = [*treated.shapes, *candidates.shapes]
    found = tally(
        occurrences,
        chosen,
        row=place_of(occurrences, shapes),
        column=month,
        shape=(len(shapes), len(months)),
    )
    mine = np.arange(len(shapes)) < len(treated.shapes)
    # a place where nothing ever happened says nothing of how such places change
    held = ~mine & (found.incidents.sum(axis=1) > 0)
    each = operation.comparators.how_many if operation.comparators is not None else None
    matches = match_comparators(
        found.incidents.astype(np.float64),
        treated=mine,
        candidates=held,
        months=[one.first.month for one in months],
        each=each or (2 if held.sum() >= 2 * mine.sum() else 1),
    )
    if before is not None and before.first < until:
        note = APART if apart else NOT_APART
        matches = replace(matches, notes=(*matches.notes, note))
    kept = matches.comparators - int(mine.sum())
    return Footprint(
        tuple(candidates.area_ids[one] for one in kept), candidates.shapes[kept]
    ), matches


def _months_before(until: dt.date, data_from: dt.date, *, without: Span | None) -> list[Span]:
    """Return the last whole months before a day of which a span holds no day, first one first."""
    index = data_from.year * 12 + data_from.month - 1 + (data_from.day > 1)
    first, last = dt.date(index // 12, index % 12 + 1, 1), until - dt.timedelta(days=1)
    found = cut_months(Span(first=first, last=last), 1) if first <= last else []
    if without is not None:
        found = [one for one in found if one.last < without.first or one.first > without.last]
    return found[-MATCHED_MONTHS:]
