"""A backtest's charts: what each ranking held, with its range, and list by list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from layers import palette
from layers.accuracy.companion_words import interval_words
from layers.accuracy.rankings import FINER, OFFERED, name_of
from layers.accuracy.rows import at_length, followed_of, scores_at
from layers.charts.vega import Spec, dressed
from layers.wording import percent
from spatial.accuracy.rivals import ORACLE
from spatial.window import month_words

if TYPE_CHECKING:
    from spatial.backtest_results import BacktestResult

_OURS: Final = "can rank your list"
_OTHERS: Final = "to compare"
_CEILING: Final = "the best there was"
# shape and fill say which is which without colour
_MARKS: Final = {
    _OURS: ("circle", palette.VIOLENCE_STEPS[4], palette.VIOLENCE_STEPS[4]),
    _OTHERS: ("square", palette.GREY_INK, palette.WHITE),
    _CEILING: ("triangle-left", palette.INK, palette.INK),
}
_STEP_PX: Final = 27
# dash and point tell lines apart without colour
_LINES: Final[dict[str, tuple[str, list[int], str]]] = {
    "expected_harm": (palette.VIOLENCE_STEPS[4], [1, 0], "circle"),
    "expected_harm_all": (palette.VIOLENCE_STEPS[3], [8, 3], "diamond"),
    "expected_count": (palette.VIOLENCE_STEPS[4], [1, 0], "circle"),
    "last_year_count": (palette.INK, [3, 3], "square"),
    "last_three_months": (palette.GREY_INK, [1, 3], "triangle-up"),
    "kde": (palette.GREY_INK, [9, 3, 2, 3], "cross"),
    "risk_terrain": (palette.SELECTED, [4, 2], "triangle-left"),
    ORACLE: (palette.BEAT, [1, 0], "triangle-down"),
}


def capture_chart(result: BacktestResult, *, resolution: int, length: int) -> Spec:
    """Draw what each ranking held of what came next, best first, with its range.

    Parameters
    ----------
    result
        A backtest.
    resolution, length
        See :func:`layers.accuracy.rows.scores_at`.
    """
    scores = scores_at(result, resolution=resolution, length=length)
    harm = bool(scores["captured_harm"].notna().any())
    held, low, high = (
        ("captured_harm", "harm_low", "harm_high") if harm else ("captured", "low", "high")
    )
    rows = []
    for row in scores.to_dict("records"):
        method = str(row["method"])
        if method in FINER:
            continue
        kind = _CEILING if method == ORACLE else _OURS if method in OFFERED else _OTHERS
        rows.append(
            {
                "name": name_of(method),
                "kind": kind,
                "held": round(float(row[held]), 5),
                "low": round(float(row[low]), 5),
                "high": round(float(row[high]), 5),
                "words": f"{percent(float(row[held]))} "
                f"({interval_words(float(row[low]), float(row[high]))})",
            }
        )
    what = "harm" if harm else "incidents"
    order = [row["name"] for row in rows]
    y = {"field": "name", "type": "nominal", "sort": order, "title": None,
         "axis": {"labelLimit": 240, "grid": True}}  # fmt: skip
    x = {"field": "held", "type": "quantitative", "scale": {"domainMin": 0},
         "title": f"Share of the {what} of the next {result.horizon_words}",
         "axis": {"format": ".0%", "tickCount": 6}}  # fmt: skip
    tip = [{"field": "name", "title": "Ranking"}, {"field": "words", "title": "Held"}]
    kinds = [kind for kind in _MARKS if any(row["kind"] == kind for row in rows)]
    looks = {
        channel: {
            "field": "kind",
            "type": "nominal",
            "scale": {"domain": kinds, "range": [_MARKS[kind][place] for kind in kinds]},
            "legend": {"orient": "top", "title": None, "direction": "horizontal",
                       "symbolSize": 130},
        }
        for place, channel in enumerate(("shape", "stroke", "fill"))
    }  # fmt: skip
    rule = {"type": "rule", "strokeWidth": 3, "color": palette.VIOLENCE_STEPS[2]}
    return dressed(
        {
            "data": {"values": rows},
            "height": {"step": _STEP_PX},
            "layer": [
                {"mark": rule, "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"},
                                            "y": y, "tooltip": tip}},
                {"mark": {"type": "point", "size": 110, "opacity": 1, "strokeWidth": 2},
                 "encoding": {"x": x, "y": y, **looks, "tooltip": tip}},
            ],
        }
    )  # fmt: skip


def origin_chart(result: BacktestResult, *, resolution: int, length: int) -> Spec:
    """Draw what the lists held one after the other; quarters in which nothing happened are gaps."""
    table = result.by_origin[result.by_origin["resolution"] == resolution]
    at = at_length(table, ["method", "origin"], length)
    harm = bool(at["captured_harm"].notna().any())
    by = "captured_harm" if harm else "captured"
    starts = [month_words(day) for day in result.origins["scored_from"]]
    followed = followed_of(result)
    rows: list[dict[str, Any]] = [
        {
            "line": name_of(str(row["method"])),
            "from": starts[int(row["origin"])],
            "held": round(float(row[by]), 5),
            "words": percent(float(row[by])),
        }
        for row in at.to_dict("records")
        if row["method"] in followed and not np.isnan(row[by])
    ]
    drawn = [method for method in _LINES if any(row["line"] == name_of(method) for row in rows)]
    names = [name_of(method) for method in drawn]
    legend = {"orient": "top", "title": None, "columns": 4, "symbolSize": 300, "labelLimit": 300}
    x = {"field": "from", "type": "ordinal", "sort": starts,
         "title": f"The {result.horizon_words} from", "axis": {"labelAngle": 0}}  # fmt: skip
    y = {"field": "held", "type": "quantitative", "scale": {"domainMin": 0},
         "title": f"Share of the {'harm' if harm else 'incidents'}",
         "axis": {"format": ".0%", "tickCount": 5}}  # fmt: skip

    def look(place: int) -> Spec:
        scale = {"domain": names, "range": [_LINES[method][place] for method in drawn]}
        return {"field": "line", "type": "nominal", "scale": scale, "legend": legend}

    tip = [{"field": "line", "title": "Ranking"}, {"field": "from", "title": "From"},
           {"field": "words", "title": "Held"}]  # fmt: skip
    return dressed(
        {
            "data": {"values": rows},
            "layer": [
                {"mark": {"type": "line", "strokeWidth": 2.2},
                 "encoding": {"x": x, "y": y, "color": look(0), "strokeDash": look(1)}},
                {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                 "encoding": {"x": x, "y": y, "color": look(0), "shape": look(2),
                              "tooltip": tip}},
            ],
        }
    )  # fmt: skip
