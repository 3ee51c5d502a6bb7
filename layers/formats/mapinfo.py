"""MapInfo TAB, zipped: for MapInfo Professional, what its form leaves out beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.formats.area_layer import Kind
from layers.formats.gdal_folder import gdal_files, told
from layers.formats.zipped import zipped

if TYPE_CHECKING:
    from layers.formats.area_layer import AreaLayer

_MOST_LETTERS: Final = 31
_HEADER: Final = 32
_DESCRIPTOR: Final = 32
_NAME: Final = 11
_END_OF_COLUMNS: Final = 0x0D


def layer_tab(layer: AreaLayer) -> bytes:
    """Write a layer as a zipped MapInfo TAB: EPSG:4326, UTF-8 (MapInfo Pro 15.2 or newer).

    TAB has no empty number: it would show 0. So a column of numbers that lacks one is written as
    text, empty where there is none. Text is cut to 254 bytes.
    """
    columns = {
        column: Kind.TEXT if None in layer.values(column) else kind
        for column, kind in layer.columns.items()
    }
    names = {column: column[:_MOST_LETTERS] for column in columns}
    files = gdal_files(
        layer,
        driver="MapInfo File",
        suffix=".tab",
        columns=columns,
        names=names,
        # coordinates are whole numbers between these bounds: a step is a centimetre on the ground
        layer_options={"ENCODING": "UTF-8", "BOUNDS": "-180,-90,180,90"},
    )
    table = f"{layer.name}.dat"
    files[table] = _without_leftovers(files[table])
    return zipped({**files, **told(layer, names)}, comment=layer.description)


def _without_leftovers(table: bytes) -> bytes:
    """Blank what GDAL leaves after a short column name: bytes of memory, different every time."""
    cleaned = bytearray(table)
    start = _HEADER
    while cleaned[start] != _END_OF_COLUMNS:
        end = start + _NAME
        name = bytes(cleaned[start:end]).partition(b"\0")[0]
        cleaned[start:end] = name.ljust(_NAME, b"\0")
        start += _DESCRIPTOR
    return bytes(cleaned)
