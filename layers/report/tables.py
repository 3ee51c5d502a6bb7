"""The report's tables as people read them: headings in words, per cent, few digits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from layers.formats.values import json_value
from layers.wording import number, percent
from spatial.hotspots.changed.change import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from spatial.report_results import Section

PART_TITLES: Final[dict[tuple[str, str], str]] = {
    ("concentration", "figures"): "Shares of places and what they hold",
    ("concentration", "accuracy"): "Places chosen on the earlier window, scored on both",
    ("change", "whole"): "The whole",
    ("change", "tiers"): "By kind of offence",
    ("change", "beats"): "By beat",
    ("change", "places"): "By place, chosen before either window",
    ("watch_list", "series"): "Series",
    ("timing", "peaks"): "Peak windows",
    ("near_repeat", "knox"): "Pairs by distance and time",
    ("emerging", "groups"): "Groups",
    ("emerging", "categories"): "Patterns found",
    ("emerging", "periods"): "Periods",
    ("two_way", "readings"): "Readings",
    ("place_stability", "places"): "Places",
}
"""The tables that a person reads; the others are for maps, drawings and analysts."""

HEADINGS: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("concentration", "figures"): {
        "asked": "Asked", "answer": "Found", "chance": "By chance alone",
    },
    ("concentration", "accuracy"): {
        "measure": "Of", "area_share": "Share of cells", "sample": "Sample",
        "captured": "held", "best_possible": "Best possible", "pai": "PAI", "pei": "PEI",
        "scored_on": "In",
    },
    ("change", "whole"): {"place": "Where", "words": "Change"},
    ("change", "tiers"): {"tier": "Kind", "words": "Change"},
    ("change", "beats"): {"place": "Beat", "words": "Change"},
    ("change", "places"): {"place": "Place", "words": "Change"},
    ("watch_list", "series"): {"status": "Status", "words": "What was seen"},
    ("timing", "peaks"): {
        "place": "Place", "incidents": "Incidents", "by_the_hour": "timed", "words": "Peak window",
        "low": "interval from", "high": "to", "even_share": "Even spread",
    },
    ("near_repeat", "knox"): {
        "distance": "Apart", "time": "Later", "observed": "Pairs", "expected": "By chance",
        "ratio": "Times chance", "p_adjusted": "p, corrected",
    },
    ("emerging", "groups"): {
        "group": "Group", "hot_cells": "Hot cells", "cold_cells": "Cold cells",
    },
    ("emerging", "categories"): {
        "category": "Pattern", "cells": "Cells", "definition": "What it means",
    },
    ("emerging", "periods"): {"first": "From", "last": "To", "incidents": "Incidents"},
    ("two_way", "readings"): {
        "meaning": "Reading", "cells": "Cells", "violence": "Incidents of violence",
        "disorder": "Of antisocial behaviour",
    },
    ("place_stability", "places"): {
        "place": "Place", "value": "As mapped", "value_low": "When moved, from", "value_high": "to",
        "stays": "Stays on the list",
    },
}  # fmt: skip
"""Columns shown of each table, with what they are called."""

_SHARES: Final = (
    "share_of_places", "share_held", "chance", "area_share", "captured", "best_possible", "low",
    "high", "even_share", "stays", "share",
)  # fmt: skip
_P: Final = ("p", "p_adjusted")


def readable(section: Section, part: str) -> tuple[list[str], list[list[str]]]:
    """Return a part's headings and rows as words; no row where the part is missing."""
    table = section.table(part)
    headings = HEADINGS[section.name, part]
    if table is None:
        return list(headings.values()), []
    rows = [
        [_cell(name, row[name]) for name in headings]
        for row in _shown(table, section.name, part).to_dict("records")
    ]
    return list(headings.values()), rows


def _shown(table: pd.DataFrame, section: str, part: str) -> pd.DataFrame:
    if (section, part) == ("emerging", "categories"):
        # of the seventeen patterns only those that some cell has
        return table[table["cells"] > 0]
    if section == "change":
        # what moved first: a force has more beats than a page has rows
        return table.sort_values(
            "verdict", key=lambda said: said.map(VERDICTS.index), kind="stable"
        )
    if (section, part) == ("concentration", "figures"):
        return table.assign(**_asked(table))
    return table


def _asked(table: pd.DataFrame) -> dict[str, list[str]]:
    """Word both questions: where so much lies, and what so many cells hold."""
    asked, answer = [], []
    for row in table.to_dict("records"):
        held = f"{row['share_held']:.0%} of {row['measure']}"
        places, found = percent(row["share_of_places"]), percent(row["share_held"])
        # the residents do not hold anything: the cells they live in do
        if row["given"] == "held":
            asked.append(f"{held} lie in" if row["measure"] == "incidents" else f"{held} lies in")
            answer.append(
                f"{places} of the cells"
                if row["by"] == "area"
                else f"cells in which {places} of the residents live"
            )
        else:
            share = f"{row['share_of_places']:.0%}"
            asked.append(
                f"{share} of the cells hold"
                if row["by"] == "area"
                else f"The cells in which {share} of the residents live hold"
            )
            answer.append(f"{found} of {row['measure']}")
    return {"asked": asked, "answer": answer}


def _cell(name: str, value: Any) -> str:  # noqa: ANN401 (a cell of a table is anything)
    plain = json_value(value)
    if plain is None:
        return "\N{EN DASH}"
    if isinstance(plain, str):
        return plain.replace("_", " ") if name in {"tier", "measure", "by", "sample"} else plain
    return _written(name)(plain)


def _written(name: str) -> Callable[[Any], str]:
    if name in _SHARES:
        return percent
    return p_words if name in _P else _figure


def p_words(p: float) -> str:
    """Write a p: ``0.04``, ``0.004``, ``under 0.001``."""
    if p < 0.001:  # noqa: PLR2004 (the least that three decimals can show)
        return "under 0.001"
    return f"{p:.2g}" if p < 0.1 else f"{p:.2f}"  # noqa: PLR2004 (two digits either way)


def _figure(value: float) -> str:
    if value != math.floor(value) and abs(value) < 100:  # noqa: PLR2004 (few digits for the small)
        return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"  # noqa: PLR2004 (as above)
    return number(value)
