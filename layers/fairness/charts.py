"""Fairness charts: shares of residents under patrol areas beside those of the whole study area."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from layers import palette
from layers.charts.vega import Spec, dressed
from layers.fairness.words import recorded_share, times
from layers.wording import number, percent

if TYPE_CHECKING:
    import pandas as pd

UNDER: Final = "Under patrol areas"
WHOLE: Final = "Whole study area"
HARM: Final = "Of the harm"
INCIDENTS: Final = "Of the incidents"
_NOT_SHOWN: Final = "kept back"
# shape and fill say which is which without colour
_MARKS: Final = {
    UNDER: ("square", palette.VIOLENCE_STEPS[4], palette.VIOLENCE_STEPS[4]),
    WHOLE: ("circle", palette.INK, palette.WHITE),
    HARM: ("triangle-up", palette.GREY_INK, palette.WHITE),
    INCIDENTS: ("triangle-up", palette.GREY_INK, palette.WHITE),
}
_STEP_PX: Final = 34
_LONGEST: Final = 32


def decile_chart(table: pd.DataFrame) -> Spec:
    """Draw each tenth's share of residents here and in all, and of what was recorded.

    Parameters
    ----------
    table
        The deciles of a `spatial.fairness.FairnessResult`.
    """
    recorded = HARM if table["harm_share"].notna().any() else INCIDENTS
    rows = []
    for record in table.to_dict("records"):
        name = decile_words(int(record["decile"]))
        rows.append((name, record, recorded_share(record)))
    return _chart(rows, recorded=recorded)


def group_chart(table: pd.DataFrame) -> Spec:
    """Draw each group's share of residents under patrol areas and in all."""
    records = table.to_dict("records")
    return _chart([(short_name(str(record["title"])), record, None) for record in records])


def short_name(title: str) -> str:
    """Return a group's name as an axis has room for it: a long one to its first comma."""
    return title if len(title) <= _LONGEST else title.partition(",")[0]


def decile_words(decile: int) -> str:
    """Name a tenth: the ends in words, those between by number."""
    ends = {1: "1 most deprived", 10: "10 least deprived"}
    return ends.get(decile, str(decile))


def decile_rows(table: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Return the deciles as a head and rows of words."""
    by_harm = bool(table["harm_share"].notna().any())
    head = [
        "Tenth", "Residents", "Share", "95% interval", "Share of all", "Ratio", "Of the ground",
        "Of the harm" if by_harm else "Of the incidents",
    ]  # fmt: skip
    rows = [
        [
            decile_words(int(record["decile"])),
            *_class_words(record),
            percent(record["ground_share"]),
            _percent(recorded_share(record)),
        ]
        for record in table.to_dict("records")
    ]
    return head, rows


def group_rows(table: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Return the groups as a head and rows of words."""
    head = ["Group", "Residents", "Share", "95% interval", "Share of all", "Ratio"]
    return head, [[record["title"], *_class_words(record)] for record in table.to_dict("records")]


def _class_words(record: dict[Any, Any]) -> list[str]:
    share_all = _percent(record["share_all"])
    if record["kept_back"]:
        return [_NOT_SHOWN, _NOT_SHOWN, "", share_all, ""]
    interval = (
        ""
        if math.isnan(record["low"])
        else f"{percent(record['low'])} to {percent(record['high'])}"
    )
    ratio = "" if math.isnan(record["ratio"]) else f"{record['ratio']:.2f}"
    return [number(record["residents"]), _percent(record["share"]), interval, share_all, ratio]


def _percent(share: float | None) -> str:
    return "" if share is None or math.isnan(share) else percent(share)


def _chart(rows: list[tuple[str, dict[Any, Any], float | None]], *, recorded: str = HARM) -> Spec:
    points, limits = [], []
    for name, record, of_harm in rows:
        shown = not record["kept_back"]
        words = times(record["ratio"]) if shown else _NOT_SHOWN
        marks = {UNDER: record["share"] if shown else None, WHOLE: record["share_all"],
                 recorded: of_harm}  # fmt: skip
        for what, share in marks.items():
            if share is not None and not math.isnan(share):
                points.append(
                    {"name": name, "what": what, "share": round(float(share), 4),
                     "words": f"{what}: {percent(share)} ({words})"}
                )  # fmt: skip
        if shown and not math.isnan(record["low"]):
            limits.append({"name": name, "low": record["low"], "high": record["high"]})
    order = [name for name, _, _ in rows]
    whats = [what for what in _MARKS if any(point["what"] == what for point in points)]
    y = {"field": "name", "type": "nominal", "sort": order, "title": None,
         "axis": {"labelLimit": 230, "grid": True}, "scale": {"domain": order}}  # fmt: skip
    x = {"field": "share", "type": "quantitative", "title": "Share of residents (triangle: of what "
         "was recorded)" if recorded in whats else "Share of residents",
         "scale": {"domainMin": 0}, "axis": {"format": ".0%", "tickCount": 6}}  # fmt: skip
    legend = {"orient": "top", "title": None, "direction": "horizontal", "symbolSize": 130}
    looks = {
        channel: {
            "field": "what",
            "type": "nominal",
            "scale": {"domain": whats, "range": [_MARKS[what][place] for what in whats]},
            "legend": legend,
        }
        for place, channel in enumerate(("shape", "stroke", "fill"))
    }
    return dressed(
        {
            "height": {"step": _STEP_PX},
            "layer": [
                {
                    "data": {"values": limits},
                    "mark": {"type": "rule", "strokeWidth": 3,
                             "color": palette.VIOLENCE_STEPS[2]},
                    "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y},
                },
                {
                    "data": {"values": points},
                    "mark": {"type": "point", "size": 120, "opacity": 1, "strokeWidth": 2},
                    "encoding": {"x": x, "y": y, **looks,
                                 "tooltip": [{"field": "name", "title": "Class"},
                                             {"field": "words", "title": "Share"}]},
                },
            ],
        }
    )  # fmt: skip
