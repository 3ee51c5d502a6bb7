"""The interval chart: how the rate of each place changed, and between what limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from layers import palette
from layers.charts.vega import Spec, dressed
from spatial.hotspots.changed.change import FELL, NO_CLEAR_CHANGE, ROSE, TOO_FEW

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

MOST_ROWS: Final = 24
_WIDEST: Final = 8.0
_NARROWEST: Final = 1.6
# shape, fill and order: which verdict is which is said without colour
_MARKS: Final = {
    ROSE: ("triangle-up", palette.INK),
    FELL: ("triangle-down", palette.VIOLENCE_STEPS[3]),
    NO_CLEAR_CHANGE: ("circle", "#9AA3AD"),
    TOO_FEW: ("cross", "#9AA3AD"),
}
_TICKS: Final = (0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0)
_CLOSE_TICKS: Final = (0.5, 0.6, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)
_CLOSE: Final = 2.2


def interval_chart(table: pd.DataFrame, *, label: str = "place", title: str = "") -> Spec:
    """Draw the ratio of rates now to before with its interval, a row for each place.

    Parameters
    ----------
    table
        ``label, now, before, ratio, low, high, verdict, words`` in the order to be drawn.
    label
        The column that names a row.
    title
        Of the rows' axis.

    Notes
    -----
    Ratios are drawn on a scale on which half and twice are equally far from the same. A limit that
    does not exist, or lies beyond the chart, runs to its edge: the words in the tooltip say it.
    """
    records = table.head(MOST_ROWS).to_dict("records")
    edge = _edge(records)
    rows = [_row(record, label, edge) for record in records if record["now"] + record["before"]]
    order = [row["name"] for row in rows]
    ticks = _CLOSE_TICKS if edge <= _CLOSE else _TICKS
    x = {
        "field": "ratio",
        "type": "quantitative",
        "title": "Rate now against before",
        "scale": {"type": "log", "domain": [1 / edge, edge]},
        "axis": {
            "values": [tick for tick in ticks if 1 / edge <= tick <= edge],
            "labelExpr": "datum.value == 1 ? 'same' : datum.value == 2 ? 'twice' : "
            "datum.value == 0.5 ? 'half' : datum.value > 1 ? "
            "'+' + format(datum.value - 1, '.0%') : format(datum.value - 1, '.0%')",
        },
    }
    y = {
        "field": "name", "type": "nominal", "sort": order, "title": title or None,
        "axis": {"labelLimit": 230, "labelFontSize": 13, "grid": True},
    }  # fmt: skip
    tip = [{"field": "name", "title": title or "Place"}, {"field": "words", "title": "Change"}]
    verdicts = [verdict for verdict in _MARKS if any(row["verdict"] == verdict for row in rows)]
    return dressed(
        {
            "data": {"values": rows},
            "height": {"step": 25},
            "layer": [
                {
                    "data": {"values": [{"ratio": 1.0}]},
                    "mark": {"type": "rule", "color": palette.INK, "strokeWidth": 1.5},
                    "encoding": {"x": x},
                },
                {
                    "mark": {"type": "rule", "strokeWidth": 2.4, "color": palette.GREY_INK},
                    "encoding": {
                        "x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "tooltip": tip,
                    },
                },
                {
                    "transform": [{"filter": "isValid(datum.ratio)"}],
                    "mark": {"type": "point", "filled": True, "size": 150, "opacity": 1},
                    "encoding": {
                        "x": x,
                        "y": y,
                        "tooltip": tip,
                        "shape": _verdicts(verdicts, 0),
                        "color": _verdicts(verdicts, 1),
                    },
                },
            ],
        }
    )  # fmt: skip


def _verdicts(verdicts: list[str], part: int) -> Spec:
    return {
        "field": "verdict",
        "type": "nominal",
        "scale": {"domain": verdicts, "range": [_MARKS[verdict][part] for verdict in verdicts]},
        "legend": {"orient": "top", "title": None, "direction": "horizontal", "symbolSize": 130},
    }


def _row(record: Mapping[Hashable, Any], label: str, edge: float) -> dict[str, Any]:
    low, high, ratio = (float(record[name]) for name in ("low", "high", "ratio"))
    known = math.isfinite(ratio) and ratio > 0
    return {
        "name": str(record[label]),
        "low": max(low, 1 / edge) if math.isfinite(low) else 1 / edge,
        "high": min(high, edge) if math.isfinite(high) else edge,
        # from nothing, or to nothing, there is an interval and no point
        "ratio": min(max(ratio, 1 / edge), edge) if known else None,
        "verdict": str(record["verdict"]),
        "words": str(record["words"]),
    }


def _edge(records: list[dict[Hashable, Any]]) -> float:
    limits = [
        abs(math.log(value))
        for record in records
        # what is too few to say would stretch the scale for nothing
        if record["verdict"] != TOO_FEW
        for value in (float(record["low"]), float(record["high"]))
        if math.isfinite(value) and value > 0
    ]
    return min(max(math.exp(max(limits, default=0.0)) * 1.05, _NARROWEST), _WIDEST)
