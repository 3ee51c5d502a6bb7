"""Shapefile, zipped: for systems that take nothing newer, what its form leaves out beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.formats.gdal_folder import gdal_files, told
from layers.formats.narrow_columns import short_names
from layers.formats.zipped import zipped

if TYPE_CHECKING:
    from layers.formats.area_layer import AreaLayer


def layer_shapefile(layer: AreaLayer) -> bytes:
    """Write a layer as a zipped Shapefile: EPSG:4326, UTF-8, fixed dates.

    Names of columns are cut to ten characters (``<name>_columns.csv`` in the zip holds the full
    ones), text to 254 bytes; what is not there is null. The marking and facts are the zip's comment
    and a text file in it, for a Shapefile has no place for them.
    """
    names = short_names(layer.columns)
    files = gdal_files(
        layer,
        driver="ESRI Shapefile",
        suffix=".shp",
        columns=layer.columns,
        names=names,
        layer_options={"DBF_DATE_LAST_UPDATE": layer.made.isoformat()},
    )
    return zipped({**files, **told(layer, names)}, comment=layer.description)
