"""Risk factors: places near which more violence happens, and decoys that look like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import Point

from sample_geo.beats import outline
from sample_geo.chance import Chance
from sample_geo.field import park_shapes
from sample_geo.frontage import nearness
from sample_geo.incidents import HOT_PLACE
from sample_geo.offences import OFFENCES
from sample_geo.places import centre_pull, spaced
from sample_geo.plane import EASTING, NORTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from sample_geo.frontage import Frontage
    from sample_geo.places import Place
    from sample_geo.streets import Street

FACTOR: Final = "betting_shop"
WITHIN_M: Final = 70.0
TIMES: Final = 6.0
"""So many times the assaults and robberies of the street happen within so far of a betting shop."""

_AGENT: Final = "estate_agent"
# kind: how many, how they lean to centres, main roads and homes, how far apart (metres), the name
_HABITS: Final = {
    FACTOR: (36, 0.0, 0.0, 1.0, 200, "Betting shop, {}"),
    "dentist": (16, 0.0, 0.2, 0.6, 140, "{} Dental Practice"),
    # beside a pub, whichever: see below
    _AGENT: (18, 0.0, 0.0, 0.0, 35, "{} Estates"),
    "garage": (22, 0.0, 0.5, 0.3, 120, "{} Motors"),
    "post_box": (70, 0.02, 0.1, 1.0, 130, "Post box, {}"),
}
_ALLOTMENT: Final = "allotment"
_CYCLE_ROUTE: Final = "cycle_route"
_CYCLE_ROUTES: Final = 14
DECOYS: Final = (
    _ALLOTMENT, "cash_machine", _CYCLE_ROUTE, "dentist", "estate_agent", "garage", "post_box",
    "supported_housing",
)  # fmt: skip
"""Kinds of this layer and of the places near which nothing more happens because of them."""
IN_THE_CENTRE: Final = ("cash_machine",)
"""Decoys that stand where the crowds are: no file says so, and only residents speak for them."""
BESIDE_PUBS: Final = (_AGENT,)
"""Decoys that stand where pubs stand, and look guilty until both are tried at once."""
UNDERLYING: Final = {
    "club": 60.0, "pub": 52.0, "takeaway": 52.0, "off_licence": 120.0, "bus_stop": 36.0,
    "rail_station": 70.0, "school": 80.0,
}  # fmt: skip
"""Kinds of places that draw incidents through the surfaces, within about so many metres."""

_STREET: Final = "STREET"
_VIOLENT: Final = tuple(
    offence.title for offence in OFFENCES if offence.topic in ("violence", "robbery")
)
_CENTRAL: Final = 0.4
_JITTER_M: Final = 12.0
_BESIDE_M: Final = 25.0
_INSIDE_M: Final = 2.0


@dataclass(frozen=True, slots=True)
class RiskPlace:
    """A feature that may or may not raise risk: point, line or polygon, metres on the plane."""

    name: str
    kind: str
    shape: BaseGeometry


def draw_risk_places(
    seed: int, streets: Sequence[Street], frontage: Frontage, places: Sequence[Place]
) -> tuple[RiskPlace, ...]:
    """Put the factor and the decoys where they belong, none with an eye on any incident."""
    chance = Chance(seed, "risk places")
    pull = centre_pull(frontage)
    main = np.isin(frontage.rank, ["major", "minor"]).astype(float)
    homes = frontage.people / frontage.people.max()
    pubs = np.array([(one.point.x, one.point.y) for one in places if one.kind == "pub"])
    placed: list[RiskPlace] = []
    for kind, (count, to_centre, to_main, to_homes, apart_m, title) in _HABITS.items():
        weights = to_centre * pull + to_main * main + to_homes * homes
        if kind == _AGENT:
            weights = nearness(frontage.xy, pubs, spread_m=_BESIDE_M)
        weights = np.where((frontage.rank == "path") | (homes <= 0), 0.0, weights)
        if kind == FACTOR:
            # away from the shopping centres, whose violence has other reasons
            weights = np.where(pull > _CENTRAL, 0.0, weights)
        seen: dict[str, int] = {}
        for point in spaced(chance, frontage, weights, count, apart_m):
            name = title.format(streets[int(frontage.street[point])].name)
            seen[name] = seen.get(name, 0) + 1
            told = name if seen[name] == 1 else f"{name} ({seen[name]})"
            dx, dy = chance.uniform(2, -9, 9)
            x, y = frontage.xy[point]
            placed.append(
                RiskPlace(told, kind, Point(round(float(x + dx), 1), round(float(y + dy), 1)))
            )
    plots = [
        RiskPlace(name, _ALLOTMENT, shape)
        for name, shape in park_shapes()
        if name.endswith("Allotments")
    ]
    local = [street for street in streets if street.rank == "local" and street.kind != "open"]
    routes = [
        RiskPlace(f"Cycle route, {local[int(one)].name}", _CYCLE_ROUTE, local[int(one)].line)
        for one in chance.order(len(local))[:_CYCLE_ROUTES]
    ]
    # areas and lines stand first: a file that begins with them is no file of incidents
    order = {"Polygon": 0, "MultiPolygon": 0, "LineString": 1, "Point": 2}
    return tuple(
        sorted(
            (*plots, *routes, *placed),
            key=lambda one: (order[one.shape.geom_type], one.kind, one.name),
        )
    )


def plant_risk(
    seed: int, rows: pd.DataFrame, places: Iterable[RiskPlace], *, untouched: set[str]
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Move assaults and robberies of the street to betting shops, until there are TIMES as many.

    Parameters
    ----------
    seed
        The town's seed.
    rows
        As ``repeats.plant_repeats`` gives them.
    places
        Of which those of the kind ``FACTOR`` count.
    untouched
        Incident numbers that stay where they are: those of planted series.

    Returns
    -------
    The rows, of which only Easting and Northing of the moved differ; and how many lay near before,
    were moved there, lay elsewhere, and the relative risk that makes: near against elsewhere, each
    against what it was.
    """
    chance = Chance(seed, "risk factors")
    fits = (
        rows["Offence"].isin(_VIOLENT)
        & rows["Location Type"].eq(_STREET)
        & rows[HOT_PLACE].lt(0)
        & ~rows["Incident Number"].isin(untouched)
    )
    row = np.flatnonzero(fits.to_numpy())
    xy = rows[["Easting", "Northing"]].to_numpy(dtype=np.int64, copy=True)
    plane = xy[row] - np.array([EASTING, NORTHING])
    shops = shapely.union_all([one.shape.buffer(WITHIN_M) for one in places if one.kind == FACTOR])
    shapely.prepare(shops)
    near = shapely.contains_xy(shops, plane[:, 0], plane[:, 1])
    here, elsewhere = np.flatnonzero(near), np.flatnonzero(~near)
    wanted = round((TIMES - 1) * len(here))
    moved = elsewhere[chance.order(len(elsewhere))[:wanted]]
    # to where the street's own violence is, so that near a shop the streets keep their order
    origins = plane[here[chance.integers(len(moved), 0, len(here) - 1)]]
    xy[row[moved]] = _about(chance, origins, shops) + np.array([EASTING, NORTHING], dtype=np.int64)
    left = len(elsewhere) - len(moved)
    counts = {
        "near_before": len(here),
        "moved_there": len(moved),
        "elsewhere_before": len(elsewhere),
        "relative_risk": round((len(here) + len(moved)) / len(here) / (left / len(elsewhere)), 3),
    }
    return rows.assign(Easting=xy[:, 0], Northing=xy[:, 1]), counts


def risk_truth(moved: dict[str, float]) -> dict[str, object]:
    """Say which kinds are factors, how far they reach, and which are decoys.

    Kinds that draw incidents through a surface have no single relative risk: how much they draw
    hangs on what stands beside them.
    """
    return {
        "file": "risk_factors.geojson",
        "planted": {FACTOR: {"within_m": WITHIN_M, **moved}},
        "offences_moved": list(_VIOLENT),
        "underlying_within_m": UNDERLYING,
        "decoys": list(DECOYS),
        "decoys_in_the_centre": list(IN_THE_CENTRE),
        "decoys_beside_pubs": list(BESIDE_PUBS),
    }


def _about(chance: Chance, origins: NDArray[np.float64], shops: BaseGeometry) -> NDArray[np.int64]:
    """Return whole metres about points: on land and as near a shop as they were."""
    land = outline().buffer(-_INSIDE_M)
    shapely.prepare(land)
    jitter = chance.bell(2 * len(origins), _JITTER_M).reshape(-1, 2)
    tried = np.rint(origins + jitter)
    x, y = tried[:, 0], tried[:, 1]
    fits = np.asarray(shapely.contains_xy(shops, x, y) & shapely.contains_xy(land, x, y))
    return np.where(fits[:, None], tried, np.rint(origins)).astype(np.int64)
