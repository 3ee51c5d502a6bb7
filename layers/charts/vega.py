"""What every chart shares: letters, greys and the schema, so that charts look like the page."""

from __future__ import annotations

from typing import Any, Final

from layers.palette import GREY_INK, INK

Spec = dict[str, Any]
"""A Vega-Lite specification: plain JSON values with its data inside, nothing fetched."""

FONT: Final = "Source Sans, Source Sans Pro, Helvetica, Arial, sans-serif"
_LINE: Final = "#D9DCE0"
_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"


def dressed(spec: Spec) -> Spec:
    """Return a specification with the schema's name and the look of the page.

    Notes
    -----
    The schema's address names a version; it is never opened.
    """
    axis = {
        "labelFontSize": 13,
        "titleFontSize": 13.5,
        "titleFontWeight": 600,
        "labelColor": GREY_INK,
        "titleColor": INK,
        "gridColor": _LINE,
        "domainColor": "#9AA3AD",
        "tickColor": "#9AA3AD",
        "labelLimit": 260,
    }
    legend = {"labelFontSize": 13, "titleFontSize": 13, "labelColor": INK, "symbolStrokeWidth": 3}
    return {
        "$schema": _SCHEMA,
        "background": "transparent",
        **spec,
        "config": {"font": FONT, "axis": axis, "legend": legend, "view": {"stroke": None}},
    }
