"""Over time: serious violence and antisocial behaviour by cell and month, for a map that moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.profile import load_profile
from spatial.hexes.months import count_months, whole_months
from spatial.incidents.select import profile_condition
from spatial.scene import open_scene

if TYPE_CHECKING:
    from config.profile import Profile
    from spatial.hexes.months import MonthlyCells
    from spatial.hexes.study_area import StudyArea
    from spatial.incidents.store import IncidentStore
    from spatial.notes import Notes
    from spatial.window import Window

MOST_MONTHS: Final = 60
_DISORDER_PROFILE: Final = "asb"


@dataclass(frozen=True, slots=True, eq=False)
class OverTime:
    """What a moving map is made from.

    Attributes
    ----------
    window
        The whole months covered: at most the last 60 that the data have.
    violence, disorder
        By cell and month.
    n_cells
        Cells in the study area, zeros included.
    notes
        How the study area was taken.
    """

    profile: Profile
    beside: Profile
    study_area: StudyArea
    resolution: int
    n_cells: int
    window: Window
    violence: MonthlyCells
    disorder: MonthlyCells
    notes: Notes


def over_time(
    store: IncidentStore,
    profile: str,
    *,
    study_area: str | None,
    resolution: int,
    weights: str | None = None,
) -> OverTime:
    """Count a profile, and antisocial behaviour beside it, by cell and month.

    Nothing is tested: no cell of a month is called hot.

    Parameters
    ----------
    profile, study_area, resolution, weights
        As :class:`spatial.results.HotspotRequest`.

    Raises
    ------
    BadInputError
        As :func:`spatial.scene.open_scene`, or the data cover no whole month.
    """
    subject, beside = load_profile(profile), load_profile(_DISORDER_PROFILE)
    window = whole_months(store.data_from, store.data_through, most=MOST_MONTHS)
    scene = open_scene(store, study_area, resolution, weights=weights)

    def counted(one: Profile) -> MonthlyCells:
        return count_months(
            scene.connection, profile_condition(one), window=window, grid=scene.grid
        )

    return OverTime(
        profile=subject,
        beside=beside,
        study_area=scene.grid.study_area,
        resolution=resolution,
        n_cells=len(scene.grid),
        window=window,
        violence=counted(subject),
        disorder=counted(beside),
        notes=scene.notes,
    )
