"""The curve of harm covered against officer-hours, in sample and out of sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers import palette
from layers.charts.vega import Spec, dressed

if TYPE_CHECKING:
    import pandas as pd

IN_SAMPLE: Final = "In sample: on the dates that chose the places"
OUT_OF_SAMPLE: Final = "Out of sample: as many places chosen on the window before"


def coverage_chart(curve: pd.DataFrame, *, places: int, harm_words: str) -> Spec:
    """Draw the curve with the list marked on it.

    Parameters
    ----------
    curve
        :data:`spatial.targets.budget.CURVE_COLUMNS`.
    places
        Ranked places on the list.
    harm_words
        What the profile's harm is called.

    Notes
    -----
    Dash and thickness tell the lines apart without colour. The out-of-sample line is the one to
    decide by: the other was measured on the very dates that chose the places.
    """
    lines = ((IN_SAMPLE, "share"), (OUT_OF_SAMPLE, "held_out_share"))
    rows = [
        {
            "line": line,
            "hours": round(float(record["officer_hours"]), 2),
            "places": int(record["places"]),
            "share": round(float(record[column]), 6),
        }
        for line, column in lines
        for record in curve.to_dict("records")
        if record[column] == record[column]
    ]
    drawn = [line for line, _ in lines if any(row["line"] == line for row in rows)]
    looks = {
        IN_SAMPLE: (palette.VIOLENCE_STEPS[3], [9, 4], 2.8),
        OUT_OF_SAMPLE: (palette.VIOLENCE_STEPS[4], [1, 0], 3.4),
    }
    x = {
        "field": "hours", "type": "quantitative", "scale": {"domainMin": 0},
        "title": "Officer-hours over the days of the list, travel included",
    }  # fmt: skip
    y = {
        "field": "share", "type": "quantitative", "scale": {"domainMin": 0},
        "title": f"Share of {harm_words}", "axis": {"format": ".0%"},
    }  # fmt: skip
    scales = {
        channel: {
            "field": "line", "type": "nominal", "sort": drawn,
            "scale": {"domain": drawn, "range": [looks[line][at] for line in drawn]},
            "legend": {"orient": "top", "title": None, "columns": 1, "labelLimit": 460,
                       "symbolSize": 900},
        }
        for at, channel in enumerate(("color", "strokeDash", "strokeWidth"))
    }  # fmt: skip
    tooltip = [
        {"field": "line", "title": "Measured"},
        {"field": "places", "title": "Places"},
        {"field": "hours", "title": "Officer-hours", "format": ",.0f"},
        {"field": "share", "title": "Share", "format": ".1%"},
    ]
    here = curve[curve["places"] == places]["officer_hours"]
    listed = [{"hours": round(float(hours), 2), "label": f"this list: {places}"} for hours in here]
    return dressed(
        {
            "height": 330,
            "layer": [
                {
                    "data": {"values": listed},
                    "mark": {"type": "rule", "strokeDash": [2, 3], "color": palette.SELECTED,
                             "strokeWidth": 2},
                    "encoding": {"x": x},
                },
                {
                    "data": {"values": listed},
                    "mark": {"type": "text", "align": "left", "dx": 6, "y": 10, "fontSize": 13.5,
                             "color": palette.SELECTED, "fontWeight": 600},
                    "encoding": {"x": x, "text": {"field": "label"}},
                },
                {
                    "data": {"values": rows},
                    "mark": {"type": "line", "interpolate": "linear"},
                    "encoding": {"x": x, "y": y, **scales, "tooltip": tooltip},
                },
                {
                    "data": {"values": rows},
                    "mark": {"type": "point", "opacity": 0, "size": 120},
                    "encoding": {"x": x, "y": y, "tooltip": tooltip},
                },
            ],
        }
    )  # fmt: skip
