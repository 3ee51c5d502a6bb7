"""Areas of an operation by form: from an adopted list, a layer of the store, or a file."""

from __future__ import annotations

import json
import re
import tempfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.errors import BadInputError
from config.operation import Areas
from config.operation_file import area_ids
from config.profile import profile_title
from register import targets
from spatial.window import day_words
from views import records

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from spatial.incidents.store import IncidentStore

KEPT: Final = "As it stands"
LIST: Final = "An adopted list"
LAYER: Final = "A layer of the store"
FILE: Final = "A file"
FILE_ENDINGS: Final = ("csv", "geojson", "json")
MOST_MB: Final = 8
"""The most that is kept of one operation."""
_UNFIT: Final = re.compile(r"[^\w .:/+()-]")
_LONGEST_ID: Final = 120


@dataclass(frozen=True, slots=True)
class ChosenAreas:
    """Areas as an operation's file says them, with the files that they need.

    Attributes
    ----------
    said
        ``file`` and ``ids``, or ``cells``; empty while nothing is chosen.
    files
        Name to content.
    """

    said: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def choose_areas(
    store: IncidentStore, words: str, *, stem: str, kept: ChosenAreas | None
) -> ChosenAreas:
    """Ask where areas come from, and which of them.

    Parameters
    ----------
    words
        What they are to the operation.
    stem
        Begins the keys of the boxes, and the name of a file that is made.
    kept
        Those of the operation that is changed; None for a new one.
    """
    ways = [*([KEPT] if kept is not None and kept.said else []), LIST, LAYER, FILE]
    way = st.selectbox(f"{words}: from", ways, key=f"{stem}_source")
    if way == KEPT and kept is not None:
        return kept
    if way == LIST:
        return _of_list(words, stem)
    if way == LAYER:
        return _of_layer(store, words, stem)
    given = st.file_uploader(
        f"{words}: targets.csv or GeoJSON with area_id",
        type=list(FILE_ENDINGS),
        key=f"{stem}_file",
        max_upload_size=MOST_MB,
    )
    return ChosenAreas() if given is None else _of_file(given, words, stem)


def _of_list(words: str, stem: str) -> ChosenAreas:
    with records.register().reading() as session:
        listed = {one.id: one for one in targets.listed(session)}
        chosen = st.selectbox(
            "Adopted list",
            list(listed),
            format_func=lambda item: (
                f"{day_words(listed[item].first_date)} to {day_words(listed[item].last_date)}, "
                f"{profile_title(listed[item].profile)}"
            ),
            key=f"{stem}_list",
            placeholder="None was adopted" if not listed else "Choose",
        )
        areas = targets.areas_of(session, str(chosen)) if chosen else ()
    if not areas:
        return ChosenAreas()
    drawn = next((one for one in areas if not one.cells), None)
    if drawn is not None:
        msg = (
            f"{drawn.name} was drawn by hand and has no cells. Give the targets.csv of the list "
            "as a file."
        )
        raise BadInputError(msg)
    names = {one.area_id: f"{one.rank}. {one.name}" for one in areas}
    ids = _some(words, stem, names)
    cells = {one.area_id: list(one.cells) for one in areas if one.area_id in ids}
    return ChosenAreas({"cells": cells})


def _of_layer(store: IncidentStore, words: str, stem: str) -> ChosenAreas:
    layers = {
        name: found
        for name, path in store.context_layers().items()
        if (found := _named_areas(str(path), path.stat().st_mtime_ns))
    }
    chosen = st.selectbox(
        "Layer",
        list(layers),
        key=f"{stem}_layer",
        placeholder="Choose" if layers else "No layer has areas with names",
    )
    if not chosen:
        return ChosenAreas()
    shapes = layers[str(chosen)]
    ids = _some(words, stem, {name: name for name in shapes}, none=True)
    if not ids:
        return ChosenAreas()
    features = [
        {"type": "Feature", "properties": {"area_id": name}, "geometry": shapes[name]}
        for name in ids
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    name = f"{stem.rpartition('_')[2]}.geojson"
    return ChosenAreas({"file": name, "ids": list(ids)}, {name: content})


def _of_file(given: UploadedFile, words: str, stem: str) -> ChosenAreas:
    name, content = text_of(given)
    with tempfile.TemporaryDirectory(prefix="harmhex-areas-") as folder:
        path = Path(folder) / name
        path.write_text(content, encoding="utf-8", newline="")
        there = area_ids(Areas(file=str(path)))
    ids = _some(words, stem, {one: one for one in there})
    return ChosenAreas({"file": name, "ids": list(ids)} if ids else {}, {name: content})


def text_of(given: UploadedFile) -> tuple[str, str]:
    """Return an upload's plain name and its text.

    Raises
    ------
    BadInputError
        It is no UTF-8 text.
    """
    name = Path(given.name.replace("\\", "/")).name or "file"
    try:
        return name, given.getvalue().decode("utf-8")
    except UnicodeDecodeError as error:
        msg = f"{name} is no text in UTF-8 ({error.reason}). Save it again as UTF-8."
        raise BadInputError(msg) from error


def _some(words: str, stem: str, names: dict[str, str], *, none: bool = False) -> tuple[str, ...]:
    """Ask which of the areas are meant: all to begin with, or none."""
    chosen = st.multiselect(
        f"{words}: which",
        list(names),
        default=[] if none else list(names),
        format_func=names.__getitem__,
        # other areas are another box
        key=f"{stem}_ids_{zlib.crc32(' '.join(names).encode())}",
    )
    return tuple(str(one) for one in chosen)


@st.cache_data(show_spinner=False, max_entries=24)
def _named_areas(path: str, changed: int) -> dict[str, Any]:
    """Return the polygons of a layer by their names; none where any has no name of its own."""
    del changed  # part of the key only
    try:
        features = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    found: dict[str, Any] = {}
    for feature in features:
        shape = feature.get("geometry") or {}
        said = str((feature.get("properties") or {}).get("name") or "")
        name = _UNFIT.sub(" ", said).strip()[:_LONGEST_ID]
        if not str(shape.get("type", "")).endswith("Polygon") or not name or name in found:
            return {}
        found[name] = shape
    return found
