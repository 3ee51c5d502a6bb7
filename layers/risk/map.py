"""The map of a risk terrain: scores in five ordered classes, and recent harm upon them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from layers import palette
from layers.areas import area_rows, area_under_layer, circle_layers, outline_layers
from layers.charts.cell_maps import cell_deck
from layers.charts.cell_marks import cell_dots, filled_cells
from layers.deck import first_view
from layers.wording import counted, escaped, number, short_number
from spatial.risk_terrain.scores import BOTH, HARM, RISK

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    import pydeck as pdk

    from layers.context import Context
    from spatial.risk_results import RiskResult

SCORE, COMBINED, KINDS = "score", "combined", "kinds"
FILLS: Final = {
    SCORE: "Risk by what stands near",
    COMBINED: "Risk x recent harm",
    KINDS: "High risk, with and without recent harm",
}
"""What the cells may be filled by."""
PANES: Final = {"wall": (960, 680), "laptop": (640, 400)}
"""Width and height, in pixels, of the map on the screens it is fitted to."""
MOST_DRAWN: Final = 15_000
"""The most cells that a browser is sent, riskiest first."""
_ALPHA: Final = 0.88
_COLUMNS: Final = {SCORE: "risk_score", COMBINED: "risk_times_harm"}


def risk_deck(
    result: RiskResult, areas: pd.DataFrame, context: Context, *, fill: str, screen: str
) -> pdk.Deck:
    """Draw a risk terrain with the places of the list upon it.

    Parameters
    ----------
    result
        A risk terrain.
    areas
        The list's places: as `layers.areas.area_rows`.
    context
        The ground.
    fill
        One of :data:`FILLS`.
    screen
        ``wall`` or ``laptop``.
    """
    rows = area_rows(areas)
    layers = [area_under_layer(rows), *risk_layers(result, fill=fill)]
    layers += outline_layers(rows, selected=None)
    polygon = result.grid.study_area.polygon
    deck = cell_deck(layers, polygon, context, screen=screen)
    deck.initial_view_state = first_view(polygon, pane=PANES[screen])
    deck.layers[0] += circle_layers(rows, selected=None)
    return deck


def risk_layers(result: RiskResult, *, fill: str) -> list[pdk.Layer]:
    """Return the cells' layers; those of the lowest risk, or without a value, are left empty."""
    tip = _tip(result)
    cells = drawn_cells(result, fill=fill)
    if fill != KINDS:
        classes = risk_classes(result, fill=fill)
        placed = classes.of(cells[_COLUMNS[fill]].astype(float))
        fills = [palette.rgba(classes.fills[index], _ALPHA) for index in placed]
        return [filled_cells("risk", cells, fills, tip)]
    looks = (
        # (which, fill, small, its line)
        (HARM, palette.GREY_INK, True, palette.WHITE),
        (RISK, palette.VIOLENCE_STEPS[1], False, palette.INK),
        (BOTH, palette.VIOLENCE_STEPS[4], False, palette.WHITE),
    )
    layers = []
    for number_, (place, colour, small, line) in enumerate(looks):
        here = cells[cells["place"] == place]
        fills = [palette.rgba(colour, 0.55 if small else _ALPHA)] * len(here)
        if place == BOTH:
            layers.append(cell_dots("risk-both-dots", here, fills))
        layers.append(
            filled_cells(f"risk-{number_}", here, fills, tip, small=small, line=line, pixels=1.6)
        )
    return layers


def drawn_cells(result: RiskResult, *, fill: str) -> pd.DataFrame:
    """Return the cells that are drawn: those that have something to show, riskiest first."""
    cells = result.cells
    if fill == KINDS:
        kept = cells[cells["place"].isin([BOTH, RISK, HARM])]
    elif fill == COMBINED:
        kept = cells[cells["risk_times_harm"] > 0]
    else:
        kept = cells[cells["risk_score"] > cells["risk_score"].min()]
    by = _COLUMNS.get(fill, "risk_score")
    return kept.sort_values([by, "cell"], ascending=[False, True]).head(MOST_DRAWN)


def risk_classes(result: RiskResult, *, fill: str) -> palette.Classes:
    """Return the at most five ordered classes of a fill, from which map and legend are drawn."""
    values = result.cells[_COLUMNS[fill]].to_numpy(dtype=float)
    if fill == SCORE:
        # the lowest is left empty: a class of its own would colour the whole map
        values = values[values > np.nanmin(values)]
    return palette.class_breaks(values)


def risk_legend(result: RiskResult, *, fill: str, places: int) -> str:
    """Return the legend: every mark that is on the map, none that is not."""
    weighed = not result.cells["harm_days"].isna().all()
    parts = [f"<b>{escaped(_title(fill, weighed=weighed))}</b>"]
    if fill == KINDS:
        parts += _kind_keys(result, weighed=weighed)
    else:
        classes = risk_classes(result, fill=fill)
        parts.append(_scale(classes, times=fill == SCORE) if classes.lower else "")
        parts.append(f"<p>{escaped(_empty(fill, classes, weighed=weighed))}</p>")
    if places:
        parts.append(
            '<div class="hx-key"><span class="hx-mark hx-ring" aria-hidden="true">1</span>'
            "<span>place on the list, and its rank</span></div>"
        )
    every = len(drawn_cells(result, fill=fill))
    if every == MOST_DRAWN:
        parts.append(f"<p>The first {MOST_DRAWN:,} cells are drawn; the file has them all.</p>")
    return f'<div class="hx-legend" role="note" aria-label="Legend">{"".join(parts)}</div>'


def _title(fill: str, *, weighed: bool) -> str:
    if fill == SCORE:
        return "Risk score: times the least risky cell"
    if fill == COMBINED:
        return f"Risk x recent {'harm' if weighed else 'incidents'}"
    return "High risk, and what happened lately"


def _empty(fill: str, classes: palette.Classes, *, weighed: bool) -> str:
    if not classes.lower:
        return "No cell stands out."
    if fill == SCORE:
        return "Empty: none of the kinds of places is near. What stands there, not what happened."
    return f"Empty: no {'harm' if weighed else 'incident'} in the window, whatever the risk."


def _kind_keys(result: RiskResult, *, weighed: bool) -> list[str]:
    recent = "recent harm" if weighed else "recent incidents"
    share = f"{result.rules.map.high_share:.0%}"
    counts = result.cells["place"].value_counts()
    looks = (
        (BOTH, palette.VIOLENCE_STEPS[4], "", f"high risk and {recent}"),
        (RISK, palette.INK, palette.VIOLENCE_STEPS[1], f"high risk, no {recent}"),
        (HARM, palette.GREY_INK, "small", f"{recent}, risk not high"),
    )
    keys = []
    for place, colour, look, words in looks:
        inner = f'<span class="hx-inner" style="background:{look}"></span>' if "#" in look else ""
        small = " hx-small" if look == "small" else ""
        keys.append(
            f'<div class="hx-key"><span class="hx-mark hx-cell{small}" aria-hidden="true">'
            f'<i style="background:{colour}">{inner}</i></span>'
            f"<span><b>{int(counts.get(place, 0)):,}</b> {escaped(words)}</span></div>"
        )
    return [*keys, f"<p>High: the riskiest {share} of cells, fewer where the last of them tie.</p>"]


def _scale(classes: palette.Classes, *, times: bool) -> str:
    last = len(classes.lower) - 1
    steps = "".join(
        # no score drawn is 1: the lowest is left empty
        f'<span><i style="background:{fill}"></i>{"over " if times and lower == 1 else ""}'
        f"{'x' if times else ''}{short_number(lower)}"
        f"{'+' if index == last else ''}</span>"
        for index, (lower, fill) in enumerate(zip(classes.lower, classes.fills, strict=True))
    )
    return f'<div class="hx-scale">{steps}</div>'


def _tip(result: RiskResult) -> Any:  # noqa: ANN401 (a function of one row)
    cells = len(result.cells)

    def tip(row: Mapping[Hashable, Any]) -> str:
        harm = row["harm_days"]
        said = counted(int(row["incidents"]), "incident")
        if harm == harm:  # noqa: PLR0124 (harm that is not a number is unknown)
            said += f", {number(float(harm))} harm days"
        return (
            f"Risk x{number(float(row['risk_score']))}, {row['risk_rank']:,} of {cells:,}\n"
            f"{row['why']}\n{said} in the window"
        )

    return tip
