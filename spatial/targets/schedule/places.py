"""Places: the areas of a list of targets as a schedule needs them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from spatial.targets.kept.text_tables import parse_text_table
from spatial.window import Window

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_CSV: Final = "targets.csv"
_GEOJSON: Final = (".geojson", ".json")
_NEEDED: Final = ("area_id", "longitude", "latitude")


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
        How many of its days the data reach; None where it is not known.
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

    The window is that of the ``manifest.json`` beside the file, where there is one of the same run.

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
    runs = {_text(one) for one in rows["run_id"]} if "run_id" in rows else set()
    return _places(rows, file.name, window_days=_window_days(file.parent / "manifest.json", runs))


def places_of(areas: pd.DataFrame, *, window_days: int | None) -> SchedulePlaces:
    """Return the places of a table of targets at hand (the contract's columns).

    ``window_days`` as :func:`days_counted` gives them.
    """
    return _places(areas.reset_index(drop=True), "the list", window_days=window_days)


def days_counted(window: Window, *, data_from: dt.date | None, data_through: dt.date | None) -> int:
    """Return how many days of a window the data reach: incidents are of those, not of all of it.

    None is no limit.
    """
    first = max(window.first, data_from or window.first)
    last = min(window.last, data_through or window.last)
    return max((last - first).days + 1, 0)


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
    read = parse_text_table(content, name=file.name, needed=())
    return pd.DataFrame([row for _, row in read.rows], columns=list(read.columns), dtype=object)


def _geojson(content: bytes, name: str) -> pd.DataFrame:
    try:
        return pd.DataFrame([one["properties"] for one in json.loads(content)["features"]])
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{name} is no GeoJSON of targets ({str(error)[:80]}). Make the list again."
        raise BadInputError(msg) from error


def _window_days(manifest: Path, runs: set[str]) -> int | None:
    try:
        said = json.loads(manifest.read_text(encoding="utf-8"))
        window = Window(*(dt.date.fromisoformat(day) for day in said["window"]))
        reach = {key: _day(said.get(key)) for key in ("data_from", "data_through")}
        # the dates of another list would make its incidents too many a day, or too few
        other = "run_id" in said and runs not in (set(), {str(said["run_id"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # a list without its manifest is still a list
        return None
    return None if other else days_counted(window, **reach) or None


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _text(value: Any) -> str:  # noqa: ANN401 (a cell of a table is anything)
    return "" if pd.isna(value) else str(value)


def _numbers(rows: pd.DataFrame, column: str) -> NDArray[np.float64]:
    return np.asarray(pd.to_numeric(rows[column], errors="coerce"), dtype=float)
