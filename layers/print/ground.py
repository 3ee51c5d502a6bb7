"""The ground on paper: streets, water, parks, places and beats, in metres, cut to what is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import geopandas
import numpy as np
import shapely

from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from spatial.projection import MetricSystem

LAYERS: Final = ("sea", "water", "coastline", "parks", "streets", "beats", "places", "barriers")
_COLUMNS: Final = ("name", "class", "kind", "code")
# what tells a reader nothing where it is missing needs no line on the sheet
_SAID: Final = {"streets": "streets", "places": "places", "beats": "beats"}


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer.

    Attributes
    ----------
    shapes
        Metres on the plane, shape (n,).
    words
        ``name, class, kind, code`` of each, empty where there is none.
    """

    shapes: NDArray[np.object_]
    words: Mapping[str, NDArray[np.object_]]
    tree: shapely.STRtree = field(init=False)

    def __post_init__(self) -> None:
        """Index the shapes once: sixty maps look them up."""
        object.__setattr__(self, "tree", shapely.STRtree(self.shapes))

    def near(self, box: shapely.Polygon) -> Layer:
        """Return what touches a box, cut to it; in the order of the file."""
        found = np.sort(self.tree.query(box, predicate="intersects"))
        x0, y0, x1, y1 = box.bounds
        cut = shapely.clip_by_rect(self.shapes[found], x0, y0, x1, y1)
        kept = ~shapely.is_empty(cut)
        words = {name: column[found][kept] for name, column in self.words.items()}
        return Layer(cut[kept], words)

    def where(self, chosen: NDArray[np.bool_]) -> Layer:
        """Return some of its shapes."""
        return Layer(
            self.shapes[chosen], {name: column[chosen] for name, column in self.words.items()}
        )

    def edges_near(self, box: shapely.Polygon) -> NDArray[np.object_]:
        """Return the edges of what touches a box, cut to it, without the box's own sides."""
        found = np.sort(self.tree.query(box, predicate="intersects"))
        x0, y0, x1, y1 = box.bounds
        cut = shapely.clip_by_rect(shapely.boundary(self.shapes[found]), x0, y0, x1, y1)
        return np.asarray(cut[~shapely.is_empty(cut)], dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Every layer of a store, on one plane.

    Attributes
    ----------
    layers
        By the names a store keeps them under; those that it has.
    system
        The plane.
    """

    layers: Mapping[str, Layer]
    system: MetricSystem

    def layer(self, name: str, box: shapely.Polygon | None = None) -> Layer:
        """Return a layer, cut to a box where one is given; an empty one where there is none."""
        found = self.layers.get(name)
        if found is None:
            empty = np.zeros(0, dtype=object)
            return Layer(empty, dict.fromkeys(_COLUMNS, empty))
        return found if box is None else found.near(box)

    @property
    def missing(self) -> tuple[str, ...]:
        """What a reader would look for on the map in vain."""
        return tuple(word for name, word in _SAID.items() if name not in self.layers)


def read_ground(paths: Mapping[str, Path], *, system: MetricSystem) -> Ground:
    """Read a store's context layers and lay them on a plane.

    Parameters
    ----------
    paths
        GeoJSON files (WGS84 degrees) by the names a store keeps them under.
    system
        The plane of the list's metres.

    Raises
    ------
    BadInputError
        A file is not GeoJSON.
    """
    return Ground({name: _read(paths[name], system) for name in LAYERS if name in paths}, system)


def _read(path: Path, system: MetricSystem) -> Layer:
    try:
        frame = geopandas.read_file(path, engine="pyogrio")
    except (ValueError, RuntimeError, OSError) as error:
        msg = f"{path.name} cannot be drawn because it is not GeoJSON; load the file again."
        raise BadInputError(msg) from error
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    shapes = np.asarray(frame.geometry.array, dtype=object)
    # one transformation for the whole layer
    flat = shapely.transform(
        shapely.force_2d(shapes),
        lambda pairs: np.column_stack(system.forward(pairs[:, 0], pairs[:, 1])),
    )
    return Layer(
        np.asarray(flat, dtype=object),
        {
            name: (
                frame[name].fillna("").astype(str).to_numpy(dtype=object)
                if name in frame.columns
                else np.full(len(frame), "", dtype=object)
            )
            for name in _COLUMNS
        },
    )
