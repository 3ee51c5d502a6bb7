"""One load of a standing layer: a register or table that takes the place of the one before it."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.standing import BeatTableMapping, PremisesMapping, load_standing_mapping
from spatial.incidents import commit as commits
from spatial.incidents.files.formats import open_source
from spatial.incidents.files.sources import find_source_files
from spatial.incidents.load import LoadResult
from spatial.incidents.parts import csv_bytes
from spatial.incidents.store import FileRecord, IncidentStore
from spatial.incidents.tally import as_notes
from spatial.notes import Note, Notes
from spatial.partners.beat_table import period_words, read_beat_table, refuse_finer
from spatial.partners.beats import Beats, read_beats
from spatial.partners.register_rows import read_register
from spatial.partners.standing import (
    STANDING_FORMAT,
    StandingLoad,
    StandingStore,
    refuse_taken,
)
from spatial.partners.standing_commit import commit_standing
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from config.standing import StandingMapping
    from spatial.incidents.files.formats import OpenFile
    from spatial.partners.register_rows import Rows

_MAPS: Final = frozenset({".geojson", ".gpkg"})
_MOST_NAMED: Final = 4
_NO_BEATS: Final = Beats((), (), (), "")


def load_standing(
    files: Sequence[Path],
    store: Path,
    *,
    kind: str | Path,
    as_of: dt.date | None = None,
    today: dt.date | None = None,
) -> LoadResult:
    """Read one register or table and put it in the place of its source's older one.

    Parameters
    ----------
    files
        One CSV, Excel or Parquet file; of a register also GeoJSON points or GeoPackage.
    store
        Folder of an incident store; a table by beat is matched with the store's beats.
    kind
        A shipped standing mapping's name, or a TOML file.
    as_of
        The day as of which a register stood; None where the file has a column for it.
    today
        For a note where the file's date lies after it.

    Returns
    -------
    The balance: read = stored + rejected + duplicates. Loading the same file again writes nothing.
    The load before stays in the history: it is in force again when this one is undone.

    Raises
    ------
    BadInputError
        Anything about the input that a person must mend; the store is then as it was.

    Notes
    -----
    The incident store, its fingerprint and every run id stay as they are.
    """
    IncidentStore.open(store)
    mapping = load_standing_mapping(kind)
    file, found = _opened(files, mapping, as_of=as_of)
    with commits.locked(store) as held:
        refuse_taken(store, mapping.source, mapping.kind)
        standing = StandingStore.open(store)
        beats = _beats(held, mapping)
        load_id = _load_id(file.sha256, mapping, beats, as_of)
        before = next((load for load in standing.loads if load.load_id == load_id), None)
        if before is not None:
            return _repeated(standing, before)
        raw = file.read(mapping.wanted)
        if not raw.read:
            msg = f"{file.name} has column names but no rows. Export it again with its rows."
            raise BadInputError(msg)
        if isinstance(mapping, PremisesMapping):
            rows = read_register(file, raw, mapping, as_of=as_of)
        else:
            rows = read_beat_table(file, raw, mapping, beats)
        choices = (*found, *as_notes(file.choices + raw.choices))
        notes = _notes(standing, mapping, rows, choices, today=today)
        load = _record(load_id, mapping, FileRecord(file.name, file.sha256, raw.read), rows, notes)
        report = None
        if rows.rejected:
            lines = ((file.name, row, reason) for row, reason in rows.rejected)
            report = csv_bytes(("file", "row", "reason"), lines)
        commit_standing(standing, load, rows.table, report)
    return LoadResult(
        read=load.read,
        stored=load.stored,
        rejected=load.rejected,
        duplicates=0,
        load_id=load_id,
        notes=load.notes,
        rejected_file=StandingStore.open(store).report(load_id),
    )


def _opened(
    files: Sequence[Path], mapping: StandingMapping, *, as_of: dt.date | None
) -> tuple[OpenFile, Notes]:
    """Open the one file, and refuse what it may not hold before a row is read."""
    if len(files) != 1:
        msg = (
            f"A load of {mapping.name!r} is one file, which takes the place of the one before it "
            f"(given: {len(files)}). Load one."
        )
        raise BadInputError(msg)
    path = files[0]
    if path.is_dir() or path.suffix.lower() == ".zip":
        what = "a folder" if path.is_dir() else "an archive"
        msg = f"{path.name!r} is {what}. Name the file itself."
        raise BadInputError(msg)
    if isinstance(mapping, BeatTableMapping):
        if as_of is not None:
            msg = (
                f"--as-of is for a register; the period of {mapping.name!r} is in its own columns."
            )
            raise BadInputError(msg)
        if path.suffix.lower() in _MAPS:
            msg = (
                f"{path.name!r} is a map file. Safeguarding concerns are read as a table by beat "
                "alone: send beat, number and period."
            )
            raise BadInputError(msg)
    sources, notes = find_source_files([path])
    file = open_source(sources[0])
    if isinstance(mapping, BeatTableMapping):
        refuse_finer(file, mapping)
    missing = [column for column in mapping.wanted if not file.has(column)]
    if missing:
        listed = " or ".join(repr(column) for column in missing[:_MOST_NAMED])
        msg = (
            f"{file.name} does not fit the kind {mapping.name!r}: it has no column {listed}. "
            "Name the kind that fits, or a .toml file of your own with --kind."
        )
        raise BadInputError(msg)
    return file, notes


def _beats(held: IncidentStore, mapping: StandingMapping) -> Beats:
    """Read the store's beats, if the mapping needs any."""
    if isinstance(mapping, PremisesMapping):
        return _NO_BEATS
    beats = read_beats(held.context_layers())
    if not beats.names:
        msg = (
            f"The store {held.path.name!r} keeps no beats to find those of {mapping.title!r} in. "
            "Load beats.geojson (each with a name or code) first: harmhex load."
        )
        raise BadInputError(msg)
    return beats


def _load_id(content: str, mapping: StandingMapping, beats: Beats, as_of: dt.date | None) -> str:
    """Hash what decides what is stored: content, mapping, beats, date, format."""
    digest = hashlib.sha256(f"standing {STANDING_FORMAT}".encode())
    for part in (content, mapping.model_dump_json(), beats.digest, str(as_of)):
        digest.update(part.encode())
    return digest.hexdigest()[:16]


def _record(
    load_id: str, mapping: StandingMapping, file: FileRecord, rows: Rows, notes: Notes
) -> StandingLoad:
    """Draw up the load's record."""
    reasons = Counter(reason for _, reason in rows.rejected)
    return StandingLoad(
        load_id=load_id,
        kind=mapping.kind,
        source=mapping.source,
        title=mapping.title,
        counts=mapping.counts,
        grade=mapping.confidence.grade,
        reason=mapping.confidence.reason,
        file=file,
        read=file.rows,
        stored=rows.table.num_rows,
        rejected=reasons.total(),
        rejected_by_reason=dict(sorted(reasons.items())),
        since=rows.since,
        through=rows.through,
        classes=mapping.classes if isinstance(mapping, BeatTableMapping) else (),
        total_given=rows.total_given,
        notes=notes,
    )


def _notes(
    standing: StandingStore,
    mapping: StandingMapping,
    rows: Rows,
    choices: Notes,
    *,
    today: dt.date | None,
) -> Notes:
    """Say what was decided, and which load this one takes the place of."""
    said = [*rows.notes, *choices]
    before = next((load for load in standing.current() if load.source == mapping.source), None)
    if before is not None:
        dated = period_words(before.since, before.through)
        if rows.through >= before.through:
            text = (
                f"The load {before.load_id} of {mapping.source!r} ({dated}) is no longer shown: "
                "this one takes its place. It stays in the history until it is undone."
            )
        else:
            text = (
                f"The load {before.load_id} of {mapping.source!r} ({dated}) is later than this "
                "one and goes on being shown; this one is kept in the history."
            )
        said.append(Note(text, loud=True))
    if today is not None and rows.through > today:
        text = f"The date {day_words(rows.through)} lies after today, {day_words(today)}: check it."
        said.append(Note(text, loud=True))
    if rows.rejected:
        reasons = Counter(reason for _, reason in rows.rejected)
        listed = "; ".join(f"{reason} {number:,}" for reason, number in sorted(reasons.items()))
        said.append(Note(f"Rows rejected: {len(rows.rejected):,} ({listed})."))
    said += [
        Note(f"{mapping.title}: {mapping.counts}."),
        Note(f"Confidence {mapping.confidence.grade}: {mapping.confidence.reason}."),
        *(Note(text) for text in mapping.notes),
    ]
    return tuple(sorted(dict.fromkeys(said), key=lambda note: not note.loud))


def _repeated(standing: StandingStore, before: StandingLoad) -> LoadResult:
    """Report a load that the store already holds."""
    text = "This file is already in the store, read the same way: nothing was written."
    return LoadResult(
        read=before.read,
        stored=0,
        rejected=before.rejected,
        duplicates=before.stored,
        load_id=before.load_id,
        notes=(Note(text, loud=True), *before.notes),
        rejected_file=standing.report(before.load_id),
    )
