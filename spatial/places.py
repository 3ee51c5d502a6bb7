"""Places: the patrol areas of one subject, chosen as every analysis chooses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import BadInputError
from spatial.hexes.counts import cell_dates
from spatial.targets.areas import AreaRules
from spatial.targets.ranking import RankedAreas, rank_areas

if TYPE_CHECKING:
    from spatial.scene import Subject


def require_places(places: int) -> None:
    """Refuse to choose no place.

    Raises
    ------
    BadInputError
        ``places`` is below 1.
    """
    if places < 1:
        msg = f"places is {places!r}: ask for at least 1."
        raise BadInputError(msg)


def ranked_places(subject: Subject, places: int) -> RankedAreas:
    """Choose and order a subject's patrol areas by the profile's own measure."""
    scene = subject.scene
    dates = cell_dates(scene.connection, subject.condition, window=subject.window, grid=scene.grid)
    return rank_areas(
        subject.counts,
        dates,
        scene.grid,
        measure=subject.profile.default_measure,
        rules=area_rules(subject),
        places=places,
    )


def area_rules(subject: Subject) -> AreaRules:
    """Return the sizes and least numbers of a patrol area, as settings and grid have them."""
    settings = subject.scene.settings
    # one cell of the coarse grid is as large as several of the fine one
    fine = subject.scene.grid.resolution > settings.coarse_resolution
    return AreaRules(
        fewest_cells=settings.fewest_cells if fine else 1,
        most_cells=settings.most_cells if fine else 1,
        fewest_incidents=settings.fewest_incidents,
        fewest_dates=settings.fewest_months if subject.monthly else settings.fewest_dates,
        dates_are_months=subject.monthly,
    )
