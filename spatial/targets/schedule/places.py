"""Places: the areas of a list of targets as a schedule needs them."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_CSV: Final = "targets.csv"
_GEOJSON: Final = (".geojson", ".json")
_NEEDED: Final = ("area_id", "longitude", "latitude")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, eq=False)
class SchedulePlaces:
    """Places to visit, in the order of their list.

    Attributes
    ----------
    area_ids, names, peaks
        One each; ``peaks`` is the column ``peak_windows``, empty where there is none.
    points
        Longitude and latitude (degrees, WGS84) of a point inside, shape (m, 2).
    incidents
        Of the list's window, shape (m,); not a number where the list has none.
    window_days
        Length of that window; None where it is not known.
    digest
        Hash of all of it.
    """

    area_ids: tuple[str, ...]
    names: tuple[str, ...]
    peaks: tuple[str, ...]
    points: NDArray[np.float64]
    incidents: NDArray[np.float64]
    window_days: int | None
    digest: str

    def __len__(self) -> int:
        """How many."""
        return len(self.area_ids)

    def first(self, count: int) -> SchedulePlaces:
        """Return the first so many places."""
        return replace(
            self,
            area_ids=self.area_ids[:count],
            names=self.names[:count],
            peaks=self.peaks[:count],
            points=self.points[:count],
            incidents=self.incidents[:count],
        )


def read_places(path: Path) -> SchedulePlaces:
    """Read the places of a list: ``targets.csv``, ``targets.geojson``, or their folder.

    The window is that of the ``manifest.json`` beside the file, where there is one.

    Raises
    ------
    BadInputError
        There is no such file, a column is missing, a place is listed twice or has no position.
    """
    file = path / _CSV if path.is_dir() else path
    try:
        content = file.read_bytes()
    except OSError as error:
        msg = (
            f"{file.name!r} cannot be opened ({(error.strerror or 'no reason').lower()}). Give the "
            "targets.csv that harmhex targets wrote, or its folder."
        )
        raise BadInputError(msg) from error
    rows = _geojson(content, file.name) if file.suffix.lower() in _GEOJSON else _csv(content, file)
    return _places(rows, file.name, window_days=_window_days(file.parent / "manifest.json"))


def places_of(areas: pd.DataFrame, *, window_days: int | None) -> SchedulePlaces:
    """Return the places of a table of targets at hand (the contract's columns)."""
    return _places(areas.reset_index(drop=True), "the list", window_days=window_days)


def _places(rows: pd.DataFrame, name: str, *, window_days: int | None) -> SchedulePlaces:
    missing = [column for column in _NEEDED if column not in rows.columns]
    if missing:
        msg = (
            f"{name} has no column {missing[0]!r}. Give a list with the columns "
            f"{', '.join(_NEEDED)}, as harmhex targets writes it."
        )
        raise BadInputError(msg)
    if rows.empty:
        msg = f"{name} lists no place, so there is nothing to schedule. Make a list with places."
        raise BadInputError(msg)
    ids = tuple(_text(one) for one in rows["area_id"])
    twice = rows["area_id"].duplicated()
    if twice.any() or not all(ids):
        at = int(np.argmax(twice)) if twice.any() else ids.index("")
        msg = (
            f"{name}, row {at + 2}: the area_id {ids[at]!r} is empty or stands there twice. Give "
            "every place an id of its own."
        )
        raise BadInputError(msg)
    points = np.column_stack([_numbers(rows, key) for key in ("longitude", "latitude")])
    off = ~(np.abs(points) <= (180.0, 90.0)).all(axis=1)
    if off.any():
        at = int(np.argmax(off))
        msg = (
            f"{name}, row {at + 2}: {ids[at]} has no longitude and latitude in degrees. Give the "
            "list as harmhex targets wrote it."
        )
        raise BadInputError(msg)
    names = tuple(_text(one) for one in rows["name"]) if "name" in rows else ids
    peaks = tuple(_text(one) for one in rows.get("peak_windows", [""] * len(ids)))
    incidents = _numbers(rows, "incidents") if "incidents" in rows else np.full(len(ids), np.nan)
    said = [ids, names, peaks, points.tolist(), np.nan_to_num(incidents, nan=-1).tolist()]
    digest = hashlib.sha256(json.dumps([*said, window_days]).encode()).hexdigest()
    return SchedulePlaces(ids, names, peaks, points, incidents, window_days, digest)


def _csv(content: bytes, file: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except (ValueError, UnicodeDecodeError) as error:
        msg = f"{file.name} is no CSV that can be read ({str(error)[:80]}). Make the list again."
        raise BadInputError(msg) from error


def _geojson(content: bytes, name: str) -> pd.DataFrame:
    try:
        return pd.DataFrame([one["properties"] for one in json.loads(content)["features"]])
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{name} is no GeoJSON of targets ({str(error)[:80]}). Make the list again."
        raise BadInputError(msg) from error


def _window_days(manifest: Path) -> int | None:
    try:
        window = json.loads(manifest.read_text(encoding="utf-8"))["window"]
        first, last = (dt.date.fromisoformat(day) for day in window)
        return (last - first).days + 1
    except (OSError, ValueError, KeyError, TypeError):
        # a list without its manifest is still a list
        return None


def _text(value: Any) -> str:  # noqa: ANN401 (a cell of a table is anything)
    text = "" if pd.isna(value) else str(value)
    # the apostrophe that keeps a spreadsheet from running a cell is not part of the name
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def _numbers(rows: pd.DataFrame, column: str) -> NDArray[np.float64]:
    return np.asarray(pd.to_numeric(rows[column], errors="coerce"), dtype=float)
