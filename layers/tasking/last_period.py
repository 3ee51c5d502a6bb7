"""The last period on the map: which places are new, kept and moved, and where others lay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers import palette
from layers.areas import area_rows
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

if TYPE_CHECKING:
    import pydeck as pdk

    from spatial.results import TargetResult
    from spatial.targets.kept.previous import PreviousList

_DASHED: Final = LOOKS[DROPPED]


def last_period_layers(targets: TargetResult, previous: PreviousList) -> list[pdk.Layer]:
    """Return the outlines of dropped places, dashed, as they lay, and a letter beside each place.

    Parameters
    ----------
    targets
        The list, compared with ``previous``.
    previous
        The list of the last period.
    """
    gone = dropped_areas(targets.dropped, previous.listed)
    marks: list[dict[str, Any]] = [
        {
            "at": middle(record["geometry"]),
            "letter": _DASHED.letter,
            "tip": f"Dropped: {record['name']}\nWas {record['previous_rank']}; {record['reason']}",
        }
        for record in gone.to_dict("records")
    ]
    letters = [
        {"at": row["at"], "letter": LOOKS[status].letter if status else ""}
        for row, status in zip(
            area_rows(targets.areas), map(status_of, targets.areas["status"]), strict=True
        )
    ]
    return [
        *outline_layer("dropped", gone["geometry"], _DASHED, colour=palette.GREY_INK),
        dropped_layer(marks),
        letter_layer([*letters, *marks]),
    ]


def last_period_legend(targets: TargetResult) -> str:
    """Return the legend's entries of what the last period adds to the map, as HTML."""
    statuses = {status_of(value) for value in targets.areas["status"]} - {""}
    if len(targets.dropped):
        statuses.add(DROPPED)
    return "".join(
        f'<div class="hx-key"><span class="hx-mark hx-status hx-{status}" aria-hidden="true">'
        f"{escaped(look.letter)}</span><span>{escaped(look.words)}</span></div>"
        for status, look in LOOKS.items()
        if status in statuses
    )
