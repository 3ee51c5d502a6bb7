"""The week by policing day: a heat table of 7 by 24 whose numbers and shades say the same."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from layers.palette import DISORDER_STEPS, VIOLENCE_STEPS, WHITE, lightness
from layers.wording import escaped, number, percent

if TYPE_CHECKING:
    import pandas as pd

# times an even spread's share at which the shades part
BOUNDS: Final = (0.5, 1.0, 1.5, 2.0)
_DARK: Final = 0.18


def week_html(hours: pd.DataFrame, *, disorder: bool = False) -> str:
    """Return the hours of the week as an HTML table: days down, hours across from the day's start.

    Parameters
    ----------
    hours
        168 rows ``day, hour, incidents, share, times_even`` by policing day: ``day`` is the day on
        which it begins, ``hour`` the clock's.
    disorder
        Whether these are antisocial behaviour, which has its own hue.

    Notes
    -----
    The number in a cell is incidents of the whole window, in parts where one lasted longer than an
    hour. The hours after midnight stand in the row of the evening that they belong to.
    """
    steps = DISORDER_STEPS if disorder else VIOLENCE_STEPS
    order = list(dict.fromkeys(hours["hour"]))
    head = "".join(
        f'<th{_midnight(hour, order)} scope="col">{int(hour):02d}</th>' for hour in order
    )
    body = ""
    for day, row in hours.groupby("day", sort=False):
        cells = ""
        for record in row.to_dict("records"):
            fill = steps[sum(record["times_even"] >= bound for bound in BOUNDS)]
            ink = WHITE if lightness(fill) < _DARK else "inherit"
            said = (
                f"{day}, {int(record['hour']):02d}:00 to {int(record['hour']):02d}:59: "
                f"{number(record['incidents'])} incidents, {percent(record['share'])} of the week, "
                f"{record['times_even']:.1f} times an even spread"
            )
            cells += (
                f'<td{_midnight(record["hour"], order)} style="background:{fill};color:{ink}" '
                f'title="{escaped(said)}">{_short(record["incidents"])}</td>'
            )
        cells += f'<td class="hx-none hx-total">{number(float(row["incidents"].sum()))}</td>'
        body += f'<tr><th scope="row">{escaped(day)}</th>{cells}</tr>'
    return (
        f'<div class="hx-heat hx-week"><table><thead><tr><td></td>{head}<th>All</th></tr></thead>'
        f"<tbody>{body}</tbody></table>{_key(steps)}</div>"
    )


def _midnight(hour: float, order: list[int]) -> str:
    # a line where the calendar's day changes
    return ' class="hx-midnight"' if hour == 0 and order[0] != 0 else ""


def _short(incidents: float) -> str:
    return f"{incidents:.0f}" if incidents >= 9.5 else f"{incidents:.1f}"  # noqa: PLR2004 (one decimal below ten)


def _key(steps: tuple[str, ...]) -> str:
    words = (
        f"under {BOUNDS[0]:g}",
        *(f"{low:g} to {high:g}" for low, high in pairwise(BOUNDS)),
        f"{BOUNDS[-1]:g} and more",
    )
    swatches = "".join(
        f'<span><i style="background:{fill}"></i>{said}</span>'
        for fill, said in zip(steps, words, strict=True)
    )
    return (
        '<p class="hx-heat-key">Numbers: incidents. Shade, times an even spread over the week: '
        f"{swatches}<span>Hours right of the thick line are after midnight.</span></p>"
    )
