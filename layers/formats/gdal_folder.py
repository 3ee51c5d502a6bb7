"""What GDAL writes as several files: one layer in the driver's form, in memory again at once."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from layers.formats.area_layer import Kind
from layers.formats.narrow_columns import narrow_text
from layers.formats.tables import table_csv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from layers.formats.area_layer import AreaLayer

_BLANK: Final[dict[Kind, Any]] = {Kind.TEXT: "", Kind.WHOLE: 0, Kind.NUMBER: 0.0}
_TYPES: Final = {Kind.TEXT: object, Kind.WHOLE: np.int64, Kind.NUMBER: np.float64}


def gdal_files(  # noqa: PLR0913 (one layer in one form)
    layer: AreaLayer,
    *,
    driver: str,
    suffix: str,
    columns: Mapping[str, Kind],
    names: Mapping[str, str],
    layer_options: Mapping[str, str],
) -> dict[str, bytes]:
    """Return the files that a GDAL driver makes of a layer, by name in order.

    Parameters
    ----------
    driver, suffix, layer_options
        GDAL's name of the form, the ending of its main file, and its own options.
    columns
        The kind each column is written as, which may be text where the layer says a number.
    names
        What each column is called in the file.
    """
    # half a second to import, and only these two forms need it
    from pyogrio.raw import write  # noqa: PLC0415

    kept = [_column(layer, column, kind) for column, kind in columns.items()]
    with TemporaryDirectory(prefix="harmhex-") as folder:
        write(
            Path(folder) / f"{layer.name}{suffix}",
            shapely.to_wkb(layer.alike()),
            [values for values, _ in kept],
            fields=[names[column] for column in columns],
            field_mask=[missing for _, missing in kept],
            driver=driver,
            geometry_type="MultiPolygon" if layer.has_parts else "Polygon",
            crs="EPSG:4326",
            encoding="UTF-8",
            layer_options=dict(layer_options),
        )
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def told(layer: AreaLayer, names: Mapping[str, str]) -> dict[str, bytes]:
    """Return what such a form has no room for: marking, facts, and the columns' full names."""
    import pandas as pd  # noqa: PLC0415 (beside pyogrio)

    full = pd.DataFrame({"in_the_file": list(names.values()), "column": list(names)})
    return {
        f"{layer.name}_README.txt": f"{layer.title}\n{layer.description}\n".encode(),
        f"{layer.name}_columns.csv": table_csv(full),
    }


def _column(
    layer: AreaLayer, column: str, kind: Kind
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    given = layer.values(column)
    missing = np.array([value is None for value in given], dtype=bool)
    blank = _BLANK[kind]
    filled = [blank if value is None else value for value in given]
    if kind is Kind.TEXT:
        filled = [narrow_text(str(value)) for value in filled]
    values = np.empty(len(filled), dtype=_TYPES[kind])
    values[:] = filled
    return values, missing
