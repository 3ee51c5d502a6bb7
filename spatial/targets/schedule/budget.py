"""Budget: whether a plan's officer hours are there, and the nearest plan for which they are."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from config.errors import BadInputError
from spatial.targets.schedule.patrols import Dose, day_minutes, patrols, spread_over

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from config.dose import DoseRules
    from spatial.targets.schedule.bases import Group
    from spatial.targets.schedule.request import Settled

    Draw = Callable[[int], NDArray[np.bool_]]


def require_hours(  # noqa: PLR0913 (a plan, what it takes, what there is)
    minutes: NDArray[np.int64],
    chosen: Settled,
    draw: Draw,
    groups: Sequence[Group],
    officer_hours: float,
    *,
    rules: DoseRules,
    names: tuple[str, ...],
) -> None:
    """Refuse a plan that takes more officer hours on some day than there are.

    Parameters
    ----------
    minutes
        On duty, per day, of all patrols: shape (days,).
    draw
        The allocation with so many places a day, as the same seed draws it: shape (days, m).
    officer_hours
        The most on any day.

    Raises
    ------
    BadInputError
        With the most visits, and the most places, that the hours do hold: both were tried.
    """
    if not officer_hours > 0:
        msg = f"{officer_hours!r} officer hours a day hold no visit. Give more than none."
        raise BadInputError(msg)
    held = officer_hours * 60 / chosen.officers
    if int(minutes.max()) <= held:
        return
    most = _said(minutes.max() * chosen.officers)
    msg = (
        f"The fullest day takes {most} officer hours, walking included, and {officer_hours:g} were "
        "given. "
    )

    def fits(table: NDArray[np.bool_], dose: Dose) -> bool:
        found = patrols(table, groups, dose, exact_stops=rules.exact_stops, names=names)
        return int(day_minutes(found, dose, len(table)).max()) <= held

    remedies = []
    visits = _fewer_visits(chosen, draw(chosen.k), fits, rules)
    if visits:
        remedies.append(
            f"{visits} visit{'s' * (visits > 1)} a day in place of {chosen.dose.visits}"
        )
    places = _fewer_places(chosen, draw, fits, chosen.dose)
    if places:
        remedies.append(f"{_places(places)} a day in place of {chosen.k}")
    if not remedies:
        once = spread_over(chosen.hours.minutes, 1, chosen.dose.minutes, rules)
        both = _fewer_places(chosen, draw, fits, once)
        if both:
            remedies.append(f"one visit a day to {_places(both)}")
        else:
            found = patrols(
                draw(chosen.k), groups, once, exact_stops=rules.exact_stops, names=names
            )
            least = day_minutes(found, once, len(minutes)).max() * chosen.officers
            msg += (
                "No plan with fewer visits or fewer places fits; one visit a day to "
                f"{_places(chosen.k)} takes {_said(least)}. Give that."
            )
    if remedies:
        msg += f"They hold {' or '.join(remedies)}."
    raise BadInputError(msg)


def _fewer_visits(
    chosen: Settled,
    table: NDArray[np.bool_],
    fits: Callable[[NDArray[np.bool_], Dose], bool],
    rules: DoseRules,
) -> int:
    for visits in range(chosen.dose.visits - 1, 0, -1):
        if fits(table, spread_over(chosen.hours.minutes, visits, chosen.dose.minutes, rules)):
            return visits
    return 0


def _fewer_places(
    chosen: Settled, draw: Draw, fits: Callable[[NDArray[np.bool_], Dose], bool], dose: Dose
) -> int:
    low, high = 0, chosen.k
    while high - low > 1:
        middle = (low + high) // 2
        inside = False
        # so few a day may be that some place waits too long: then fewer are no way out
        with contextlib.suppress(BadInputError):
            inside = fits(draw(middle), dose)
            high = high if inside else middle
        low = middle if inside or high != middle else low
    return low if low and _possible(draw, low) else 0


def _possible(draw: Draw, k: int) -> bool:
    try:
        draw(k)
    except BadInputError:
        return False
    return True


def _places(number: int) -> str:
    return f"{number} place{'s' * (number > 1)}"


def _said(minutes: float) -> str:
    # rounded up: what is said must be enough
    return f"{np.ceil(minutes / 6 - 1e-9) / 10:,.1f}"
