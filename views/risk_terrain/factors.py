"""Layers of places for the Risk terrain page: those the store keeps, and files that are given."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.risk_terrain import load_risk_rules
from layers.wording import escaped
from spatial.risk_report import FACTOR_LAYERS
from spatial.risk_terrain.factors import FactorSet, read_factors
from spatial.risk_terrain.point_table import is_point_table, read_point_table
from spatial.scene import open_scene
from spatial.vectors import read_features
from views import answers, frame, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spatial.incidents.store import IncidentStore

LAYERS: Final = (*FACTOR_LAYERS, "parks", "barriers", "water", "streets")
"""Layers of the store whose features may be factors; one begins with ``FACTOR_LAYERS``."""
ENDINGS: Final = ("geojson", "json", "gpkg", "parquet", "geoparquet", "csv", "gz", "zip")
GIVEN: Final = "risk_given"
_MOST_MB: Final = 200
_MOST_KINDS: Final = 200
_TURN: Final = "risk_turn"


@dataclass(frozen=True, slots=True)
class FactorFile:
    """One file of places, lines or areas.

    Attributes
    ----------
    name
        Without any folder.
    digest
        Of its content.
    path
        Where it lies; None for an upload.
    content
        Of an upload.
    """

    name: str
    digest: str
    path: Path | None = None
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class ChosenFactors:
    """The files that are taken, and how their kinds are read.

    Attributes
    ----------
    files
        In order.
    type_columns
        In place of those looked for; none to look.
    """

    files: tuple[FactorFile, ...]
    type_columns: tuple[str, ...]

    @property
    def key(self) -> str:
        """Tells these from any other choice."""
        return " ".join((*(f"{one.name} {one.digest}" for one in self.files), *self.type_columns))


def choose_factors(store: IncidentStore) -> ChosenFactors:
    """Ask for layers and files, and for the columns that say what their features are."""
    state = st.session_state
    kept = {name: path for name, path in store.context_layers().items() if name in LAYERS}
    layers = [name for name in LAYERS if name in kept]
    chosen = state.get("risk_layers", [name for name in layers if name in FACTOR_LAYERS])
    state["risk_layers"] = [name for name in chosen if name in kept]
    taken = st.multiselect(
        "Layers of the store",
        layers,
        format_func=lambda name: name.capitalize().replace("_", " "),
        key="risk_layers",
        placeholder="Choose" if layers else "The store keeps no such layer",
    )
    # the name of a stored layer's file holds the hash of its content; people know it without
    files = [FactorFile(f"{name}.geojson", kept[name].name, path=kept[name]) for name in taken]
    files += _given_files()
    return ChosenFactors(tuple(files), _columns(files))


@contextmanager
def laid_out(files: Sequence[FactorFile]) -> Iterator[tuple[Path, ...]]:
    """Put files into a folder, each under its own name, and remove them at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="harmhex-factors-") as folder:
        paths = []
        for number, one in enumerate(files):
            # two files may have one name
            path = Path(folder) / str(number) / one.name
            path.parent.mkdir()
            if one.path is None:
                path.write_bytes(one.content)
            else:
                shutil.copyfile(one.path, path)
            paths.append(path)
        yield tuple(paths)


def kinds_in(
    store: IncidentStore, chosen: ChosenFactors, *, study_area: str, resolution: int
) -> FactorSet:
    """Return what the chosen files hold, read once while they stay the same.

    Raises
    ------
    BadInputError
        See :func:`spatial.risk_terrain.factors.read_factors`.
    """
    key = f"{answers.state_of(store)} {study_area} {chosen.key}"
    return waiting.answer(
        f"risk places {key} {resolution}",
        lambda _: _kinds(store, chosen, study_area, resolution),
        doing="Reading the places",
    )


def _given_files() -> list[FactorFile]:
    """Ask for files; they stay until they are taken out, also while another page is open."""
    state = st.session_state
    held: dict[str, bytes] = state.setdefault(GIVEN, {})
    key = f"risk_upload_{state.setdefault(_TURN, 0)}"
    st.file_uploader(
        "Files of places, lines or areas: GeoJSON, GeoPackage, GeoParquet, a zipped Shapefile, or "
        "CSV with coordinates",
        type=list(ENDINGS),
        accept_multiple_files=True,
        key=key,
        max_upload_size=_MOST_MB,
        on_change=_take,
        args=(key,),
    )
    if not held:
        return []
    state["risk_taken"] = [name for name in state.get("risk_taken", ()) if name in held]
    names = st.multiselect("Files given", list(held), key="risk_taken", placeholder="None is used")
    files = [
        FactorFile(name, hashlib.sha256(held[name]).hexdigest()[:16], content=held[name])
        for name in names
    ]
    if len(names) < len(held):
        st.button("Forget the files that are not used", key="risk_forget", on_click=_forget)
    return files


@frame.fenced
def _take(key: str) -> None:
    state = st.session_state
    for upload in state.get(key) or ():
        # only the last part of a name counts: none can lead out of a folder
        name = Path(upload.name.replace("\\", "/")).name or "file"
        state[GIVEN][name] = upload.getvalue()
        state["risk_taken"] = [*dict.fromkeys([*state.get("risk_taken", ()), name])]
    state[_TURN] += 1


@frame.fenced
def _forget() -> None:
    state = st.session_state
    state[GIVEN] = {name: state[GIVEN][name] for name in state["risk_taken"]}


def _columns(files: Sequence[FactorFile]) -> tuple[str, ...]:
    """Ask which columns say what a feature is; none to look for the usual ones."""
    rules = load_risk_rules().factors
    there = {one.name: set(_columns_of(one.name, one.digest, _file=one)) for one in files}
    offered = sorted(set().union(*there.values()))
    state = st.session_state
    state["risk_columns"] = [name for name in state.get("risk_columns", ()) if name in offered]
    chosen: list[str] = st.multiselect(
        "Columns that say what each is",
        offered,
        key="risk_columns",
        placeholder="Found by themselves: kind, type, amenity, shop and the like",
        help="Of several, the first that is filled counts.",
    )
    if not chosen:
        return ()
    # a file without the chosen ones is read as it would be otherwise
    others = [
        column
        for columns in there.values()
        if columns.isdisjoint(chosen)
        for column in rules.type_columns
        if column in columns
    ]
    return tuple(dict.fromkeys([*chosen, *others]))


@st.cache_data(show_spinner=False, max_entries=24)
def _columns_of(name: str, digest: str, *, _file: FactorFile) -> tuple[str, ...]:
    del name, digest  # parts of the key only
    with laid_out([_file]) as (path,):
        read = read_point_table(path) if is_point_table(path) else read_features(path)
    return tuple(sorted({str(key).casefold() for row in read.properties for key in row}))


def _kinds(
    store: IncidentStore, chosen: ChosenFactors, study_area: str, resolution: int
) -> FactorSet:
    scene = open_scene(store, study_area, resolution)
    with laid_out(chosen.files) as paths:
        return read_factors(
            paths,
            scene.grid.study_area,
            # every kind is offered, though only the commonest are tried unasked
            rules=load_risk_rules().factors.model_copy(update={"most_factors": _MOST_KINDS}),
            type_columns=chosen.type_columns,
        )


def kinds_html(found: FactorSet) -> str:
    """Return what the files hold that cannot be tried, and the notes that must be read."""
    rules = load_risk_rules()
    why: dict[str, list[str]] = {}
    for one in found.rejected:
        why.setdefault(one.reason, []).append(rules.words_of(one.factor)[1])
    said = [f"Not tried, {reason}: {', '.join(kinds)}." for reason, kinds in why.items()]
    said += [note.text for note in found.notes if note.loud]
    items = "".join(f"<li>{escaped(one)}</li>" for one in said)
    return f'<div class="hx-notes"><ul>{items}</ul></div>' if items else ""
