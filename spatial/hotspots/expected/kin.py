"""Kin: the kinds of other violence from which a profile too rare to place itself may borrow."""

from __future__ import annotations

from typing import Final

KIN: Final = (
    "violent-crime", "robbery", "possession-of-weapons", "homicide", "attempted_homicide",
    "serious_injury", "weapon_robbery", "injury", "weapon", "other_violence",
)  # fmt: skip
"""By open-data category or, where a source gave none, by tier."""
OTHER: Final = "other: {}"
"""How a history names a kind that the profile does not select."""
