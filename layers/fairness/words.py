"""Fairness in words: who lives under the patrol areas, and what that cannot say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from layers.wording import counted, number, percent

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd

    from spatial.fairness import FairnessResult

LIMITS: Final = (
    (
        "Residents are not those who are there when a patrol is, nor those it speaks to, "
        "searches or arrests: nobody's treatment is measured here. Town centres are full of "
        "people who live elsewhere."
    ),
    (
        "What holds of a neighbourhood on average need not hold of anyone in it. A place in the "
        "most deprived tenth has residents who are not poor, and its offenders and victims may "
        "be others."
    ),
    (
        "Harm is what was recorded. Where people report less, or where police look more, the "
        "records differ from what happened, and so does the list."
    ),
    (
        "A share above the force's is no proof of unfairness, and an equal share none of "
        "fairness: set it beside where the harm is, what patrols do there, and what residents "
        "say of them."
    ),
    "None of this enters the ranking: with or without a census table the list is the same.",
)
"""What must be read with every figure of the page."""
NEVER_USED: Final = (
    "Names, addresses, birth dates, free text, the ethnicity, nationality or religion of anybody, "
    "stop-and-search records, arrests, deprivation, house prices and the census: none of them is "
    "an input of the ranking."
)
_ABOUT_THE_SAME: Final = (0.95, 1.05)


def headline(result: FairnessResult) -> str:
    """Answer in one or two sentences who lives under the patrol areas."""
    where = result.patrol.study_area_name
    places = len(result.patrol.areas)
    if result.residents is None or not result.residents_all:
        return result.why_not.get("residents", "Nobody is counted.")
    if not places:
        return "The list holds no place, so nobody lives under it."
    share = result.residents / result.residents_all
    lead = (
        f"About {number(round(result.residents, -1))} people, {percent(share)} of those who live "
        f"in {where}, live under the {counted(places, 'patrol area')}, which hold {_held(result)}."
    )
    return f"{lead} {most_deprived(result)}".strip()


def _held(result: FairnessResult) -> str:
    patrol = result.patrol
    if patrol.harm_share is None:
        return f"{percent(patrol.incidents_share)} of the incidents"
    words = "harm" if result.profile is None else result.profile.harm_words
    return f"{percent(patrol.harm_share)} of the {words} (in-sample)"


def most_deprived(result: FairnessResult) -> str:
    """Say how the most deprived tenth's share compares; empty without deciles."""
    if result.deciles is None:
        return ""
    row = result.deciles.iloc[0]
    if not row["share_all"]:
        return "Nobody in the study area lives in the country's most deprived tenth of areas."
    if row["kept_back"] or math.isnan(row["share"]):
        return (
            "Too few residents of the country's most deprived tenth live under them for a figure "
            "to be shown."
        )
    where = result.patrol.study_area_name
    sentence = (
        f"Residents of the country's most deprived tenth of areas make up {percent(row['share'])}"
        f"{_limits(row)} of those living under patrol areas and {percent(row['share_all'])} of "
        f"{where}: {times(row['ratio'])}."
    )
    if row["low"] <= row["share_all"] <= row["high"]:
        sentence += " With so few places the two may be the same."
    recorded = recorded_share(row)
    if recorded is None:
        return sentence
    what = "harm" if not math.isnan(row["harm_share"]) else "incidents"
    return f"{sentence} {percent(recorded)} of the {what} was recorded in that tenth."


def _limits(row: pd.Series) -> str:
    if math.isnan(row["low"]):
        return ""
    return f" (95% interval {percent(row['low'])} to {percent(row['high'])})"


def recorded_share(row: Mapping[Hashable, Any] | pd.Series) -> float | None:
    """Return a decile's share of harm, or of incidents where nothing weighs harm; None unknown."""
    for name in ("harm_share", "incidents_share"):
        if not math.isnan(row[name]):
            return float(row[name])
    return None


def times(ratio: float) -> str:
    """Write a ratio of shares in words."""
    if math.isnan(ratio):
        return "no ratio"
    low, high = _ABOUT_THE_SAME
    if low <= ratio <= high:
        return "about the same share"
    return f"{ratio:.1f} times the share" if ratio >= 0.1 else "hardly any"  # noqa: PLR2004 (one decimal)


def listed_words(result: FairnessResult) -> str:
    """Say how many of the places were on the earlier lists."""
    table = result.places
    if "earlier" in result.why_not or table.empty:
        return result.why_not.get("earlier", "")
    lists = int(table["of_lists"].iloc[0])
    every = int((table["lists"] == lists).sum())
    new = int((table["lists"] == 0).sum())
    return (
        f"Against {counted(lists, 'earlier list')}: {every} of the {counted(len(table), 'place')} "
        f"{'was' if every == 1 else 'were'} on every one of them, {new} on none. The same "
        "residents are patrolled again where a place comes back."
    )


def kept_back_words(result: FairnessResult) -> str:
    """Say what is not shown because it is small; empty where everything is."""
    tables = [table for table in (result.deciles, result.groups) if table is not None]
    if not any(table["kept_back"].any() for table in tables):
        return ""
    return (
        f"Kept back: classes with fewer than {result.fewest_residents} residents under patrol "
        "areas, and the next smallest with them, so that no total gives them away."
    )
