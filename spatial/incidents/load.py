"""One load: from the files a person names to incidents in the store, every row accounted for."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from config.errors import BadInputError
from config.harm_scheme import load_harm_scheme
from config.mapping import load_mapping, shipped_mappings
from config.offence import table_bytes
from spatial.incidents import commit as commits
from spatial.incidents.batch import read_batch
from spatial.incidents.formats import open_source
from spatial.incidents.headers import choose_mapping
from spatial.incidents.identity import SAME, find_duplicates, name_incidents
from spatial.incidents.parts import csv_bytes, finish_incidents, write_part
from spatial.incidents.sources import find_source_files
from spatial.incidents.store import STORE_FORMAT, FileRecord, IncidentStore, LoadRecord
from spatial.incidents.summary import dates_of, notes_of_incidents, words_in
from spatial.incidents.tally import Tally, as_notes
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from config.mapping import Mapping
    from spatial.incidents.batch import Batch
    from spatial.incidents.commit import Extras
    from spatial.incidents.identity import Duplicates
    from spatial.incidents.sources import SourceFile

_MOST_READERS = 8


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load came to.

    Attributes
    ----------
    read, stored, rejected, duplicates
        Rows of data: read = stored + rejected + duplicates, always.
    load_id
        Content hash of files, mapping, weights, offence table and store format; empty where only
        study areas and context layers were stored.
    notes
        Every automatic choice, loud ones first.
    rejected_file
        The report of rejected rows, None where there were none.
    """

    read: int
    stored: int
    rejected: int
    duplicates: int
    load_id: str
    notes: Notes
    rejected_file: Path | None


def load_incidents(
    files: Sequence[Path],
    store: Path,
    *,
    mapping: str | Path | None = None,
    extras: Extras | None = None,
    progress: Callable[[str], None] | None = None,
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

    Returns
    -------
    The balance, and what was decided on the way. Loading the same files again writes nothing and
    reports every good row as a duplicate.

    Raises
    ------
    BadInputError
        Anything about the input that a person must mend; the store is then as it was.
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

    given = None if mapping is None else load_mapping(mapping)
    candidates = shipped_mappings() if given is None else (given,)
    patterns = [each.files for each in candidates if each.files is not None]
    sources, notes = find_source_files(files, patterns=patterns)
    batches, used, more = _read_all(sources, given, tell)
    # in the order of their content, as the load id is: which of two rows that claim one id is kept
    # must not hang on what a file is called
    batches = sorted(batches, key=lambda batch: (batch.sha256, batch.name))
    load_id = _load_id(batches, used)
    tell(f"Matching {sum(batch.table.num_rows for batch in batches):,} incidents")
    table = name_incidents(_joined([batch.table for batch in batches]))

    with commits.locked(store) as held:
        before = next((load for load in held.loads if load.load_id == load_id), None)
        if before is not None:
            changed = commits.new_extras(held, layers)
            if changed:
                commits.commit(held, None, {}, layers)
            return _repeated(held, before, commits.extras_notes(held, changed))
        duplicates = find_duplicates(table, held.parts())
        layer_notes = commits.extras_notes(held, commits.new_extras(held, layers))
        record, incidents = _record(
            load_id, batches, used, table, duplicates, (*notes, *more, *layer_notes)
        )
        tell(f"Storing {record.stored:,} incidents")
        writers: dict[str, Callable[[Path], None]] = {}
        if record.stored:
            writers[f"incidents/{load_id}.parquet"] = partial(write_part, incidents)
        if record.rejected:
            content = _rejected_report(batches)
            writers[f"rejected/{load_id}.csv"] = partial(_write, content)
        if record.duplicates:
            content = _duplicates_report(table, duplicates)
            writers[f"duplicates/{load_id}.csv"] = partial(_write, content)
        renewed = commits.commit(held, record, writers, layers)
    return LoadResult(
        record.read,
        record.stored,
        record.rejected,
        record.duplicates,
        load_id,
        record.notes,
        renewed.rejected_file(load_id),
    )


def _read_all(
    sources: Sequence[SourceFile], given: Mapping | None, tell: Callable[[str], None]
) -> tuple[list[Batch], list[Mapping], Notes]:
    """Read every file, side by side; the result does not depend on which is done first."""
    batches: list[Batch] = []
    used: dict[str, Mapping] = {}
    empty: list[str] = []
    workers = max(1, min(len(sources), os.cpu_count() or 1, _MOST_READERS))
    with ThreadPoolExecutor(workers) as pool:
        try:
            futures = [pool.submit(_read_one, source, given) for source in sources]
            for number, (source, future) in enumerate(zip(sources, futures, strict=True), start=1):
                mapping, batch = future.result()
                tell(f"Read {number} of {len(sources)} files")
                if batch is None:
                    empty.append(source.name)
                    continue
                used[mapping.name] = mapping
                batches.append(batch)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    if not batches:
        msg = f"{empty[0]} has column names but no rows. Export it again with its incidents."
        raise BadInputError(msg)
    notes = tuple(Note(f"{name} has column names but no rows.", loud=True) for name in empty)
    return batches, [used[name] for name in sorted(used)], notes


def _read_one(source: SourceFile, given: Mapping | None) -> tuple[Mapping, Batch | None]:
    """Read one file; None for a file without rows."""
    file = open_source(source)
    mapping = choose_mapping(file, given)
    raw = file.read(mapping.wanted)
    if raw.read == 0:
        return mapping, None
    return mapping, read_batch(file, raw, mapping, load_harm_scheme(mapping.harm))


def _load_id(batches: Sequence[Batch], used: Sequence[Mapping]) -> str:
    """Hash all that decides what is stored: contents, mappings, weights, offence table, format."""
    digest = hashlib.sha256(f"format {STORE_FORMAT}".encode())
    for content in sorted(batch.sha256 for batch in batches):
        digest.update(content.encode())
    for mapping in used:
        digest.update(mapping.model_dump_json().encode())
        digest.update(load_harm_scheme(mapping.harm).digest_source)
    digest.update(table_bytes())
    return digest.hexdigest()[:16]


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Put the files' incidents under one another, each word column over one dictionary."""
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


def _record(  # noqa: PLR0913, PLR0917 (the parts of one record)
    load_id: str,
    batches: Sequence[Batch],
    used: Sequence[Mapping],
    table: pa.Table,
    duplicates: Duplicates,
    notes: Notes,
) -> tuple[LoadRecord, pa.Table]:
    """Draw up the load's record and the incidents to be stored."""
    keep = np.ones(table.num_rows, dtype=bool)
    keep[duplicates.rows] = False
    incidents = finish_incidents(table.filter(pa.array(keep)), load_id)
    reasons = Counter(row.reason for batch in batches for row in batch.rejected)
    first, last = dates_of(incidents)
    choices: Tally = Counter()
    for batch in batches:
        choices += batch.choices
    schemes = [load_harm_scheme(mapping.harm) for mapping in used]
    said = (
        *(Note(text, loud=True) for mapping in used for text in mapping.loud_notes),
        *_balance_notes(reasons, duplicates),
        *notes,
        *as_notes(choices + notes_of_incidents(incidents, schemes)),
        *(Note(text) for scheme in schemes for text in scheme.notes),
        *(Note(text) for mapping in used for text in mapping.notes),
    )
    record = LoadRecord(
        load_id=load_id,
        files=tuple(FileRecord(batch.name, batch.sha256, batch.read) for batch in batches),
        source="; ".join(sorted({mapping.source for mapping in used})),
        mapping="; ".join(mapping.name for mapping in used),
        harm_edition="; ".join(sorted({scheme.edition for scheme in schemes})),
        read=sum(batch.read for batch in batches),
        stored=incidents.num_rows,
        rejected=reasons.total(),
        duplicates=len(duplicates.rows),
        rejected_by_reason=dict(sorted(reasons.items())),
        data_from=first,
        data_through=last,
        time_precision="; ".join(words_in(incidents, "time_precision")),
        rows_digest=hashlib.sha256(np.packbits(keep).tobytes()).hexdigest()[:16],
        notes=tuple(sorted(dict.fromkeys(said), key=lambda note: not note.loud)),
    )
    return record, incidents


def _balance_notes(reasons: Counter[str], duplicates: Duplicates) -> Notes:
    """Say what was not stored, and why."""
    notes = []
    if reasons:
        listed = "; ".join(f"{reason} {number:,}" for reason, number in sorted(reasons.items()))
        notes.append(Note(f"Rows rejected: {reasons.total():,} ({listed}).", loud=True))
    if len(duplicates.rows):
        same = sum(said == SAME for said in duplicates.difference)
        differing = len(duplicates.rows) - same
        text = f"Rows that repeat an incident and were not stored again: {len(duplicates.rows):,}."
        if differing:
            columns = {word for said in duplicates.difference for word in said.split()} - {SAME}
            listed = ", ".join(sorted(columns))
            text += f" Of these, {differing:,} differ from it ({listed}); one was kept."
        notes.append(Note(text, loud=differing > 0))
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


def _rejected_report(batches: Sequence[Batch]) -> bytes:
    return csv_bytes(
        ("file", "row", "reason", "column", "value"),
        (
            (row.file, row.row, row.reason, row.column, row.value)
            for batch in batches
            for row in batch.rejected
        ),
    )


def _duplicates_report(table: pa.Table, duplicates: Duplicates) -> bytes:
    rows = table.select(["source_file", "source_row"]).take(pa.array(duplicates.rows))
    return csv_bytes(
        ("file", "row", "duplicate_of_file", "duplicate_of_row", "difference"),
        zip(
            pc.cast(rows.column("source_file"), pa.string()).to_pylist(),
            rows.column("source_row").to_pylist(),
            duplicates.of_file,
            duplicates.of_row,
            duplicates.difference,
            strict=True,
        ),
    )


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)
