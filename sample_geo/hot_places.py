"""Hot places: small places planted with violence or antisocial behaviour, and their ways."""

# ruff: noqa: E501 (a table is read a row at a time)

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sample_geo.rhythm import DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class HotPlace:
    """A planted place.

    Attributes
    ----------
    name
        What locals call it.
    centre, spread_m
        Its middle, metres on the plane, and the bell's spread: nearly all of it lies within twice
        that distance.
    rhythm
        Key of ``rhythm.RHYTHMS``.
    violence, robbery, drugs, disorder
        Its weight among the planted places for each topic.
    trend
        steady, rising, falling, new (begins in September 2025) or gone (ends in June 2025).
    location_type
        What most records there call it.
    """

    name: str
    centre: tuple[float, float]
    spread_m: float
    rhythm: str
    violence: float = 0.0
    robbery: float = 0.0
    drugs: float = 0.0
    disorder: float = 0.0
    trend: str = "steady"
    location_type: str = "STREET"


HOT_PLACES: Final = (
    HotPlace("Esplanade clubs", (-430, -1205), 54, "night", 20, 8, 8, 0, "steady", "LICENSED PREMISES"),
    HotPlace("High Street, lower end", (-146, -1085), 52, "night", 15, 9, 6, 7, "rising"),
    HotPlace("Market Place", (-118, -792), 46, "market", 9, 6, 7, 12),
    HotPlace("Station forecourt", (-300, -325), 44, "late", 5, 12, 8, 0, "steady", "TRANSPORT"),
    HotPlace("Westgate bus interchange", (-545, -728), 46, "school", 7, 14, 4, 11, "steady", "TRANSPORT"),
    HotPlace("Railway underpass", (-658, -325), 40, "late", 4, 10, 6, 0, "rising"),
    HotPlace("Victoria Park, east gate", (-1085, -590), 50, "evening", 4, 9, 5, 0, "steady", "PARK"),
    HotPlace("Harbour Quay", (598, -1075), 50, "night", 9, 4, 4, 0, "falling", "LICENSED PREMISES"),
    HotPlace("Wold View shops", (-2560, 900), 48, "evening", 6, 6, 14, 0),
    HotPlace("Windmill Corner", (110, 622), 46, "night", 7, 6, 4, 0),
    HotPlace("Grange shops", (2720, -520), 48, "evening", 5, 5, 12, 9, "steady", "SHOP"),
    HotPlace("Eastcliff Cross", (1500, -1010), 48, "evening", 6, 7, 6, 0),
    HotPlace("Saltpan flats", (575, 2000), 48, "late", 8, 6, 14, 0, "new"),
    HotPlace("Sandling parade", (-1560, -862), 46, "evening", 6, 6, 5, 0, "gone"),
    HotPlace("Marine Gardens shelters", (-955, -1222), 45, "beach", disorder=11, location_type="PARK"),
    HotPlace("Pier approach", (-152, -1212), 40, "beach", disorder=12),
    HotPlace("Victoria Park lake", (-1440, -500), 48, "evening", disorder=8, location_type="PARK"),
    HotPlace("Eastway Retail Park", (2600, 650), 60, "evening", disorder=10, location_type="CAR PARK"),
    HotPlace("Wold View playing fields", (-1850, 250), 50, "evening", disorder=7, location_type="PARK"),
    HotPlace("Meadow Park play area", (-930, 2070), 42, "evening", disorder=8, trend="rising", location_type="PARK"),
    HotPlace("Fen Side playing field", (2000, 70), 45, "evening", disorder=6, location_type="PARK"),
    HotPlace("Beacon Head car park", (2430, -2060), 45, "beach", disorder=6, location_type="CAR PARK"),
    HotPlace("Northfield Rec", (-330, 1030), 45, "evening", disorder=6, location_type="PARK"),
    HotPlace("Priory Gardens", (-335, -515), 36, "day", disorder=8, location_type="PARK"),
    HotPlace("West Parade shelters", (-1900, -1655), 45, "beach", disorder=8, location_type="PARK"),
)  # fmt: skip


def weights_of(topic: str) -> NDArray[np.float64]:
    """Return each hot place's weight for a topic."""
    return np.array([getattr(place, topic) for place in HOT_PLACES], dtype=float)


def trend_of(place: HotPlace) -> NDArray[np.float64]:
    """Return how busy a place is on each day of the 36 months, against its own average."""
    year = np.arange(DAYS) / 365.25
    course = {
        "steady": np.ones(DAYS),
        "rising": 0.55 + 0.35 * year,
        "falling": 1.5 - 0.38 * year,
        "new": np.where(year >= 1.835, 1.0, 0.06),  # noqa: PLR2004 (September 2025)
        "gone": np.where(year < 1.665, 1.0, 0.06),  # noqa: PLR2004 (June 2025)
    }[place.trend]
    return np.asarray(course / course.mean(), dtype=np.float64)
