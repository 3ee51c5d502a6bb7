"""Shapes: which map files hold areas or lines, which are layers and no incidents."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from config.errors import BadInputError

if TYPE_CHECKING:
    from spatial.incidents.files.sources import SourceFile

_KIND: Final = re.compile(rb'"type"\s*:\s*"(?:Multi)?(Point|LineString|Polygon)"')
_PEEKED: Final = 1 << 16


def holds_shapes(file: SourceFile) -> bool:
    """Whether a map file holds areas or lines alone.

    Told by the first geometry of GeoJSON, by what GeoParquet says of itself, and by the layers of a
    GeoPackage. A file that cannot be told is taken for incidents: whoever reads it says what is
    wrong with it.
    """
    try:
        if file.suffix == ".geojson":
            with file.opened() as stream:
                first = _KIND.search(stream.read(_PEEKED))
            return first is not None and first[1] != b"Point"
        held = file.on_disk() if file.member is not None else None
        path = file.path if held is None else held.path
        if file.suffix == ".gpkg":
            kinds = [str(kind) for _, kind in pyogrio.list_layers(path)]
        else:
            about = json.loads((pq.read_schema(path).metadata or {}).get(b"geo", b"{}"))
            column = about["columns"][about["primary_column"]]
            kinds = [str(kind) for kind in column.get("geometry_types", ())]
    except (
        BadInputError,
        DataSourceError,
        DataLayerError,
        OSError,
        pa.ArrowException,
        ValueError,
        LookupError,
        TypeError,
    ):
        return False
    return bool(kinds) and all("LineString" in kind or "Polygon" in kind for kind in kinds)
