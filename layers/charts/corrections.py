"""The corrections chart: how many cells each rule calls hot, at each level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers import palette
from layers.charts.vega import Spec, dressed
from layers.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from spatial.results import HotspotResult

CORRECTION_WORDS: Final = {
    "none": "No correction",
    "false discovery": "False discovery rate (the map's)",
    "family-wise": "Bonferroni, the strictest",
}
MAP_LEVEL: Final = 0.05
_LABEL_ROOM: Final = 0.08


def calls_table(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls with the corrections in words."""
    return calls.assign(correction=calls["correction"].map(CORRECTION_WORDS))


def corrections_chart(calls: pd.DataFrame, *, disorder: bool = False) -> Spec:
    """Draw the number of hot cells under each correction, a bar for each level.

    Parameters
    ----------
    calls
        ``correction, level, hot, cold, by_chance``.
    disorder
        Whether it is a surface of antisocial behaviour, which has its own hue.
    """
    steps = palette.DISORDER_STEPS if disorder else palette.VIOLENCE_STEPS
    records = calls.to_dict("records")
    rows: list[dict[str, Any]] = [
        {
            "rule": CORRECTION_WORDS[record["correction"]],
            "level": f"{1 - record['level']:.0%}",
            "hot": int(record["hot"]),
            "label": f"{record['hot']:,}",
            "chance": float(record["by_chance"]) if record["by_chance"] > 0 else None,
        }
        for record in records
    ]
    longest = max([float(row[name] or 0) for row in rows for name in ("hot", "chance")], default=0)
    for row in rows:
        # the number stands clear of chance's mark
        hot, chance = float(row["hot"]), row["chance"] or 0.0
        row["end"] = chance if hot <= chance < hot + longest * _LABEL_ROOM else hot
    levels = list(dict.fromkeys(row["level"] for row in rows))
    y = {
        "field": "rule", "type": "nominal", "sort": list(CORRECTION_WORDS.values()), "title": None,
        "axis": {"labelLimit": 240, "labelFontSize": 13.5},
    }  # fmt: skip
    offset = {"field": "level", "sort": levels}
    x = {
        "field": "hot", "type": "quantitative",
        "title": "Cells called hot; the mark: what chance alone calls at most, hot or cold",
        "scale": {"domain": [0, max(longest * 1.12, 1)]},
        "axis": {"tickMinStep": 1, "tickCount": 8},
    }  # fmt: skip
    colour = {
        "field": "level",
        "type": "nominal",
        "sort": levels,
        "scale": {"domain": levels, "range": [steps[1], steps[2], steps[4]][-len(levels) :]},
        "legend": {"orient": "top", "title": "Level", "direction": "horizontal",
                   "symbolStrokeWidth": 0},
    }  # fmt: skip
    return dressed(
        {
            "data": {"values": rows},
            "height": 300,
            "layer": [
                {
                    "mark": {"type": "bar"},
                    "encoding": {"x": x, "y": y, "yOffset": offset, "color": colour},
                },
                {
                    "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 13,
                             "color": palette.INK},
                    "encoding": {
                        "x": {**x, "field": "end"}, "y": y, "yOffset": offset,
                        "text": {"field": "label"},
                    },
                },
                {
                    "transform": [{"filter": "isValid(datum.chance)"}],
                    "mark": {"type": "tick", "thickness": 3, "color": palette.INK},
                    "encoding": {
                        "x": {**x, "field": "chance"},
                        "y": y,
                        "yOffset": offset,
                        "tooltip": [{"field": "chance", "title": "By chance at most",
                                     "format": ",.0f"}],
                    },
                },
            ],
        }
    )  # fmt: skip


def surface_sentence(result: HotspotResult) -> str:
    """Say in one sentence how many cells are hot, and what share of the incidents they hold."""
    cells = result.cells
    hot = cells[cells["class"].isin(("hot 99", "hot 95"))]
    if hot.empty:
        return (
            f"No cell of {result.n_cells:,} is a hot spot: nothing lies together more than chance "
            "would put it, after correction over the whole map."
        )
    share = hot["incidents"].sum() / max(int(cells["incidents"].sum()), 1)
    which = "is a hot spot" if len(hot) == 1 else "are hot spots"
    hold = "holds" if len(hot) == 1 else "hold"
    return (
        f"{len(hot):,} of {result.n_cells:,} cells {which} at 95%, corrected over the whole map; "
        f"{'it' if len(hot) == 1 else 'they'} {hold} {share:.0%} of the "
        f"{counted(int(cells['incidents'].sum()), 'incident')}."
    )


def significance_sentence(result: HotspotResult) -> str:
    """Say in one sentence what correcting for many tests leaves of the hot cells."""
    if result.calls is None:
        return "How many cells each correction would call was not worked out."
    at = {
        str(row["correction"]): row
        for row in result.calls.to_dict("records")
        if row["level"] == MAP_LEVEL
    }
    raw, fair, strict = (int(at[name]["hot"]) for name in CORRECTION_WORDS)
    cold = int(at["false discovery"]["cold"])
    chance = float(at["none"]["by_chance"])
    also = f"; {counted(cold, 'cell')} {'is' if cold == 1 else 'are'} cold" if cold else ""
    return (
        f"Without correction {counted(raw, 'cell')} would be called hot at 95%, where chance alone "
        f"calls up to {chance:,.0f} hot or cold; corrected, as on the map, {fair:,} "
        f"{'remains' if fair == 1 else 'remain'}{also}, and {strict:,} under the strictest rule."
    )


def strictest_words(result: HotspotResult) -> str:
    """Say why the strictest rule calls nothing, where no p on the map is small enough for it."""
    if result.calls is None or result.cells.empty:
        return ""
    least = float(result.cells["p"].min())
    if 2 * least * result.n_cells <= MAP_LEVEL:
        return ""
    return (
        f"The smallest p of any cell shown is {least:.2g}; doubled for both sides and multiplied "
        f"by {result.n_cells:,} cells it exceeds {MAP_LEVEL:g}, so that the strictest rule can "
        "call nothing at 95%. Where values are sampled, p has a floor: test counts, whose p is "
        "exact."
    )
