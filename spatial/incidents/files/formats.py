"""Formats: which reader opens a source file, told by the ending of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spatial.incidents.files.geofiles import open_geojson, open_geopackage
from spatial.incidents.files.parquets import open_parquet
from spatial.incidents.files.readers import CsvFile, open_csv
from spatial.incidents.files.tables import TableFile
from spatial.incidents.files.workbooks import open_workbook

if TYPE_CHECKING:
    from spatial.incidents.files.sources import SourceFile

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
        return open_geopackage(source)
    if suffix in WORKBOOKS:
        return open_workbook(source)
    if suffix in PARQUET:
        return open_parquet(source)
    if suffix == ".geojson":
        return open_geojson(source)
    return open_csv(source.name, source.opened)
