"""One place in full: why, when with its small week, change, cautions, what was done there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from config.shifts import clock, day_starts
from layers.listing import list_rows
from layers.palette import DISORDER_STEPS, VIOLENCE_STEPS
from layers.targets.change_words import change_words
from layers.targets.marks import LOOKS, status_of
from layers.wording import escaped, number, percent
from spatial.targets.when.window_tables import week_grid

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from spatial.targets.when.windows import PlaceTimes

_BOUNDS: Final = (0.5, 1.0, 1.5, 2.5)
_LABELLED: Final = 3


def place_html(
    record: Mapping[Hashable, Any],
    *,
    times: PlaceTimes | None,
    delivered: str = "",
    disorder: bool = False,
) -> str:
    """Return one row of a list as a page's worth of words.

    Parameters
    ----------
    record
        Of ``TargetResult.areas``.
    times
        When it is at its worst; None where that was not worked out.
    delivered
        What was done there in the last period.
    disorder
        Whether it is of antisocial behaviour, which has its own hue.
    """
    (row,) = list_rows(pd.DataFrame([dict(record)]))
    status = status_of(record.get("status"))
    said = [f'<p class="hx-sentence">{escaped(row["why"])}</p>']
    removal = _text(record, "removal")
    facts = [
        ("When", _text(record, "peak_windows")),
        ("Change", change_words(record)),
        ("Read with care", _text(record, "cautions")),
        ("To look at", removal),
        ("Last period", delivered),
        ("On the list", LOOKS[status].words if status else ""),
        ("By hand", _text(record, "changed")),
        ("Share of harm", f"{row['harm']}, {row['incidents']} incidents"),
    ]
    named = {label for label, _ in facts}
    facts += [(label, value) for label, value in row["details"] if label not in named]
    pairs = "".join(
        f"<dt>{escaped(label)}</dt><dd>{escaped(value)}</dd>" for label, value in facts if value
    )
    said.append(f'<dl class="hx-facts">{pairs}</dl>')
    if times is not None:
        said.append(small_week_html(times, disorder=disorder))
    return "".join(said)


def small_week_html(times: PlaceTimes, *, disorder: bool = False) -> str:
    """Return a place's week by policing day and hour as shades; a sentence where it is too small.

    Notes
    -----
    A shade says how full an hour is beside an even week; the words of each cell say the same. No
    grid is drawn of so few incidents that a single one could be told.
    """
    grid = week_grid(times, day_starts=day_starts())
    if grid is None:
        return (
            '<p class="hx-words">Too few of its incidents are known to the hour for a grid of the '
            "week.</p>"
        )
    steps = DISORDER_STEPS if disorder else VIOLENCE_STEPS
    even = float(grid.to_numpy().sum()) / grid.size
    head = "".join(
        f"<th>{hour[:2]}</th>"
        if at % _LABELLED == 0
        # no room for each hour: heard, not seen
        else f'<th><i class="hx-heard">{hour[:2]}</i></th>'
        for at, hour in enumerate(grid.columns)
    )
    body = ""
    for day, values in grid.iterrows():
        cells = ""
        for hour, value in values.items():
            times_even = float(value) / even if even else 0.0
            fill = steps[sum(times_even >= bound for bound in _BOUNDS)]
            words = f"{day} {hour}: {number(float(value))} incidents, {times_even:.1f} times even"
            cells += f'<td style="background:{fill}" title="{escaped(words)}"></td>'
        body += f'<tr><th scope="row">{escaped(day)}</th>{cells}</tr>'
    key = "".join(
        f'<span><i style="background:{fill}"></i>{words}</span>'
        for fill, words in zip(
            steps,
            (f"under {percent(_BOUNDS[0])}", "to even", "to 1.5 times", "to 2.5 times", "more"),
            strict=True,
        )
    )
    return (
        f'<div class="hx-heat hx-small-week"><table><thead><tr><td></td>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table><p class="hx-heat-key">Policing days from '
        f"{clock(day_starts())}; beside an even week: {key}</p></div>"
    )


def _text(record: Mapping[Hashable, Any], column: str) -> str:
    value = record.get(column)
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 (not a number)
