"""The partner store: partner records beside the incidents, under a small manifest of their own."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import duckdb

from config.errors import BadInputError
from spatial.incidents.store import FileRecord
from spatial.notes import Note, Notes
from spatial.partners.schema import PARTNER_SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

PARTNER_FORMAT: Final = 1
"""Version of the layout and columns: part of every load id and fingerprint."""

FOLDER: Final = "partners"
MANIFEST: Final = "partners.json"


@dataclass(frozen=True, slots=True)
class PartnerLoad:
    """One load of partner files, as the manifest keeps it.

    Attributes
    ----------
    load_id
        Content hash of files, mapping and format.
    kind, source, title, counts, grade, reason, lag_days
        What the mapping says of the source.
    files
        Names, hashes and rows.
    read, stored, rejected, duplicates
        Rows: read = stored + rejected + duplicates.
    rejected_by_reason, by_place
        Rows by reason; records stored by how their place was found.
    data_from, data_through
        First and last date; None where nothing was stored.
    gazetteer
        Hash of the layers in which names were looked up, empty where none were.
    rows_digest
        Hash of the records stored.
    notes
        Every automatic choice.
    """

    load_id: str
    kind: str
    source: str
    title: str
    counts: str
    grade: str
    reason: str
    lag_days: int
    files: tuple[FileRecord, ...]
    read: int
    stored: int
    rejected: int
    duplicates: int
    rejected_by_reason: dict[str, int]
    by_place: dict[str, int]
    data_from: dt.date | None
    data_through: dt.date | None
    gazetteer: str
    rows_digest: str
    notes: Notes


@dataclass(frozen=True, slots=True)
class PartnerSource:
    """One source as a layer: what it counts, how far it may be trusted, and to what date.

    Attributes
    ----------
    source, kind, title, counts, grade, reason, lag_days
        As its latest load's mapping says.
    stored
        Records.
    data_from, data_through
        First and last date among them.
    """

    source: str
    kind: str
    title: str
    counts: str
    grade: str
    reason: str
    lag_days: int
    stored: int
    data_from: dt.date
    data_through: dt.date

    @property
    def complete_to(self) -> dt.date:
        """The date up to which records have usually arrived."""
        return self.data_through - dt.timedelta(days=self.lag_days)


@dataclass(frozen=True)
class PartnerStore:
    """The partner records of a store, as they were when it was opened.

    Attributes
    ----------
    path
        The incident store's folder.
    loads
        In the order they were made.
    """

    path: Path
    loads: tuple[PartnerLoad, ...]

    @classmethod
    def open(cls, path: Path) -> PartnerStore:
        """Open the partner records of a store; there are none where none were loaded.

        Raises
        ------
        BadInputError
            The manifest cannot be read, a newer version wrote it, or a file is gone.
        """
        manifest = path / FOLDER / MANIFEST
        if not manifest.is_file():
            return cls(path, ())
        try:
            content = json.loads(manifest.read_text(encoding="utf-8"))
            is_newer = int(content["format"]) > PARTNER_FORMAT
            loads = () if is_newer else tuple(_load_of(load) for load in content["loads"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = (
                f"The store {path.name!r} has a {FOLDER}/{MANIFEST} that cannot be read. Restore "
                f"it from a backup, or remove the folder {FOLDER!r} and load the files again."
            )
            raise BadInputError(msg) from error
        if is_newer:
            msg = (
                f"The partner records of the store {path.name!r} were made by a newer version of "
                "Harmhex. Update Harmhex."
            )
            raise BadInputError(msg)
        store = cls(path, loads)
        missing = [part for part in store.parts() if not (path / part).is_file()]
        if missing:
            msg = (
                f"The store {path.name!r} has lost the file {missing[0]!r}. Restore it from a "
                f"backup, or remove the folder {FOLDER!r} and load the files again."
            )
            raise BadInputError(msg)
        return store

    def parts(self) -> tuple[str, ...]:
        """Return the Parquet files of records, relative to the folder."""
        return tuple(f"{FOLDER}/{load.load_id}.parquet" for load in self.loads if load.stored)

    def sources(self) -> tuple[PartnerSource, ...]:
        """Return the layers there are: one a source, by name, each with its own dates."""
        found = []
        for name in sorted({load.source for load in self.loads if load.stored}):
            loads = [load for load in self.loads if load.source == name and load.stored]
            last = loads[-1]
            found.append(
                PartnerSource(
                    source=name,
                    kind=last.kind,
                    title=last.title,
                    counts=last.counts,
                    grade=last.grade,
                    reason=last.reason,
                    lag_days=last.lag_days,
                    stored=sum(load.stored for load in loads),
                    data_from=min(load.data_from for load in loads if load.data_from),
                    data_through=max(load.data_through for load in loads if load.data_through),
                )
            )
        return tuple(found)

    def source(self, name: str) -> PartnerSource:
        """Return one layer.

        Raises
        ------
        BadInputError
            No records of that source are held; the message lists those that are.
        """
        known = {source.source: source for source in self.sources()}
        if name not in known:
            listed = ", ".join(repr(each) for each in known) or "none"
            msg = f"The store holds no partner source {name!r}. Its partner sources are: {listed}."
            raise BadInputError(msg)
        return known[name]

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the records held: it changes when and only when they do."""
        held = sorted((load.load_id, load.rows_digest) for load in self.loads if load.stored)
        text = json.dumps({"format": PARTNER_FORMAT, "loads": held})
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a connection, in memory and offline, with the view ``partners``."""
        connection = duckdb.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        parts = [str(self.path / part).replace("'", "''") for part in self.parts()]
        if parts:
            listed = ", ".join(f"'{part}'" for part in parts)
            origin = f"read_parquet([{listed}])"
        else:
            connection.register("no_partners", PARTNER_SCHEMA.empty_table())
            origin = "no_partners"
        connection.execute(f"CREATE VIEW partners AS SELECT * FROM {origin}")  # noqa: S608 (our paths, quoted)
        return connection

    def report(self, what: str, load_id: str) -> Path | None:
        """Return a load's report of "rejected" or "duplicate" rows, None where there were none."""
        path = self.path / FOLDER / f"{load_id}.{what}.csv"
        return path if path.is_file() else None


def write_manifest(store: PartnerStore) -> None:
    """Replace the manifest in one step: before it the store is the old one, after it the new."""
    content = {"format": PARTNER_FORMAT, "loads": [asdict(load) for load in store.loads]}
    text = json.dumps(content, indent=1, ensure_ascii=False, default=str) + "\n"
    folder = store.path / FOLDER
    temporary = folder / f".{MANIFEST}.part"
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / MANIFEST)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _load_of(entry: dict[str, Any]) -> PartnerLoad:
    """Read one load of the manifest."""
    days = {
        name: None if entry[name] is None else dt.date.fromisoformat(entry[name])
        for name in ("data_from", "data_through")
    }
    files = tuple(FileRecord(**file) for file in entry["files"])
    notes = tuple(Note(**note) for note in entry["notes"])
    return PartnerLoad(**{**entry, **days, "files": files, "notes": notes})
