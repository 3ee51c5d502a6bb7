"""Surfaces: where in the town each setting is likely, and points drawn from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from sample_geo.coast import draw_coast
from sample_geo.field import park_shapes
from sample_geo.frontage import Frontage, nearness
from sample_geo.layout import DISTRICTS
from sample_geo.places import HOSPITAL, Place, centre_pull

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sample_geo.chance import Chance
    from sample_geo.hot_places import HotPlace

_ROAD_M: Final = 6.0


class Surfaces:
    """Likelihood of every setting at every point of the frontage.

    Parameters
    ----------
    frontage, places
        The town.
    chance
        The stream that makes some streets rougher than others.
    """

    def __init__(self, frontage: Frontage, places: Sequence[Place], chance: Chance) -> None:
        """Work the surfaces out from the frontage and the places."""
        self._xy = frontage.xy
        self._borough = draw_coast().borough
        shapely.prepare(self._borough)
        kind = np.array([DISTRICTS[d].kind for d in frontage.district])
        rough = np.exp(chance.bell(int(frontage.street.max()) + 1, 0.95))[frontage.street]
        poor = np.exp(chance.bell(len(DISTRICTS), 0.45))[frontage.district]
        poor *= np.where(np.isin(kind, ["estate", "old"]), 1.7, 1.0)

        def near(spread_m: float, *kinds: str) -> NDArray[np.float64]:
            points = [(p.point.x, p.point.y) for p in places if p.kind in kinds]
            return nearness(frontage.xy, np.array(points), spread_m=spread_m)

        centre = centre_pull(frontage)
        homes = frontage.people * poor * np.sqrt(rough)
        # a point without residents still has passers-by, if it is in the built town
        streets = frontage.people + 0.3 * frontage.people.mean() * (frontage.people > 0)
        main = np.isin(frontage.rank, ["major", "minor"]) * (frontage.people > 0)
        busy = 1 + 2.0 * np.sqrt(centre) + 0.4 * near(60, "off_licence")
        venues = near(26, "pub") + 5 * near(30, "club") + 0.9 * near(26, "takeaway")
        stops = near(18, "bus_stop") * (0.4 + np.sqrt(centre)) * np.sqrt(rough)
        self._weights = {
            "homes": homes,
            "street": streets * poor * rough * busy,
            "night": venues * (0.25 + np.sqrt(centre)) * np.sqrt(rough),
            "shops": centre**1.3 * np.sqrt(rough) + 0.06 * near(30, "off_licence"),
            "stops": stops + 6 * near(35, "rail_station"),
            "schools": near(40, "school"),
            "hospital": nearness(frontage.xy, np.array([HOSPITAL]), spread_m=60),
            "works": np.isin(kind, ["industrial", "retail"]) + 0.05 * centre,
            "parking": streets * np.sqrt(poor * rough) * (1 + centre),
            "main": main * (0.2 + near(150, "off_licence")) * rough,
        }
        self._parks = [shape for _, shape in park_shapes()]
        room = np.array([shape.area for shape in self._parks])
        self._park_weights = np.sqrt(room) * np.exp(chance.bell(len(self._parks), 0.5))

    def points(self, chance: Chance, where: str, n: int) -> NDArray[np.float64]:
        """Draw n points of a surface, metres, a few metres off the street's middle."""
        if where == "parks":
            return self._park_points(chance, n)
        chosen = self._xy[chance.pick(self._weights[where], n)]
        return self._on_land(chosen + chance.bell(2 * n, _ROAD_M).reshape(n, 2), chosen)

    def points_near(self, chance: Chance, place: HotPlace, n: int) -> NDArray[np.float64]:
        """Draw n points of a hot place: along its streets, or on the grass of a park."""
        centre = np.array(place.centre, dtype=float)
        around = centre + chance.bell(2 * n, place.spread_m).reshape(n, 2)
        if place.location_type in ("PARK", "CAR PARK"):
            return self._on_land(around, np.tile(centre, (n, 1)))
        weights = nearness(self._xy, centre[None, :], spread_m=place.spread_m)
        chosen = self._xy[chance.pick(weights, n)]
        return self._on_land(chosen + chance.bell(2 * n, _ROAD_M).reshape(n, 2), chosen)

    def _park_points(self, chance: Chance, n: int) -> NDArray[np.float64]:
        """Draw n points on the parks, busier ones oftener, near their edges and paths as not."""
        park = chance.pick(self._park_weights, n)
        boxes = np.array([shape.bounds for shape in self._parks])[park]
        middles = shapely.get_coordinates([s.representative_point() for s in self._parks])[park]
        drawn = middles
        for _ in range(6):
            unit = chance.uniform(2 * n).reshape(n, 2)
            tried = boxes[:, :2] + unit * (boxes[:, 2:] - boxes[:, :2])
            inside = shapely.contains_xy(np.array(self._parks)[park], tried[:, 0], tried[:, 1])
            fresh = inside & (drawn == middles).all(axis=1)
            drawn = np.where(fresh[:, None], tried, drawn)
        # whoever missed six times stands somewhere about the middle
        missed = (drawn == middles).all(axis=1)
        return np.where(missed[:, None], drawn + chance.bell(2 * n, 25.0).reshape(n, 2), drawn)

    def _on_land(
        self, points: NDArray[np.float64], origins: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Bring points that left the borough back: across their origin, or nearer to it."""
        kept = points
        for share in (-1.0, 0.6, -0.6, 0.3, -0.3, 0.1, 0.0):
            inside = shapely.contains_xy(self._borough, kept[:, 0], kept[:, 1])
            moved = origins + (points - origins) * share
            kept = np.where(inside[:, None], kept, moved)
        return kept
