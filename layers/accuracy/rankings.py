"""The rankings in plain words: what each is called, and how it chooses."""

from __future__ import annotations

from typing import Final

RANKINGS: Final[dict[str, tuple[str, str]]] = {
    "last_year_count": ("Last year's count", "Most incidents in the last 12 months."),
    "last_year_count_commoner": (
        "Last year's count, ties broken",
        "The same; of places with as many, the one with more of every other kind of offence.",
    ),
    "last_three_months": ("Last 3 months' count", "Most incidents in the last 3 months."),
    "kde": (
        "Heat map",
        "Kernel density of 12 months, as wide as did best on the last quarter known.",
    ),
    "kde_200": ("Heat map, 200 m", "Kernel density of 12 months that reaches 200 m."),
    "kde_400": ("Heat map, 400 m", "Kernel density of 12 months that reaches 400 m."),
    "kde_800": ("Heat map, 800 m", "Kernel density of 12 months that reaches 800 m."),
    "raw_harm": ("Harm", "Most days of harm in the last 12 months."),
    "sqrt_harm": (
        "Square root of harm",
        "Harm of 12 months in which the gravest incidents count for less.",
    ),
    "sqrt_harm_neighbour_lag": (
        "Square root of harm, with neighbours",
        "The same, and the mean of the cells around added.",
    ),
    "gi_star_rank": (
        "Hot-spot score (Gi*)",
        "How far a cell and those around it stand out from the rest, 12 months.",
    ),
    "near_repeat": (
        "Near repeats",
        "The usual level of each cell, and more for a while after each incident there or nearby.",
    ),
    "plain_poisson": (
        "Plain regression",
        "A Poisson model of a year of each kind of offence, here and in the cells around.",
    ),
    "expected_count": (
        "Expected incidents",
        "Own record, neighbours and related crime of 12 months, every incident alike.",
    ),
    "expected_harm": (
        "Expected harm",
        "Own record, neighbours and related crime of 12 months, weighed by harm.",
    ),
    "expected_harm_24": ("Expected harm, 24 months", "The same on the last 24 months."),
    "expected_harm_all": ("Expected harm, all months", "The same on all months known."),
    "risk_terrain": (
        "Risk terrain",
        "What stands near, by a model fitted once on the months before the first list.",
    ),
    "oracle": ("The best there was", "The best list had the future been known: the ceiling."),
}
"""By method: its name, and how it chooses, each short."""
OFFERED: Final = frozenset(
    {"last_year_count", "last_three_months", "raw_harm", "sqrt_harm", "expected_harm",
     "expected_harm_24", "expected_harm_all"}
)  # fmt: skip
"""Those that the product can rank a list by; the others stand beside them to compare."""
FINER: Final = frozenset({"kde_200", "kde_400", "kde_800"})
"""Variants left out of pictures."""


def name_of(method: str) -> str:
    """Return a ranking's name."""
    return RANKINGS[method][0] if method in RANKINGS else method.replace("_", " ")


def way_of(method: str) -> str:
    """Return how a ranking chooses."""
    return RANKINGS[method][1] if method in RANKINGS else ""
