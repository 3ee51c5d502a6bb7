"""Standing files: small, sound, and as a council and a board would keep them."""

from __future__ import annotations

import json
from collections import Counter

import pandas as pd

from sample_geo.beats import draw_beats
from sample_geo.write import FOLDER


def rows(kind: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"partner_{kind}.csv", dtype=str, keep_default_na=False)


def test_they_are_small() -> None:
    sizes = [
        (FOLDER / f"partner_{kind}.csv").stat().st_size for kind in ("licensing", "safeguarding")
    ]
    assert sum(sizes) < 30_000


def test_the_towns_own_pubs_clubs_and_shops_are_on_the_register() -> None:
    register = rows("licensing")
    features = json.loads((FOLDER / "places.geojson").read_text(encoding="utf-8"))["features"]
    town = Counter(
        (one["properties"]["name"], one["properties"]["kind"])
        for one in features
        if one["properties"]["kind"] in {"pub", "club", "takeaway", "off_licence"}
    )
    kinds = {"Public house": "pub", "Nightclub": "club", "Takeaway": "takeaway"}
    kinds |= {"Off licence": "off_licence"}
    listed = register[register["Premises Type"] != "Hotel"]
    named = zip(listed["Premises"], listed["Premises Type"].map(kinds), strict=True)
    assert Counter(named) == town
    assert set(register["Register Date"]) == {"31/10/2026"}
    assert 0 < (register["Easting"] == "").sum() < 10
    assert (listed[listed["Premises Type"] == "Nightclub"]["Closing"] < "05:00").all()


def test_a_row_a_beat_and_a_total_that_is_right() -> None:
    table = rows("safeguarding")
    assert list(table["Beat"]) == [*(beat.code for beat in draw_beats()), "Total"]
    numbers = table["Concerns"].astype(int)
    assert numbers.iloc[-1] == numbers.iloc[:-1].sum()
    # one beat shows how a number looks that is kept back
    assert (numbers < 3).sum() == 1
