"""Changes as people write them: one more place of a kind here, one fewer of that name."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from config.errors import BadInputError
from layers.formats.tables import table_csv
from layers.risk.what_if import ASSOCIATION, PlaceChange
from layers.targets.cell_choice import point_at
from spatial.projection import national_grid
from spatial.risk_changes import feature_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from spatial.risk_results import RiskResult

_ADD, _REMOVE = "add", "remove"
_COLUMNS: Final = ("change", "kind", "place")
_METRES_FROM: Final = 1000.0
_POLE: Final = 90.0


def point_of(text: str, result: RiskResult) -> tuple[float, float]:
    """Return the longitude and latitude that somebody typed.

    Parameters
    ----------
    text
        A grid reference, longitude and latitude, or easting and northing. Degrees may come in
        either order: the one near the study area is meant.

    Raises
    ------
    BadInputError
        It is none of them, or lies nowhere near the study area.
    """
    words = text.replace(",", " ").split()
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) != 2:  # noqa: PLR2004 (a pair)
        found = [point_at(text)]
    elif min(abs(one) for one in numbers) > _METRES_FROM:
        x, y = national_grid().inverse(numbers[0], numbers[1])
        found = [(float(x), float(y))]
    else:
        found = [(numbers[0], numbers[1]), (numbers[1], numbers[0])]
    near = [one for one in found if _is_near(one, result)]
    if not near:
        msg = (
            f"{text!r} is not near {result.grid.study_area.name}. Write a grid reference like TG "
            "2711 7142, or longitude and latitude like 1.4123, 53.1987."
        )
        raise BadInputError(msg)
    return near[0]


def read_changes(path: Path) -> tuple[tuple[str, str], ...]:
    """Read changes from a CSV file: ``change`` (add or remove), ``kind``, ``place``.

    Returns
    -------
    As the shell takes them one by one: ``add`` or ``remove``, and ``KIND@PLACE``.

    Raises
    ------
    BadInputError
        It is not there, has other columns, or a row says neither.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"The file of changes {path.name!r} cannot be read. Give a CSV file in UTF-8."
        raise BadInputError(msg) from error
    rows = csv.DictReader(io.StringIO(text))
    if not set(_COLUMNS) <= set(rows.fieldnames or ()):
        msg = f"{path.name} must have the columns {', '.join(_COLUMNS)}. Name them so."
        raise BadInputError(msg)
    found = []
    for number, row in enumerate(rows, start=2):
        way = (row["change"] or "").strip().casefold()
        if way not in {_ADD, _REMOVE}:
            msg = (
                f"{path.name}, row {number}: the change {row['change']!r} is neither add nor "
                "remove. Write one of the two."
            )
            raise BadInputError(msg)
        found.append((way, f"{row['kind']}@{row['place']}"))
    return tuple(found)


def changes_of(asked: Sequence[tuple[str, str]], result: RiskResult) -> tuple[PlaceChange, ...]:
    """Return the changes that somebody wrote as ``add`` or ``remove`` and ``KIND@PLACE``.

    Parameters
    ----------
    asked
        Where a place is added, PLACE is a position as :func:`point_of` reads it; where one is taken
        away, its name in the file.

    Raises
    ------
    BadInputError
        There is no such kind, place or name, or more than one of that name.
    """
    found: list[PlaceChange] = []
    for way, words in asked:
        kind, at, place = (part.strip() for part in words.partition("@"))
        if not (kind and at and place):
            msg = (
                f"The change {words!r} cannot be read. Write KIND@PLACE, like "
                "'takeaway@TG 2711 7142' to add one and 'pub@The Anchor' to take one away."
            )
            raise BadInputError(msg)
        # also says so where there is no such kind
        features = feature_table(result, kind)
        if way == _ADD:
            found.append(PlaceChange(kind, *point_of(place, result)))
            continue
        one = _named(features, kind, place)
        if one in found:
            msg = f"{kind}@{place} is taken away twice. Name it once."
            raise BadInputError(msg)
        found.append(one)
    return tuple(found)


def changes_csv(result: RiskResult, changed: pd.DataFrame) -> bytes:
    """Write the cells whose score would change, with what may be read out of it."""
    return table_csv(
        changed.assign(
            read_as=ASSOCIATION,
            run_id=result.run_id,
            data_through=result.data_through.isoformat(),
            marking=result.marking,
        )
    )


def _named(features: pd.DataFrame, kind: str, place: str) -> PlaceChange:
    same = features[features["name"].str.casefold() == place.casefold()]
    if len(same) != 1:
        msg = (
            f"No place of kind {kind!r} is called {place!r}. Give its name as the file has it."
            if same.empty
            else f"{len(same)} places of kind {kind!r} are called {place!r}. Name them apart in "
            "the file."
        )
        raise BadInputError(msg)
    row = same.iloc[0]
    return PlaceChange(
        kind,
        float(row["longitude"]),
        float(row["latitude"]),
        int(row["feature"]),
        str(row["name"]),
    )


def _is_near(point: tuple[float, float], result: RiskResult) -> bool:
    longitude, latitude = point
    if not (np.isfinite([longitude, latitude]).all() and abs(latitude) <= _POLE):
        return False
    plane = result.grid.study_area.metric_system
    east, north = plane.forward(longitude, latitude)
    spot = shapely.Point(float(east), float(north))
    ground = shapely.box(*plane.project(result.grid.study_area.polygon).bounds)
    furthest = max(how.distance_m for how in result.hows)
    return bool(spot.is_valid and ground.distance(spot) <= furthest)
