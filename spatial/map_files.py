"""Map files: which files hold map layers, on their own, in a folder or in an archive."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Final, TypeVar

import shapely

from config.errors import BadInputError
from spatial.archives import is_hidden, list_members
from spatial.unpacked import unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GEOJSON: Final = (".geojson", ".json")
PARQUET: Final = (".parquet", ".geoparquet")
MAP_FILES: Final = (*GEOJSON, *PARQUET, ".gpkg", ".shp")
"""Suffixes of the formats read, lower case."""
CONTEXT_LAYERS: Final = (
    "coastline", "sea", "water", "streets", "parks", "beats", "places", "barriers", "population",
    "census", "risk_factors",
)  # fmt: skip
"""Layers that are drawn beneath the hexes, name the places, part them, say who lives there or may
raise risk, by their file's stem."""
LAYER_NAMES: Final = frozenset({*CONTEXT_LAYERS, "boundary"})
"""Stems of map files that are never incidents."""
TABLE_LAYERS: Final = frozenset({"census.csv"})
"""Layers that may also be a table without a map: names of files, lower case."""
ZIP: Final = ".zip"
_SPOILT: Final = (
    OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError,
    shapely.errors.ShapelyError, BadInputError,
)  # fmt: skip

AnyPath = TypeVar("AnyPath", bound=PurePath)


@contextlib.contextmanager
def kept_layer(path: Path) -> Iterator[None]:
    """Say in one sentence that a store's own map file cannot be read, whatever ails it.

    Raises
    ------
    BadInputError
        What is done within failed as it does on a file that is gone, cut short or spoilt.
    """
    try:
        yield
    except _SPOILT as error:
        area = path.parent.name == "study_areas"
        msg = (
            f"The {'study area' if area else 'layer'} {path.name.partition('.')[0]!r} of this "
            "store cannot be read. Load it again with harmhex load."
        )
        raise BadInputError(msg) from error


@contextlib.contextmanager
def unzipped(path: Path) -> Iterator[Path]:
    """Unpack the one map file of an archive, with its companions, into a folder that goes again."""
    members = list_members(path.name, path)
    chosen = only_map(
        path.name, [PurePosixPath(name) for name in members if name.lower().endswith(MAP_FILES)]
    )
    with tempfile.TemporaryDirectory(prefix="harmhex-") as folder:
        for member in members:
            # a Shapefile's companions share its name; nothing keeps a path of the archive's choice
            if PurePosixPath(member).with_suffix("") != chosen.with_suffix(""):
                continue
            inner = Path(folder) / PurePosixPath(member).name
            with unpacked(f"{path.name}/{member}", path, member) as stream, inner.open("xb") as to:
                shutil.copyfileobj(stream, to)
        yield Path(folder) / chosen.name


def maps_in(folder: Path) -> list[Path]:
    """List the map files that lie in a folder itself, sorted."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in MAP_FILES and not is_hidden(path.name)
    )


def only_map(name: str, found: Sequence[AnyPath]) -> AnyPath:
    """Return the one map file of a folder or archive."""
    if len(found) != 1:
        listed = ", ".join(path.name for path in found) or "none"
        msg = (
            f"{name} must hold one map file ({', '.join(MAP_FILES)}) and holds {len(found)} "
            f"({listed}). Give the one that is meant."
        )
        raise BadInputError(msg)
    return found[0]
