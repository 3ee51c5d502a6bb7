"""Charts of an evaluation over time: month by month, and period by period against comparators."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from layers import palette
from layers.charts.vega import Spec, dressed
from layers.evaluation.forest import line_at, ratio_axis, ratio_edge, within
from layers.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.evaluation.event_study import EventStudy

GROUP_WORDS: Final = {
    "treated": "Patrolled places",
    "comparators": "Compared with",
    "buffer": "Around the places",
}
# dash, thickness and colour: which line is which is said without colour
_LINES: Final = {
    "treated": (palette.VIOLENCE_STEPS[4], [1, 0], 3.2),
    "comparators": (palette.GREY_INK, [7, 4], 2.6),
    "buffer": (palette.PARTNER, [2, 3], 2.6),
}
_BANDS: Final = {
    "chosen_on": ("Chosen on", palette.EMERGING),
    "operation": ("Operation", palette.VIOLENCE_STEPS[1]),
}


def series_chart(series: pd.DataFrame) -> Spec:
    """Draw incidents month by month in patrolled places and in what they are compared with.

    Parameters
    ----------
    series
        ``spatial.evaluation_results.SERIES_COLUMNS``.

    Notes
    -----
    Groups differ in size, so that each is drawn against its own average of the months before (1 is
    that average); where there were none, against its average of all months. Counts are in the
    tooltip: with few of them, the line leaps by chance.
    """
    months = pd.to_datetime(series["month"].astype(str))
    table = series.assign(
        at=months, rate=series["incidents"] / series["days"].where(series["days"] > 0)
    )
    rows = []
    for group, part in table.groupby("group", sort=False):
        if group not in GROUP_WORDS:
            continue
        base = part[part["part"] == "baseline"]
        base = base if base["incidents"].sum() > 0 else part
        days = float(base["days"].sum())
        mean = float(base["incidents"].sum()) / days if days else 0.0
        rows += [
            {
                "at": record["at"].strftime("%Y-%m-%dT00:00:00"),
                "month": record["at"].strftime("%B %Y"),
                "group": GROUP_WORDS[str(group)],
                "level": record["rate"] / mean if mean and math.isfinite(record["rate"]) else None,
                "words": counted(int(record["incidents"]), "incident"),
            }
            for record in part.to_dict("records")
        ]
    drawn = [
        key for key, words in GROUP_WORDS.items() if any(row["group"] == words for row in rows)
    ]
    x = {"field": "at", "type": "temporal", "title": None, "axis": {"format": "%b %y"}}
    return dressed(
        {
            "height": 300,
            "layer": [
                *(layer for part in _BANDS for layer in _band(table, part, x)),
                line_at({"level": 1.0}, "y", "level"),
                {
                    "data": {"values": rows},
                    "mark": {"type": "line", "point": {"size": 34}},
                    "encoding": {
                        "x": x,
                        "y": {
                            "field": "level", "type": "quantitative",
                            "title": "Times its own average", "scale": {"domainMin": 0},
                        },
                        "color": _line_scale(drawn, 0),
                        "strokeDash": _line_scale(drawn, 1),
                        "strokeWidth": {**_line_scale(drawn, 2), "legend": None},
                        "tooltip": [
                            {"field": "month", "title": "Month"},
                            {"field": "group", "title": "Group"},
                            {"field": "words", "title": "Counted"},
                        ],
                    },
                },
            ],
        }
    )  # fmt: skip


def event_chart(study: EventStudy) -> Spec | None:
    """Draw patrolled places against comparators period by period; None where nothing can be."""
    table = study.table.dropna(subset=["estimate"])
    if table.empty:
        return None
    limits = [
        value
        for column in ("low", "high")
        for value in table[column].dropna()
        if math.isfinite(value) and value > 0
    ]
    edge = ratio_edge([*limits, *table.loc[table["estimate"] > 0, "estimate"]])
    rows = [
        {
            "period": _lead_words(int(record["lead"])),
            "value": within(record["estimate"], 1 / edge, edge),
            "low": within(record["low"], 1 / edge, edge, missing=1 / edge),
            "high": within(record["high"], 1 / edge, edge, missing=edge),
            "when": "after the start" if record["lead"] >= 0 else "before the start",
        }
        for record in table.to_dict("records")
    ]
    y = {
        "field": "value", "type": "quantitative", "title": None,
        **ratio_axis(edge),
    }  # fmt: skip
    x = {
        "field": "period", "type": "ordinal", "axis": {"labelAngle": 0},
        "title": "Periods before the start (\N{MINUS SIGN}) and from it (+)",
        "sort": [_lead_words(int(one)) for one in study.table["lead"]],
    }  # fmt: skip
    return dressed(
        {
            "data": {"values": rows},
            "height": 260,
            "layer": [
                line_at({"value": 1.0}, "y", "value", y=y),
                {
                    "mark": {"type": "rule", "strokeWidth": 2, "color": palette.GREY_INK},
                    "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                    "encoding": {
                        "x": x,
                        "y": y,
                        "shape": _when_scale(["circle", "square"]),
                        "color": _when_scale([palette.GREY_INK, palette.VIOLENCE_STEPS[4]]),
                    },
                },
            ],
        }
    )  # fmt: skip


def _lead_words(lead: int) -> str:
    return f"+{lead + 1}" if lead >= 0 else f"\N{MINUS SIGN}{-lead}"


def _band(table: pd.DataFrame, part: str, x: Spec) -> list[Spec]:
    """Return the shade behind the months of a part, with its name; nothing where it has none."""
    months = table.loc[table["part"] == part, "at"]
    if months.empty:
        return []
    words, fill = _BANDS[part]
    last = months.max() + pd.DateOffset(months=1)
    row = {
        "band": words,
        "first": months.min().strftime("%Y-%m-%dT00:00:00"),
        "last": last.strftime("%Y-%m-%dT00:00:00"),
    }
    return [
        {
            "data": {"values": [row]},
            "mark": {"type": "rect", "opacity": 0.35, "color": fill},
            "encoding": {"x": {**x, "field": "first"}, "x2": {"field": "last"}},
        },
        {
            "data": {"values": [row]},
            "mark": {
                "type": "text", "align": "left", "baseline": "top", "dx": 5, "dy": 4,
                "fontSize": 12.5, "color": palette.INK,
            },
            "encoding": {
                "x": {**x, "field": "first"}, "y": {"value": 0}, "text": {"field": "band"},
            },
        },
    ]  # fmt: skip


def _line_scale(drawn: Sequence[str], part: int) -> Spec:
    return {
        "field": "group",
        "type": "nominal",
        "scale": {
            "domain": [GROUP_WORDS[key] for key in drawn],
            "range": [_LINES[key][part] for key in drawn],
        },
        "legend": {"orient": "top", "title": None, "symbolType": "stroke", "symbolSize": 500},
    }


def _when_scale(values: Sequence[str]) -> Spec:
    return {
        "field": "when",
        "type": "nominal",
        "scale": {"domain": ["before the start", "after the start"], "range": list(values)},
        "legend": {"orient": "top", "title": None},
    }
