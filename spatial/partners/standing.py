"""The standing store: registers and tables as they stood, each source's latest one in force."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq

from config.errors import BadInputError
from spatial.incidents.store import FileRecord
from spatial.notes import Note, Notes
from spatial.partners.store import FOLDER as PARTNERS
from spatial.partners.store import PartnerStore

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

STANDING_FORMAT: Final = 1
"""Version of the layout and columns: part of every load id and fingerprint."""

FOLDER: Final = f"{PARTNERS}/standing"
MANIFEST: Final = "standing.json"


@dataclass(frozen=True, slots=True)
class StandingLoad:
    """One register or table, as the manifest keeps it.

    Attributes
    ----------
    load_id
        Content hash of the file, its mapping, its date and the format.
    kind, source, title, counts, grade, reason
        What the mapping says of the source; kind is licensing or safeguarding.
    file
        Name, hash and rows.
    read, stored, rejected
        Rows: read = stored + rejected.
    rejected_by_reason
        Rows by reason.
    since, through
        The period; of a register both are the day as of which it stood.
    classes
        Of a table by beat: the numbers at which its classes begin. Empty for a register.
    total_given
        Whether the table came with a total, so that its readers know the sum.
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
    file: FileRecord
    read: int
    stored: int
    rejected: int
    rejected_by_reason: dict[str, int]
    since: dt.date
    through: dt.date
    classes: tuple[int, ...]
    total_given: bool
    notes: Notes


@dataclass(frozen=True)
class StandingStore:
    """The standing layers of a store, as they were when it was opened.

    Attributes
    ----------
    path
        The incident store's folder.
    loads
        In the order they were made: those that are in force, and the history.
    """

    path: Path
    loads: tuple[StandingLoad, ...]

    @classmethod
    def open(cls, path: Path) -> StandingStore:
        """Open the standing layers of a store; there are none where none were loaded.

        Raises
        ------
        BadInputError
            The manifest cannot be read, a newer version wrote it, or a file is gone.
        """
        manifest = path / FOLDER / MANIFEST
        if not manifest.is_file():
            return cls(path, ())
        remedy = f"Restore it from a backup, or remove the folder {FOLDER!r} and load again."
        try:
            content = json.loads(manifest.read_text(encoding="utf-8"))
            is_newer = int(content["format"]) > STANDING_FORMAT
            loads = () if is_newer else tuple(_load_of(load) for load in content["loads"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = f"The store {path.name!r} has a {FOLDER}/{MANIFEST} that cannot be read. {remedy}"
            raise BadInputError(msg) from error
        if is_newer:
            msg = (
                f"The partner layers of the store {path.name!r} were made by a newer version of "
                "Harmhex. Update Harmhex."
            )
            raise BadInputError(msg)
        for load in loads:
            part = part_of(load.load_id)
            if not (path / part).is_file():
                msg = f"The store {path.name!r} has lost the file {part!r}. {remedy}"
                raise BadInputError(msg)
        return cls(path, loads)

    def current(self) -> tuple[StandingLoad, ...]:
        """Return the load in force of each source, by source: the latest date, then the last."""
        found: dict[str, StandingLoad] = {}
        for load in self.loads:
            if load.source not in found or load.through >= found[load.source].through:
                found[load.source] = load
        return tuple(found[source] for source in sorted(found))

    def source(self, name: str) -> StandingLoad:
        """Return the load in force of one source.

        Raises
        ------
        BadInputError
            There is none; the message lists those there are.
        """
        known = {load.source: load for load in self.current()}
        if name not in known:
            listed = ", ".join(repr(each) for each in known) or "none"
            msg = f"The store holds no partner layer {name!r}. Its standing layers are: {listed}."
            raise BadInputError(msg)
        return known[name]

    def rows(self, load: StandingLoad) -> pa.Table:
        """Return what a load holds: premises, or beats and their numbers."""
        return pq.read_table(self.path / part_of(load.load_id))

    @cached_property
    def fingerprint(self) -> str:
        """A hash of what is in force."""
        held = [load.load_id for load in self.current()]
        text = json.dumps({"format": STANDING_FORMAT, "loads": held})
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def report(self, load_id: str) -> Path | None:
        """Return a load's report of rejected rows, None where there were none."""
        path = self.path / FOLDER / f"{load_id}.rejected.csv"
        return path if path.is_file() else None


def part_of(load_id: str) -> str:
    """Return the Parquet file of a load, relative to the store's folder."""
    return f"{FOLDER}/{load_id}.parquet"


def refuse_taken(path: Path, source: str, kind: str) -> None:
    """Refuse a source that the store holds as another kind.

    Raises
    ------
    BadInputError
        It does: the two would be taken for one layer.
    """
    held = [(load.source, load.kind) for load in PartnerStore.open(path).loads]
    held += [(load.source, load.kind) for load in StandingStore.open(path).loads]
    for known, other in held:
        if known == source and other != kind:
            msg = (
                f"The source {source!r} is already held as {other!r}, not {kind!r}. "
                "Give the mapping a source of its own."
            )
            raise BadInputError(msg)


def manifest_text(store: StandingStore) -> str:
    """Return the manifest as it is written."""
    content = {"format": STANDING_FORMAT, "loads": [asdict(load) for load in store.loads]}
    return json.dumps(content, indent=1, ensure_ascii=False, default=str) + "\n"


def _load_of(entry: dict[str, Any]) -> StandingLoad:
    """Read one load of the manifest."""
    read = {
        "since": dt.date.fromisoformat(entry["since"]),
        "through": dt.date.fromisoformat(entry["through"]),
        "file": FileRecord(**entry["file"]),
        "classes": tuple(entry["classes"]),
        "notes": tuple(Note(**note) for note in entry["notes"]),
    }
    return StandingLoad(**{**entry, **read})
