"""What would change if: which cells and places score otherwise, in words and on a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import h3
import numpy as np
import pydeck as pdk
import shapely

from layers import palette
from layers.areas import area_rows, circle_layers, outline_layers
from layers.charts.cell_maps import cell_deck
from layers.charts.cell_marks import filled_cells
from layers.deck import first_view
from layers.risk.map import PANES
from layers.risk.places import cell_position, position_words, positions_of
from layers.wording import counted, number

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from config.risk_terrain import RiskRules
    from layers.context import Context
    from spatial.risk_results import RiskResult
    from spatial.risk_terrain.what_if import WhatIf

ASSOCIATION: Final = (
    "Association, not cause: the score says what has stood where incidents happened. Adding a "
    "place, or taking one away, may well not change the harm as the score changes."
)
_ALPHA: Final = 0.9
# some hundred metres
_AROUND_DEGREES: Final = 0.006


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """One place more, or one fewer.

    Attributes
    ----------
    kind
        Of factor.
    longitude, latitude
        Where, degrees.
    removed
        Its number in `spatial.risk_changes.feature_table`; None for a place that is added.
    name
        Of one that is taken away; may be empty.
    """

    kind: str
    longitude: float
    latitude: float
    removed: int | None = None
    name: str = ""


def feature_names(features: pd.DataFrame) -> list[str]:
    """Return what each feature is called, in order: its name, and where it is.

    Parameters
    ----------
    features
        Of `spatial.risk_changes.feature_table`.
    """
    return [
        f"{row['name'] or 'No name'}, {position_words(row['longitude'], row['latitude'])}"
        for row in features.to_dict("records")
    ]


def change_words(rules: RiskRules, change: PlaceChange) -> str:
    """Say one change: ``Without a pub: The Anchor, TG 2711 7142``."""
    one = rules.words_of(change.kind)[0]
    where = position_words(change.longitude, change.latitude)
    if change.removed is None:
        return f"With {one} more at {where}"
    return f"Without {one}: {change.name or 'no name'}, {where}"


def what_if_sentence(result: RiskResult, found: WhatIf) -> str:
    """Say in one sentence how many cells score otherwise, and by how much at most."""
    if not len(found.changed):
        return (
            "No cell's score changes: what counts of this kind is as near as before everywhere, or "
            "it lies too far from every cell."
        )
    ratio = found.after[found.changed] / found.before[found.changed]
    size = _of_all(len(found.changed), len(result.grid))
    parts = []
    if (ratio > 1).any():
        parts.append(f"{counted(int((ratio > 1).sum()), 'cell')} up, to x{ratio.max():.2f} at most")
    if (ratio < 1).any():
        parts.append(
            f"{counted(int((ratio < 1).sum()), 'cell')} down, to x{ratio.min():.2f} at least"
        )
    return f"{size} score otherwise: {'; '.join(parts)} of what they were"


def _of_all(changed: int, cells: int) -> str:
    """Return how many of all cells."""
    return f"{changed:,} of {cells:,} cells"


def changed_rows(
    result: RiskResult, changed: pd.DataFrame, *, most: int
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the head and rows of the cells that change most, the largest change first.

    Parameters
    ----------
    changed
        Of `spatial.risk_changes.what_would_change`.
    most
        How many.
    """
    incidents = dict(zip(result.cells["cell"], result.cells["incidents"], strict=True))
    rows: list[tuple[str, ...]] = [
        (
            cell_position(str(row["cell"])),
            f"x{number(float(row['before']))}",
            f"x{number(float(row['after']))}",
            counted(int(incidents[row["cell"]]), "incident"),
        )
        for row in changed.head(most).to_dict("records")
    ]
    return ("Cell at", "Score now", "Score then", "In the window"), rows


def place_rows(
    result: RiskResult, found: WhatIf, areas: pd.DataFrame
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the head and rows of the list's places whose riskiest cell would score otherwise."""
    rows: list[tuple[str, ...]] = []
    for area in areas.to_dict("records"):
        cells = positions_of(result, str(area["cells"]).split())
        if not np.isin(cells, found.changed).any():
            continue
        before, after = float(found.before[cells].max()), float(found.after[cells].max())
        rows.append(
            (str(area["rank"]), str(area["name"]), f"x{number(before)}", f"x{number(after)}")
        )
    return ("Rank", "Place", "Score now", "Score then"), rows


def what_if_deck(  # noqa: PLR0913 (the parts of one map)
    result: RiskResult, found: WhatIf, changes: tuple[PlaceChange, ...], areas: pd.DataFrame,
    context: Context, *, screen: str,
) -> pdk.Deck:  # fmt: skip
    """Draw the cells that would score otherwise, with what was added or taken away."""
    ratio = found.after[found.changed] / found.before[found.changed]
    cells = result.cells.iloc[found.changed].assign(
        before=found.before[found.changed], after=found.after[found.changed]
    )
    rows = area_rows(areas)
    up, down = cells[ratio > 1], cells[ratio < 1]
    layers = [
        filled_cells(
            "what-if-up", up, [palette.rgba(palette.VIOLENCE_STEPS[4], _ALPHA)] * len(up), _tip
        ),
        filled_cells(
            "what-if-down", down, [palette.rgba(palette.VIOLENCE_STEPS[0], _ALPHA)] * len(down),
            _tip, line=palette.INK, pixels=1.6,
        ),
        *outline_layers(rows, selected=None),
    ]  # fmt: skip
    deck = cell_deck(layers, result.grid.study_area.polygon, context, screen=screen)
    deck.initial_view_state = first_view(_ground_of(cells, changes), pane=PANES[screen])
    deck.layers[0] += [*circle_layers(rows, selected=None), _marks(result.rules, changes)]
    return deck


def what_if_legend(found: WhatIf) -> str:
    """Return the legend of that map."""
    ratio = found.after[found.changed] / found.before[found.changed]
    parts = ["<b>Cells whose score would change</b>"]
    looks = (
        ((ratio > 1).any(), palette.VIOLENCE_STEPS[4], "", "higher"),
        ((ratio < 1).any(), palette.INK, palette.VIOLENCE_STEPS[0], "lower"),
    )
    for there, colour, inner, words in looks:
        if there:
            within = f'<span class="hx-inner" style="background:{inner}"></span>' if inner else ""
            parts.append(
                '<div class="hx-key"><span class="hx-mark hx-cell" aria-hidden="true">'
                f'<i style="background:{colour}">{within}</i></span><span>{words}</span></div>'
            )
    parts.append("<p>+ added, x taken away. Association, not cause.</p>")
    return f'<div class="hx-legend" role="note" aria-label="Legend">{"".join(parts)}</div>'


def _ground_of(cells: pd.DataFrame, changes: tuple[PlaceChange, ...]) -> BaseGeometry:
    """Return what to look at: the cells and places that change, with their surroundings."""
    spots = [(change.longitude, change.latitude) for change in changes]
    spots += [h3.cell_to_latlng(cell)[::-1] for cell in cells["cell"]]
    return shapely.MultiPoint(spots).buffer(_AROUND_DEGREES)


def _marks(rules: RiskRules, changes: tuple[PlaceChange, ...]) -> pdk.Layer:
    marks = [
        {
            "at": [round(change.longitude, 6), round(change.latitude, 6)],
            "mark": "+" if change.removed is None else "x",
            "tip": change_words(rules, change),
        }
        for change in changes
    ]
    return pdk.Layer(
        "TextLayer",
        marks,
        id="what-if-marks",
        get_position="at",
        get_text="mark",
        get_size=20,
        get_color=palette.rgba(palette.SELECTED),
        background=True,
        get_background_color=palette.rgba(palette.WHITE, 0.92),
        get_border_color=palette.rgba(palette.SELECTED),
        get_border_width=2,
        background_padding=[5, 1, 5, 1],
        font_family=pdk.types.String("Source Sans, Helvetica, Arial, sans-serif"),
        font_weight=700,
        character_set=pdk.types.String("+x"),
        pickable=True,
    )


def _tip(row: Mapping[Hashable, Any]) -> str:
    return (
        f"Score x{number(float(row['before']))} now, x{number(float(row['after']))} then\n"
        f"{counted(int(row['incidents']), 'incident')} in the window"
    )
