"""Legends of the analyst's maps: every mark that is on the map, none that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers import palette
from layers.charts.cell_maps import COLD_PIXELS, OUTLINED, SURFACE_STEPS, family_steps, group_fills
from layers.wording import escaped, short_number

if TYPE_CHECKING:
    import pandas as pd

    from spatial.results import HotspotResult

_CLASS_WORDS: Final = {
    "hot 99": "hot, 99%",
    "hot 95": "hot, 95%",
    "hot 90": "warm, 90%: not called a hot spot",
    "cold 90": "cooler, 90%",
    "cold 95": "cold, 95%",
    "cold 99": "cold, 99%",
}
_GROUP_WORDS: Final = {
    "long-standing": "Long-standing: hot nearly all the time, and still",
    "emerging": "Emerging: newly hot, and still",
    "on-and-off": "On and off: hot in some periods",
    "former": "Former: long hot, not in the last period",
}


def surface_legend(result: HotspotResult, *, disorder: bool) -> str:
    """Return the legend of a surface's classes, with the number of cells of each."""
    steps = family_steps(disorder=disorder)
    counts = result.cells["class"].value_counts()
    parts = [f"<b>{_what(result)}</b>"]
    for name, words in _CLASS_WORDS.items():
        number = int(counts.get(name, 0))
        if name in SURFACE_STEPS:
            parts.append(_key(f"background:{steps[SURFACE_STEPS[name]]}", words, number))
        elif number:
            parts.append(_key(_hollow(COLD_PIXELS[name]), words, number))
    quiet = result.cells[(result.cells["class"] == "none") & (result.cells["incidents"] > 0)]
    parts.append(
        _key(f"background:{steps[1]}", "holds an incident, not a hot spot", len(quiet), small=True)
    )
    parts.append(f"<p>Corrected over {result.n_cells:,} cells, empty ones included.</p>")
    return _legend(parts)


def z_legend(result: HotspotResult, classes: palette.Classes) -> str:
    """Return the legend of a surface's z."""
    last = len(classes.lower) - 1
    steps = "".join(
        f'<span><i style="background:{fill}"></i>{short_number(lower)}'
        f"{'+' if index == last else ''}</span>"
        for index, (lower, fill) in enumerate(zip(classes.lower, classes.fills, strict=True))
    )
    return _legend(
        [
            f"<b>z of Gi*: {_what(result)}</b>",
            f'<div class="hx-scale">{steps}</div>' if steps else "",
            _key(f"background:{palette.BEAT}", "z of 0 or less", None, small=True),
            "<p>z ranks cells; it is not read as normal. Whether a cell is hot is its class.</p>",
        ]
    )


def two_way_legend(readings: pd.DataFrame, *, cells: int) -> str:
    """Return the legend of the two-way reading: two by two, with the number of cells in each.

    Parameters
    ----------
    readings
        ``reading, cells``, all four.
    cells
        In the study area.
    """
    number = dict(zip(readings["reading"], readings["cells"], strict=True))

    def square(reading: str, css: str) -> str:
        return (
            f'<td><span class="hx-mark hx-pair {css}" aria-hidden="true"><i></i></span>'
            f"<b>{int(number.get(reading, 0)):,}</b><span>{escaped(reading)}</span></td>"
        )

    head = '<th scope="col">antisocial behaviour</th><th scope="col">not</th>'
    violent = square("both", "hx-filled hx-hatched") + square("violence only", "hx-filled")
    calm = square("disorder only", "hx-hatched") + square("neither", "hx-empty")
    table = (
        f'<table class="hx-two"><thead><tr><td></td>{head}</tr></thead><tbody>'
        f'<tr><th scope="row">serious violence</th>{violent}</tr>'
        f'<tr><th scope="row">not</th>{calm}</tr></tbody></table>'
    )
    words = (
        "<p>Fill: serious violence. Outline and hatch: antisocial behaviour. Small and pale: some "
        f"violence, hot for neither. 95%, corrected over {cells:,} cells.</p>"
    )
    return _legend(["<b>Cells hot for</b>", table, words])


def emerging_legend(
    groups: pd.DataFrame, *, periods: int, title: str, disorder: bool = False
) -> str:
    """Return the legend of the four plain groups, with the number of hot cells in each.

    Parameters
    ----------
    groups
        ``group, hot_cells``.
    periods
        How many there are.
    title
        Of the profile.
    disorder
        Whether they are hot for antisocial behaviour, which has its own hue.
    """
    fills = group_fills(disorder=disorder)
    number = dict(zip(groups["group"], groups["hot_cells"], strict=True))
    parts = [f"<b>{escaped(title)}: hot cells over {periods} periods</b>"]
    for group, words in _GROUP_WORDS.items():
        outlined = group in OUTLINED
        css = f"background:{palette.INK if outlined else fills[group]}"
        inner = fills[group] if outlined else None
        parts.append(_key(css, words, int(number.get(group, 0)), inner=inner))
    return _legend(parts)


def _what(result: HotspotResult) -> str:
    tested = {"count": "incidents", "harm": "harm days", "sqrt_harm": "square root of harm"}
    return escaped(f"{result.profile.title}, {tested[result.measure.value]}")


def _hollow(pixels: float) -> str:
    return f"background:{palette.GREY_INK};--hx-edge:{pixels:g}px"


def _key(
    style: str,
    words: str,
    number: int | None,
    *,
    small: bool = False,
    inner: Any = None,  # noqa: ANN401 (a fill or none)
) -> str:
    css = "hx-small" if small else ""
    if "--hx-edge" in style:
        inner = palette.WHITE
    within = f'<span class="hx-inner" style="background:{inner}"></span>' if inner else ""
    counted = f"<b>{number:,}</b> " if number is not None else ""
    return (
        f'<div class="hx-key"><span class="hx-mark hx-cell {css}" aria-hidden="true">'
        f'<i style="{style}">{within}</i></span><span>{counted}{escaped(words)}</span></div>'
    )


def _legend(parts: list[str]) -> str:
    return f'<div class="hx-legend" role="note" aria-label="Legend">{"".join(parts)}</div>'
