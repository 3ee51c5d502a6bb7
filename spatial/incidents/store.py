"""The incident store: a folder whose manifest, replaced in one step, says what is in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NoReturn

import duckdb

from config.errors import BadInputError
from spatial.incidents.decided import decisions as decided
from spatial.incidents.ledger import FOLDER, in_force, listed
from spatial.incidents.parts import empty_incidents
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from pathlib import Path

STORE_FORMAT: Final = 2
"""Version of the store's layout. Format 1, without a ledger, is read as it is and becomes 2 with
the next load."""
_CONTENT_FORMAT: Final = 1
"""Version of the incidents' columns: part of every fingerprint."""

MANIFEST: Final = "store.json"
LOCK: Final = ".lock"
AS_GIVEN: Final = "incidents_as_given"
"""The view of the incidents where their sources put them, whatever was decided since."""
_PRODUCT: Final = "harmhex incident store"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a load: its name, the hash of its content, its rows of data."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """One load, as the manifest keeps it.

    Attributes
    ----------
    load_id
        Content hash of files, mapping, weights and format.
    files, source, mapping, harm_edition
        What was read, by which mapping and weights; several names are separated by "; ".
    read, stored, rejected, duplicates
        Rows: read = stored + rejected + duplicates.
    rejected_by_reason
        Rows by reason, in order of name.
    data_from, data_through
        First and last date on which something happened (a month-only incident: to its last day);
        None where nothing was stored.
    time_precision
        minute, hour, day or month; several are separated by "; ".
    rows_digest
        Hash of which rows of the files were stored: with the load id, of what the part holds.
    notes
        Every automatic choice.
    parts
        The files of its incidents, relative to the store.
    replaced
        Of the rows stored, those that correct an incident of an earlier load still held: the
        incidents of a store are what its loads stored, less what they replaced.
    superseded
        Rows of its ledger: earlier versions that count no more.
    """

    load_id: str
    files: tuple[FileRecord, ...]
    source: str
    mapping: str
    harm_edition: str
    read: int
    stored: int
    rejected: int
    duplicates: int
    rejected_by_reason: dict[str, int]
    data_from: dt.date | None
    data_through: dt.date | None
    time_precision: str
    rows_digest: str
    notes: Notes
    parts: tuple[str, ...]
    replaced: int = 0
    superseded: int = 0


@dataclass(frozen=True)
class IncidentStore:
    """An incident store, as it was when it was opened.

    Attributes
    ----------
    path
        Its folder.
    loads
        Its loads, in the order they were made.
    extras
        Study areas and context layers: relative name ("context/streets.geojson") to the file that
        holds it now, relative to the folder.
    """

    path: Path
    loads: tuple[LoadRecord, ...]
    extras: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> IncidentStore:
        """Open a store.

        Raises
        ------
        BadInputError
            There is nothing there, it is no store, or a newer version wrote it.
        """
        manifest = path / MANIFEST
        if not manifest.is_file():
            what = "is not an incident store" if path.exists() else "does not exist"
            msg = (
                f"The store {path.name!r} {what}. Make one with: harmhex load FILE... --store "
                f"{path.name}"
            )
            raise BadInputError(msg)
        try:
            content = json.loads(manifest.read_text(encoding="utf-8"))
            version = int(content["format"])
            is_newer = content["product"] == _PRODUCT and version > STORE_FORMAT
            loads = () if is_newer else tuple(_load_record(load) for load in content["loads"])
            extras = {} if is_newer else dict(content["extras"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = (
                f"The store {path.name!r} has a {MANIFEST} that cannot be read. "
                "Restore it from a backup, or load the files into a new store."
            )
            raise BadInputError(msg) from error
        if is_newer:
            msg = (
                f"The store {path.name!r} was made by a newer version of Harmhex (format "
                f"{version}, where this one reads {STORE_FORMAT}). "
                "Update Harmhex, or load into a new store."
            )
            raise BadInputError(msg)
        store = cls(path, loads, extras)
        missing = [name for name in store.files() if not (path / name).is_file()]
        if missing:
            msg = (
                f"The store {path.name!r} has lost the file {missing[0]!r}. "
                "Restore it from a backup, or load the files into a new store."
            )
            raise BadInputError(msg)
        store.decisions  # noqa: B018 (read now: a store is as it was when it was opened)
        return store

    def files(self) -> tuple[str, ...]:
        """Return the relative names of the files that the manifest relies on."""
        parts = (part for load in self.loads for part in load.parts)
        ledgers = (f"{FOLDER}/{load.load_id}.parquet" for load in self.loads if load.superseded)
        return (*parts, *ledgers, *self.extras.values())

    @cached_property
    def decisions(self) -> tuple[decided.Decision, ...]:
        """What was decided about single points, by source and point."""
        return decided.read_decisions(self.path)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the incidents as they are read: it changes when and only when they do.

        Made of the load ids, which rows of each were stored, the points that were decided to be
        dropped or moved, and the format; not of study areas and context layers (see
        `extras_fingerprint`), nor of anything about the machine.
        """
        held = sorted((load.load_id, load.rows_digest) for load in self.loads if load.stored)
        told = decided.content(self.decisions)
        changed = {"decisions": told} if told else {}
        return _hash({"format": _CONTENT_FORMAT, "loads": held, **changed})

    @cached_property
    def extras_fingerprint(self) -> str:
        """A hash of the study areas and context layers held."""
        return _hash({"format": _CONTENT_FORMAT, "extras": sorted(self.extras.items())})

    @property
    def data_through(self) -> dt.date:
        """The last date on which something happened (a month-only incident: its month's end).

        Raises
        ------
        BadInputError
            The store holds no incidents.
        """
        return self._dates[1]

    @property
    def data_from(self) -> dt.date:
        """The first date on which something happened.

        Raises
        ------
        BadInputError
            The store holds no incidents.
        """
        return self._dates[0]

    @cached_property
    def _dates(self) -> tuple[dt.date, dt.date]:
        """The first and last date on which something happened."""
        filled = self._filled()
        if not any(load.superseded for load in filled):
            firsts = [load.data_from for load in filled if load.data_from is not None]
            lasts = [load.data_through for load in filled if load.data_through is not None]
            return min(firsts), max(lasts)
        return _dates_in_force(_Held(self.fingerprint, self))

    def _filled(self) -> list[LoadRecord]:
        filled = [load for load in self.loads if load.stored]
        if not filled:
            self.refuse_empty()
        return filled

    def refuse_empty(self) -> NoReturn:
        """Say that the store holds no incidents.

        Raises
        ------
        BadInputError
            Always.
        """
        msg = (
            f"The store {self.path.name!r} holds no incidents yet. Load some with: "
            f"harmhex load FILE... --store {self.path.name}"
        )
        raise BadInputError(msg)

    def parts(self) -> list[str]:
        """Return the paths of the GeoParquet parts, in the order of their loads.

        They hold every version of an incident: see `ledgers` for those that count no more.
        """
        return [str(self.path / part) for load in self.loads for part in load.parts]

    def ledgers(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the ledgers: which rows of the parts count no more.

        Each is a path with the loads of which it may speak: its own, and those made before it.
        """
        made = [load.load_id for load in self.loads]
        return [
            (str(self.ledger_file(load.load_id)), tuple(made[: place + 1]))
            for place, load in enumerate(self.loads)
            if load.superseded
        ]

    def ledger_file(self, load_id: str) -> Path:
        """Return where the ledger of a load lies, if it has one."""
        return self.path / FOLDER / f"{load_id}.parquet"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a connection, in memory and offline, with the view ``incidents`` over the parts.

        The view has the columns of the incident schema but ``geometry`` (longitude and latitude say
        the same), and shows each incident where the decisions about locations put it; the view
        ``incidents_as_given`` shows it where its source did. Rows come in no promised order: sort
        wherever order matters.

        Raises
        ------
        BadInputError
            A file of incidents is damaged.
        """
        connection = duckdb.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        parts = self.parts()
        if parts:
            origin = in_force(f"read_parquet({listed(parts)})", self.ledgers())
        else:
            connection.register("no_incidents", empty_incidents())
            origin = "no_incidents"
        try:
            connection.execute(
                f"CREATE VIEW {AS_GIVEN} AS SELECT * EXCLUDE (geometry) FROM {origin}"  # noqa: S608 (our paths, quoted)
            )
            connection.execute(
                f"CREATE VIEW incidents AS SELECT * FROM {decided.placed(AS_GIVEN, self.decisions)}"  # noqa: S608 (checked decisions, quoted)
            )
        except duckdb.Error as error:
            msg = (
                f"The store {self.path.name!r} has an incident file that cannot be read. "
                "Restore it from a backup, or load the files into a new store."
            )
            raise BadInputError(msg) from error
        return connection

    def study_areas(self) -> dict[str, Path]:
        """Return the stored study areas: name to file."""
        return self._extras_in("study_areas")

    def context_layers(self) -> dict[str, Path]:
        """Return the stored context layers: name (streets, coastline, ...) to file."""
        return self._extras_in("context")

    def _extras_in(self, folder: str) -> dict[str, Path]:
        return {
            name.removeprefix(f"{folder}/").rpartition(".")[0]: self.path / held
            for name, held in sorted(self.extras.items())
            if name.startswith(f"{folder}/")
        }

    def rejected_file(self, load_id: str) -> Path | None:
        """Return the report of a load's rejected rows, None where there were none."""
        path = self.path / "rejected" / f"{load_id}.csv"
        return path if path.is_file() else None


@dataclass(frozen=True, slots=True)
class _Held:
    """A store by its incidents: opened again, it is the same."""

    incidents: str
    store: IncidentStore = field(compare=False)


@lru_cache(maxsize=8)
def _dates_in_force(held: _Held) -> tuple[dt.date, dt.date]:
    # a date that was corrected counts no more
    row = (
        held.store.connect()
        .execute(
            "SELECT min(occurred_from)::DATE, max(CASE WHEN time_precision = 'month' "
            "THEN occurred_to ELSE occurred_from END)::DATE FROM incidents"
        )
        .fetchone()
    )
    if row is None or row[0] is None:
        held.store.refuse_empty()
    first, last = row
    return first, last


def write_manifest(store: IncidentStore) -> None:
    """Replace the manifest in one step: before it the store is the old one, after it the new."""
    content = {
        "product": _PRODUCT,
        "format": STORE_FORMAT,
        "loads": [asdict(load) for load in store.loads],
        "extras": dict(sorted(store.extras.items())),
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, default=_as_text) + "\n"
    temporary = store.path / f".{MANIFEST}.part"
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(store.path / MANIFEST)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _as_text(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    msg = f"cannot write {value!r}"
    raise TypeError(msg)


def _load_record(entry: dict[str, Any]) -> LoadRecord:
    """Read one load of the manifest."""
    days = {
        name: None if entry[name] is None else dt.date.fromisoformat(entry[name])
        for name in ("data_from", "data_through")
    }
    files = tuple(FileRecord(**file) for file in entry["files"])
    notes = tuple(Note(**note) for note in entry["notes"])
    # format 1 had one part a load, and named none
    first = (f"incidents/{entry['load_id']}.parquet",) if entry["stored"] else ()
    parts = tuple(entry.get("parts", first))
    return LoadRecord(**{**entry, **days, "files": files, "notes": notes, "parts": parts})


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
