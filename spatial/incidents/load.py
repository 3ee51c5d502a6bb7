"""One load: from the files a person names to incidents in the store, every row accounted for."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from config.errors import BadInputError
from config.harm_scheme import load_harm_scheme
from config.mapping import shipped_mappings
from config.offence import table_bytes
from spatial.incidents import commit as commits
from spatial.incidents.files.formats import open_source
from spatial.incidents.files.sources import find_source_files
from spatial.incidents.mappings.headers import choose_mapping
from spatial.incidents.mappings.kept import kept_mappings, named_mapping
from spatial.incidents.pouring import LATE, PART, Opened, Poured, pour
from spatial.incidents.store import FileRecord, IncidentStore, LoadRecord
from spatial.incidents.tally import as_notes
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    import datetime as dt
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from config.mapping import Mapping
    from spatial.incidents.commit import Extras
    from spatial.incidents.files.sources import SourceFile
    from spatial.incidents.repeats import Settled

_MOST_READERS = 8
_PART_NAMES = {PART: "{}.parquet", LATE: "{}.late.parquet"}
_CONTENT_FORMAT = 1
"""Version of what a load makes of its files: part of every load id."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load came to.

    Attributes
    ----------
    read, stored, rejected, duplicates
        Rows of data: read = stored + rejected + duplicates, always.
    load_id
        Content hash of files, mapping, weights and offence table; empty where only study areas and
        context layers were stored.
    notes
        Every automatic choice, loud ones first.
    rejected_file
        The report of rejected rows, None where there were none.
    replaced
        Of the rows stored, those that correct an incident of an earlier load.
    """

    read: int
    stored: int
    rejected: int
    duplicates: int
    load_id: str
    notes: Notes
    rejected_file: Path | None
    replaced: int = 0


def load_incidents(  # noqa: PLR0913 (what is loaded, where, and how)
    files: Sequence[Path],
    store: Path,
    *,
    mapping: str | Path | None = None,
    extras: Extras | None = None,
    progress: Callable[[str], None] | None = None,
    today: dt.date | None = None,
) -> LoadResult:
    """Read files and add their incidents to a store, in one step that happens or does not.

    Parameters
    ----------
    files
        CSV, Excel, Parquet, GeoJSON and GeoPackage files, zip archives and folders, in any order
        and number. Rows are numbered as a spreadsheet shows them: the header is row 1, the first
        incident row 2.
    store
        The store's folder; made if it does not exist.
    mapping
        A shipped mapping's name or a TOML file; None chooses for each file the one that fits.
    extras
        Study areas and context layers to store in the same step: "study_areas/NAME.geojson" or
        "context/NAME.geojson" to content.
    progress
        Told what is being done, in a few words.
    today
        The day of the load, given by whoever may read a clock: later dates are counted, loudly.

    Returns
    -------
    The balance, and what was decided on the way. Loading the same files again writes nothing and
    reports every good row as a duplicate.

    Raises
    ------
    BadInputError
        Anything about the input that a person must mend; the store is then as it was.

    Notes
    -----
    Files are read in chunks. Of the rows read, eight bytes each are held to tell repeats, and
    sixteen for each row without an id of the file that is being read; nothing else grows with the
    files.
    """
    tell = progress or (lambda _: None)
    layers = dict(extras or {})
    commits.check_extras(layers)
    if not files:
        if not layers:
            msg = "There is nothing to load. Give at least one file, archive or folder."
            raise BadInputError(msg)
        with commits.locked(store) as held:
            said = commits.extras_notes(held, commits.new_extras(held, layers))
            commits.commit(held, None, {}, layers)
        return LoadResult(0, 0, 0, 0, "", said, None)

    given = None if mapping is None else named_mapping(mapping, store)
    kept = kept_mappings(store)
    candidates = (*kept, *shipped_mappings()) if given is None else (given,)
    patterns = [each.files for each in candidates if each.files is not None]
    sources, notes = find_source_files(files, patterns=patterns)
    opened = _open_all(sources, given, kept, tell)
    load_id = _load_id(opened)

    with commits.locked(store) as held:
        before = next((load for load in held.loads if load.load_id == load_id), None)
        if before is not None:
            changed = commits.new_extras(held, layers)
            if changed:
                commits.commit(held, None, {}, layers)
            return _repeated(held, before, commits.extras_notes(held, changed))
        layer_notes = commits.extras_notes(held, commits.new_extras(held, layers))
        with _workspace(held.path) as work:
            poured = pour(opened, held, load_id, work=work, tell=tell, today=today)
            record = _record(load_id, opened, poured, (*notes, *layer_notes))
            tell(f"Storing {record.stored:,} incidents")
            renewed = commits.commit(held, record, _writers(work, poured, record), layers)
    return LoadResult(
        record.read,
        record.stored,
        record.rejected,
        record.duplicates,
        load_id,
        record.notes,
        renewed.rejected_file(load_id),
        record.replaced,
    )


def _open_all(
    sources: Sequence[SourceFile],
    given: Mapping | None,
    kept: Sequence[Mapping],
    tell: Callable[[str], None],
) -> list[Opened]:
    """Look every file through and choose its mapping.

    Returns
    -------
    The files in the order of their content, as the load id is: which of two rows that claim one
    id is kept must not hang on what a file is called.
    """
    opened: list[Opened] = []
    workers = max(1, min(len(sources), os.cpu_count() or 1, _MOST_READERS))
    with ThreadPoolExecutor(workers) as pool:
        try:
            futures = [pool.submit(_open_one, source, given, kept) for source in sources]
            for number, future in enumerate(futures, start=1):
                opened.append(future.result())
                tell(f"Opened {number} of {len(sources)} files")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return sorted(opened, key=lambda each: (each.file.sha256, each.file.name))


def _open_one(source: SourceFile, given: Mapping | None, kept: Sequence[Mapping]) -> Opened:
    file = open_source(source)
    mapping = choose_mapping(file, given, kept=kept)
    return Opened(file, mapping, load_harm_scheme(mapping.harm))


def _load_id(opened: Sequence[Opened]) -> str:
    """Hash all that decides what is stored: contents, mappings, weights, offence table."""
    digest = hashlib.sha256(f"format {_CONTENT_FORMAT}".encode())
    for each in opened:
        digest.update(each.file.sha256.encode())
    used = {each.mapping.name: each for each in opened}
    for _, each in sorted(used.items()):
        digest.update(each.mapping.model_dump_json().encode())
        digest.update(each.scheme.digest_source)
    digest.update(table_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def _workspace(store: Path) -> Iterator[Path]:
    """Give a folder on the store's own disk for what is not yet committed."""
    work = store / commits.WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _writers(work: Path, poured: Poured, record: LoadRecord) -> dict[str, Callable[[Path], object]]:
    """Say what moves each finished file from the workspace to its place."""
    moved = dict(zip(record.parts, poured.parts, strict=True))
    reports = (
        (f"rejected/{record.load_id}.csv", "rejected.csv", record.rejected),
        (f"duplicates/{record.load_id}.csv", "duplicates.csv", record.duplicates),
        (f"ledger/{record.load_id}.parquet", "ledger.parquet", record.superseded),
    )
    moved |= {target: name for target, name, rows in reports if rows}
    return {target: partial(os.replace, work / name) for target, name in moved.items()}


def _record(load_id: str, opened: Sequence[Opened], poured: Poured, notes: Notes) -> LoadRecord:
    """Draw up the load's record."""
    full = [(each, rows) for each, rows in zip(opened, poured.rows, strict=True) if rows]
    empty = [each.file.name for each, rows in zip(opened, poured.rows, strict=True) if not rows]
    if not full:
        msg = f"{min(empty)} has column names but no rows. Export it again with its incidents."
        raise BadInputError(msg)
    used = {each.mapping.name: each for each, _ in full}
    mappings = [used[name].mapping for name in sorted(used)]
    schemes = [used[name].scheme for name in sorted(used)]
    first, last = poured.summary.dates
    settled = poured.settled
    said = (
        *(Note(text, loud=True) for mapping in mappings for text in mapping.loud_notes),
        *_balance_notes(poured.rejected, settled),
        *notes,
        *(Note(f"{name} has column names but no rows.", loud=True) for name in sorted(empty)),
        *as_notes(poured.choices + poured.summary.choices(schemes)),
        *(Note(text) for scheme in schemes for text in scheme.notes),
        *(Note(text) for mapping in mappings for text in mapping.notes),
    )
    read = sum(poured.rows)
    rejected = poured.rejected.total()
    return LoadRecord(
        load_id=load_id,
        files=tuple(FileRecord(each.file.name, each.file.sha256, rows) for each, rows in full),
        source="; ".join(sorted({mapping.source for mapping in mappings})),
        mapping="; ".join(mapping.name for mapping in mappings),
        harm_edition="; ".join(sorted({scheme.edition for scheme in schemes})),
        read=read,
        stored=read - rejected - settled.duplicates,
        rejected=rejected,
        duplicates=settled.duplicates,
        rejected_by_reason=dict(sorted(poured.rejected.items())),
        data_from=first,
        data_through=last,
        time_precision="; ".join(poured.summary.precisions),
        rows_digest=settled.digest,
        notes=tuple(sorted(dict.fromkeys(said), key=lambda note: not note.loud)),
        parts=tuple(f"incidents/{_PART_NAMES[name].format(load_id)}" for name in poured.parts),
        replaced=settled.replaced,
        superseded=settled.superseded,
    )


def _balance_notes(reasons: Counter[str], settled: Settled) -> Notes:
    """Say what was not stored, and why."""
    notes = []
    if reasons:
        listed = "; ".join(f"{reason} {number:,}" for reason, number in sorted(reasons.items()))
        notes.append(Note(f"Rows rejected: {reasons.total():,} ({listed}).", loud=True))
    if settled.duplicates:
        text = f"Rows that repeat an incident and were not stored again: {settled.duplicates:,}."
        if settled.differing:
            listed = ", ".join(settled.columns)
            text += f" Of these, {settled.differing:,} differ from it ({listed}); one was kept."
        notes.append(Note(text, loud=settled.differing > 0))
    if settled.outdated:
        text = (
            f"Rows that say what an earlier version said of an incident since corrected: "
            f"{settled.outdated:,}. The correction was kept."
        )
        notes.append(Note(text, loud=True))
    if settled.replaced:
        listed = ", ".join(settled.corrected)
        text = (
            f"Incidents of earlier loads that these rows correct: {settled.replaced:,} ({listed}). "
            "The earlier versions are kept in the ledger and count no more."
        )
        notes.append(Note(text, loud=True))
    if settled.unplaced:
        text = (
            "Rows without a location that gave way to another row of the same incident that has "
            f"one: {settled.unplaced:,}."
        )
        notes.append(Note(text))
    return tuple(notes)


def _repeated(held: IncidentStore, before: LoadRecord, layers: Notes) -> LoadResult:
    """Report a load that the store already holds."""
    note = Note("These files are already in the store, read the same way: no incident was written.")
    return LoadResult(
        read=before.read,
        stored=0,
        rejected=before.rejected,
        duplicates=before.read - before.rejected,
        load_id=before.load_id,
        notes=(replace(note, loud=True), *layers, *before.notes),
        rejected_file=held.rejected_file(before.load_id),
    )
