"""Parquet files: records, and the points of GeoParquet and GeoArrow, row group by row group."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from config.errors import BadInputError
from spatial.incidents.files.points import Piece, PointFile, known_epsg, wkb_points
from spatial.incidents.files.tables import is_text_like
from spatial.incidents.tally import Choice, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from spatial.incidents.files.sources import SourceFile
    from spatial.incidents.files.tables import TableFile
    from spatial.unpacked import OnDisk

_ROWS: Final = 1 << 17
"""Records of one piece."""
_BUFFER: Final = 1 << 20
_PAIR: Final = 2
_EXTENSION: Final = (b"ARROW:extension:name", b"ARROW:extension:metadata")
_WKB: Final = ("wkb", "geoarrow.wkb", "ogc.wkb")
_NATIVE: Final = ("point", "geoarrow.point")


def open_parquet(source: SourceFile) -> TableFile:
    """Open a Parquet or GeoParquet file; its points, if it has any, become coordinates.

    Points are read as well-known binary, as a structure of x and y, or as pairs (GeoParquet 1.0 and
    1.1, and GeoArrow's own marks where a file has those alone). Columns of lists, structures or
    bytes hold no single word and are left out, with a note.

    Raises
    ------
    BadInputError
        It is not Parquet, its geometry is of another kind, or in another coordinate system.
    """
    name, held = source.name, source.on_disk()
    file, about = _file(name, held)
    schema = file.schema_arrow
    place = _geometry(name, schema, about)
    columns = [field.name for field in schema if is_text_like(field.type)]
    left_out = [
        field.name
        for field in schema
        if not is_text_like(field.type) and (place is None or field.name != place[0])
    ]
    return PointFile(
        name=name,
        sha256=held.sha256,
        columns=columns,
        epsg=None if place is None else place[1],
        pieces=partial(_pieces, name, held, None if place is None else place[0]),
        choices=tally((Choice.NESTED, name, len(left_out))),
    ).as_table()


def _file(name: str, held: OnDisk) -> tuple[pq.ParquetFile, dict[str, Any]]:
    """Open a file and read what it says of its geometry."""
    try:
        # row groups are streamed, however long one is
        file = pq.ParquetFile(
            held.path, buffer_size=_BUFFER, pre_buffer=False, arrow_extensions_enabled=False
        )
        about = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    except (pa.ArrowException, ValueError, OSError) as error:
        raise BadInputError(_unreadable(name)) from error
    return file, about if isinstance(about, dict) else {}


def _geometry(name: str, schema: pa.Schema, about: dict[str, Any]) -> tuple[str, int] | None:
    """Return the column that holds the points and the system they are in; None without one."""
    primary = str(about.get("primary_column"))
    if primary in schema.names:
        said = (about.get("columns") or {}).get(primary) or {}
        encoding = str(said.get("encoding"))
        # by the GeoParquet specification no "crs" means longitude and latitude
        declared = said.get("crs", "OGC:CRS84")
    else:
        marked = [(field, *_marks(field)) for field in schema if _marks(field)[0]]
        if not marked:
            return None
        field, encoding, declared = marked[0]
        primary = field.name
    kind = schema.field(primary).type
    if encoding.lower() in _WKB:
        readable = _is_binary(kind)
    else:
        readable = encoding.lower() in _NATIVE and _holds_pairs(kind)
    if not readable:
        msg = f"{name} holds its points as {encoding!r}. Export them as WKB."
        raise BadInputError(msg)
    return primary, known_epsg(name, declared)


def _marks(field: pa.Field) -> tuple[str, object]:
    """Return the GeoArrow name and coordinate system of a column, "" for any other column."""
    about = field.metadata or {}
    name = about.get(_EXTENSION[0], b"").decode("utf-8", "replace")
    if not name.startswith(("geoarrow.", "ogc.")):
        return "", None
    try:
        said = json.loads(about.get(_EXTENSION[1]) or b"{}")
    except ValueError:
        said = {}
    return name, said.get("crs") if isinstance(said, dict) else None


def _pieces(
    name: str,
    held: OnDisk,
    place: str | None,
    own: Sequence[str],
    with_points: bool,  # noqa: FBT001 (a reader's second argument)
) -> Iterator[Piece]:
    """Read a file batch by batch."""
    file, _ = _file(name, held)
    wanted = [*own, place] if with_points and place is not None else list(own)
    first = 2
    try:
        for batch in file.iter_batches(batch_size=_ROWS, columns=wanted, use_threads=False):
            points = None
            if with_points and place is not None:
                points = _points(name, batch.column(place), first=first)
            columns = {column: batch.column(column) for column in own}
            yield Piece(columns, points, batch.num_rows)
            first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise BadInputError(_unreadable(name)) from error
    finally:
        file.close()


def _points(name: str, column: pa.Array, *, first: int) -> NDArray[np.float64]:
    """Return x and y, NaN where there is no point."""
    if _is_binary(column.type):
        return wkb_points(name, column, first=first)
    if pa.types.is_struct(column.type):
        sides = [pc.struct_field(column, axis) for axis in ("x", "y")]
    else:
        sides = [pc.list_element(column, at) for at in range(_PAIR)]
    return np.column_stack(
        [side.cast(pa.float64()).to_numpy(zero_copy_only=False) for side in sides]
    )


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind)
    )


def _holds_pairs(kind: pa.DataType) -> bool:
    """Whether a type is a structure with x and y, or a list of a fixed two figures and more."""
    if pa.types.is_struct(kind):
        return {"x", "y"} <= {field.name for field in kind}
    return bool(pa.types.is_fixed_size_list(kind) and kind.list_size >= _PAIR)


def _unreadable(name: str) -> str:
    return f"{name} is not a Parquet file that can be read. Export it again."
