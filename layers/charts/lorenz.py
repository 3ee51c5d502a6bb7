"""The Lorenz curve seen from its upper end: how much of it lies in how few of the places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from layers import palette
from layers.charts.vega import Spec, dressed
from layers.wording import percent

if TYPE_CHECKING:
    import pandas as pd

_HALF: Final = 0.5
_ALL: Final = 0.999
_ROOM: Final = 1.25
_LEAST_ACROSS: Final = 0.02
# dash and thickness say which is which without colour
_LINES: Final = {
    "harm": (palette.VIOLENCE_STEPS[4], [1, 0], 3.2),
    "incidents": (palette.VIOLENCE_STEPS[3], [9, 4], 2.8),
    "harm by chance": (palette.GREY_INK, [2, 3], 2.4),
    "incidents by chance": ("#8A949C", [1, 5], 2.4),
}
_PLACES: Final = {"area": "study area's cells", "population": "residents"}


def lorenz_chart(
    curves: pd.DataFrame, figures: pd.DataFrame, *, by: str, harm_words: str, colour: str = ""
) -> Spec:
    """Draw the curves of one kind of places, with chance's beside them and the half marked.

    Parameters
    ----------
    curves
        ``measure, by, share_of_places, share_held, chance_held`` (0-1), points in order.
    figures
        ``measure, by, given, share_of_places, share_held, chance``: where the half is read, so
        that chart and sentence never differ.
    by
        ``area`` or ``population``.
    harm_words
        What the profile's harm is called.
    colour
        Of the lines; empty for serious violence's blue.

    Notes
    -----
    The axis ends where nearly everything is held: beyond it every line runs flat.
    """
    shown = curves[curves["by"] == by]
    harm = harm_words[:1].upper() + harm_words[1:]
    names = {
        "harm": harm,
        "incidents": "Incidents",
        "harm by chance": f"{harm}, dealt by chance",
        "incidents by chance": "Incidents, dealt by chance",
    }
    rows: list[dict[str, Any]] = []
    across = _LEAST_ACROSS
    halves = []
    for measure in ("harm", "incidents"):
        curve = shown[shown["measure"] == measure]
        if curve.empty:
            continue
        places, held = curve["share_of_places"].to_numpy(), curve["share_held"].to_numpy()
        rows += _points(names[measure], places, held)
        across = max(across, float(places[int((held >= _ALL).argmax())]) * _ROOM)
        read = _half_of(figures, measure, by)
        halves.append(_half(names[measure], read["share_of_places"], above=measure == "harm"))
        dealt = curve["chance_held"].to_numpy()
        if (dealt == dealt).all():  # noqa: PLR0124 (null where chance was not worked out)
            rows += _points(names[f"{measure} by chance"], places, dealt)
            halves.append(
                _half(names[f"{measure} by chance"], read["chance"], above=measure == "harm")
            )
    across = min(across, 1.0)
    lines_drawn = {row["line"] for row in rows}
    looks = {title: _LINES[key] for key, title in names.items() if title in lines_drawn}
    drawn = list(looks)
    own = {names["harm"], names["incidents"]}
    scale: dict[str, list[Any]] = {
        "color": [colour if colour and name in own else look[0] for name, look in looks.items()],
        "strokeDash": [look[1] for look in looks.values()],
        "strokeWidth": [look[2] for look in looks.values()],
    }
    x = {
        "field": "places",
        "type": "quantitative",
        "title": f"Share of the {_PLACES[by]}, fullest first",
        "scale": {"domain": [0, across], "clamp": False},
        "axis": {"format": _digits(across), "tickCount": 6},
    }
    y = {
        "field": "held",
        "type": "quantitative",
        "title": "Share that they hold",
        "scale": {"domain": [0, 1]},
        "axis": {"format": ".0%", "tickCount": 5},
    }
    legend = {"orient": "top", "title": None, "columns": 2, "labelLimit": 340,
              "symbolSize": 900}  # fmt: skip
    lines = {
        "data": {"values": rows},
        "mark": {"type": "line", "clip": True, "interpolate": "linear"},
        "encoding": {
            "x": x,
            "y": y,
            **{
                channel: {
                    "field": "line",
                    "type": "nominal",
                    "sort": drawn,
                    "scale": {"domain": drawn, "range": values},
                    "legend": legend,
                }
                for channel, values in scale.items()
            },
        },
    }
    marked = [half for half in halves if half["places"] <= across]
    points = {
        "data": {"values": marked},
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": palette.INK},
        "encoding": {"x": x, "y": y, "tooltip": [{"field": "words", "title": "Half"}]},
    }
    # harm's above the line and incidents' below it: the two often lie side by side
    words = [
        {
            "data": {"values": [half for half in marked if half["above"] == above]},
            "mark": {"type": "text", "align": "left", "dx": 8, "dy": -11 if above else 13,
                     "fontSize": 13.5, "color": palette.INK},
            "encoding": {"x": x, "y": y, "text": {"field": "label"}},
        }
        for above in (True, False)
    ]  # fmt: skip
    half = {
        "data": {"values": [{"held": _HALF}]},
        "mark": {"type": "rule", "strokeDash": [1, 4], "color": palette.GREY_INK},
        "encoding": {"y": y},
    }
    return dressed({"layer": [half, lines, points, *words]})


def _points(line: str, places: Any, held: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (arrays)
    return [
        {"line": line, "places": round(float(x), 8), "held": round(float(y), 6)}
        for x, y in zip(places, held, strict=True)
    ]


def _half_of(figures: pd.DataFrame, measure: str, by: str) -> dict[str, float]:
    here = figures[
        (figures["measure"] == measure)
        & (figures["by"] == by)
        & (figures["given"] == "held")
        & np.isclose(figures["share_held"], _HALF)
    ]
    return {name: float(here[name].iloc[0]) for name in ("share_of_places", "chance")}


def _half(line: str, places: float, *, above: bool) -> dict[str, Any]:
    return {
        "places": round(float(places), 8),
        "held": _HALF,
        "label": percent(float(places)),
        "above": above,
        "words": f"{line}: half in {percent(float(places))}",
    }


def _digits(across: float) -> str:
    # two decimals of a per cent are noise on a long axis and needed on a short one
    return ".0%" if across > 0.2 else ".1%"  # noqa: PLR2004 (a fifth)
