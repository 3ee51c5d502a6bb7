"""The targets folder: a list read back for printing, with what its manifest and tables add."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from config.errors import BadInputError
from config.version import VERSION
from spatial.patrol_list import PatrolList, read_patrol_list

if TYPE_CHECKING:
    from pathlib import Path

_MANIFEST: Final = "manifest.json"
_AREAS: Final = "targets.geojson"
_DROPPED: Final = "dropped.csv"
_NEEDED: Final = (
    "area_id", "rank", "name", "cells", "grid_ref", "area_ha", "incidents", "harm_share",
    "peak_windows", "why", "status", "data_through", "longitude", "latitude",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class TargetsFolder:
    """A list as its folder has it.

    Attributes
    ----------
    patrol
        The list.
    drawn
        Whether its places are a force's own polygons.
    previous
        What it was compared with; empty for a first list.
    dose
        By what reckoning it is patrolled; empty where the folder does not say.
    dropped
        ``area_id, name, previous_rank, reason`` of places no longer on it.
    version_note
        What must be said where another version made it; else empty.
    """

    patrol: PatrolList
    drawn: bool
    previous: str
    dose: str
    dropped: pd.DataFrame
    version_note: str


def read_targets_folder(
    folder: Path,
    *,
    study_area: str | None = None,
    profile: str | None = None,
    weights: str | None = None,
) -> TargetsFolder:
    """Read the folder that ``harmhex targets`` wrote.

    Parameters
    ----------
    folder
        Holds ``manifest.json`` and ``targets.geojson``, and ``dropped.csv`` where it was compared.
    study_area, profile, weights
        Where they were files of one's own; None for those the manifest names.

    Raises
    ------
    BadInputError
        A file is missing or is not what the manifest says; a newer version wrote it, or one too old
        to have what is printed; an area has no outline; there is no area.
    """
    said = _manifest(folder)
    made_by = str(said.get("version", ""))
    if _number(made_by) > _number(VERSION):
        msg = (
            f"The list in {folder.name!r} was made by version {made_by}, newer than this "
            f"({VERSION}). Upgrade before printing it."
        )
        raise BadInputError(msg)
    _require_outlines(folder)
    patrol = read_patrol_list(folder, study_area=study_area, profile=profile, weights=weights)
    missing = [column for column in _NEEDED if column not in patrol.areas]
    if missing:
        msg = (
            f"The list in {folder.name!r} has no column {missing[0]!r}: version {made_by or '?'} "
            "made it, which is too old to print. Make the list again."
        )
        raise BadInputError(msg)
    choices = said.get("choices") or {}
    weighed = choices.get("weights")
    return TargetsFolder(
        patrol=patrol if weights or not weighed else _weighed(patrol, str(weighed)),
        drawn=bool(choices.get("drawn")),
        previous=str(said.get("previous") or ""),
        dose=str(said.get("dose") or ""),
        dropped=_dropped(folder),
        version_note=(
            f"This list was made by version {made_by} and printed by {VERSION}."
            if made_by != VERSION
            else ""
        ),
    )


def _weighed(patrol: PatrolList, weights: str) -> PatrolList:
    values = {name: getattr(patrol, name) for name in patrol.__slots__}
    return PatrolList(**{**values, "weights": weights})


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        said = json.loads((folder / _MANIFEST).read_bytes())
    except OSError as error:
        msg = (
            f"The folder {folder.name!r} holds no {_MANIFEST} that can be read "
            f"({(error.strerror or 'no reason').lower()}). Give the folder that harmhex targets "
            "wrote."
        )
        raise BadInputError(msg) from error
    except ValueError as error:
        msg = f"{_MANIFEST} in {folder.name!r} is no JSON. Make the list again."
        raise BadInputError(msg) from error
    if not isinstance(said, dict):
        msg = f"{_MANIFEST} in {folder.name!r} is no manifest. Make the list again."
        raise BadInputError(msg)
    return said


def _require_outlines(folder: Path) -> None:
    """Name the first area without an outline; anything else wrong is told by whoever reads on."""
    try:
        features = json.loads((folder / _AREAS).read_bytes())["features"]
        bare = [
            one["properties"].get("name") or one["properties"].get("area_id")
            for one in features
            if not (one.get("geometry") or {}).get("coordinates")
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    if bare:
        msg = (
            f"{_AREAS} in {folder.name!r} has no outline for {bare[0]!r}, so no sheet can show "
            "where it is. Make the list again."
        )
        raise BadInputError(msg)
    if not features:
        msg = f"The list in {folder.name!r} holds no place, so there is nothing to print."
        raise BadInputError(msg)


def _dropped(folder: Path) -> pd.DataFrame:
    columns = ["area_id", "name", "previous_rank", "reason"]
    try:
        content = (folder / _DROPPED).read_bytes()
    except OSError:
        return pd.DataFrame(columns=columns)
    try:
        table = pd.read_csv(
            io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except (ValueError, UnicodeDecodeError) as error:
        msg = f"{_DROPPED} in {folder.name!r} is no CSV that can be read. Make the list again."
        raise BadInputError(msg) from error
    if gone := [column for column in columns if column not in table]:
        msg = f"{_DROPPED} in {folder.name!r} has no column {gone[0]!r}. Make the list again."
        raise BadInputError(msg)
    return table[columns]


def _number(version: str) -> tuple[int, ...]:
    parts = version.split(".")[:3]
    return tuple(int(part) if part.isdigit() else 0 for part in parts)
