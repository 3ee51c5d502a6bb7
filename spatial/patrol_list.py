"""A patrol list as it was made: from a result at hand, or read back from its folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from shapely.errors import ShapelyError
from shapely.geometry import shape

from config.errors import BadInputError
from spatial.notes import texts
from spatial.window import Window

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.results import TargetResult

_MANIFEST: Final = "manifest.json"
_AREAS: Final = "targets.geojson"


@dataclass(frozen=True, slots=True, eq=False)
class PatrolList:
    """A ranked list of patrol areas, and what it was made of.

    Attributes
    ----------
    run_id, version
        Of the list.
    profile
        Name, or the path of a TOML file.
    study_area
        How to find it again: a stored name, a file, ``ever-incident``, or None for the only one.
    study_area_name, study_area_digest
        What it was.
    areas
        ``area_id, rank, name, cells, incidents, harm_days`` and more of the contract's columns,
        with ``geometry`` (EPSG:4326), by rank.
    incidents_share, harm_share, area_share
        0-1, in-sample, as the list says; ``harm_share`` None where nothing weighs harm.
    ranked_by
        The measure that ranked it; empty where it does not say.
    weights
        The harm scheme chosen for it; None for the weights stored at load.
    quality
        Of the data under it, as plain values; None where it says none.
    """

    run_id: str
    version: str
    profile: str
    window: Window
    study_area: str | None
    study_area_name: str
    study_area_digest: str
    resolution: int
    areas: pd.DataFrame
    incidents_share: float
    harm_share: float | None
    area_share: float
    out_of_sample: str
    data_through: dt.date
    quality: dict[str, Any] | None
    notes: tuple[str, ...]
    ranked_by: str = ""
    weights: str | None = None


def patrol_list(
    result: TargetResult,
    *,
    version: str,
    study_area: str | None = None,
    profile: str | None = None,
    weights: str | None = None,
) -> PatrolList:
    """Return a result as a list; the names are those of the request that it answers."""
    return PatrolList(
        run_id=result.run_id,
        version=version,
        profile=profile or result.profile.name,
        window=result.window,
        study_area=study_area,
        study_area_name=result.study_area.name,
        study_area_digest=result.study_area.digest,
        resolution=result.resolution,
        areas=result.areas,
        incidents_share=result.incidents_share,
        harm_share=result.harm_share,
        area_share=result.area_share,
        out_of_sample=result.held_out_note,
        data_through=result.data_through,
        quality=None if result.quality is None else result.quality.content,
        notes=tuple(texts(result.notes)),
        ranked_by=result.measure.value,
        weights=weights,
    )


def read_patrol_list(
    folder: Path,
    *,
    study_area: str | None = None,
    profile: str | None = None,
    weights: str | None = None,
) -> PatrolList:
    """Read a list back from the folder that ``harmhex targets`` wrote.

    Parameters
    ----------
    folder
        Holds ``manifest.json`` and ``targets.geojson``.
    study_area, profile, weights
        Where they were files of one's own; None for those the manifest names.

    Raises
    ------
    BadInputError
        A file is missing, cannot be read, or is no longer what the manifest says.
    """
    manifest, areas = _bytes_of(folder, _MANIFEST), _bytes_of(folder, _AREAS)
    try:
        said = json.loads(manifest)
        written = said["files"][_AREAS]
        first, last = (dt.date.fromisoformat(day) for day in said["window"])
        shares = said["in_sample"]
        rows = json.loads(areas)["features"]
        table = pd.DataFrame([{**row["properties"], "geometry": shape(row["geometry"])}
                              for row in rows])  # fmt: skip
        made = PatrolList(
            run_id=said["run_id"],
            version=said["version"],
            profile=profile or said["profile"],
            window=Window(first, last),
            study_area=study_area or said["study_area"],
            study_area_name=said["study_area"],
            study_area_digest=said["study_area_digest"],
            resolution=int(said["resolution"]),
            areas=table,
            incidents_share=float(shares["incidents_share"]),
            harm_share=None if shares["harm_share"] is None else float(shares["harm_share"]),
            area_share=float(shares["area_share"]),
            out_of_sample=said["out_of_sample"],
            data_through=dt.date.fromisoformat(said["data_through"]),
            quality=said["quality"],
            notes=tuple(said["notes"]),
            ranked_by=said.get("ranked_by", ""),
            weights=weights,
        )
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        msg = (
            f"The folder {folder.name!r} does not hold a list as harmhex targets writes it "
            f"({error!r}). Make the list again."
        )
        raise BadInputError(msg) from error
    if hashlib.sha256(areas).hexdigest() != written:
        msg = (
            f"{_AREAS} in {folder.name!r} is not the file that its manifest names: somebody "
            "changed it. Make the list again."
        )
        raise BadInputError(msg)
    return made


def _bytes_of(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        msg = (
            f"The folder {folder.name!r} holds no {name} that can be read ({error.strerror}). "
            "Give the folder that harmhex targets wrote."
        )
        raise BadInputError(msg) from error
