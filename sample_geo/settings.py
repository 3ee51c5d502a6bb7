"""Settings: the circumstances in which things happen, and what a record then says."""

# ruff: noqa: E501 (a table is read a row at a time)

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Setting:
    """A circumstance.

    Attributes
    ----------
    where
        Which surface of the town places are drawn from; see ``surfaces``.
    rhythm
        Key of ``rhythm.RHYTHMS``.
    span
        How long it lasts; see ``rhythm.draw_lengths``.
    location_types
        What the record calls the location, each with a weight.
    domestic, public
        Chance (0-1) of each flag being yes.
    relationship
        Weights of family, partner, acquaintance, stranger.
    ages
        Weights of victims aged 4-14, 15-17, 18-24, 25-44, 45-64, 65-92; none means no victim.
    """

    where: str
    rhythm: str
    span: str
    location_types: tuple[tuple[str, float], ...]
    domestic: float
    public: float
    relationship: tuple[float, float, float, float]
    ages: tuple[float, ...]


_ADULT: Final = (2.0, 5.0, 22.0, 45.0, 21.0, 5.0)
_OUT: Final = (1.0, 7.0, 38.0, 40.0, 12.0, 2.0)

SETTINGS: Final = {
    "planted": Setting("", "", "moment", (("STREET", 1),), 0.0, 1.0, (1, 1, 30, 68), _OUT),
    "night": Setting("night", "night", "moment", (("STREET", 58), ("LICENSED PREMISES", 36), ("CAR PARK", 3), ("OTHER", 3)), 0.04, 0.98, (1, 3, 30, 66), _OUT),
    "street": Setting("street", "evening", "moment", (("STREET", 88), ("CAR PARK", 7), ("OTHER", 5)), 0.05, 0.97, (2, 4, 44, 50), _ADULT),
    "partner": Setting("homes", "home", "moment", (("DWELLING", 92), ("STREET", 6), ("OTHER", 2)), 1.0, 0.07, (22, 78, 0, 0), (2, 4, 24, 52, 14, 4)),
    "household": Setting("homes", "home", "moment", (("DWELLING", 95), ("OTHER", 5)), 0.12, 0.03, (12, 2, 66, 20), _ADULT),
    "parent": Setting("homes", "home", "course", (("DWELLING", 100),), 1.0, 0.0, (100, 0, 0, 0), (90, 10, 0, 0, 0, 0)),
    "online": Setting("homes", "online", "course", (("DWELLING", 85), ("OTHER", 15)), 0.2, 0.0, (8, 22, 45, 25), (6, 14, 22, 38, 16, 4)),
    "shop": Setting("shops", "day", "moment", (("SHOP", 96), ("OTHER", 4)), 0.0, 0.86, (0, 0, 12, 88), (0, 3, 26, 46, 23, 2)),
    "park": Setting("parks", "evening", "moment", (("PARK", 96), ("OTHER", 4)), 0.02, 1.0, (1, 2, 40, 57), (8, 24, 26, 28, 10, 4)),
    "transport": Setting("stops", "late", "moment", (("TRANSPORT", 90), ("STREET", 10)), 0.01, 1.0, (0, 1, 22, 77), _OUT),
    "school": Setting("schools", "classes", "moment", (("SCHOOL", 88), ("STREET", 12)), 0.0, 0.2, (1, 0, 92, 7), (62, 34, 1, 2, 1, 0)),
    "care": Setting("hospital", "home", "moment", (("HOSPITAL", 100),), 0.0, 0.4, (1, 1, 28, 70), (0, 0, 14, 52, 32, 2)),
    "work": Setting("works", "day", "moment", (("OTHER", 80), ("CAR PARK", 20)), 0.0, 0.3, (0, 0, 80, 20), (0, 1, 24, 50, 25, 0)),
    "parked": Setting("parking", "dark", "night", (("STREET", 70), ("CAR PARK", 18), ("DWELLING", 12)), 0.02, 0.85, (0, 2, 10, 88), (0, 0, 14, 48, 28, 10)),
    "cycle": Setting("shops", "day", "hours", (("STREET", 60), ("SHOP", 15), ("TRANSPORT", 15), ("DWELLING", 10)), 0.0, 0.8, (0, 0, 4, 96), (6, 14, 28, 34, 16, 2)),
    "forecourt": Setting("main", "day", "moment", (("SHOP", 100),), 0.0, 0.9, (0, 0, 2, 98), ()),
    "burgled": Setting("homes", "dark", "night", (("DWELLING", 100),), 0.01, 0.0, (1, 2, 12, 85), (0, 0, 12, 38, 28, 22)),
    "broken": Setting("shops", "dark", "night", (("SHOP", 60), ("OTHER", 40)), 0.0, 0.05, (0, 0, 3, 97), ()),
}  # fmt: skip
