"""Near repeats as a heat table: distance down, days across, times chance in each cell."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from layers.palette import DISORDER_STEPS, VIOLENCE_STEPS, WHITE, lightness
from layers.wording import escaped, number

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

# times chance at which the shades part
BOUNDS: Final = (1.0, 1.25, 1.5, 2.0)
SURE_AT: Final = 0.05
_DARK: Final = 0.18


def near_repeat_html(table: pd.DataFrame, *, disorder: bool = False) -> str:
    """Return pairs of incidents against chance as an HTML table.

    Parameters
    ----------
    table
        ``distance, time, observed, expected, ratio, p_adjusted``, a row for every band of each, in
        order.
    disorder
        Whether these are antisocial behaviour, which has its own hue.

    Notes
    -----
    Cells whose p, corrected over all of them, is at most 0.05 are outlined and bold: the shade
    alone may be chance.
    """
    steps = DISORDER_STEPS if disorder else VIOLENCE_STEPS
    times = list(dict.fromkeys(table["time"]))
    by_band = {(row["distance"], row["time"]): row for row in table.to_dict("records")}
    head = "".join(f'<th scope="col">{escaped(time)}</th>' for time in times)
    body = "".join(
        f'<tr><th scope="row">{escaped(distance)}</th>'
        + "".join(_cell(by_band[distance, time], steps) for time in times)
        + "</tr>"
        for distance in dict.fromkeys(table["distance"])
    )
    words = (
        f"under {BOUNDS[0]:g}",
        *(f"{low:g} to {high:g}" for low, high in pairwise(BOUNDS)),
        f"{BOUNDS[-1]:g} and more",
    )
    key = "".join(
        f'<span><i style="background:{fill}"></i>{said}</span>'
        for fill, said in zip(steps, words, strict=True)
    )
    return (
        '<div class="hx-heat hx-knox"><table><thead><tr><td></td>'
        f"{head}</tr></thead><tbody>{body}</tbody></table>"
        f'<p class="hx-heat-key">Times chance: {key}'
        '<span><i class="hx-fallen"></i>more than chance at 95%, corrected over all bands</span>'
        "</p></div>"
    )


def _cell(row: Mapping[Hashable, Any], steps: tuple[str, ...]) -> str:
    ratio = row["ratio"]
    known = ratio == ratio  # noqa: PLR0124 (null where chance has no pair)
    fill = steps[sum(ratio >= bound for bound in BOUNDS)] if known else WHITE
    ink = WHITE if lightness(fill) < _DARK else "inherit"
    css = ' class="hx-fallen"' if row["p_adjusted"] <= SURE_AT else ""
    times = f"{ratio:.2f}\N{MULTIPLICATION SIGN}" if known else "\N{EN DASH}"
    said = f"{row['observed']:,} pairs, chance {number(float(row['expected']))}"
    return (
        f'<td{css} style="background:{fill};color:{ink}" title="{escaped(said)}">'
        f"<b>{times}</b><small>{escaped(said)}</small></td>"
    )
