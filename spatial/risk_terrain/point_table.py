"""Point tables: a CSV file with coordinates, read as the features of a map file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import shapely

from config.errors import BadInputError
from spatial.notes import Note, Notes
from spatial.projection import national_grid
from spatial.vectors import Features

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TABLE_ENDINGS: Final = (".csv", ".csv.gz")

_DEGREES: Final = (
    ("longitude", "lon", "long", "lng", "x_longitude"),
    ("latitude", "lat", "y_latitude"),
)
_METRES: Final = (
    ("easting", "eastings", "x_coordinate", "oseast1m"),
    ("northing", "northings", "y_coordinate", "osnrth1m"),
)
_EITHER: Final = (("x",), ("y",))
_FURTHEST: Final = (180.0, 90.0)


def is_point_table(path: Path) -> bool:
    """Say whether a file is one that :func:`read_point_table` reads, by its ending."""
    return path.name.lower().endswith(TABLE_ENDINGS)


def read_point_table(path: Path) -> Features:
    """Read a CSV file with a column of longitude and one of latitude, or easting and northing.

    Parameters
    ----------
    path
        UTF-8 or Windows-1252, with headings; gzip where it ends in ``.gz``. Columns named X and Y
        are degrees where all could be, else metres on the British National Grid.

    Returns
    -------
    A point for each row whose coordinates can be read; the other columns as its properties.

    Raises
    ------
    BadInputError
        The file cannot be read, has no such columns, or no row has coordinates.
    """
    table = _read(path)
    # the first of two headings that differ in case alone
    held: dict[str, str] = {}
    for column in table.columns:
        held.setdefault(str(column).strip().casefold(), column)
    xy, columns, metric = _coordinates(path, table, held)
    there = np.asarray(np.isfinite(xy).all(axis=1), dtype=bool)
    if not metric:
        there &= (np.abs(xy) <= _FURTHEST).all(axis=1)
    if not there.any():
        msg = (
            f"{path.name}: no row has coordinates that can be read in {columns[0]!r} and "
            f"{columns[1]!r}. Give degrees, or National Grid metres as Easting and Northing."
        )
        raise BadInputError(msg)
    notes = _notes(path, int((~there).sum()), metric=metric)
    kept = xy[there]
    if metric:
        kept = np.column_stack(national_grid().inverse(kept[:, 0], kept[:, 1]))
    rows = table[there].drop(columns=list(columns)).to_dict("records")
    return Features(
        geometries=tuple(shapely.Point(x, y) for x, y in kept.tolist()),
        properties=tuple({str(key): value or None for key, value in row.items()} for row in rows),
        name="",
        notes=notes,
        changed=bool(notes),
    )


def _read(path: Path) -> pd.DataFrame:
    packed: Literal["gzip"] | None = "gzip" if path.name.lower().endswith(".gz") else None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return pd.read_csv(
                path, dtype=str, keep_default_na=False, encoding=encoding, compression=packed
            )
        except UnicodeDecodeError:
            continue
        except (OSError, EOFError, ValueError, pd.errors.ParserError) as error:
            msg = f"{path.name} cannot be read as CSV ({error}). Export it again, with headings."
            raise BadInputError(msg) from error
    msg = f"{path.name} is neither UTF-8 nor Windows-1252 text. Export it again as UTF-8."
    raise BadInputError(msg)


def _coordinates(
    path: Path, table: pd.DataFrame, held: dict[str, str]
) -> tuple[NDArray[np.float64], tuple[str, str], bool]:
    for names, kind in ((_DEGREES, "degrees"), (_METRES, "metres"), (_EITHER, "either")):
        found = [next((held[name] for name in axis if name in held), None) for axis in names]
        if found[0] is None or found[1] is None:
            continue
        xy = np.column_stack(
            [pd.to_numeric(table[name].str.strip(), errors="coerce") for name in found]
        ).astype(np.float64)
        finite = xy[np.isfinite(xy).all(axis=1)]
        metric = kind == "metres" or (kind == "either" and not (np.abs(finite) <= _FURTHEST).all())
        return xy, (found[0], found[1]), metric
    listed = ", ".join(repr(str(column)) for column in table.columns[:12])
    msg = (
        f"{path.name} has no columns of longitude and latitude, or easting and northing (it has "
        f"{listed}). Name them so."
    )
    raise BadInputError(msg)


def _notes(path: Path, dropped: int, *, metric: bool) -> Notes:
    notes = []
    if dropped:
        sentence = f"{path.name}: {dropped:,} rows without coordinates are left out."
        notes.append(Note(sentence, loud=True))
    if metric:
        sentence = f"{path.name} was converted to degrees from the {national_grid().name}."
        notes.append(Note(sentence))
    return tuple(notes)
