"""Barriers: what parts one side of the town from the other, for a walker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_geo.coast import RIVER, draw_coast
from sample_geo.plane import road

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from sample_geo.streets import Street

RAILWAY = "railway"
RIVER_KIND = "river"


def draw_barriers(streets: Sequence[Street]) -> tuple[tuple[str, str, BaseGeometry], ...]:
    """Draw the railway and the river: name, kind in the words of map layers, and course.

    Both are middle lines, metres on the plane. Streets and paths that cross a line are its bridges
    and underpasses. The town has no motorway: its ring road is crossed on foot at every corner.
    """
    rails = [(street.name, RAILWAY, street.line) for street in streets if street.rank == "rail"]
    # as far as it is a river: the harbour is open water
    river = road(RIVER).intersection(draw_coast().river)
    return (*rails, ("River Salter", RIVER_KIND, river))
