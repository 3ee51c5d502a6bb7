"""The ground of an evaluation drawn into the page: places, buffers, comparators, and a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from layers import palette
from layers.wording import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.evaluation_results import EvaluatedGround

    _At = Callable[[float, float], tuple[float, float]]

WIDTH: Final = 920
_TALLEST: Final = 620
_MARGIN: Final = 18
_SCALES_M: Final = (100, 200, 500, 1_000, 2_000, 5_000, 10_000)


def ground_svg(ground: EvaluatedGround, *, buffer_m: int) -> str:
    """Draw patrolled places (dark, named), their buffer (hatched edge) and comparators (grey).

    Parameters
    ----------
    ground
        Of the evaluation, EPSG:4326; drawn on its metric plane, north up.
    buffer_m
        The registered distance.
    """
    plane = ground.treated.plane
    treated = ground.treated.on_plane(plane)
    rings = (
        ground.buffers[buffer_m].on_plane(plane)
        if buffer_m in ground.buffers
        else np.array([], dtype=object)
    )
    others = (
        np.array([], dtype=object)
        if ground.comparators is None
        else ground.comparators.on_plane(plane)
    )
    west, south, east, north = shapely.total_bounds(np.concatenate([treated, rings, others]))
    scale = min(
        (WIDTH - 2 * _MARGIN) / max(east - west, 1.0),
        (_TALLEST - 2 * _MARGIN) / max(north - south, 1.0),
    )
    height = (north - south) * scale + 2 * _MARGIN + 34

    def at(x: float, y: float) -> tuple[float, float]:
        return _MARGIN + (x - west) * scale, _MARGIN + (north - y) * scale

    def drawn(shapes: NDArray[np.object_], style: str) -> Iterator[str]:
        for shape in shapes:
            path = " ".join(_rings(shape, at))
            if path:
                yield f'<path d="{path}" fill-rule="evenodd" {style}/>'

    parts = [f'<rect width="{WIDTH}" height="{height:.0f}" fill="{palette.LAND}"/>']
    parts += drawn(others, f'fill="#D5D9DD" stroke="{palette.GREY_INK}" stroke-dasharray="5 3"')
    parts += drawn(
        rings, f'fill="{palette.PARTNER}" fill-opacity="0.22" stroke="{palette.PARTNER}"'
    )
    parts += drawn(
        treated, f'fill="{palette.VIOLENCE_STEPS[3]}" fill-opacity="0.75" stroke="{palette.INK}"'
    )
    parts += [
        _name(name, shape, at) for name, shape in zip(ground.treated.area_ids, treated, strict=True)
    ]
    parts += _legend(height, with_others=len(others) > 0, buffer_m=buffer_m, scale=scale)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" width="100%" role="img" '
        'aria-label="Map of patrolled places, buffers and comparison places, north up" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _rings(shape: BaseGeometry, at: _At) -> Iterator[str]:
    for part in getattr(shape, "geoms", [shape]):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            points = [at(*pair) for pair in np.asarray(ring.coords)[:, :2]]
            yield "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + "Z"


def _name(name: str, shape: BaseGeometry, at: _At) -> str:
    middle = shape.representative_point()
    x, y = at(middle.x, middle.y)
    return (
        f'<text x="{x:.1f}" y="{y + 4:.1f}" font-size="12" font-weight="700" text-anchor="middle" '
        f'fill="{palette.INK}" stroke="#FFFFFF" stroke-width="3" paint-order="stroke">'
        f"{escaped(name)}</text>"
    )


def _legend(height: float, *, with_others: bool, buffer_m: int, scale: float) -> list[str]:
    entries = [
        ("Patrolled", palette.VIOLENCE_STEPS[3]),
        (f"Within {buffer_m} m", palette.PARTNER),
    ]
    if with_others:
        entries.append(("Compared with", "#D5D9DD"))
    y, x, parts = height - 26, float(_MARGIN), []
    for words, fill in entries:
        parts.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="18" height="12" fill="{fill}" '
            f'stroke="{palette.GREY_INK}"/>'
            f'<text x="{x + 24:.0f}" y="{y + 11:.0f}" font-size="13">{escaped(words)}</text>'
        )
        x += 56 + 7.5 * len(words)
    metres = next((one for one in _SCALES_M if one * scale >= 60), _SCALES_M[-1])  # noqa: PLR2004 (a bar that can be seen)
    long = metres * scale
    said = f"{metres:,} m" if metres < 1_000 else f"{metres // 1_000} km"  # noqa: PLR2004 (metres in a kilometre)
    right = WIDTH - _MARGIN
    parts.append(
        f'<path d="M{right - long:.1f},{y + 2:.0f}v8h{long:.1f}v-8" fill="none" '
        f'stroke="{palette.INK}" stroke-width="1.6"/>'
        f'<text x="{right - long - 8:.1f}" y="{y + 11:.0f}" font-size="13" '
        f'text-anchor="end">{said}</text>'
    )
    return parts
