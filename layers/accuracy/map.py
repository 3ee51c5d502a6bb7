"""The map of certainty: places certainly on the list, those that might be, and near misses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers import palette
from layers.accuracy.rows import place_name
from layers.accuracy.words import STANDING_WORDS
from layers.charts.cell_maps import cell_deck, family_steps
from layers.charts.cell_marks import cell_dots, filled_cells, hollow_cells
from layers.wording import chance, counted, escaped
from spatial.accuracy.certainty import CERTAIN, MIGHT_BE, NEAR_MISS

if TYPE_CHECKING:
    import pandas as pd
    import pydeck as pdk

    from layers.context import Context
    from spatial.backtest_results import BacktestResult

_HOLLOW_PX: Final = 2.2
_KEYS: Final = {
    CERTAIN: "certain: a chance of 90% or more to be among the first",
    MIGHT_BE: "might be: on the list, less sure",
    NEAR_MISS: "near miss: off the list, with a chance of 10% or more",
}


def certainty_deck(
    result: BacktestResult,
    places: pd.DataFrame,
    context: Context,
    *,
    screen: str,
    disorder: bool = False,
) -> pdk.Deck:
    """Draw the places of a list made now by how sure they are.

    Parameters
    ----------
    result
        A backtest.
    places
        Of one resolution: rows of its ``certain_places``.
    context
        The ground.
    screen
        ``wall`` or ``laptop``.
    disorder
        Whether they are of antisocial behaviour, which has a colour of its own.
    """
    steps = family_steps(disorder=disorder)
    layers = []
    looks = {
        MIGHT_BE: (steps[1], palette.INK),
        CERTAIN: (steps[4], palette.WHITE),
    }
    missed = places[places["standing"] == NEAR_MISS]
    if len(missed):
        layers += [
            cell_dots(
                "near-miss-dots",
                missed,
                [palette.rgba(palette.WHITE)] * len(missed),
                line=palette.GREY_INK,
            ),
            hollow_cells("near-misses", missed, _tip, _HOLLOW_PX),
        ]
    for standing, (fill, line) in looks.items():
        here = places[places["standing"] == standing]
        if here.empty:
            continue
        fills = [palette.rgba(fill, 0.9)] * len(here)
        layers += [
            # of a whole force a cell is a pixel
            cell_dots(f"{standing}-dots", here, fills, line=line),
            filled_cells(standing, here, fills, _tip, line=line, pixels=1.6),
        ]
    return cell_deck(layers, result.study_area.polygon, context, screen=screen)


def certainty_legend(places: pd.DataFrame, *, disorder: bool = False) -> str:
    """Return the legend, with the number of places of each standing."""
    steps = family_steps(disorder=disorder)
    number = places["standing"].value_counts()
    styles = {
        CERTAIN: f"background:{steps[4]}",
        MIGHT_BE: f"background:{palette.INK}",
        NEAR_MISS: f"background:{palette.GREY_INK}",
    }
    inner = {CERTAIN: steps[4], MIGHT_BE: steps[1], NEAR_MISS: palette.WHITE}
    keys = [
        (
            '<div class="hx-key"><span class="hx-mark hx-cell" aria-hidden="true">'
            f'<i style="{styles[standing]}">'
            f'<span class="hx-inner" style="background:{inner[standing]}"></span></i></span>'
            f"<span><b>{int(number.get(standing, 0))}</b> {escaped(words)}</span></div>"
        )
        for standing, words in _KEYS.items()
    ]
    listed = len(places) - int(number.get(NEAR_MISS, 0))
    return (
        '<div class="hx-legend" role="note" aria-label="Legend">'
        f"<b>The list made now: {counted(listed, 'cell')}</b>{''.join(keys)}</div>"
    )


def _tip(row: Any) -> str:  # noqa: ANN401 (one row as a mapping)
    words = STANDING_WORDS[str(row["standing"])]
    return (
        f"{int(row['rank'])}. {place_name(row)}\n{words[:1].upper()}{words[1:]}: "
        f"{chance(float(row['chance']))} chance to be among the first"
    )
