"""The forest plot: every estimate with its interval, a row to each, and the line of no change."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from layers import palette
from layers.charts.vega import Spec, dressed
from layers.evaluation.estimate_words import (
    BY_PLACE,
    DIFFERENCE,
    INDEPENDENT,
    MISLEADING,
    OBSERVED,
    chance_words,
    estimate_words,
    figure_words,
    interval_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.evaluation.estimate import Estimate

# shape and fill say what an interval takes for granted
_MARKS: Final = {
    BY_PLACE: ("circle", palette.VIOLENCE_STEPS[4]),
    INDEPENDENT: ("square", palette.VIOLENCE_STEPS[2]),
    OBSERVED: ("diamond", palette.PARTNER),
    MISLEADING: ("cross", palette.DISORDER),
}
_TICKS: Final = (0.0625, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0, 16.0)
_WIDEST: Final = 16.0
_NARROWEST: Final = 1.5
_ROW_PX: Final = 24
_RATIO_LABELS: Final = (
    "datum.value == 1 ? 'no change' : datum.value == 2 ? 'twice' : datum.value == 0.5 ? 'half' : "
    "datum.value > 2 ? datum.value + ' times' : datum.value > 1 ? "
    "'+' + format(datum.value - 1, '.0%') : format(datum.value - 1, '.0%')"
)


def forest_chart(
    estimates: Sequence[Estimate], *, kind: str, measure: str = "count"
) -> Spec | None:
    """Draw estimates with their intervals, a row to each, and the line of no change.

    Parameters
    ----------
    estimates
        In the order to be drawn.
    kind
        ``ratio`` for all ratios, on a scale on which half and twice are equally far from no change;
        ``difference`` for those of one measure, which share a unit.
    measure
        Which differences.

    Returns
    -------
    None where no estimate of this kind has an interval. A side without limit, or beyond the chart,
    runs to its edge: the table beside it says the figures.
    """
    apart = kind == DIFFERENCE
    shown = [
        one
        for one in estimates
        if estimate_words(one.name).kind == kind
        and (one.low is not None or one.high is not None)
        and (not apart or one.measure == measure)
    ]
    if not shown:
        return None
    low, high = _difference_edges(shown) if apart else _ratio_edges(shown)
    rows = [_row(one, low, high) for one in shown]
    x: dict[str, Any] = {"field": "value", "type": "quantitative"}
    if apart:
        unit = "Days of harm" if measure == "harm" else "Incidents"
        x |= {
            "title": f"{unit} fewer (left) or more (right) than expected",
            "scale": {"domain": [low, high]},
        }
    else:
        x |= {"title": "Change", **ratio_axis(high)}
    y = {
        "field": "row", "type": "nominal", "sort": [row["row"] for row in rows], "title": None,
        "axis": {"labelLimit": 330, "grid": True},
    }  # fmt: skip
    tip = [
        {"field": "row", "title": "Estimate"},
        {"field": "figure", "title": "Figure"},
        {"field": "interval", "title": "The true one could be"},
        {"field": "chance", "title": "p"},
        {"field": "trust", "title": "Holds if"},
    ]
    drawn = [trust for trust in _MARKS if any(row["trust"] == trust for row in rows)]
    return dressed(
        {
            "data": {"values": rows},
            "height": {"step": _ROW_PX},
            "layer": [
                {**line_at({"value": 0.0 if apart else 1.0}, "x", "value", x=x)},
                {
                    "mark": {"type": "rule", "strokeWidth": 2.4, "color": palette.GREY_INK},
                    "encoding": {
                        "x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "tooltip": tip,
                    },
                },
                {
                    "transform": [{"filter": "isValid(datum.value)"}],
                    "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
                    "encoding": {
                        "x": x, "y": y, "tooltip": tip,
                        "shape": _trust_scale(drawn, 0), "color": _trust_scale(drawn, 1),
                    },
                },
            ],
        }
    )  # fmt: skip


def ratio_axis(edge: float) -> Spec:
    """Return scale and axis on which half and twice are equally far from no change."""
    return {
        "scale": {"type": "log", "domain": [1 / edge, edge]},
        "axis": {
            "values": [tick for tick in _TICKS if 1 / edge <= tick <= edge],
            "labelExpr": _RATIO_LABELS,
        },
    }


def ratio_edge(values: Sequence[float]) -> float:
    """Return how far an axis of ratios reaches to either side: not to what is beyond reading."""
    far = max((abs(math.log(value)) for value in values), default=0.0)
    return min(max(math.exp(far) * 1.05, _NARROWEST), _WIDEST)


def within(
    value: float | None, low: float, high: float, *, missing: float | None = None
) -> float | None:
    """Return a value kept inside the chart; what is not known, or has no limit, as said."""
    if value is None or not math.isfinite(value):
        return missing
    return min(max(float(value), low), high)


def line_at(at: dict[str, float], channel: str, field: str, **axes: Spec) -> Spec:
    """Return the line of no change at a value of one axis."""
    axis = axes.get(channel, {"field": field, "type": "quantitative"})
    return {
        "data": {"values": [at]},
        "mark": {"type": "rule", "color": palette.INK, "strokeWidth": 1.5},
        "encoding": {channel: axis},
    }


def _trust_scale(drawn: Sequence[str], part: int) -> Spec:
    return {
        "field": "trust",
        "type": "nominal",
        "scale": {"domain": list(drawn), "range": [_MARKS[trust][part] for trust in drawn]},
        "legend": {"orient": "top", "title": None, "columns": 2, "labelLimit": 320},
    }


def _row(one: Estimate, low: float, high: float) -> dict[str, Any]:
    said = estimate_words(one.name)
    return {
        "row": said.title,
        "value": None if one.estimate is None else within(one.estimate, low, high),
        "low": within(one.low, low, high, missing=low),
        "high": within(one.high, low, high, missing=high),
        "figure": figure_words(one),
        "interval": interval_words(one),
        "chance": chance_words(one),
        "trust": said.trust,
    }


def _ratio_edges(shown: Sequence[Estimate]) -> tuple[float, float]:
    known = [
        value
        for one in shown
        for value in (one.low, one.high, one.estimate)
        if value is not None and value > 0
    ]
    edge = ratio_edge(known)
    return 1 / edge, edge


def _difference_edges(shown: Sequence[Estimate]) -> tuple[float, float]:
    known = [
        abs(value)
        for one in shown
        for value in (one.low, one.high, one.estimate)
        if value is not None
    ]
    far = max(known, default=1.0) * 1.05 or 1.0
    return -far, far
