"""The shortfall: what the incidents of a profile and window lack, a location or a flag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.incidents.select import (
    assumed_condition,
    profile_condition,
    unrecorded,
    untested_condition,
)

if TYPE_CHECKING:
    from config.profile import Profile
    from spatial.incidents.store import IncidentStore
    from spatial.window import Window


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Incidents, counted over the whole store: one without a location lies in no study area.

    Attributes
    ----------
    counted
        That belong to the profile, located or not; of these ``unlocated`` have no location.
    left_out, left_out_for
        That could not be tested, and the things nobody recorded that they would have needed.
    taken_in, taken_in_for
        Of those counted, that a profile takes in although something was not recorded.
    """

    counted: int
    unlocated: int
    left_out: int
    left_out_for: tuple[str, ...]
    taken_in: int
    taken_in_for: tuple[str, ...]


def shortfall(store: IncidentStore, *, profile: Profile | None, window: Window | None) -> Shortfall:
    """Count what incidents lack.

    Parameters
    ----------
    store
        The incidents.
    profile
        Which of them; None for all, of which nothing is asked but a location.
    window
        Only these dates; None for all.
    """
    belongs, untested, assumed = "true", "false", "false"
    asked: dict[str, str] = {}
    taken: dict[str, str] = {}
    if profile is not None:
        belongs, untested = profile_condition(profile), untested_condition(profile)
        assumed = assumed_condition(profile)
        asked = unrecorded(profile, included=False)
        taken = unrecorded(profile, included=True)
    conditions = [
        belongs,
        f"{belongs} AND longitude IS NULL",
        untested,
        assumed,
        *(f"{untested} AND {lacks}" for lacks in asked.values()),
        *(f"{assumed} AND {lacks}" for lacks in taken.values()),
    ]
    tallies = ", ".join(f"count(*) FILTER ({condition})" for condition in conditions)
    query = f"SELECT {tallies} FROM incidents WHERE {_in(window)}"  # noqa: S608 (our words)
    with store.connect() as connection:
        found = connection.execute(query).fetchone()
    counted, unlocated, left_out, taken_in, *lacking = found or (0,) * len(conditions)
    missing = dict(zip([*asked, *taken], lacking, strict=True))
    return Shortfall(
        counted,
        unlocated,
        left_out,
        tuple(name for name in asked if missing[name]),
        taken_in,
        tuple(name for name in taken if missing[name]),
    )


def _in(window: Window | None) -> str:
    if window is None:
        return "true"
    return (
        f"occurred_from >= DATE '{window.first.isoformat()}' AND "
        f"occurred_from < DATE '{window.last.isoformat()}' + 1"
    )
