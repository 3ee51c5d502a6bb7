"""The backdrop of a map on paper: water, parks and beats below the cells, streets above them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.print import tones

if TYPE_CHECKING:
    from layers.print.canvas import Canvas
    from layers.print.ground import Ground

# half the line of a street is its dark edge; points, on a map of one area and of a town
_NEAR: Final = {"path": 1.0, "local": 2.2, "minor": 3.4, "major": 4.6}
_FAR: Final = {"minor": 0.8, "major": 1.3}


def draw_under(canvas: Canvas, ground: Ground) -> None:
    """Draw land, sea and parks."""
    box = canvas.frame.box
    canvas.surfaces([box], fill=tones.LAND)
    canvas.surfaces(ground.layer("parks", box).shapes, fill=tones.PARK)
    for name in ("sea", "water"):
        water = ground.layer(name, box)
        canvas.surfaces(water.shapes, fill=tones.SEA)
    canvas.lines(ground.layer("coastline", box).shapes, colour=tones.SOFT_INK, width=0.8)


def draw_streets(canvas: Canvas, ground: Ground, *, town: bool) -> None:
    """Draw streets and railways: cased in white near by, plain dark lines on a map of the town."""
    box = canvas.frame.box
    streets = ground.layer("streets", box)
    kinds = streets.words["class"]
    for kind, width in _FAR.items() if town else ():
        canvas.lines(streets.shapes[kinds == kind], colour=tones.ROAD_EDGE, width=width)
    for colour, less in ((tones.ROAD_EDGE, 0.0), (tones.ROAD, 1.1)):
        for kind, width in {} if town else _NEAR.items():
            if kind == "path" and less:
                continue
            canvas.lines(streets.shapes[kinds == kind], colour=colour, width=width - less)
    rail = streets.shapes[kinds == "rail"]
    canvas.lines(rail, colour=tones.RAIL, width=0.7 if town else 1.1)
    if not town:
        canvas.lines(rail, colour=tones.RAIL, width=3.4, dash=(0.6, 4.0))


def draw_beats(canvas: Canvas, ground: Ground, *, width: float) -> None:
    """Draw where beats meet, dashed."""
    edges = ground.layer("beats").edges_near(canvas.frame.box)
    canvas.lines(edges, colour=tones.BEAT, width=width, dash=(6.0, 3.0))
