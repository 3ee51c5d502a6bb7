"""One load of partner files: every row accounted for, every name of a place thrown away."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from config.errors import BadInputError
from config.partner import load_partner_mapping
from spatial.incidents import commit as commits
from spatial.incidents.files.formats import open_source
from spatial.incidents.files.sources import find_source_files
from spatial.incidents.load import LoadResult
from spatial.incidents.parts import csv_bytes
from spatial.incidents.rows.locations import cells_of
from spatial.incidents.rows.words import constant_column
from spatial.incidents.schema import RESOLUTIONS, cell_column
from spatial.incidents.store import FileRecord, IncidentStore
from spatial.incidents.tally import as_notes
from spatial.notes import Note, Notes
from spatial.partners.commit import commit_load
from spatial.partners.geocode import Gazetteer, read_gazetteer
from spatial.partners.identity import identify
from spatial.partners.records import NOT_COUNTED, Records, read_records
from spatial.partners.schema import NAMED, PARTNER_SCHEMA, STREET
from spatial.partners.standing import refuse_taken
from spatial.partners.store import PARTNER_FORMAT, PartnerLoad, PartnerStore

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from config.partner import PartnerMapping
    from spatial.incidents.files.formats import OpenFile
    from spatial.partners.identity import Identified

_MOST_NAMED: Final = 4
_HALF: Final = 0.5


def load_partners(files: Sequence[Path], store: Path, *, kind: str | Path) -> LoadResult:
    """Read partner files and add their records to a store, in one step that happens or does not.

    Parameters
    ----------
    files
        CSV, Excel, Parquet, GeoJSON or GeoPackage files of one source; no folder, no archive.
    store
        Folder of an incident store: names of places are looked up in its places and streets.
    kind
        A shipped partner mapping's name, or a TOML file.

    Returns
    -------
    The balance: read = stored + rejected + duplicates. Loading the same files again writes nothing.

    Raises
    ------
    BadInputError
        Anything about the input that a person must mend; the store is then as it was.
    """
    IncidentStore.open(store)
    mapping = load_partner_mapping(kind)
    _refuse_several(files)
    sources, notes = find_source_files(files)
    opened = [open_source(source) for source in sources]
    for file in opened:
        _require_columns(file, mapping)
    load_id = _load_id([file.sha256 for file in opened], mapping)
    with commits.locked(store) as held:
        refuse_taken(store, mapping.source, mapping.kind)
        partners = PartnerStore.open(store)
        before = next((load for load in partners.loads if load.load_id == load_id), None)
        if before is not None:
            return _repeated(partners, before)
        gazetteer = _gazetteer(held, mapping)
        found, empty = _read_all(opened, mapping, gazetteer)
        table = pa.concat_tables([records.table for records in found])
        table = table.unify_dictionaries().combine_chunks()
        lengths = [records.table.num_rows for records in found]
        numbers = np.repeat(np.arange(len(found)), lengths)
        known = identify(table, numbers, [str(store / part) for part in partners.parts()])
        load, kept = _record(load_id, mapping, gazetteer, found, known, (*notes, *empty))
        _refuse_other_source(partners, load)
        commit_load(partners, load, kept, _reports(load, found, known, numbers))
    renewed = PartnerStore.open(store)
    return LoadResult(
        read=load.read,
        stored=load.stored,
        rejected=load.rejected,
        duplicates=load.duplicates,
        load_id=load_id,
        notes=load.notes,
        rejected_file=renewed.report("rejected", load_id),
    )


def _read_all(
    opened: Sequence[OpenFile], mapping: PartnerMapping, gazetteer: Gazetteer
) -> tuple[list[Records], Notes]:
    """Read every file, in the order of their content: what one is called changes nothing."""
    found: list[Records] = []
    empty: list[str] = []
    for file in sorted(opened, key=lambda file: (file.sha256, file.name)):
        raw = file.read(mapping.wanted)
        if raw.read:
            found.append(read_records(file, raw, mapping, gazetteer))
        else:
            empty.append(file.name)
    if not found:
        msg = f"{empty[0]} has column names but no rows. Export it again with its records."
        raise BadInputError(msg)
    return found, tuple(Note(f"{name} has column names but no rows.", loud=True) for name in empty)


def _refuse_several(files: Sequence[Path]) -> None:
    if not files:
        msg = "There is nothing to load. Give at least one partner file."
        raise BadInputError(msg)
    for path in files:
        if path.is_dir() or path.suffix.lower() == ".zip":
            what = "a folder" if path.is_dir() else "an archive"
            msg = f"{path.name!r} is {what}. Name the partner files themselves, of one kind."
            raise BadInputError(msg)


def _require_columns(file: OpenFile, mapping: PartnerMapping) -> None:
    missing = [column for column in mapping.wanted if not file.has(column)]
    if missing:
        listed = " or ".join(repr(column) for column in missing[:_MOST_NAMED])
        msg = (
            f"{file.name} does not fit the kind {mapping.name!r}: it has no column {listed}. "
            "Name the kind that fits, or a .toml file of your own with --kind."
        )
        raise BadInputError(msg)


def _gazetteer(held: IncidentStore, mapping: PartnerMapping) -> Gazetteer:
    """Read the names of places, if the mapping needs any."""
    if mapping.columns.place is None:
        return Gazetteer({}, frozenset(), "")
    gazetteer = read_gazetteer(held.context_layers())
    if not gazetteer.features:
        msg = (
            f"The store {held.path.name!r} keeps no names of places to look up {mapping.title!r} "
            "in. Load places.geojson and streets.geojson (each with a name) first: harmhex load."
        )
        raise BadInputError(msg)
    return gazetteer


def _load_id(digests: list[str], mapping: PartnerMapping) -> str:
    """Hash what decides which rows are read: contents, mapping, format."""
    digest = hashlib.sha256(f"partners {PARTNER_FORMAT}".encode())
    for content in sorted(digests):
        digest.update(content.encode())
    digest.update(mapping.model_dump_json().encode())
    return digest.hexdigest()[:16]


def _record(  # noqa: PLR0913, PLR0917 (the parts of one record)
    load_id: str,
    mapping: PartnerMapping,
    gazetteer: Gazetteer,
    found: Sequence[Records],
    known: Identified,
    notes: Notes,
) -> tuple[PartnerLoad, pa.Table]:
    """Draw up the load's record and the table to be stored."""
    is_new = known.repeats == ""
    kept = known.table.filter(pa.array(is_new))
    cells = cells_of(kept.column("longitude").to_numpy(), kept.column("latitude").to_numpy())
    made = {
        "load_id": constant_column(load_id, kept.num_rows),
        **{cell_column(resolution): cells[resolution] for resolution in RESOLUTIONS},
    }
    kept = pa.table(
        [made[one.name] if one.name in made else kept.column(one.name) for one in PARTNER_SCHEMA],
        schema=PARTNER_SCHEMA,
    )
    # in the order of their ids, not of the file's rows: that order would lead back to the names
    kept = kept.sort_by("partner_id")
    reasons = Counter(reason for records in found for _, reason in records.rejected)
    places = pc.value_counts(kept.column("place_confidence").cast(pa.string())).to_pylist()
    first, last = _dates(kept, mapping)
    ids = "\n".join(kept.column("partner_id").to_pylist())
    duplicates = int((~is_new).sum())
    said = (
        *_place_notes(found),
        *_row_notes(found, reasons, duplicates),
        *notes,
        *as_notes(sum((records.choices for records in found), Counter())),
        Note(f"{mapping.title}: {mapping.counts}."),
        Note(f"Confidence {mapping.confidence.grade}: {mapping.confidence.reason}."),
        *(Note(text) for text in mapping.notes),
    )
    load = PartnerLoad(
        load_id=load_id,
        kind=mapping.kind,
        source=mapping.source,
        title=mapping.title,
        counts=mapping.counts,
        grade=mapping.confidence.grade,
        reason=mapping.confidence.reason,
        lag_days=mapping.lag_days,
        files=tuple(FileRecord(one.name, one.sha256, one.read) for one in found),
        read=sum(records.read for records in found),
        stored=kept.num_rows,
        rejected=reasons.total(),
        duplicates=duplicates,
        rejected_by_reason=dict(sorted(reasons.items())),
        by_place={
            one["values"]: one["counts"] for one in sorted(places, key=lambda one: one["values"])
        },
        data_from=first,
        data_through=last,
        gazetteer=gazetteer.digest,
        rows_digest=hashlib.sha256(ids.encode()).hexdigest()[:16],
        notes=tuple(sorted(dict.fromkeys(said), key=lambda note: not note.loud)),
    )
    return load, kept


def _dates(kept: pa.Table, mapping: PartnerMapping) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last date on which something happened, None without records."""
    if not kept.num_rows:
        return None, None
    # a record known only to the month happened at some time to its end
    last = "occurred_to" if mapping.time.precision == "month" else "occurred_from"
    days = [
        kept.column(name).to_numpy().astype("datetime64[D]") for name in ("occurred_from", last)
    ]
    first_day: dt.date = days[0].min().item()
    last_day: dt.date = days[1].max().item()
    return first_day, last_day


def _place_notes(found: Sequence[Records]) -> Notes:
    """Say how the names of places fared, in numbers alone."""
    looked = sum((records.looked_up for records in found), Counter[str]())
    if not looked:
        return ()
    matched = looked[NAMED] + looked[STREET]
    text = (
        f"Names of places: {looked.total():,}, of which {looked[NAMED]:,} are a loaded place, "
        f"{looked[STREET]:,} a loaded street, {looked['ambiguous']:,} more than one, "
        f"{looked['unmatched']:,} none, and {looked['home']:,} somebody's home, which is never "
        "looked for. The names were then thrown away; records without a place are on no map."
    )
    return (Note(text, loud=matched < _HALF * looked.total() or bool(looked["ambiguous"])),)


def _row_notes(found: Sequence[Records], reasons: Counter[str], duplicates: int) -> Notes:
    """Say what was not stored, and why."""
    notes = []
    if reasons:
        listed = "; ".join(f"{reason} {number:,}" for reason, number in sorted(reasons.items()))
        # rows of a category that does not count were not meant for us
        is_loud = reasons.total() > reasons[NOT_COUNTED]
        notes.append(Note(f"Rows rejected: {reasons.total():,} ({listed}).", loud=is_loud))
    if duplicates:
        text = f"Rows that repeat a record and were not stored again: {duplicates:,}."
        notes.append(Note(text))
    strange = sum(records.strange_weapons for records in found)
    if strange:
        text = f"Records with a word for a weapon that the mapping does not know: {strange:,}."
        notes.append(Note(f"{text} It counts as unknown.", loud=True))
    return tuple(notes)


def _refuse_other_source(partners: PartnerStore, load: PartnerLoad) -> None:
    """Refuse a source of two kinds, and records that other layers would have placed elsewhere."""
    for other in partners.loads:
        if other.source != load.source:
            continue
        if other.kind != load.kind:
            msg = (
                f"The source {load.source!r} is already held as {other.kind!r}, not "
                f"{load.kind!r}. Give the mapping a source of its own."
            )
            raise BadInputError(msg)
        if other.gazetteer != load.gazetteer and _overlap(other, load):
            msg = (
                f"The places or streets of the store have changed since the load {other.load_id} "
                f"of {load.source!r}, whose dates overlap these: the same record could count "
                f"twice. Undo that load, then load all its files again with these."
            )
            raise BadInputError(msg)


def _overlap(one: PartnerLoad, other: PartnerLoad) -> bool:
    if one.data_from is None or other.data_from is None:
        return False
    if one.data_through is None or other.data_through is None:
        return False
    return one.data_from <= other.data_through and other.data_from <= one.data_through


def _repeated(partners: PartnerStore, before: PartnerLoad) -> LoadResult:
    """Report a load that the store already holds."""
    note = Note("These files are already in the store, read the same way: no record was written.")
    return LoadResult(
        read=before.read,
        stored=0,
        rejected=before.rejected,
        duplicates=before.read - before.rejected,
        load_id=before.load_id,
        notes=(replace(note, loud=True), *before.notes),
        rejected_file=partners.report("rejected", before.load_id),
    )


def _reports(
    load: PartnerLoad, found: Sequence[Records], known: Identified, numbers: np.ndarray
) -> dict[str, bytes]:
    """Write the reports of rows that are not stored: file, row and reason, and no value."""
    reports = {}
    if load.rejected:
        rows = ((one.name, row, reason) for one in found for row, reason in one.rejected)
        reports["rejected"] = csv_bytes(("file", "row", "reason"), rows)
    if load.duplicates:
        of_row = np.concatenate([records.rows for records in found])
        rows_ = (
            (found[numbers[at]].name, int(of_row[at]), str(known.repeats[at]))
            for at in np.flatnonzero(known.repeats != "")
        )
        reports["duplicate"] = csv_bytes(("file", "row", "repeats"), rows_)
    return reports
