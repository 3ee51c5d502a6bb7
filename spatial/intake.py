"""Intake: what `harmhex load` is given, sorted into incidents, boundary and context."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from spatial.hexes.study_area import kept_name, read_study_area
from spatial.incidents.load import LoadResult, load_incidents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

CONTEXT_LAYERS: Final = (
    "coastline", "sea", "water", "streets", "parks", "beats", "places", "population",
)  # fmt: skip
"""Layers that are drawn beneath the hexes or name the places, by the stem of their file."""

_BOUNDARY: Final = "boundary"
_GEOJSON: Final = ".geojson"


@dataclass(frozen=True, slots=True)
class _Given:
    incidents: tuple[Path, ...]
    boundary: Path | None
    context: dict[str, Path]


def load(
    files: Sequence[Path],
    store: Path,
    *,
    mapping: str | None = None,
    boundary: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> LoadResult:
    """Load incidents, a boundary and context layers into a store in one step.

    Parameters
    ----------
    files
        CSV files, zips and folders of incidents. A GeoJSON file named after a context layer
        (``streets.geojson``) is kept to be drawn; ``boundary.geojson`` in a folder is the study
        area unless ``boundary`` names another.
    store
        Folder of the store; made if it is not there.
    mapping
        Name or TOML file; None to recognise the source by its headings.
    boundary
        Polygon file of the study area to keep, under its own name.
    progress
        Called with a sentence now and then.

    Raises
    ------
    BadInputError
        Anything given cannot be used; the store is then as it was.
    """
    given = _sorted(files)
    extras: dict[str, bytes] = {}
    chosen = boundary or given.boundary
    if chosen is not None:
        area = read_study_area(chosen)
        extras[f"study_areas/{kept_name(area.name)}.geojson"] = area.to_geojson()
    for layer, path in given.context.items():
        extras[f"context/{layer}.geojson"] = _checked_layer(path)
    return load_incidents(given.incidents, store, mapping=mapping, extras=extras, progress=progress)


def _sorted(files: Sequence[Path]) -> _Given:
    incidents: list[Path] = []
    context: dict[str, Path] = {}
    boundary: Path | None = None
    for path in files:
        if path.is_dir():
            incidents.append(path)
            layers = {found.stem: found for found in sorted(path.glob(f"*{_GEOJSON}"))}
            boundary = layers.pop(_BOUNDARY, boundary)
            context |= {stem: layers[stem] for stem in CONTEXT_LAYERS if stem in layers}
        elif path.suffix.lower() != _GEOJSON:
            incidents.append(path)
        elif path.stem == _BOUNDARY:
            boundary = path
        elif path.stem in CONTEXT_LAYERS:
            context[path.stem] = path
        else:
            msg = (
                f"{path.name} is no layer that is known. Name it after what it holds "
                f"({', '.join(CONTEXT_LAYERS)}), or give a boundary with --boundary."
            )
            raise BadInputError(msg)
    return _Given(tuple(incidents), boundary, context)


def _checked_layer(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        if json.loads(content)["type"] != "FeatureCollection":
            raise KeyError("FeatureCollection")  # noqa: EM101, TRY301 (said in the sentence below)
    except OSError as error:
        msg = f"{path.name} cannot be read ({error.strerror}). Check the path."
        raise BadInputError(msg) from error
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path.name} is not a GeoJSON feature collection. Export it again."
        raise BadInputError(msg) from error
    return content
