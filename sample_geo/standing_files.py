"""Standing files: an invented licensing register and safeguarding table, as partners keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sample_geo.beats import draw_beats
from sample_geo.chance import Chance
from sample_geo.plane import EASTING, NORTHING
from sample_geo.rhythm import LAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sample_geo.places import Place

_TYPES: Final = {
    "pub": "Public house",
    "club": "Nightclub",
    "takeaway": "Takeaway",
    "off_licence": "Off licence",
}
_CLOSING: Final = {
    "pub": (("23:00", 70.0), ("00:00", 20.0), ("01:00", 10.0)),
    "club": (("02:00", 30.0), ("03:00", 50.0), ("04:00", 20.0)),
    "takeaway": (("23:00", 55.0), ("01:00", 25.0), ("03:00", 20.0)),
    "off_licence": (("22:00", 40.0), ("23:00", 50.0), ("", 10.0)),
}
_HOTELS: Final = 6
_UNPLACED: Final = 0.03
_CONCERNS: Final = {"B1": 26, "B2": 9, "B3": 34, "B4": 17, "B5": 12, "B6": 41, "B7": 22, "B8": 2}
"""One beat below the least number that is shown, so that it can be seen how that looks."""
_SINCE: Final = "01/08/2026"
_THROUGH: Final = "31/10/2026"


def draw_standing_files(seed: int, places: Sequence[Place]) -> dict[str, str]:
    """Draw the register of licensed premises and the table by beat.

    Parameters
    ----------
    seed
        The town's seed.
    places
        The town's own: its pubs, clubs, takeaways and off-licences are on the register, by the name
        that is over their door.

    Returns
    -------
    The name of each file to its text.
    """
    return {
        "partner_licensing.csv": _text(_register(seed, places)),
        "partner_safeguarding.csv": _text(_concerns()),
    }


def _register(seed: int, places: Sequence[Place]) -> pd.DataFrame:
    """Draw the register as it stood on the last day of the data; a few rows have no place yet."""
    chance = Chance(seed, "licensing")
    found = [place for place in places if place.kind in _TYPES]
    found.sort(key=lambda place: (place.kind, place.name, place.point.x, place.point.y))
    rows = []
    for place in found:
        hours = _CLOSING[place.kind]
        closes = hours[int(chance.pick([weight for _, weight in hours], 1)[0])][0]
        rows.append((place.name, _TYPES[place.kind], closes, place.point.x, place.point.y))
    # hotels stand where pubs stand
    pubs = [place for place in found if place.kind == "pub"]
    for number in range(_HOTELS):
        place = pubs[number * len(pubs) // _HOTELS]
        rows.append(
            (f"{place.name} Hotel", "Hotel", "00:00", place.point.x + 18, place.point.y + 6)
        )
    names, types, closing, across, up = zip(*rows, strict=True)
    lost = chance.happens(np.full(len(rows), _UNPLACED))
    east = np.rint(np.array(across) + EASTING).astype(np.int64).astype(str)
    north = np.rint(np.array(up) + NORTHING).astype(np.int64).astype(str)
    return pd.DataFrame(
        {
            "Premises": names,
            "Premises Type": types,
            "Closing": closing,
            "Easting": np.where(lost, "", east),
            "Northing": np.where(lost, "", north),
            "Register Date": LAST.strftime("%d/%m/%Y"),
        }
    )


def _concerns() -> pd.DataFrame:
    """Draw the table: a row a beat, a quarter's concerns, and their total."""
    beats = [beat.code for beat in draw_beats()]
    return pd.DataFrame(
        {
            "Beat": [*beats, "Total"],
            "Concerns": [*(_CONCERNS[code] for code in beats), sum(_CONCERNS.values())],
            "From": _SINCE,
            "To": _THROUGH,
        }
    )


def _text(table: pd.DataFrame) -> str:
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text
