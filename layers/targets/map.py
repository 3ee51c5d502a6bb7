"""The map of a list: its places by status, those dropped, and cells that may be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely

from layers import palette
from layers.areas import area_rows, area_under_layer, circle_layers
from layers.charts.cell_maps import cell_deck
from layers.charts.cell_marks import filled_cells
from layers.deck import first_view
from layers.hexes import cell_words, violence_classes
from layers.palette import DISORDER_STEPS
from layers.targets.marks import (
    DROPPED,
    LOOKS,
    dropped_areas,
    dropped_layer,
    letter_layer,
    middle,
    outline_layer,
    status_of,
)
from layers.wording import escaped
from spatial.hexes.grid import merge_cells
from spatial.targets.kept.identity import KEPT
from spatial.targets.kept.previous import numbers_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    import pydeck as pdk

    from layers.context import Context
    from spatial.results import HotspotResult, TargetResult

CHOICE_LAYER: Final = "choice"
"""Of the cells that may be taken into a place."""
_PANES: Final = {"wall": (980, 740), "laptop": (610, 430)}
"""Width and height, in pixels, of the map on the screens it is fitted to."""
_EDGE: Final = 0.002
"""Degrees of ground round cells on offer: some 200 m."""
_ALPHA: Final = 0.8
_PICKED: Final = "#801650"


def target_deck(  # noqa: PLR0913 (what lies on one map)
    result: TargetResult,
    surface: HotspotResult,
    context: Context,
    *,
    earlier: pd.DataFrame,
    selected: str | None,
    screen: str,
    choice: pd.DataFrame | None = None,
) -> pdk.Deck:
    """Draw a list over what happened, with the places dropped since the one before.

    Parameters
    ----------
    result
        The list.
    surface
        Cells of the same profile and window.
    context
        The ground.
    earlier
        The list before: ``area_id, cells``; empty where there is none.
    selected
        Id of the chosen place.
    screen
        ``wall`` or ``laptop``.
    choice
        Cells that may be taken into a place by clicking: ``cell, words, taken``; None outside of
        changing the list.
    """
    rows = area_rows(result.areas)
    disorder = not result.profile.weighs_harm
    layers = [area_under_layer(rows), *_surface(surface.cells, disorder=disorder)]
    if choice is not None:
        layers += _choice(choice)
    gone = dropped_areas(result.dropped, earlier)
    layers += outline_layer("dropped", gone["geometry"], LOOKS[DROPPED], colour=palette.GREY_INK)
    statuses = [status_of(value) for value in result.areas["status"]]
    shapes = [
        (status, area_id == selected, shape)
        for status, area_id, shape in zip(
            statuses, result.areas["area_id"], result.areas["geometry"], strict=True
        )
    ]
    for status in dict.fromkeys(statuses):
        others = [shape for own, chosen, shape in shapes if own == status and not chosen]
        layers += outline_layer(
            f"list-{status or 'first'}", others, LOOKS[status or KEPT], colour=palette.INK
        )
    for status, chosen, shape in shapes:
        if chosen:
            look = LOOKS[status or KEPT]
            layers += outline_layer("selected", [shape], look, colour=palette.SELECTED)
    letters = [
        {"at": row["at"], "letter": LOOKS[status].letter if status else ""}
        for row, status in zip(rows, statuses, strict=True)
    ]
    marks = [
        {
            "at": middle(record["geometry"]),
            "letter": LOOKS[DROPPED].letter,
            "tip": f"Dropped: {record['name']}\nWas {record['previous_rank']}; {record['reason']}",
        }
        for record in gone.to_dict("records")
    ]
    polygon = result.study_area.polygon
    deck = cell_deck(layers, polygon, context, screen=screen)
    pane = _PANES[screen]
    if choice is not None and len(choice):
        # near enough to click on single cells; the same for as long as the same ones are offered
        polygon = shapely.box(
            *merge_cells(numbers_of(" ".join(choice["cell"]))).buffer(_EDGE).bounds
        )
    deck.initial_view_state = first_view(polygon, pane=pane)
    # above the names of streets, as the circles of the Tasking page
    deck.layers[0] += [
        *circle_layers(rows, selected=selected),
        dropped_layer(marks),
        letter_layer([*letters, *marks]),
    ]
    return deck


def target_legend(result: TargetResult, surface: HotspotResult, *, choosing: bool = False) -> str:
    """Return the legend of that map: every mark that is on it, none that is not."""
    classes = violence_classes(surface.cells)
    harm = result.profile.harm_words
    what = f"{harm[:1].upper()}{harm[1:]} per cell, days" if result.profile.weighs_harm else (
        "Incidents per cell"
    )  # fmt: skip
    steps = "".join(
        f'<span><i style="background:{fill}"></i>{lower:,.0f}</span>'
        for lower, fill in zip(classes.lower, classes.fills, strict=True)
    )
    parts = [f"<b>{escaped(what)}</b>", f'<div class="hx-scale">{steps}</div>']
    statuses = {status_of(value) for value in result.areas["status"]} - {""}
    if len(result.dropped):
        statuses.add(DROPPED)
    if not statuses:
        parts.append(_key("first", "1", "place and rank; there is no list before"))
    for status, look in LOOKS.items():
        if status in statuses:
            parts.append(_key(status, look.letter, look.words))
    if choosing:
        parts.append(_key("picked", "", "cell taken for the change: click on others to take them"))
    return f'<div class="hx-legend hx-list" role="note">{"".join(parts)}</div>'


def _surface(cells: pd.DataFrame, *, disorder: bool) -> list[pdk.Layer]:
    shown = cells[cells["incidents"] > 0]
    classes = violence_classes(cells)
    fills = classes.fills or palette.VIOLENCE_STEPS[:1]
    if disorder:
        fills = tuple(DISORDER_STEPS[palette.VIOLENCE_STEPS.index(fill)] for fill in fills)
    column = "incidents" if shown["harm_days"].isna().all() else "harm_days"
    placed = classes.of(shown[column].astype(float).fillna(0.0))
    colours = [palette.rgba(fills[index], _ALPHA) for index in placed]
    return [filled_cells("list-cells", shown, colours, cell_words, small=True)]


def _choice(choice: pd.DataFrame) -> list[pdk.Layer]:
    def tip(row: Mapping[Hashable, Any]) -> str:
        return f"{'Taken' if row['taken'] else 'Click to take'}: {row['words']}"

    fills = [
        palette.rgba(_PICKED, 0.62) if taken else [255, 255, 255, 90] for taken in choice["taken"]
    ]
    return [filled_cells(CHOICE_LAYER, choice, fills, tip, line=palette.SELECTED, pixels=1.6)]


def _key(kind: str, mark: str, words: str) -> str:
    return (
        f'<div class="hx-key"><span class="hx-mark hx-status hx-{escaped(kind)}" '
        f'aria-hidden="true">{escaped(mark)}</span><span>{escaped(words)}</span></div>'
    )
