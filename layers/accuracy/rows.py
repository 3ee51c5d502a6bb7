"""A backtest's tables in words: every ranking at one length of list, places, quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from layers.accuracy.companion_words import interval_words
from layers.accuracy.rankings import FINER, OFFERED, name_of, way_of
from layers.accuracy.words import STANDING_WORDS, area_words, share_points
from layers.risk.places import cell_position
from layers.wording import chance, counted, number, percent
from spatial.accuracy.certainty import NEAR_MISS
from spatial.accuracy.rivals import BASELINE, ORACLE
from spatial.accuracy.scores import HARM, INCIDENTS
from spatial.hotspots.expected.expected_harm import PARTS
from spatial.window import day_words

if TYPE_CHECKING:
    from spatial.backtest_results import BacktestResult

Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]

YARDSTICK: Final = 0.01
_PART_WORDS: Final = {
    "own_history": "its own record", "neighbours": "the cells around it",
    "related": "related crime", "base": "what any cell here may expect",
}  # fmt: skip
MEANINGS: Final = (
    ("Held", "Share of all later incidents, or harm, in the places chosen, with its 95% range."),
    ("PAI", "How many times its share of the area it held; 1 is choosing at random."),
    ("Harm PAI", "The same of harm."),
    ("PEI", "Of what the best list there was would have held, how much this one did."),
    ("Came back", "Share held later over share held the year before: under 1, some was luck."),
    ("Stays", "Of two lists one after the other, the share of their places that are on both."),
)  # fmt: skip
"""What the columns of a ranking's table mean."""


def lengths_of(result: BacktestResult) -> dict[float, str]:
    """Return the lengths of list on offer: share of the area (of the first resolution) to words."""
    scores = result.scores[result.scores["resolution"] == result.request.resolutions[0]]
    one = scores[scores["method"] == ORACLE]
    return {
        float(row["area_share"]): (
            f"{area_words(float(row['area_share']))} of the area"
            if pd.isna(row["places"])
            else counted(int(row["places"]), "place")
        )
        for row in one.to_dict("records")
    }


def yardstick_of(result: BacktestResult) -> int:
    """Return which length of list a run is judged by: the share nearest to 1%, or the first."""
    shares = result.request.area_shares
    return min(range(len(shares)), key=lambda at: abs(shares[at] - YARDSTICK), default=0)


def scores_at(result: BacktestResult, *, resolution: int, length: int) -> pd.DataFrame:
    """Return the scores of one resolution and length of list, best first, the oracle on top.

    Parameters
    ----------
    length
        Which of the lengths asked for, from 0: shares of the area first.
    """
    rows = result.scores[result.scores["resolution"] == resolution]
    at = at_length(rows, ["method"], length)
    by = "captured_harm" if at["captured_harm"].notna().any() else "captured"
    return at.sort_values([by, "method"], ascending=[False, True], kind="stable")


def at_length(table: pd.DataFrame, by: list[str], length: int) -> pd.DataFrame:
    """Return the rows of one length of list: each group's rows stand in the order of lengths."""
    return table[table.groupby(by, sort=False).cumcount() == length]


def ranking_rows(result: BacktestResult, *, resolution: int, length: int) -> Rows:
    """Return every ranking at one length of list, best first."""
    scores = scores_at(result, resolution=resolution, length=length)
    harm = bool(scores["captured_harm"].notna().any())
    ahead = _against_baseline(result, resolution, length, HARM if harm else INCIDENTS)
    stays = _stays(result, resolution)
    head = ["Ranking", *(["Harm held"] if harm else []), "Incidents held", "More than last year's",
            "PAI", *(["Harm PAI"] if harm else []), "PEI", "Came back", "Stays"]  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for row in scores.to_dict("records"):
        method = str(row["method"])
        rows.append(
            (
                name_of(method) + (" *" if method in OFFERED else ""),
                *([_held(row, "captured_harm", "harm_low", "harm_high")] if harm else []),
                _held(row, "captured", "low", "high"),
                ahead.get(method, ""),
                _times(row["pai"]),
                *([_times(row["harm_pai"])] if harm else []),
                _share(row["harm_pei"] if harm else row["pei"]),
                _ratio(row["recapture_ratio"]),
                stays.get(method, ""),
            )
        )
    return tuple(head), rows


def short_rows(result: BacktestResult, *, resolution: int, length: int) -> Rows:
    """Return what the rankings of the picture held, and how much more than last year's count."""
    scores = scores_at(result, resolution=resolution, length=length)
    harm = result.weighs_harm
    ahead = _against_baseline(result, resolution, length, HARM if harm else INCIDENTS)
    what = HARM if harm else INCIDENTS
    held = ("captured_harm", "harm_low", "harm_high") if harm else ("captured", "low", "high")
    rows: list[tuple[str, ...]] = [
        (name_of(str(row["method"])), _held(row, *held), ahead.get(str(row["method"]), ""))
        for row in scores.to_dict("records")
        if row["method"] not in FINER
    ]
    return ("Ranking", f"{what.capitalize()} held", "Points more than last year's"), rows


def way_rows(result: BacktestResult) -> Rows:
    """Return how each ranking of a run chooses."""
    methods = dict.fromkeys(result.scores["method"])
    return ("Ranking", "How it chooses"), [(name_of(one), way_of(one)) for one in methods]


def paired_rows(result: BacktestResult, *, resolution: int, length: int) -> Rows:
    """Return what expected harm held more than each other ranking, incidents and harm."""
    paired = _paired_at(result, resolution, length)
    ours = "expected_harm" if "expected_harm" in set(paired["method"]) else "expected_count"
    rows: dict[str, dict[str, str]] = {}
    for row in paired.to_dict("records"):
        if row["method"] == ours:
            rows.setdefault(str(row["against"]), {})[str(row["measure"])] = _gap(row)
    head = (f"{name_of(ours)} against", "Harm, points more", "Incidents, points more")
    return head, [
        (name_of(other), held.get(HARM, ""), held.get(INCIDENTS, ""))
        for other, held in rows.items()
        if other not in FINER
    ]


def origin_rows(result: BacktestResult, *, resolution: int, length: int) -> Rows:
    """Return what each list held, a row for each time one was chosen."""
    table = result.by_origin[result.by_origin["resolution"] == resolution]
    at = at_length(table, ["method", "origin"], length)
    by = "captured_harm" if at["captured_harm"].notna().any() else "captured"
    wide = at.pivot_table(index="origin", columns="method", values=by, dropna=False)
    shown = [name for name in followed_of(result) if name in wide.columns]
    rows: list[tuple[str, ...]] = []
    for index, origin in enumerate(result.origins.to_dict("records")):
        held = wide.loc[index].to_dict() if index in wide.index else {}
        rows.append(
            (
                f"{day_words(origin['scored_from'])} to {day_words(origin['scored_to'])}",
                f"{origin['incidents']:,.0f}",
                *(_share(float(held.get(name, np.nan))) for name in shown),
            )
        )
    return ("Scored on", "Incidents", *(name_of(name) for name in shown)), rows


def followed_of(result: BacktestResult) -> tuple[str, ...]:
    """Return which rankings are followed from list to list, in order."""
    tried = set(result.by_origin["method"])
    # where harm ranks, the same model's incidents would say it twice
    without = {"expected_count"} if "expected_harm" in tried else set()
    return tuple(name for name in _LINES if name in tried - without)


def place_rows(places: pd.DataFrame, *, weighs_harm: bool) -> Rows:
    """Return the places that would be chosen now, and the near misses, by rank."""
    unit = "Expected harm, days a year" if weighs_harm else "Expected incidents a year"
    rows: list[tuple[str, ...]] = [
        (
            f"{int(row['rank'])}" + (" (off)" if row["standing"] == NEAR_MISS else ""),
            place_name(row),
            STANDING_WORDS[str(row["standing"])],
            chance(float(row["chance"])),
            number(float(row["expected"])),
            raised_by(row),
        )
        for row in places.sort_values("rank").to_dict("records")
    ]
    return ("Rank", "Place", "How sure", "Chance", unit, "What raised it"), rows


def place_name(row: dict[Any, Any]) -> str:
    """Return what a cell is called: its streets, else where it lies."""
    return str(row["name"]) or cell_position(str(row["cell"]))


def raised_by(row: dict[Any, Any]) -> str:
    """Say what a place's expectation is made of, largest first; those below 5% go unsaid."""
    whole = float(row["expected"])
    if whole <= 0:
        return ""
    shares = {part: float(row[part]) / whole for part in PARTS}
    said = [
        f"{_PART_WORDS[part]} {share:.0%}"
        for part, share in sorted(shares.items(), key=lambda one: -one[1])
        if share >= 0.05  # noqa: PLR2004 (as the docstring says)
    ]
    words = ", ".join(said)
    return words[:1].upper() + words[1:]


_LINES: Final = (
    "expected_harm", "expected_harm_all", "expected_count", "last_year_count",
    "last_three_months", "kde", "risk_terrain", ORACLE,
)  # fmt: skip
"""Rankings followed over time, in this order, where they were tried."""


def _paired_at(result: BacktestResult, resolution: int, length: int) -> pd.DataFrame:
    table = result.paired[result.paired["resolution"] == resolution]
    return at_length(table, ["method", "against", "measure"], length)


def _against_baseline(
    result: BacktestResult, resolution: int, length: int, measure: str
) -> dict[str, str]:
    paired = _paired_at(result, resolution, length)
    mine = paired[(paired["against"] == BASELINE) & (paired["measure"] == measure)]
    return {str(row["method"]): _gap(row) for row in mine.to_dict("records")}


def _stays(result: BacktestResult, resolution: int) -> dict[str, str]:
    table = result.stability
    if table.empty or "resolution" not in table:
        return {}
    mine = table[table["resolution"] == resolution]
    return {str(row["method"]): f"{row['jaccard']:.0%}" for row in mine.to_dict("records")}


def _gap(row: dict[Any, Any]) -> str:
    low, high = share_points(row["low"]), share_points(row["high"])
    sign = "+" if row["difference"] > 0 else ""
    return f"{sign}{share_points(row['difference'])} ({low} to {high})"


def _held(row: dict[Any, Any], share: str, low: str, high: str) -> str:
    if np.isnan(row[share]):
        return ""
    return f"{percent(float(row[share]))} ({interval_words(float(row[low]), float(row[high]))})"


def _share(value: float) -> str:
    return "" if np.isnan(value) else percent(float(value))


def _times(value: float) -> str:
    return "" if np.isnan(value) else f"{value:,.1f}"


def _ratio(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.2f}"
