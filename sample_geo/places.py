"""Places: pubs, clubs, shops, stops, schools and the like, where a town would have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from shapely.geometry import Point

from sample_geo.chance import Chance
from sample_geo.frontage import Frontage, nearness
from sample_geo.layout import DISTRICTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sample_geo.streets import Street

STATION: Final = (-318.0, -338.0)
POLICE_STATION: Final = (-585.0, -560.0)
HOSPITAL: Final = (-1560.0, 960.0)

# Shopping centres: where, how wide (metres), how strong.
CENTRES: Final = (
    ("High Street", (-140, -1010), 150, 3.0),
    ("Market Place", (-118, -790), 100, 2.4),
    ("Westgate Street", (-460, -735), 130, 1.6),
    ("Station", (-250, -335), 90, 1.0),
    ("Esplanade", (-430, -1210), 200, 1.6),
    ("Harbour Quay", (610, -1050), 90, 1.0),
    ("Windmill Corner", (110, 620), 80, 1.2),
    ("Eastcliff", (1500, -1010), 120, 1.5),
    ("Sandling", (-1560, -860), 90, 0.9),
    ("Northgate", (170, 1800), 80, 0.8),
    ("Wold View shops", (-2560, 900), 60, 0.6),
    ("Grange shops", (2720, -520), 60, 0.6),
    ("Saltpan shops", (560, 1990), 60, 0.5),
    ("Eastway Retail Park", (2600, 640), 150, 0.8),
)
_CLUBS: Final = (
    ("Neptune's", (-455, -1205)), ("The Bandstand", (-400, -1195)), ("Blue Parrot", (-505, -1190)),
    ("Tropicana Rooms", (-345, -1205)), ("Cellar 29", (-150, -1075)), ("The Tivoli", (-128, -1030)),
    ("Lighthouse Live", (-245, -1195)), ("The Ice House", (585, -1110)), ("Velvet", (-165, -1120)),
)  # fmt: skip

# How many, how they lean to centres, main roads and homes, and how far apart (metres).
_HABITS: Final = {
    "pub": (66, 1.0, 0.25, 0.30, 70),
    "takeaway": (56, 1.0, 0.25, 0.16, 40),
    "off_licence": (34, 0.5, 0.30, 0.45, 150),
    "cash_machine": (36, 1.0, 0.20, 0.12, 60),
    "bus_stop": (122, 0.10, 1.0, 0.18, 170),
    "school": (27, 0.0, 0.0, 1.0, 420),
    "supported_housing": (17, 0.25, 0.15, 0.8, 120),
}
_INNS: Final = (
    "Ship", "Anchor", "Mermaid", "Dolphin", "Lobster Pot", "Jolly Sailor", "Mariners",
    "Fisherman's Rest", "Lifeboat", "Smugglers", "Beacon", "Lighthouse", "Old Salt",
    "Crab and Creel", "Hope and Anchor", "Ship and Star", "Three Tuns", "Royal Oak", "White Hart",
    "Red Lion", "Golden Fleece", "Crown", "Rose and Crown", "King's Head", "Queen's Arms",
    "Plough", "Wheatsheaf", "Black Swan", "Fox and Hounds", "Railway Tavern", "Station Hotel",
    "Globe", "Bell", "Swan", "Green Man", "Woolpack", "Cross Keys", "Angel", "George and Dragon",
    "Saracen Tower", "Volunteer", "Windmill", "Miller", "Fen Tiger", "Ploughshare", "Barley Mow",
    "Hop Pole", "Malt Shovel", "Brewer's Tap", "Coopers", "Cricketers", "Bowls", "Falcon",
    "Heron", "Kingfisher", "Otter", "Seven Stars", "Rising Sun", "Half Moon", "Blue Boar", "Bull",
    "Lamb and Flag", "Pilot Boat", "Capstan", "Ropemakers", "Trawlerman", "Harbour Light",
    "Eastcliff Tavern", "Holm Arms", "Wold Inn",
)  # fmt: skip
_EATERIES: Final = (
    "Fish Bar", "Kebab House", "Fried Chicken", "Pizza", "Noodle Bar", "Grill", "Balti",
    "Burger Bar",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A named place on the drawing's plane, and its kind."""

    name: str
    kind: str
    point: Point


def draw_places(seed: int, streets: Sequence[Street], frontage: Frontage) -> tuple[Place, ...]:
    """Put the places of the town where they belong; the same for a seed, every time."""
    chance = Chance(seed, "places")
    placed = [
        Place("Saltmere Station", "rail_station", Point(STATION)),
        Place("Westfield Halt", "rail_station", Point(-2345, 100)),
        Place("Saltmere Police Station", "police_station", Point(POLICE_STATION)),
        Place("Saltmere Royal Infirmary", "hospital", Point(HOSPITAL)),
        *(Place(name, "club", Point(xy)) for name, xy in _CLUBS),
    ]
    pull = centre_pull(frontage)
    main = np.isin(frontage.rank, ["major", "minor"]).astype(float)
    homes = frontage.people / frontage.people.max()
    for kind, (count, to_centre, to_main, to_homes, apart_m) in _HABITS.items():
        weights = to_centre * pull + to_main * main * (homes > 0) + to_homes * homes
        weights = np.where((frontage.rank == "path") | (homes <= 0), 0.0, weights)
        if kind == "school":
            weights = np.where(pull > 0.4, 0.0, weights)  # noqa: PLR2004 (not among the shops)
        chosen = spaced(chance, frontage, weights, count, apart_m)
        names = _names(kind, chosen, streets, frontage, chance)
        placed += [
            Place(name, kind, Point(*_beside(frontage, point, chance)))
            for name, point in zip(names, chosen, strict=True)
        ]
    return tuple(sorted(placed, key=lambda place: (place.kind, place.name)))


def centre_pull(frontage: Frontage) -> np.ndarray:
    """Return how much of a shopping centre each point of the frontage is."""
    total = np.zeros(len(frontage.xy))
    for _, xy, spread_m, strength in CENTRES:
        total += strength * nearness(frontage.xy, np.array([xy], dtype=float), spread_m=spread_m)
    return total


def spaced(
    chance: Chance, frontage: Frontage, weights: np.ndarray, count: int, apart_m: float
) -> list[int]:
    """Choose points of the frontage by weight, none nearer to another than a distance."""
    free = weights.copy()
    chosen: list[int] = []
    while len(chosen) < count and free.any():
        point = int(chance.pick(free, 1)[0])
        chosen.append(point)
        away = np.hypot(*(frontage.xy - frontage.xy[point]).T)
        free[away < apart_m] = 0.0
    return chosen


def _beside(frontage: Frontage, point: int, chance: Chance) -> tuple[float, float]:
    """Return a position a few metres off the street's middle."""
    dx, dy = chance.uniform(2, -9, 9)
    x, y = frontage.xy[point]
    return round(float(x + dx), 1), round(float(y + dy), 1)


def _next_street(frontage: Frontage, point: int) -> int:
    """Return the nearest other street to a point of the frontage, by which a stop is known."""
    away = np.hypot(*(frontage.xy - frontage.xy[point]).T)
    away[(frontage.street == frontage.street[point]) | (frontage.rank == "path")] = np.inf
    return int(frontage.street[int(np.argmin(away))])


def _names(
    kind: str,
    chosen: list[int],
    streets: Sequence[Street],
    frontage: Frontage,
    chance: Chance,
) -> list[str]:
    """Name places of one kind, each name once."""
    street = [streets[int(frontage.street[point])].name for point in chosen]
    district = [DISTRICTS[int(frontage.district[point])].name for point in chosen]
    if kind == "pub":
        return [f"The {name}" for name in chance.shuffled(_INNS)[: len(chosen)]]
    if kind == "takeaway":
        cooked = chance.integers(len(chosen), 0, len(_EATERIES) - 1).tolist()
        names = [
            f"{s.rsplit(' ', 1)[0]} {_EATERIES[c]}" for s, c in zip(street, cooked, strict=True)
        ]
    elif kind == "bus_stop":
        corner = [_next_street(frontage, point) for point in chosen]
        names = [f"{s} / {streets[c].name}" for s, c in zip(street, corner, strict=True)]
    elif kind == "school":
        stages = ["Academy" if i % 5 == 0 else "Primary School" for i in range(len(chosen))]
        names = [f"{d} {stage}" for d, stage in zip(district, stages, strict=True)]
    else:
        title = {
            "off_licence": "{} Wines", "cash_machine": "Cash machine, {}",
            "supported_housing": "{} House",
        }[kind]  # fmt: skip
        short = kind in ("off_licence", "supported_housing")
        names = [title.format(s.rsplit(" ", 1)[0] if short else s) for s in street]
    # a second of the same name is told apart by its quarter or number
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told
