"""Operations: two that the town's police carried out, and what they truly did to violence.

Gull patrols twelve places because they topped the list of one winter: they would have cooled by
themselves, and a comparison with that winter flatters it. Tern draws eight of twenty places anew
for every day of a summer, and compares them with the other twelve.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sample_geo.chance import Chance
from sample_geo.offences import OFFENCES
from sample_geo.patrol_places import cells_of
from sample_geo.rhythm import DAY_STARTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sample_geo.patrol_places import PatrolMap, PatrolPlace

BEFORE_AFTER: Final = "before_after"
CROSSOVER: Final = "crossover"

_Days = tuple[dt.date, dt.date]

_LISTED: Final[_Days] = (dt.date(2024, 11, 1), dt.date(2025, 1, 31))
_BASELINE: Final[_Days] = (dt.date(2024, 2, 1), dt.date(2024, 7, 31))
# neither the list's months nor the baseline's, so that neither comparison is bent by the choice
_COMPARED_ON: Final[tuple[_Days, ...]] = (
    (dt.date(2023, 11, 1), dt.date(2024, 1, 31)),
    (dt.date(2024, 8, 1), dt.date(2024, 10, 31)),
)
_ALWAYS_HOT: Final = 10
_GULL_PLACES: Final = 12
_COMPARATORS: Final = 24
_TERN_PLACES: Final = 20
TREATED_DAILY: Final = 8

# what a patrol can prevent: serious violence in public, whether or not the flags were filled in
_TOPICS: Final = ("violence", "robbery", "drugs")
_TITLES: Final = tuple(
    offence.title
    for offence in OFFENCES
    if offence.topic in _TOPICS or offence.title.startswith("Robbery")
)
_SMALL_HOURS: Final = pd.Timedelta(hours=DAY_STARTS)
_LISTED_FOR: Final = ("1", "2", "5D", "8N", "34A", "34B", "92A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation and the truth about it.

    Attributes
    ----------
    key, name, design
        What files and people call it, and how it was set up.
    first, last, from_hour, to_hour
        Inclusive policing days, and the hours of each in which it acts (0 and 24: all of it, from
        06:00; 14 and 24: from two o'clock to midnight).
    effect
        Change of the rate of serious violence in public while a place is treated: -0.2 is a fifth
        less.
    places, comparators
        Where it acts; and places like them where nothing was done.
    chosen_on, baseline
        Inclusive dates on which the places were chosen; and the same season a year before.
    passed_over
        Names of places that were hotter still and left out, for they were patrolled all along.
    treated
        Whether each place was to be patrolled on each day, shape (days, places).
    prevented
        How many rows of the incidents were taken out, shape (places,).
    """

    key: str
    name: str
    design: str
    first: dt.date
    last: dt.date
    from_hour: int
    to_hour: int
    effect: float
    places: tuple[PatrolPlace, ...]
    comparators: tuple[PatrolPlace, ...]
    chosen_on: _Days
    baseline: _Days | None
    passed_over: tuple[str, ...]
    treated: NDArray[np.bool_]
    prevented: NDArray[np.int64]


def carry_out(
    seed: int, rows: pd.DataFrame, patrols: PatrolMap, *, untouched: Iterable[str]
) -> tuple[pd.DataFrame, tuple[Operation, Operation]]:
    """Carry both operations out: take the incidents out that they prevented.

    Parameters
    ----------
    seed
        The town's seed.
    rows
        As ``awkward.spoil`` gives them.
    patrols
        Where places may lie.
    untouched
        Incident numbers that stay whatever happens: those of awkward rows and of planted series.

    Returns
    -------
    The rows that are left, in their order, and the operations.

    Notes
    -----
    Each incident of serious violence in public, in a treated place and time, is prevented by a
    chance of its own: that thins a rate by exactly the effect, moves nothing next door and leaves
    nothing behind for the next day.
    """
    pool = _preventable(rows, set(untouched))
    gull, kept = _gull(seed, pool, patrols)
    tern, kept = _tern(seed, kept, patrols)
    gone = np.setdiff1d(pool["row"].to_numpy(), kept["row"].to_numpy())
    left = np.ones(len(rows), dtype=bool)
    left[gone] = False
    return rows[left].reset_index(drop=True), (gull, tern)


def allocate(chance: Chance, *, places: int, days: int, daily: int) -> NDArray[np.bool_]:
    """Draw which places are treated on each day: so many of them, every day anew, all sets alike.

    Returns
    -------
    Shape (days, places).
    """
    luck = chance.uniform(days * places).reshape(days, places)
    order = np.argsort(luck, axis=1, kind="stable")
    treated = np.zeros((days, places), dtype=bool)
    np.put_along_axis(treated, order[:, :daily], values=True, axis=1)
    return treated


def _preventable(rows: pd.DataFrame, untouched: set[str]) -> pd.DataFrame:
    """Return the incidents that a patrol might prevent.

    Their row, date, policing day (``duty``), hour, cell, and whether a list of places counts them.
    """
    fits = (
        rows["Offence"].isin(_TITLES)
        & rows["Domestic"].ne("Y")
        & rows["Public Place"].ne("N")
        & rows["Location Type"].ne("DWELLING")
        & ~rows["Incident Number"].isin(untouched)
    )
    place = np.flatnonzero(fits.to_numpy())
    chosen = rows.iloc[place]
    when = pd.to_datetime(chosen["From"], format="%d/%m/%Y %H:%M")
    counted = (
        chosen["PRC Class"].isin(_LISTED_FOR)
        & chosen["Domestic"].eq("N")
        & chosen["Public Place"].eq("Y")
    )
    east, north = (chosen[axis].to_numpy(dtype=np.float64) for axis in ("Easting", "Northing"))
    return pd.DataFrame(
        {
            "row": place,
            "day": when.to_numpy().astype("datetime64[D]"),
            "duty": (when - _SMALL_HOURS).to_numpy().astype("datetime64[D]"),
            "hour": when.dt.hour.to_numpy(),
            "cell": cells_of(east, north),
            "counted": counted.to_numpy(),
        }
    )


def _gull(seed: int, pool: pd.DataFrame, patrols: PatrolMap) -> tuple[Operation, pd.DataFrame]:
    """Plan Gull, and take out what it prevented."""
    earlier = _cells(pool, (dt.date.min, _LISTED[0] - dt.timedelta(days=1)))
    always = patrols.hottest(earlier, _ALWAYS_HOT, prefix="A")
    places = patrols.hottest(_cells(pool, _LISTED), _GULL_PLACES, prefix="G", away_from=always)
    quiet = np.concatenate([_cells(pool, days) for days in _COMPARED_ON])
    comparators = patrols.hottest(quiet, _COMPARATORS, prefix="C", away_from=(*always, *places))
    first, last = dt.date(2025, 2, 1), dt.date(2025, 7, 31)
    operation = Operation(
        key="gull",
        name="Operation Gull",
        design=BEFORE_AFTER,
        first=first,
        last=last,
        from_hour=0,
        to_hour=24,
        effect=-0.2,
        places=places,
        comparators=comparators,
        chosen_on=_LISTED,
        baseline=_BASELINE,
        passed_over=tuple(place.name for place in always),
        treated=np.ones(((last - first).days + 1, len(places)), dtype=bool),
        prevented=np.zeros(len(places), dtype=np.int64),
    )
    return _thinned(Chance(seed, "operation gull"), pool, operation)


def _tern(seed: int, pool: pd.DataFrame, patrols: PatrolMap) -> tuple[Operation, pd.DataFrame]:
    """Plan Tern, and take out what it prevented."""
    first, last = dt.date(2026, 6, 1), dt.date(2026, 8, 29)
    chosen_on = (dt.date(2023, 11, 1), dt.date(2026, 5, 31))
    places = patrols.hottest(_cells(pool, chosen_on), _TERN_PLACES, prefix="T")
    operation = Operation(
        key="tern",
        name="Operation Tern",
        design=CROSSOVER,
        first=first,
        last=last,
        from_hour=14,
        to_hour=24,
        effect=-0.4,
        places=places,
        comparators=(),
        chosen_on=chosen_on,
        baseline=None,
        passed_over=(),
        treated=allocate(
            Chance(seed, "operation tern's days"),
            places=len(places),
            days=(last - first).days + 1,
            daily=TREATED_DAILY,
        ),
        prevented=np.zeros(len(places), dtype=np.int64),
    )
    return _thinned(Chance(seed, "operation tern"), pool, operation)


def _cells(pool: pd.DataFrame, days: _Days) -> NDArray[np.uint64]:
    """Return the cells of what a list of those days counts."""
    first, last = (np.datetime64(day, "D") for day in days)
    day = pool["day"].to_numpy()
    within = pool["counted"].to_numpy() & (day >= first) & (day <= last)
    return np.asarray(pool["cell"].to_numpy()[within], dtype=np.uint64)


def _thinned(
    chance: Chance, pool: pd.DataFrame, operation: Operation
) -> tuple[Operation, pd.DataFrame]:
    """Take the incidents out that an operation prevented."""
    place_of = {
        cell: number for number, place in enumerate(operation.places) for cell in place.cells
    }
    where = np.array([place_of.get(cell, -1) for cell in pool["cell"].tolist()])
    days = pool["duty"].to_numpy().astype("datetime64[D]") - np.datetime64(operation.first, "D")
    day = days.astype(np.int64)
    hour = pool["hour"].to_numpy()
    acts = (where >= 0) & (day >= 0) & (day < len(operation.treated))
    acts &= (hour >= operation.from_hour) & (hour < operation.to_hour)
    acts[acts] = operation.treated[day[acts], where[acts]]
    gone = acts.copy()
    gone[acts] = chance.happens(np.full(int(acts.sum()), -operation.effect))
    operation.prevented[:] = np.bincount(where[gone], minlength=len(operation.places))
    return operation, pool[~gone]
