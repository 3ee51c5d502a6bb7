"""The manifest: what a folder of targets holds, what was asked, and what it rests on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from enum import Enum
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from config.version import VERSION
from layers.marking import marking_in_force
from spatial.notes import texts
from spatial.window import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.results import TargetRequest, TargetResult


def manifest_json(
    result: TargetResult, files: Mapping[str, bytes], *, request: TargetRequest | None = None
) -> bytes:
    """Write what a folder of targets holds and rests on, with each file's SHA-256 and size.

    ``request`` is what was asked: its fields are the member ``choices``, null where it is not
    given. A path in it is cut to the file's name, for folders name people and machines.
    """
    marking = marking_in_force()
    manifest = {
        "run_id": result.run_id,
        "version": VERSION,
        "profile": result.profile.name,
        "study_area": result.study_area.name,
        "study_area_digest": result.study_area.digest,
        "window": [result.window.first.isoformat(), result.window.last.isoformat()],
        "resolution": result.resolution,
        "ranked_by": result.measure.value,
        "places": len(result.areas),
        "places_asked": result.places_asked,
        "officer_hours": round(result.officer_hours, 2),
        "dose": result.dose_words,
        "previous": result.previous,
        "choices": None if request is None else _choices(request),
        "in_sample": {
            "incidents_share": round(result.incidents_share, 6),
            "harm_share": None if result.harm_share is None else round(result.harm_share, 6),
            "area_share": round(result.area_share, 6),
        },
        "out_of_sample": result.held_out_note,
        "data_from": None if result.data_from is None else result.data_from.isoformat(),
        "data_through": result.data_through.isoformat(),
        "quality": None if result.quality is None else result.quality.content,
        "marking": marking.marking,
        "handling": marking.handling,
        "notes": texts(result.notes),
        # the next list tells these areas by, should they come back
        "also_known": result.also_known.to_dict("records"),
        **digests(files),
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def digests(files: Mapping[str, bytes]) -> dict[str, dict[str, str | int]]:
    """Return the SHA-256 (``files``) and the size (``bytes``) of each file, by its name."""
    return {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "bytes": {name: len(content) for name, content in files.items()},
    }


def _choices(request: TargetRequest) -> dict[str, Any]:
    return {
        field.name: _plain(getattr(request, field.name)) for field in dataclasses.fields(request)
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 (a field of a request is anything)
    if isinstance(value, Window):
        value = (value.first, value.last)
    if isinstance(value, Enum | dt.date):
        return value.value if isinstance(value, Enum) else value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: _plain(one) for name, one in named.items()}
    if value is None or isinstance(value, bool | int | float):
        return value
    # a file of either kind of system keeps its name alone
    return PureWindowsPath(PurePosixPath(str(value)).name).name
