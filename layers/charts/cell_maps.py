"""Maps of cells for the analyst: Gi* classes, both surfaces at once, and patterns over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers import palette, wording
from layers.charts.cell_marks import cell_dots, filled_cells, hollow_cells, thinning_hatch
from layers.context import Context, border_layer, ground_layers, label_layers
from layers.deck import CompactDeck, first_view
from layers.disorder import disorder_layers
from layers.hexes import cell_words
from layers.two_way import FILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    import pandas as pd
    import pydeck as pdk
    from shapely.geometry.base import BaseGeometry

PANES: Final = {"wall": (1010, 620), "laptop": (640, 400)}
"""Width and height, in pixels, of the map on the screens it is fitted to."""

SURFACE_STEPS: Final = {"hot 99": 4, "hot 95": 3, "hot 90": 1}
"""Which of a family's five fills stands for which class."""
COLD_PIXELS: Final = {"cold 99": 3.0, "cold 95": 2.0, "cold 90": 1.0}
HOT_READINGS: Final = ("violence only", "both")
DISORDER_READINGS: Final = ("disorder only", "both")
GROUPS: Final = ("long-standing", "emerging", "on-and-off", "former")
OUTLINED: Final = frozenset({"emerging", "former"})
"""Groups that are drawn with an outline of ink, so that grey tones tell them apart."""
LEGEND_PX: Final = {"wall": 320, "laptop": 258}
"""How wide the legend is: the study area is fitted beside it."""
_ALPHA: Final = 0.9


def family_steps(*, disorder: bool) -> tuple[str, ...]:
    """Return the five fills of serious violence or of antisocial behaviour, lightest first."""
    return palette.DISORDER_STEPS if disorder else palette.VIOLENCE_STEPS


def group_fills(*, disorder: bool) -> dict[str, str]:
    """Return the fill of each plain group over time: its family's hue, and yellow for the new."""
    steps = family_steps(disorder=disorder)
    return dict(zip(GROUPS, (steps[4], palette.EMERGING, steps[2], palette.WHITE), strict=True))


def surface_layers(cells: pd.DataFrame, *, disorder: bool = False) -> list[pdk.Layer]:
    """Return the layers of a surface's classes: hot filled, cold hollow, others small.

    Parameters
    ----------
    cells
        ``cell, incidents, harm_days, z, p_adjusted, class``.
    disorder
        Whether it is a surface of antisocial behaviour, which has its own hue.
    """
    steps = family_steps(disorder=disorder)
    tip = _surface_tip(disorder=disorder)
    hot = cells[cells["class"].isin(SURFACE_STEPS)]
    quiet = cells[(cells["class"] == "none") & (cells["incidents"] > 0)]
    fills = [palette.rgba(steps[SURFACE_STEPS[name]], _ALPHA) for name in hot["class"]]
    return [
        filled_cells(
            "surface-none", quiet, [palette.rgba(steps[1], 0.75)] * len(quiet), tip, small=True
        ),
        cell_dots("surface-hot-dots", hot, fills),
        filled_cells("surface-hot", hot, fills, tip),
        *(
            hollow_cells(
                f"surface-{name.replace(' ', '-')}", cells[cells["class"] == name], tip, pixels
            )
            for name, pixels in COLD_PIXELS.items()
        ),
    ]


def z_layers(
    cells: pd.DataFrame, classes: palette.Classes, *, disorder: bool = False
) -> list[pdk.Layer]:
    """Return the layers of a surface's z: above the mean in classes, below it small and grey.

    Parameters
    ----------
    cells
        As for :func:`surface_layers`.
    classes
        Of the positive z: :func:`z_classes`.
    disorder
        Whether it is a surface of antisocial behaviour.
    """
    tip = _surface_tip(disorder=disorder)
    above, below = cells[cells["z"] > 0], cells[cells["z"] <= 0]
    fills = [palette.rgba(classes.fills[at], _ALPHA) for at in classes.of(above["z"])]
    return [
        filled_cells(
            "z-below", below, [palette.rgba(palette.BEAT, 0.45)] * len(below), tip, small=True
        ),
        filled_cells("z-above", above, fills, tip),
    ]


def z_classes(cells: pd.DataFrame, *, disorder: bool = False) -> palette.Classes:
    """Cut positive z into at most five ordered classes, in the family's hue."""
    found = palette.class_breaks(cells["z"].to_numpy())
    steps = family_steps(disorder=disorder)
    fills = tuple(steps[palette.VIOLENCE_STEPS.index(fill)] for fill in found.fills)
    return palette.Classes(lower=found.lower, fills=fills)


def two_way_layers(cells: pd.DataFrame) -> list[pdk.Layer]:
    """Return the layers of the two-way reading: violence as a fill, disorder as a hatch upon it.

    Parameters
    ----------
    cells
        ``cell, reading, violence, disorder``: the last two are incidents.
    """
    violent = cells[cells["reading"].isin(HOT_READINGS)]
    neither = cells[(cells["reading"] == "neither") & (cells["violence"] > 0)]
    disorderly = cells[cells["reading"].isin(DISORDER_READINGS)]
    marked = disorderly[["cell"]].assign(**{"class": "hot 95"})
    fills = [palette.rgba(FILLS[reading], _ALPHA) for reading in violent["reading"]]
    pale = palette.rgba(palette.VIOLENCE_STEPS[1], 0.7)
    return [
        filled_cells("two-way-neither", neither, [pale] * len(neither), _two_way_tip, small=True),
        # nothing to see, but something to point at under the hatch
        filled_cells(
            "two-way-disorder",
            disorderly[disorderly["reading"] == "disorder only"],
            [[255, 255, 255, 1]] * int((disorderly["reading"] == "disorder only").sum()),
            _two_way_tip,
        ),
        cell_dots("two-way-disorder-rings", disorderly, None),
        cell_dots("two-way-violence-dots", violent, fills),
        filled_cells("two-way-violence", violent, fills, _two_way_tip),
        *thinning_hatch(disorder_layers(marked), marked),
    ]


def emerging_layers(cells: pd.DataFrame, *, disorder: bool = False) -> list[pdk.Layer]:
    """Return the layers of the four plain groups of hot cells; cold patterns are in the table.

    Parameters
    ----------
    cells
        ``cell, category, group, incidents, hot_periods, cold_periods``.
    disorder
        Whether they are hot for antisocial behaviour, which has its own hue.
    """
    hot = cells[cells["category"].str.endswith("hot spot")]
    layers = []
    for group, fill in group_fills(disorder=disorder).items():
        here = hot[hot["group"] == group]
        outlined = group in OUTLINED
        layers += [
            cell_dots(
                f"emerging-{group}-dots",
                here,
                [palette.rgba(fill, 0.9)] * len(here),
                line=palette.INK if outlined else None,
            ),
            filled_cells(
                f"emerging-{group}",
                here,
                [palette.rgba(fill, 0.35 if group == "former" else _ALPHA)] * len(here),
                _emerging_tip,
                line=palette.INK if outlined else palette.WHITE,
                pixels=2.2 if outlined else 1,
            ),
        ]
    return layers


def cell_deck(
    layers: Sequence[pdk.Layer], polygon: BaseGeometry, context: Context, *, screen: str
) -> pdk.Deck:
    """Put layers of cells between the ground and its names, with the camera on the study area.

    Parameters
    ----------
    layers
        Of one of the functions here.
    polygon
        The study area, degrees, WGS84.
    context
        The ground; no basemap is asked for.
    screen
        A key of :data:`PANES`.
    """
    drawn = [
        *ground_layers(context),
        border_layer(polygon),
        *layers,
        *label_layers(context),
    ]
    return CompactDeck(
        # nested, so that Streamlit leaves every layer as it is: see layers.deck
        layers=[drawn],
        initial_view_state=_view(polygon, screen),
        map_provider=None,
        tooltip={"text": "{tip}"},
    )


def _view(polygon: BaseGeometry, screen: str) -> pdk.ViewState:
    """Return the camera that fits a study area beside the legend."""
    (width, height), legend = PANES[screen], LEGEND_PX[screen]
    view = first_view(polygon, pane=(width - legend, height))
    # a whole force may need to be seen from further off than a town
    view.min_zoom = min(view.min_zoom, view.zoom - 1)
    view.longitude = round(view.longitude - legend / 2 * 360 / (512 * 2**view.zoom), 6)
    return view


def _surface_tip(*, disorder: bool) -> Callable[[Mapping[Hashable, Any]], str]:
    def tip(row: Mapping[Hashable, Any]) -> str:
        said = (
            f"{wording.counted(int(row['incidents']), 'incident')}\n"
            f"{wording.CLASS_WORDS.get(str(row['class']), str(row['class']))}"
            if disorder
            else cell_words(row)
        )
        return f"{said}\nz {row['z']:.2f}, corrected p {row['p_adjusted']:.2g}"

    return tip


def _two_way_tip(row: Mapping[Hashable, Any]) -> str:
    said = str(row["reading"])
    return (
        f"{said[:1].upper()}{said[1:]}\n"
        f"Serious violence: {wording.counted(int(row['violence']), 'incident')}\n"
        f"Antisocial behaviour: {wording.counted(int(row['disorder']), 'incident')}"
    )


def _emerging_tip(row: Mapping[Hashable, Any]) -> str:
    said = str(row["group"])
    return (
        f"{said[:1].upper()}{said[1:]}: {row['category']}\n"
        f"{wording.counted(int(row['incidents']), 'incident')} in the window\n"
        f"Hot in {wording.counted(int(row['hot_periods']), 'period')}"
    )
