"""The steadiness chart: in how many of the draws each place stays among the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers import palette
from layers.charts.vega import Spec, dressed
from layers.wording import percent

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS: Final = 30


def steadiness_chart(table: pd.DataFrame, *, disorder: bool = False) -> Spec:
    """Draw the share of draws in which each place stays among the first, a bar for each.

    Parameters
    ----------
    table
        ``place, stays`` (0-1), best first.
    disorder
        Whether the places are of antisocial behaviour, which has its own hue.
    """
    rows = [
        {
            "name": f"{number}. {record['place']}",
            "stays": round(float(record["stays"]), 4),
            "label": _label(float(record["stays"])),
        }
        for number, record in enumerate(table.head(MOST_ROWS).to_dict("records"), start=1)
    ]
    fill = palette.DISORDER_STEPS[3] if disorder else palette.VIOLENCE_STEPS[3]
    x = {
        "field": "stays",
        "type": "quantitative",
        "title": "Share of draws in which it stays among the first",
        "scale": {"domain": [0, 1.1]},
        "axis": {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]},
    }
    y = {
        "field": "name", "type": "nominal", "sort": None, "title": None,
        "axis": {"labelLimit": 300, "labelFontSize": 13},
    }  # fmt: skip
    return dressed(
        {
            "data": {"values": rows},
            "height": {"step": 25},
            "layer": [
                {
                    "mark": {"type": "bar", "color": fill, "height": {"band": 0.66}},
                    "encoding": {"x": x, "y": y},
                },
                {
                    "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 13,
                             "color": palette.INK},
                    "encoding": {"x": x, "y": y, "text": {"field": "label"}},
                },
            ],
        }
    )  # fmt: skip


def _label(stays: float) -> str:
    # nearly always must not read as always
    return "over 99%" if 0.99 < stays < 1 else percent(stays)  # noqa: PLR2004 (per cent)
