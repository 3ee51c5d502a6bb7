"""The Load page: choose files, see how they would be read, load them, take a load out again."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.mapping import Mapping, shipped_mappings
from layers.data.preview import notes_html, personal_html, preview_html, preview_table
from layers.wording import counted, escaped
from register import journal
from sample_geo.ready import is_ready_store
from spatial.incidents.files.sources import find_source_files
from spatial.incidents.mappings.kept import keep_mapping, kept_mappings
from spatial.incidents.mappings.preview import preview, recognised, take_sample
from spatial.incidents.mappings.proposal import as_toml, first_guess
from spatial.incidents.store import IncidentStore
from spatial.intake import incident_files
from views import access, answers, frame, waiting
from views.loading import under_way
from views.loading.mapping_form import mapping_form
from views.loading.uploads import ask_for_files, on_disk
from views.quality import keeping as store_keeping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from spatial.incidents.load import LoadResult
    from spatial.incidents.mappings.preview import Sample
    from views.workroom import Steps

_MOST_SAMPLES: Final = 8
_ASKED: Final = "load_asked"
_ROW_PX, _HEAD_PX = 30, 38


@dataclass(frozen=True, slots=True)
class _Given:
    """The files a person gave, and the folder they go to; None while on the sample town."""

    uploads: tuple[UploadedFile, ...]
    paths: tuple[Path, ...]
    boundary: UploadedFile | None
    store: Path | None

    @property
    def key(self) -> str:
        """Tell these files from others."""
        named = [upload.file_id for upload in self.uploads]
        named += [f"{path} {path.stat().st_mtime_ns}" for path in self.paths]
        return hashlib.sha256("\n".join(named).encode()).hexdigest()[:12]


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.LOAD_DATA)
        named = os.environ.get(answers.STORE_VARIABLE, "")
        store = Path(named) if named else None
        writable = store if store is not None and not is_ready_store(store) else None
        frame.name_place("" if writable is None else f"Store {writable.name}", ())
        st.html('<div class="hx-gap"></div>')
        _where(writable)
        state = st.session_state
        turn = state.setdefault("load_turn", 0)
        done = under_way.load_begun()
        if done is not None:
            _loaded(*done)
        uploads, paths, boundary = ask_for_files(turn)
        given = _Given(tuple(uploads), tuple(paths), boundary, writable)
        _done()
        if given.uploads or given.paths or given.boundary:
            with frame.plain_errors():
                _read(given)
        if writable is not None:
            st.divider()
            left, right = st.columns(2, gap="medium")
            with left, frame.plain_errors():
                store_keeping.loads(writable)
            with right, frame.plain_errors():
                store_keeping.weights(writable)


def _where(store: Path | None) -> None:
    if store is None:
        frame.say(
            "This is the sample town, and nothing is loaded into it. To keep your own data, close "
            "the app and start it with the folder of a store, new or not: "
            "harmhex app --store FOLDER. Until then you can look at how your files would be read.",
            kind="plain",
        )
        return
    st.html(
        f'<h2 class="hx-h2">Load into {escaped(store.name)}</h2>'
        '<p class="hx-words">Every row is stored, rejected with its reason, or counted as a '
        "duplicate. A load happens whole or not at all, and can be taken out again. Names, "
        "addresses, birth dates and free text are never stored.</p>"
    )


def _read(given: _Given) -> None:
    """Show how the files would be read, and load them when all of them are known."""
    samples = _samples(given)
    kept = kept_mappings(given.store) if given.store is not None else ()
    known = {place: _known(sample, kept) for place, sample in enumerate(samples)}
    go = st.container(horizontal=True, vertical_alignment="center", key="load_bar")
    if samples:
        place = _which(samples, known)
        _reading(samples[place], known[place], given)
    unknown = [samples[place].name for place, mapping in known.items() if mapping is None]
    if given.store is None:
        return
    # kept until it is done: a file that arrives just after the click starts the page over
    asked = st.session_state.pop(_ASKED, False)
    go.button("Load", type="primary", disabled=bool(unknown), key="load", on_click=_ask)
    if unknown or not asked:
        if unknown:
            go.html(
                f'<p class="hx-words">First save a mapping for {escaped(", ".join(unknown))}, '
                "below: nothing is loaded by a draft that nobody has confirmed.</p>"
            )
        return
    _begin(given, given.store)


@frame.fenced
def _ask() -> None:
    st.session_state[_ASKED] = True


def _samples(given: _Given) -> list[Sample]:
    """Return a sample of each kind of file given, read once for as long as the files stay."""
    held: dict[str, Any] = st.session_state.get("load_samples", {})
    if held.get("key") == given.key:
        return list(held["samples"])
    st.session_state.pop("load_samples", None)

    def work(steps: Steps) -> list[Sample]:
        with on_disk(given.uploads) as uploaded:
            return _take_samples([*uploaded, *given.paths], steps)

    samples = waiting.answer(f"samples {given.key}", work, doing="Looking at the files")
    st.session_state["load_samples"] = {"key": given.key, "samples": samples}
    return samples


def _take_samples(paths: Sequence[Path], steps: Steps) -> list[Sample]:
    """Sample the first file of each path, once for each set of headings."""
    found: dict[tuple[str, ...], Sample] = {}
    patterns = [mapping.files for mapping in shipped_mappings() if mapping.files is not None]
    for path in incident_files(paths)[:_MOST_SAMPLES]:
        steps(f"Reading the first rows of {path.name}")
        sources, _ = find_source_files([path], patterns=patterns)
        sample = take_sample(sources[0])
        found.setdefault(sample.header, sample)
    return list(found.values())


def _known(sample: Sample, kept: Sequence[Mapping]) -> Mapping | None:
    """Return the mapping a load would take, None where none fits."""
    try:
        return recognised(sample, kept=kept)
    except BadInputError:
        return None


def _which(samples: Sequence[Sample], known: dict[int, Mapping | None]) -> int:
    """Ask which kind of file to look at, where there are several: first one that nothing fits."""
    if len(samples) == 1:
        return 0
    first = next((place for place, mapping in known.items() if mapping is None), 0)
    picked = st.selectbox(
        f"{counted(len(samples), 'kind')} of file: look at",
        list(known),
        index=first,
        format_func=lambda place: (
            f"{samples[place].name} "
            f"({known[place].title if known[place] else 'no mapping fits yet'})"
        ),
    )
    return int(picked)


def _reading(sample: Sample, known: Mapping | None, given: _Given) -> None:
    """Show one file's mapping, or the form of one, and what it would store."""
    key = f"mapping_{hashlib.sha256(repr((sample.name, sample.header)).encode()).hexdigest()[:8]}"
    if known is not None:
        st.html(f'<h2 class="hx-h2">{escaped(sample.name)} is read as {escaped(known.title)}</h2>')
        change = st.toggle("Change how it is read", key=f"{key}_change")
        start = known.model_dump(exclude_none=True)
        if known in shipped_mappings():
            start["name"] = _name_of(sample)
    else:
        st.html(
            f'<h2 class="hx-h2">How is {escaped(sample.name)} to be read?</h2>'
            f'<p class="hx-words">{escaped(_why_unknown(sample, given.store))} Below is a first '
            "draft from its headings and rows: check every line against the preview.</p>"
        )
        change = True
        start = first_guess(sample.columns, sample.rows(), name=_name_of(sample))
        key += "_new"
    if words := personal_html(sample):
        st.html(words)
    if not change and known is not None:
        _preview(sample, known)
        return
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        try:
            mapping = mapping_form(sample, start, key=key)
        except BadInputError as error:
            # said where the preview will be: the foot of a long form is out of sight
            with right:
                frame.say(str(error), kind="plain")
            return
    with right, frame.plain_errors():
        _preview(sample, mapping)
    with left, frame.plain_errors():
        _save(mapping, given.store)


def _why_unknown(sample: Sample, store: Path | None) -> str:
    kept = kept_mappings(store) if store is not None else ()
    try:
        recognised(sample, kept=kept)
    except BadInputError as error:
        said = str(error)
        # the shell's remedy is no use on the page
        return "No mapping fits these headings." if said.startswith("No mapping fits") else said
    return ""


def _preview(sample: Sample, mapping: Mapping) -> None:
    shown = preview(sample, mapping)
    st.html(preview_html(shown, sample))
    table = preview_table(shown, mapping)
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        row_height=_ROW_PX,
        height=len(table) * _ROW_PX + _HEAD_PX,
        key=f"preview_{sample.sha256[:8]}",
    )
    if words := notes_html(shown):
        st.html(words)


def _save(mapping: Mapping, store: Path | None) -> None:
    """Offer to keep the mapping in the store, and to carry it away."""
    replaces = store is not None and any(
        kept.name == mapping.name and kept != mapping for kept in kept_mappings(store)
    )
    replace = replaces and st.checkbox(f"Replace the mapping {mapping.name!r} of this store")
    with st.container(horizontal=True, key="save_mapping"):
        if (
            store is not None
            and access.may(Action.SAVE_MAPPINGS)
            and st.button(
                "This is right: save the mapping",
                type="primary",
                key="save",
                disabled=replaces and not replace,
            )
        ):
            access.require(Action.SAVE_MAPPINGS)
            keep_mapping(store, mapping, replace=replace)
            access.record("added", "mapping", mapping.name)
            st.session_state["load_said"] = f"The mapping {mapping.name} is saved in this store."
            st.rerun()
        access.download(
            "Mapping (TOML)",
            as_toml(mapping).encode(),
            file_name=f"{mapping.name}.toml",
            mime="application/toml",
            help="For harmhex load --mapping, or another store",
        )
    if replaces and not replace:
        st.html(
            f'<p class="hx-words">The store holds another mapping of the name '
            f"{escaped(mapping.name)}: choose another name, or replace it.</p>"
        )


def _begin(given: _Given, store: Path) -> None:
    access.require(Action.LOAD_DATA)
    # each time is a load of its own, of the same files too
    state = st.session_state
    state[under_way.BEGUN] = under_way.begun(
        given.uploads, given.paths, given.boundary, store=store
    )
    st.rerun()


def _loaded(result: LoadResult, store: Path) -> None:
    """Take what a load came to: into the register, and onto the page."""
    _note(result, store)
    state = st.session_state
    state["load_result"] = result
    state["load_turn"] += 1
    state.pop("load_samples", None)
    st.rerun()


def _note(result: LoadResult, store: Path) -> None:
    """Write the load into the register."""
    done = [one for one in IncidentStore.open(store).loads if one.load_id == result.load_id]
    if not done:
        access.record("imported", "layers")
        return
    access.note(
        journal.note_load,
        load_id=result.load_id,
        source=done[-1].source,
        read=result.read,
        stored=result.stored,
        rejected=result.rejected,
        duplicates=result.duplicates,
        data_through=done[-1].data_through,
    )


def _done() -> None:
    """Say what the last click came to."""
    state = st.session_state
    if said := state.pop("load_said", ""):
        frame.say(said, kind="plain")
    result: LoadResult | None = state.get("load_result")
    if result is None:
        return
    if result.load_id:
        sentence = (
            f"{counted(result.read, 'row')} read = {result.stored:,} stored + "
            f"{result.rejected:,} rejected + {counted(result.duplicates, 'duplicate')} "
            f"(load {result.load_id})."
        )
    else:
        sentence = "Stored: no incidents, only what the notes say."
    frame.say(sentence, kind="plain")
    notes = "".join(
        f"<li>{f'<b>{escaped(note.text)}</b>' if note.loud else escaped(note.text)}</li>"
        for note in result.notes
    )
    st.html(f'<div class="hx-notes"><ul>{notes}</ul></div>')
    if result.rejected_file is not None and result.rejected_file.is_file():
        access.download(
            "Rejected rows (CSV)",
            result.rejected_file.read_bytes(),
            file_name=result.rejected_file.name,
            mime="text/csv",
        )


def _name_of(sample: Sample) -> str:
    """Return a name for a mapping, from the file's."""
    stem = Path(sample.name).name.partition(".")[0]
    name = re.sub("[^a-z0-9]+", "_", stem.casefold()).strip("_")
    return name if re.match("[a-z]", name) else f"mapping_{name}".rstrip("_")
