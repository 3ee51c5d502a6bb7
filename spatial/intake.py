"""Intake: what `harmhex load` is given, sorted into incidents, boundary and context."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from spatial.context import CONTEXT_LAYERS, read_layer
from spatial.hexes.study_area import kept_name, read_study_area
from spatial.incidents.files.sources import holds_rows
from spatial.incidents.load import LoadResult, load_incidents
from spatial.layer_notes import with_notes
from spatial.vectors import LAYER_NAMES, MAP_FILES, TABLE_LAYERS, maps_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from spatial.notes import Note

_BOUNDARY: Final = "boundary"
_GEOJSON: Final = ".geojson"
_ZIP: Final = ".zip"
# map files that may hold incidents as rows
_ROWS: Final = (".parquet", ".geoparquet", ".gpkg")
_POINT: Final = re.compile(rb'"type"\s*:\s*"(?:Multi)?(Point|LineString|Polygon)"')
_PEEKED: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Given:
    incidents: tuple[Path, ...]
    boundary: Path | None
    context: dict[str, Path]


def load(  # noqa: PLR0913 (what is loaded, where, and how)
    files: Sequence[Path],
    store: Path,
    *,
    mapping: str | None = None,
    boundary: Path | None = None,
    progress: Callable[[str], None] | None = None,
    today: dt.date | None = None,
) -> LoadResult:
    """Load incidents, a boundary and context layers into a store in one step.

    Parameters
    ----------
    files
        Files, zips and folders of incidents. A map file named after a context layer
        (``streets.geojson``, ``beats.gpkg``; see `spatial.vectors.MAP_FILES`) is kept to be drawn;
        one named ``boundary`` is the study area unless ``boundary`` names another; ``census.csv``
        is a layer too (see `spatial.census.table`). A zip or folder named so, with one map file in
        it (a Shapefile and its companions), is that layer too.
    store
        Folder of the store; made if it is not there.
    mapping
        Name or TOML file; None to recognise the source by its headings.
    boundary
        Polygon file of the study area to keep, under its own name.
    progress
        Called with a sentence now and then.
    today
        The day of the load: later dates are counted, loudly. None reads no date as future.

    Returns
    -------
    The balance of the incidents; its notes also say what was converted, mended, dropped and found
    in the layers.

    Raises
    ------
    BadInputError
        Anything given cannot be used; the store is then as it was.
    """
    given = _sorted(files, mapping=mapping)
    extras: dict[str, bytes] = {}
    said: list[Note] = []
    chosen = boundary or given.boundary
    if chosen is not None:
        area = read_study_area(chosen)
        kept = with_notes(area.to_geojson(), area.notes)
        extras[f"study_areas/{kept_name(area.name)}.geojson"] = kept
        said += area.notes
    for layer, path in given.context.items():
        content, notes = read_layer(path, layer)
        extras[f"context/{layer}.geojson"] = with_notes(content, notes)
        said += notes
    result = load_incidents(
        given.incidents, store, mapping=mapping, extras=extras, progress=progress, today=today
    )
    notes = tuple(sorted(dict.fromkeys((*said, *result.notes)), key=lambda note: not note.loud))
    return replace(result, notes=notes)


def incident_files(files: Sequence[Path]) -> tuple[Path, ...]:
    """Return those of some files that a load would read as incidents, not as layer or boundary.

    Raises
    ------
    BadInputError
        A map file is of no known layer.
    """
    return _sorted(files, mapping=None).incidents


def _sorted(files: Sequence[Path], *, mapping: str | None) -> _Given:
    incidents: list[Path] = []
    context: dict[str, Path] = {}
    boundary: Path | None = None
    for path in files:
        layer = path.stem.casefold()
        if layer in LAYER_NAMES and (_is_table_layer(path) or _is_packed_map(path)):
            if layer == _BOUNDARY:
                boundary = path
            else:
                context[layer] = path
        elif path.is_dir():
            layers = _layers_in(path)
            # a folder of layers alone is no folder of incidents
            if not layers or holds_rows(path):
                incidents.append(path)
            boundary = layers.pop(_BOUNDARY, boundary)
            context |= layers
        elif path.suffix.lower() not in MAP_FILES:
            incidents.append(path)
        elif layer == _BOUNDARY:
            boundary = path
        elif layer in CONTEXT_LAYERS:
            context[layer] = path
        elif mapping is not None or _may_hold_incidents(path):
            incidents.append(path)
        else:
            msg = (
                f"{path.name} is no layer that is known. Name it after what it holds "
                f"({', '.join(CONTEXT_LAYERS)}), or give a boundary with --boundary."
            )
            raise BadInputError(msg)
    return _Given(tuple(incidents), boundary, context)


def _layers_in(folder: Path) -> dict[str, Path]:
    """Return the map files of a folder that are named after a layer or the boundary."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        layer = path.stem.casefold()
        if layer not in LAYER_NAMES:
            continue
        is_map = path.suffix.lower() in MAP_FILES or _is_packed_map(path)
        if not is_map and not _is_table_layer(path):
            continue
        if layer in found:
            msg = (
                f"{folder.name} holds {layer} twice ({found[layer].name} and {path.name}). "
                "Take one of them out."
            )
            raise BadInputError(msg)
        found[layer] = path
    return found


def _is_table_layer(path: Path) -> bool:
    """Whether a path is a layer that may be a table without a map, such as the census."""
    return path.name.casefold() in TABLE_LAYERS


def _is_packed_map(path: Path) -> bool:
    """Whether a path is a zip archive, or a folder with one map file in it, such as a Shapefile."""
    if path.is_dir():
        return len(maps_in(path)) == 1
    return path.suffix.lower() == _ZIP


def _may_hold_incidents(path: Path) -> bool:
    """Say whether a map file of no known layer may be rows of incidents: points, not shapes."""
    if path.suffix.lower() != _GEOJSON:
        return path.suffix.lower() in _ROWS
    try:
        with path.open("rb") as stream:
            head = stream.read(_PEEKED)
    except OSError:
        # what is missing or locked is said where incidents are read
        return True
    first = _POINT.search(head)
    if first is None:
        # a collection with no shape in sight, or what is no GeoJSON: said where incidents are read
        return b'"features"' in head or not head.lstrip().startswith(b"{")
    return first[1] == b"Point"
