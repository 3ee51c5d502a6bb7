"""Allocation: which of the places are treated on which day, drawn at random under stated limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.targets.schedule.day_draw import Outlook, chances, draw_day

if TYPE_CHECKING:
    from numpy.typing import NDArray

# rows drawn side by side: few enough to stay in the processor's cache
_ROWS: Final = 500
# draws that may end in a dead end before the limits are called too narrow
_MOST_ROUNDS: Final = 400
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Predictability:
    """How well somebody who has seen every list so far could tell the next one.

    Attributes
    ----------
    forced
        Share (0-1) of place-days that were certain, treated or not, before the day's draw.
    forced_last_week
        The same over the last seven days, where what each place is owed has narrowed.
    best_guess
        Share (0-1) of place-days that the best guess gets right, on average.
    blind_guess
        The same for somebody who knows only k and m.
    """

    forced: float
    forced_last_week: float
    best_guess: float
    blind_guess: float


def shortest_wait(m: int, k: int) -> int:
    """Return the least D for which k of m places a day can reach every place in any D days."""
    return -(-m // k)


def allocate(
    m: int, k: int, days: int, *, wait: int, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Draw a randomised crossover: k of m places treated on each day.

    Parameters
    ----------
    m, k, days
        Places, places treated each day, days.
    wait
        D: in any D days running, within the schedule, every place is treated at least once.
    rng
        The only source of chance: the same state gives the same allocation.

    Returns
    -------
    Shape (days, m), True where treated.

    Raises
    ------
    BadInputError
        No schedule can be as asked; it names the nearest that can.

    Notes
    -----
    Exactly k places a day; the treated days of any two places differ by at most one over the
    schedule (which places get the odd day is drawn first, each choice as likely). Days are drawn in
    order, each among the sets after which no wait need be missed
    (:func:`spatial.targets.schedule.day_draw.draw_day`); a draw that leads to a dead end is thrown
    away and begun anew. No step looks at a place's number, so that every place has the chance k/m
    on every day, exactly. Schedules that keep the limits are *nearly*, not exactly, equally likely:
    inference must draw again with this function (:func:`allocate_many`), not from all of them.
    """
    return np.asarray(allocate_many(m, k, days, wait=wait, draws=1, rng=rng)[0])


def allocate_many(  # noqa: PLR0913 (a design and how often to draw it)
    m: int, k: int, days: int, *, wait: int, draws: int, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Draw many schedules as `allocate` does, independently: shape (draws, days, m).

    For randomisation inference: 10,000 draws of 8 of 20 places over 90 days take some two seconds.
    """
    _require_possible(m, k, days, wait)
    if k == m:
        return np.ones((draws, days, m), dtype=bool)
    found: list[NDArray[np.bool_]] = []
    missing, rounds = draws, 0
    while missing > 0:
        # a few more than are missing, so that dead ends seldom need another round
        some = min(_ROWS, missing + missing // 8 + 1 if rounds else missing)
        tables, possible = _drawn(m, k, days, wait=wait, rows=some, rng=rng)
        kept = tables[possible][:missing]
        found.append(kept)
        missing -= len(kept)
        rounds = 0 if len(kept) else rounds + 1
        if rounds > _MOST_ROUNDS:
            msg = (
                f"No allocation was found in which {k} of {m} places are treated on each of {days} "
                f"days and none waits more than {wait} days. Allow a wait of {wait + 1} days."
            )
            raise BadInputError(msg)
    return np.concatenate(found) if found else np.zeros((0, days, m), dtype=bool)


def rotate(m: int, k: int, days: int, *, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Take the places in turn, k a day, in an order drawn once: shape (days, m).

    Anybody who has seen one turn knows all that follow: it spreads patrols, and proves nothing.
    """
    _require_possible(m, k, days, shortest_wait(m, min(k, m)) if k else 1)
    order = rng.permutation(m)
    turns = (np.arange(days)[:, None] * k + np.arange(k)[None, :]) % m
    table = np.zeros((days, m), dtype=bool)
    table[np.arange(days)[:, None], order[turns]] = True
    return table


def predictability(table: NDArray[np.bool_], *, wait: int) -> Predictability:
    """Replay an allocation day by day and say how much of it was certain beforehand.

    Parameters
    ----------
    table
        Shape (days, m), made by `allocate` with the same ``wait``.

    Notes
    -----
    The observer is taken to know the method, every list so far, and which places get an odd day:
    the worst case. Somebody who only walks the streets knows far less.
    """
    days, m = table.shape
    k = int(table[0].sum())
    blind = max(k, m - k) / m
    if k == m:
        return Predictability(1.0, 1.0, 1.0, 1.0)
    slack = np.empty((days, m), dtype=np.int64)
    slack[0] = wait
    for day in range(1, days):
        slack[day] = np.where(table[day - 1], wait, slack[day - 1] - 1)
    owed = table[::-1].cumsum(axis=0)[::-1].astype(np.int64)
    left = np.arange(days, 0, -1)[:, None]
    chance = chances(Outlook(slack, owed, left), k, wait=wait)
    near = 1e-9
    forced = (chance < near) | (chance > 1 - near)
    return Predictability(
        forced=float(forced.mean()),
        forced_last_week=float(forced[-_WEEK:].mean()),
        best_guess=float(np.maximum(chance, 1 - chance).mean()),
        blind_guess=blind,
    )


def _drawn(  # noqa: PLR0913 (as allocate_many)
    m: int, k: int, days: int, *, wait: int, rows: int, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    share, odd = divmod(k * days, m)
    # who gets the odd day: every choice of so many places is as likely
    places = rng.permuted(np.tile(np.arange(m), (rows, 1)), axis=1)
    owed = share + (places < odd).astype(np.int64)
    slack = np.full((rows, m), wait, dtype=np.int64)
    tables = np.zeros((rows, days, m), dtype=bool)
    possible = np.ones(rows, dtype=bool)
    for day in range(days):
        left = np.full((rows, 1), days - day, dtype=np.int64)
        treated, going = draw_day(Outlook(slack, owed, left), k, wait=wait, rng=rng)
        possible &= going
        tables[:, day] = treated
        owed = owed - treated
        slack = np.where(treated, wait, slack - 1)
    return tables, possible


def _require_possible(m: int, k: int, days: int, wait: int) -> None:
    if m < 1 or days < 1:
        msg = f"A schedule needs places and days; {m!r} places and {days!r} days were given."
        raise BadInputError(msg)
    if not 1 <= k <= m:
        msg = (
            f"{k!r} places cannot be treated on each day where the list holds {m}. Treat from 1 to "
            f"{m}."
        )
        raise BadInputError(msg)
    least = shortest_wait(m, k)
    if wait < least:
        msg = (
            f"With {k} of {m} places a day some place must wait {least} days, and {wait!r} were "
            f"given. Allow a wait of {least} days, or treat {-(-m // max(wait, 1))} places a day."
        )
        raise BadInputError(msg)
