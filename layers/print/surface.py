"""The surface on paper: cells by class, and where antisocial behaviour is high."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.print import tones
from spatial.hexes.grid import cell_polygons

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from layers.print.canvas import Canvas
    from spatial.projection import MetricSystem


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Cells as they are drawn.

    Attributes
    ----------
    shapes
        Metres on the plane, shape (n,).
    step
        Class of each, 0 the lightest, -1 where nothing is recorded, shape (n,).
    disorder
        Whether it is significantly high in antisocial behaviour.
    lower, fills
        Lower bound and fill of each class.
    """

    shapes: NDArray[np.object_]
    step: NDArray[np.int64]
    disorder: NDArray[np.bool_]
    lower: tuple[float, ...]
    fills: tuple[str, ...]
    tree: shapely.STRtree = field(init=False)

    def __post_init__(self) -> None:
        """Index the cells once."""
        object.__setattr__(self, "tree", shapely.STRtree(self.shapes))

    def draw(self, canvas: Canvas, *, edges: bool = True) -> None:
        """Draw what lies in the canvas: fills by class, and hatching over them."""
        found = np.sort(self.tree.query(canvas.frame.box, predicate="intersects"))
        filled = found[self.step[found] >= 0]
        canvas.surfaces(
            self.shapes[filled],
            fill=[self.fills[step] for step in self.step[filled]],
            edge=tones.PAPER if edges else "none",
            width=0.5 if edges else 0.0,
        )
        noisy = self.shapes[found[self.disorder[found]]]
        canvas.surfaces(noisy, edge=tones.HATCH, hatch="//" if edges else "////")


def surface_of(cells: pd.DataFrame | None, *, system: MetricSystem) -> Surface | None:
    """Return the surface of `spatial.list_facts.CELL_COLUMNS`; None where there is none."""
    if cells is None:
        return None
    named = np.array([int(cell, 16) for cell in cells["cell"]], dtype=np.uint64)
    degrees = np.asarray(cell_polygons(named), dtype=object)
    flat = shapely.transform(
        degrees, lambda pairs: np.column_stack(system.forward(pairs[:, 0], pairs[:, 1]))
    )
    values = cells["value"].to_numpy(dtype=float)
    classes, fills = tones.classes_of(values)
    step = np.where(values > 0, classes.of(values) if len(values) else [], -1).astype(np.int64)
    return Surface(
        np.asarray(flat, dtype=object),
        step,
        cells["disorder_hot"].to_numpy(dtype=bool),
        classes.lower,
        fills,
    )
