"""Shifts: what each cell holds, or is expected to hold, in the hours of one shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.profile import Measure, Tier
from config.shifts import DAY_HOURS
from spatial.hexes.counts import HARM_UNITS, ROOT_UNITS
from spatial.hexes.neighbours import ring_neighbours
from spatial.notes import Note, Notes
from spatial.targets.when.shift_shares import ShiftShares, shift_shares
from spatial.timing.aoristic import HOURS, day_of, known_to_a_shift, spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.shifts import Shift, Shifts
    from spatial.hexes.grid import HexGrid
    from spatial.incidents.moments import Moments

COUNT_UNITS: Final = 1_000
"""Incidents of a shift are counted in thousandths: parts of them lie in it."""
COUNTED: Final = 0.5
"""An incident counts as one of a shift that holds at least this share of its span."""

_HOUR_S: Final = 3_600
_DAY_S: Final = DAY_HOURS * _HOUR_S
_WEEK_S: Final = HOURS * _HOUR_S


@dataclass(frozen=True, slots=True, eq=False)
class ShiftValues:
    """One shift of one subject, cell by cell.

    Attributes
    ----------
    shift
        Which.
    value
        What cells are ordered by, int64, in the grid's order, shape (n,): thousandths of an
        incident, thousandths of a day, or billionths of a root, as the measure has it. Over all
        shifts, and the hours that none covers, they add up to those of the whole day.
    dates
        ``position, date, incidents`` of the non-fatal incidents that count as the shift's, in that
        order; the date is that on which the shift began.
    seeds
        Cells in which an incident counts as the shift's, shape (n,): from these an area may grow.
    share
        Share (0-1) of the measure, all cells together, that lies in the shift.
    notes
        How it was made.
    """

    shift: Shift
    value: NDArray[np.int64]
    dates: pd.DataFrame
    seeds: NDArray[np.bool_]
    share: float
    notes: Notes


def shift_values(  # noqa: PLR0913 (incidents, the shift, and what is summed)
    moments: Moments,
    grid: HexGrid,
    *,
    shifts: Shifts,
    shift: str,
    measure: Measure,
    expected_days: NDArray[np.float64] | None = None,
) -> ShiftValues:
    """Return by what cells are ordered for one shift.

    Parameters
    ----------
    moments
        The incidents of profile and window, cells at the grid's resolution.
    grid
        The cells.
    shifts, shift
        The set, and the name of the one that is asked for.
    measure
        Counts and harm are sums of incidents, each by the share of its span that lies in the shift
        (Ratcliffe 2002, doi:10.1023/A:1013240828824; over a week: the shift's share of the day).
        Homicide's own harm is left out, as in any ranking. Expected harm is the cell's, times the
        share of such incidents that the shift is expected to have there
        (:func:`spatial.targets.when.shift_shares.shift_shares`).
    expected_days
        Harm to be expected in each cell, days, shape (n,): for that measure.

    Raises
    ------
    BadInputError
        There is no such shift, or fewer than half of the incidents have a time that is known to
        within a shift: a month says nothing of late or night.
    ValueError
        Expected harm is wanted and was not given.

    Notes
    -----
    How it can mislead: a share of few incidents is mostly its surroundings'. That a shift has more
    does not say that it is policed less. Incidents of every kind in the profile tell the hours
    alike, and rare grave ones may keep other hours than common ones.
    """
    asked = shifts.named(shift)
    at = shifts.shift.index(asked)
    position = grid.positions(moments.cell)
    inside = moments.where(position >= 0)
    position = position[position >= 0]
    first, until = spans(inside.start, inside.end, inside.precision)
    known = known_to_a_shift(first, until, inside.precision)
    _require_times(known, inside.precision, asked)
    weights = _weights(first, until, shifts)
    shares: ShiftShares | None = None
    if measure is Measure.EXPECTED_HARM:
        if expected_days is None:
            msg = "Ranking by expected harm needs expected_days."
            raise ValueError(msg)
        own = np.column_stack(
            [np.bincount(position[known], row[known], minlength=len(grid)) for row in weights]
        ).astype(np.float64)
        shares = shift_shares(own, ring_neighbours(grid, ring=1))
        parts = shares.shares.T * expected_days * HARM_UNITS
        whole = np.rint(expected_days * HARM_UNITS).astype(np.int64)
    else:
        worth = _worth(inside, measure)
        parts = np.array(
            [np.bincount(position, row * worth, minlength=len(grid)) for row in weights]
        )
        # sums of whole numbers far below 2^53: exact
        whole = np.rint(np.bincount(position, worth, minlength=len(grid))).astype(np.int64)
    value = _whole_numbers(parts, whole)[at]
    holds, date = _held_by(first, weights, asked, at, shifts)
    counted = holds & (inside.tier != Tier.HOMICIDE)
    seeds = np.zeros(len(grid), dtype=np.bool_)
    seeds[position[holds]] = True
    total = float(whole.sum())
    share = float(value.sum() / total) if total else 0.0
    return ShiftValues(
        asked, value, _dates(position[counted], date[counted]), seeds, share,
        _notes(asked, shifts, share, known, shares),
    )  # fmt: skip


def _require_times(known: NDArray[np.bool_], precision: NDArray[np.str_], shift: Shift) -> None:
    if 2 * int(known.sum()) >= len(known):
        return
    coarse = next((u for u in ("month", "day") if (precision == u).all()), None)
    given = (
        f"all {len(known):,} incidents give only the {coarse}"
        if coarse
        else f"only {int(known.sum()):,} of {len(known):,} incidents have a time known to within 8 "
        "hours"
    )
    msg = (
        f"Places cannot be ranked for the {shift.name!r} shift: {given}. Rank them for the whole "
        "day, or load an export with times."
    )
    raise BadInputError(msg)


def _weights(
    first: NDArray[np.int64], until: NDArray[np.int64], shifts: Shifts
) -> NDArray[np.float64]:
    """Return each span's share in every shift, and last in the hours of none, shape (s + 1, n)."""
    length = until - first
    rows = []
    for one in shifts.shift:
        on_duty = one.length * _HOUR_S

        def elapsed(
            moment: NDArray[np.int64], one: Shift = one, on_duty: int = on_duty
        ) -> NDArray[np.int64]:
            # seconds on duty up to a moment
            days, rest = np.divmod(moment - one.starts * _HOUR_S, _DAY_S)
            return np.asarray(days * on_duty + np.minimum(rest, on_duty))

        share = (elapsed(until) - elapsed(first)) / length
        rows.append(np.where(length > _WEEK_S, on_duty / _DAY_S, share))
    found = np.array(rows)
    outside = np.maximum(1 - found.sum(axis=0), 0.0) if shifts.gaps else np.zeros(len(first))
    return np.vstack([found, outside])


def _worth(moments: Moments, measure: Measure) -> NDArray[np.float64]:
    if measure is Measure.COUNT:
        return np.full(len(moments), float(COUNT_UNITS))
    days = np.where(moments.tier == Tier.HOMICIDE, 0.0, np.nan_to_num(moments.harm_days))
    if measure is Measure.SQRT_HARM:
        return np.asarray(np.rint(np.sqrt(days) * ROOT_UNITS))
    return np.asarray(np.rint(days * HARM_UNITS))


def _whole_numbers(parts: NDArray[np.float64], whole: NDArray[np.int64]) -> NDArray[np.int64]:
    # rounding the running sums, so that the shifts add up to the whole to the last digit
    running = np.minimum(np.rint(np.cumsum(parts, axis=0)).astype(np.int64), whole)
    running[-1] = whole
    return np.diff(running, axis=0, prepend=0)


def _held_by(
    first: NDArray[np.int64],
    weights: NDArray[np.float64],
    shift: Shift,
    at: int,
    shifts: Shifts,
) -> tuple[NDArray[np.bool_], NDArray[np.datetime64]]:
    # the shift that holds at least half; of two halves, the one in which it began
    hour = first // _HOUR_S % DAY_HOURS
    began = np.array([np.isin(hour, one.hours) for one in shifts.shift] + [hour < 0])
    tolerance = 1e-9
    holder = np.argmax(weights + tolerance * began, axis=0)
    holds = (holder == at) & (weights[at] >= COUNTED - tolerance)
    days, rest = np.divmod(first - shift.starts * _HOUR_S, _DAY_S)
    # begun before the shift: the next one
    days = days + (rest >= shift.length * _HOUR_S)
    return holds, day_of(days * _DAY_S)


def _dates(position: NDArray[np.int64], date: NDArray[np.datetime64]) -> pd.DataFrame:
    rows = pd.DataFrame({"position": position, "date": date.astype("datetime64[s]")})
    counted: pd.DataFrame = rows.value_counts(["position", "date"], sort=False).reset_index()
    counted.columns = pd.Index(["position", "date", "incidents"])
    return counted.sort_values(["position", "date"], ignore_index=True)


def _notes(
    shift: Shift,
    shifts: Shifts,
    share: float,
    known: NDArray[np.bool_],
    shares: ShiftShares | None,
) -> Notes:
    notes = [
        Note(
            f"Ranked for the {shift.words}, which has {share:.0%} of the whole. An incident that "
            "lasted a while is shared out over its hours, and counts as one of the shift that "
            "holds half of it or more, on the day that shift began."
        )
    ]
    if coarse := int((~known).sum()):
        sentence = (
            f"{coarse:,} of {len(known):,} incidents are not known to within a shift; each is "
            "spread over the hours in which it may have happened."
        )
        notes.append(Note(sentence, loud=10 * coarse > len(known)))
    if shifts.gaps:
        sentence = f"No shift covers {' and '.join(shifts.gaps)}: what happens then is in no list."
        notes.append(Note(sentence, loud=True))
    if shares is not None:
        notes.append(Note(shares.sentence))
    return tuple(notes)
