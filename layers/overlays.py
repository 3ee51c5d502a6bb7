"""Overlays: anniversaries, events and tension as lettered shapes, and what they say of an area.

They lie beside patrol areas: nothing here reads or changes a rank.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pydeck as pdk
import shapely

from config.register import load_register_rules
from layers import palette
from spatial.projection import metric_system_at
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from register.due import Due
    from register.tension import Tension

Row = dict[str, Any]
Letter = Literal["A", "E", "T"]

WORDS: Final = {"A": "anniversary", "E": "event", "T": "tension"}
NEAR_M: Final = 250
"""Metres from an area within which an overlay is said of it, unless its own radius is larger."""

_MOST_SAID: Final = 4
# in one line, so that a row of fixtures does not push tension out of it
_FIRST_SAID: Final = "ATE"
_DECIMALS: Final = 6
_WEEK: Final = 7
# half the width of a shape on the ground, metres, and the least of it on the first view, pixels
_HALF_M: Final = 70.0
_HALF_PX: Final = 10.0
_OUTLINES_PX: Final = (1.5, 4.5)
# how far apart shapes of one place stand, and how far above it, in half widths
_ASIDE: Final = 2.4
_ABOVE: Final = 1.9
_MOST_TIPS: Final = 4
# corners about the middle, in half widths
_SHAPES: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "A": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "E": ((-1.15, -0.8), (1.15, -0.8), (0.0, 1.25)),
    "T": ((-0.95, 0.9), (-0.95, -0.25), (0.0, -1.2), (0.95, -0.25), (0.95, 0.9)),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One overlay as the map and the list say it.

    Attributes
    ----------
    letter
        A anniversary, E event, T tension.
    item
        Id of the record: an event may be due on several days.
    point
        Longitude and latitude in degrees (WGS84).
    radius_m
        Metres round it; 0 where it stands for a whole beat.
    beat
        The beat's polygon in degrees where it stands for a whole beat, else None.
    words
        What the list says of it, without the distance.
    tip
        What the map says of it: plain text.
    weight
        The outline, 0 (least) to 1 (most): of tension its level.
    order
        What is said first has the least.
    """

    letter: Letter
    item: str
    point: tuple[float, float]
    radius_m: int
    beat: BaseGeometry | None
    words: str
    tip: str
    weight: float
    order: tuple[float, ...]


def due_marks(due: Iterable[Due]) -> tuple[Mark, ...]:
    """Return anniversaries and events that are due, in their order."""
    marks = []
    for one in due:
        letter: Letter = "A" if one.noun == "anniversaries" else "E"
        day = short_day(one.date)
        last = f" to {short_day(one.last_date)}" if one.last_date > one.date else ""
        said = [f"{_title(WORDS[letter])}: {one.label}", f"{day_words(one.date)}, {one.place}"]
        marks.append(
            Mark(
                letter,
                one.item_id,
                (one.longitude, one.latitude),
                one.radius_m,
                None,
                f"{WORDS[letter]} {day}{last}",
                "\n".join([*said, *one.notes]),
                0.25,
                (float(_FIRST_SAID.index(letter)), float(abs(one.days_until))),
            )
        )
    return tuple(marks)


def tension_marks(
    entries: Iterable[Tension], today: dt.date, *, beats: Mapping[str, BaseGeometry]
) -> tuple[Mark, ...]:
    """Return tension that counts today: an entry at its place, or the highest one of a beat.

    Parameters
    ----------
    entries
        Those whom they are shown to may see; an entry that counts no more is left out.
    beats
        Polygons in degrees by name; an entry of a beat that is not among them is not drawn.
    """
    levels = load_register_rules().tension.levels
    marks = []
    highest: dict[str, Mark] = {}
    for one in entries:
        level = one.level_on(today)
        if level is None:
            continue
        step = levels.index(level) if level in levels else 0
        placed = one.longitude is not None and one.latitude is not None
        shape = None if placed else beats.get(one.beat)
        if shape is None and not placed:
            continue
        middle = None if shape is None else shape.representative_point()
        mark = Mark(
            "T",
            one.id,
            (float(one.longitude or 0), float(one.latitude or 0))
            if middle is None
            else (middle.x, middle.y),
            0 if shape is not None else one.radius_m,
            shape,
            f"tension {plain(level)} {since_words(one.entered_on, today)}",
            f"Tension {plain(level)}: {plain(one.theme)}\n{one.place or one.beat}, "
            f"{since_words(one.entered_on, today)}",
            step / (len(levels) - 1),
            (
                float(_FIRST_SAID.index("T")),
                -float(step),
                float((today - one.entered_on).days),
            ),
        )
        if placed:
            marks.append(mark)
        elif one.beat not in highest or mark.order < highest[one.beat].order:
            highest[one.beat] = mark
    return (*marks, *(highest[beat] for beat in sorted(highest)))


def near_lines(marks: Sequence[Mark], areas: pd.DataFrame) -> dict[str, str]:
    """Return what lies near each patrol area, by its id: ``anniversary 14 Dec, 180 m``.

    Parameters
    ----------
    areas
        ``area_id`` and ``geometry`` (polygons, degrees, WGS84).

    Notes
    -----
    Metres are from the edge of the area to the point that was entered, as the crow flies; what was
    entered for a whole beat counts where it touches the area. What is not entered is not said:
    silence is no all-clear.
    """
    if not marks or areas.empty:
        return {}
    shapes = np.array(list(areas["geometry"]), dtype=object)
    metres = _distances(marks, shapes)
    reach = np.array([math.inf if mark.beat else max(mark.radius_m, NEAR_M) for mark in marks])
    lines = {}
    for row, area_id in enumerate(areas["area_id"]):
        near = np.flatnonzero(metres[row] <= reach)
        near = near[np.isfinite(metres[row][near])]
        if not len(near):
            continue
        found = sorted((marks[index].order, float(metres[row][index]), index) for index in near)
        lines[str(area_id)] = _line([(marks[index], distance) for _, distance, index in found])
    return lines


def with_lines(rows: Iterable[Row], lines: Mapping[str, str]) -> list[Row]:
    """Return the list's rows with what lies near added to their details; order and rank stay."""
    return [
        {**row, "details": [*row["details"], ["Nearby", lines[row["id"]]]]}
        if row["id"] in lines
        else row
        for row in rows
    ]


def overlay_layers(marks: Sequence[Mark], *, metres_per_pixel: float = 0.0) -> list[pdk.Layer]:
    """Return the layers of overlays: how far each reaches, its shape, and its letter.

    Parameters
    ----------
    metres_per_pixel
        Of the first view, so that shapes can be read there.
    """
    half = max(_HALF_M, _HALF_PX * metres_per_pixel)
    rows = _placed(marks, half)
    reaches = [{"at": row["point"], "radius": row["radius"]} for row in rows if row["radius"]]
    letters = [{key: row[key] for key in ("at", "letter")} for row in rows]
    return [
        pdk.Layer(
            "ScatterplotLayer",
            reaches,
            id="overlay-reaches",
            get_position="at",
            get_radius="radius",
            filled=False,
            stroked=True,
            get_line_color=palette.rgba(palette.INK, 0.55),
            get_line_width=1,
            line_width_units=pdk.types.String("pixels"),
        ),
        pdk.Layer(
            "PolygonLayer",
            rows,
            id="overlay-shapes",
            get_polygon="ring",
            get_fill_color=palette.rgba(palette.WHITE),
            get_line_color=palette.rgba(palette.INK),
            get_line_width="outline",
            line_width_units=pdk.types.String("pixels"),
            filled=True,
            stroked=True,
            pickable=True,
        ),
        pdk.Layer(
            "TextLayer",
            letters,
            id="overlay-letters",
            get_position="at",
            get_text="letter",
            get_size=half * 1.1,
            size_units=pdk.types.String("meters"),
            size_max_pixels=22,
            get_color=palette.rgba(palette.INK),
            font_family=pdk.types.String("Source Sans, Helvetica, Arial, sans-serif"),
            font_weight=700,
            character_set=pdk.types.String("".join(sorted(WORDS))),
            font_settings={"fontSize": 64},
        ),
    ]


def overlay_legend(marks: Sequence[Mark]) -> str:
    """Return the legend's entries of what is on the map, as HTML; all of it is our own words."""
    shown = {mark.letter for mark in marks}
    if not shown:
        return "<p>No anniversary, event or tension entered for these weeks.</p>"
    words = {
        "A": "anniversary due or just past",
        "E": "event due or just past",
        "T": "community tension (bolder: higher)",
    }
    items = "".join(
        f'<div class="hx-key"><span class="hx-mark hx-overlay hx-{letter.lower()}" '
        f'aria-hidden="true"><i></i><b>{letter}</b></span>'
        f"<span>{words[letter]}</span></div>"
        for letter in words
        if letter in shown
    )
    return f"{items}<p>Never part of the ranking.</p>"


def since_words(day: dt.date, today: dt.date) -> str:
    """Write since when: ``since Tuesday`` within the past week, else ``since 3 Nov``."""
    days = (today - day).days
    if days == 0:
        return "since today"
    if 0 < days < _WEEK:
        return f"since {day:%A}"
    return f"since {short_day(day)}" if day.year == today.year else f"since {day_words(day)}"


def short_day(day: dt.date) -> str:
    """Write a day without its year: ``14 Dec``."""
    return f"{day.day} {day:%b}"


def plain(word: str) -> str:
    """Write a setting's word as it is read: ``youth violence``."""
    return word.replace("_", " ")


def _line(found: Sequence[tuple[Mark, float]]) -> str:
    """Write a line of what is near, in its order: every kind that is there is among it."""
    once: dict[str, tuple[Mark, float]] = {}
    for mark, metres in found:
        once.setdefault(mark.item, (mark, metres))
    firsts: dict[str, str] = {}
    for item, (mark, _) in once.items():
        firsts.setdefault(mark.letter, item)
    rest = [item for item in once if item not in firsts.values()]
    chosen = {*firsts.values(), *rest[: _MOST_SAID - len(firsts)]}
    said = [_far(mark, metres) for item, (mark, metres) in once.items() if item in chosen]
    more = len(once) - len(chosen)
    return "; ".join([*said, *([f"and {more} more"] if more else [])])


def _far(mark: Mark, metres: float) -> str:
    if mark.beat is not None:
        return f"{mark.words} (whole beat)"
    if metres < 1:
        return f"{mark.words}, inside"
    # to ten metres: the point is a street or landmark
    return f"{mark.words}, {max(round(metres, -1), 10):.0f} m"


def _distances(marks: Sequence[Mark], areas: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return metres from each area to each mark; 0 where a beat touches it, infinite where not."""
    plane = metric_system_at(*marks[0].point)

    def moved(corners: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane.forward(corners[:, 0], corners[:, 1]))

    flat = shapely.transform(areas, moved)
    x, y = plane.forward([mark.point[0] for mark in marks], [mark.point[1] for mark in marks])
    points = np.asarray(shapely.points(x, y), dtype=object)
    found = shapely.distance(flat[:, None], points[None, :])
    for column, mark in enumerate(marks):
        if mark.beat is not None:
            found[:, column] = np.where(shapely.intersects(areas, mark.beat), 0.0, math.inf)
    return np.asarray(found, dtype=float)


def _row(marks: Sequence[Mark], half: float, aside: float) -> Row:
    """Return the row of marks of one kind at one place, shifted aside by so many half widths."""
    longitude, latitude = marks[0].point
    letter = marks[0].letter
    north = half / 111_320
    east = north / max(math.cos(math.radians(latitude)), 0.01)
    # above the point, where the number of a patrol area seldom lies
    across, up = longitude + aside * east, latitude + _ABOVE * north
    corners = [*_SHAPES[letter], _SHAPES[letter][0]]
    least, most = _OUTLINES_PX
    return {
        "at": [round(across, _DECIMALS), round(up, _DECIMALS)],
        "point": [round(longitude, _DECIMALS), round(latitude, _DECIMALS)],
        "ring": [
            [round(across + x * east, _DECIMALS), round(up + y * north, _DECIMALS)]
            for x, y in corners
        ],
        "letter": letter,
        "outline": round(least + (most - least) * max(mark.weight for mark in marks), 1),
        "radius": max(mark.radius_m for mark in marks),
        "tip": _tips(marks),
    }


def _tips(marks: Sequence[Mark]) -> str:
    said = list(dict.fromkeys(mark.tip for mark in marks))
    more = [f"and {len(said) - _MOST_TIPS} more"] if len(said) > _MOST_TIPS else []
    return "\n".join([*said[:_MOST_TIPS], *more])


def _placed(marks: Sequence[Mark], half: float) -> list[Row]:
    """Return what draws the marks: kinds at one place side by side, each kind there once."""
    places: dict[tuple[float, float], dict[str, list[Mark]]] = {}
    for mark in marks:
        places.setdefault(mark.point, {}).setdefault(mark.letter, []).append(mark)
    rows = []
    for kinds in places.values():
        for place, letter in enumerate(sorted(kinds)):
            aside = (place - (len(kinds) - 1) / 2) * _ASIDE
            rows.append(_row(kinds[letter], half, aside))
    return rows


def _title(word: str) -> str:
    return f"{word[:1].upper()}{word[1:]}"
