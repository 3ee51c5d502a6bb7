"""Formats: which reader opens a source file, told by the ending of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spatial.incidents.geofiles import open_geojson, open_geopackage, open_parquet
from spatial.incidents.readers import CsvFile, open_csv
from spatial.incidents.tables import TableFile
from spatial.incidents.workbooks import open_workbook

if TYPE_CHECKING:
    from spatial.incidents.sources import SourceFile

OpenFile = CsvFile | TableFile
"""A file with a header, from which wanted columns can be read as text."""

WORKBOOKS: Final = (".xlsx", ".xlsm")
PARQUET: Final = (".parquet", ".geoparquet")


def open_source(source: SourceFile) -> OpenFile:
    """Open a file by the reader of its kind; what is no other kind is read as CSV.

    Raises
    ------
    BadInputError
        It cannot be opened, or is not what its name says.
    """
    suffix = source.suffix
    if suffix == ".gpkg":
        return open_geopackage(source.name, source.path, source.read_bytes())
    content = source.read_bytes()
    if suffix in WORKBOOKS:
        return open_workbook(source.name, content)
    if suffix in PARQUET:
        return open_parquet(source.name, content)
    if suffix == ".geojson":
        return open_geojson(source.name, content)
    return open_csv(source.name, content)
