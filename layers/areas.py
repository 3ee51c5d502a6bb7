"""Patrol areas: a strong outline and a numbered circle; the chosen one in plum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pydeck as pdk
import shapely

from layers import palette, wording

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

Row = dict[str, Any]

_DECIMALS: Final = 6
# circles keep their size on the ground between these pixels, so that they never bury a town
_RADIUS_M: Final = 62
_RADIUS_PX: Final = (9.0, 14.0)


def area_rows(areas: pd.DataFrame) -> list[Row]:
    """Return the rows that draw patrol areas: rings, circle, number and tooltip, in rank order.

    Parameters
    ----------
    areas
        ``area_id, rank, name, incidents, harm_share, longitude, latitude`` and ``geometry``
        (polygons, degrees, WGS84).
    """
    rows = []
    for record in areas.to_dict("records"):
        rings = [
            [[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y, *_ in ring.coords]
            for part in shapely.get_parts(record["geometry"])
            for ring in (part.exterior, *part.interiors)
        ]
        point = shapely.maximum_inscribed_circle(record["geometry"]).coords[0]
        rows.append(
            {
                "area_id": str(record["area_id"]),
                "rank": str(record["rank"]),
                "rings": rings,
                "at": [round(point[0], _DECIMALS), round(point[1], _DECIMALS)],
                "tip": _area_words(record),
            }
        )
    return rows


def area_under_layer(rows: list[Row]) -> pdk.Layer:
    """Return the invisible surface under the hexes, so that a whole area can be clicked."""
    return pdk.Layer(
        "PolygonLayer",
        rows,
        id="area-surfaces",
        get_polygon="rings",
        get_fill_color=[255, 255, 255, 1],
        filled=True,
        stroked=False,
        pickable=True,
    )


def outline_layers(rows: list[Row], *, selected: str | None) -> list[pdk.Layer]:
    """Return the outlines; the selected area's is drawn last and in plum."""
    others, chosen = _parted(rows, selected)
    return [
        *_outlines("area", others, colour=palette.INK, metres=16),
        *_outlines("selected", chosen, colour=palette.SELECTED, metres=22),
    ]


def circle_layers(rows: list[Row], *, selected: str | None) -> list[pdk.Layer]:
    """Return the numbered circles, which lie above every name; the selected one last, in plum."""
    others, chosen = _parted(rows, selected)
    return [
        *_circles("area", others, fill=palette.WHITE, ink=palette.INK),
        *_circles("selected", chosen, fill=palette.SELECTED, ink=palette.WHITE, grown=1.2),
    ]


def _parted(rows: list[Row], selected: str | None) -> tuple[list[Row], list[Row]]:
    others = [row for row in rows if row["area_id"] != selected]
    return others, [row for row in rows if row["area_id"] == selected]


def _area_words(record: Mapping[Hashable, Any]) -> str:
    said = wording.counted(int(record["incidents"]), "incident")
    share = record.get("harm_share")
    if share is not None and share == share:  # noqa: PLR0124 (a share that is not a number is unknown)
        said += f", {wording.percent(float(share))} of the harm"
    return f"{record['rank']}. {record['name']}\n{said}"


def _outlines(name: str, rows: list[Row], *, colour: str, metres: float) -> list[pdk.Layer]:
    paths = [{"path": ring} for row in rows for ring in row["rings"]]
    # a white line below the dark one keeps it clear of dark cells
    parts = (
        ("halo", palette.rgba(palette.WHITE, 0.9), metres + 14, (3.8, 6.0)),
        ("line", palette.rgba(colour), metres, (2.0, 3.6)),
    )
    return [
        pdk.Layer(
            "PathLayer",
            paths,
            id=f"{name}-{part}",
            get_path="path",
            get_color=ink,
            get_width=width,
            width_min_pixels=least,
            width_max_pixels=most,
            joint_rounded=True,
        )
        for part, ink, width, (least, most) in parts
    ]


def _circles(
    name: str, rows: list[Row], *, fill: str, ink: str, grown: float = 1.0
) -> list[pdk.Layer]:
    least, most = (radius * grown for radius in _RADIUS_PX)
    marks = [{key: row[key] for key in ("area_id", "rank", "at", "tip")} for row in rows]
    return [
        pdk.Layer(
            "ScatterplotLayer",
            marks,
            id=f"{name}-circles",
            get_position="at",
            get_radius=_RADIUS_M * grown,
            radius_min_pixels=least,
            radius_max_pixels=most,
            get_fill_color=palette.rgba(fill),
            get_line_color=palette.rgba(ink),
            get_line_width=2,
            line_width_units=pdk.types.String("pixels"),
            stroked=True,
            filled=True,
            antialiasing=True,
            pickable=True,
        ),
        pdk.Layer(
            "TextLayer",
            marks,
            id=f"{name}-numbers",
            get_position="at",
            get_text="rank",
            get_size=_RADIUS_M * grown * 1.15,
            size_units=pdk.types.String("meters"),
            size_min_pixels=least * 1.2,
            size_max_pixels=most * 1.15,
            get_color=palette.rgba(ink),
            font_family=pdk.types.String("Source Sans, Helvetica, Arial, sans-serif"),
            font_weight=700,
            character_set=pdk.types.String("0123456789"),
            font_settings={"fontSize": 64},
        ),
    ]
