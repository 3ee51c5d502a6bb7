"""The commit of standing layers: a load's files and manifest, all or none; and its undoing."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from config.errors import BadInputError
from spatial.incidents import commit as commits
from spatial.incidents.store import IncidentStore
from spatial.partners.commit import undo_partner_load
from spatial.partners.standing import FOLDER, MANIFEST, StandingStore, manifest_text, part_of
from spatial.partners.store import PartnerStore

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from spatial.partners.standing import StandingLoad


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A load that was taken out: what it held, and what is in force in its place, if anything."""

    load_id: str
    source: str
    stored: int
    instead: StandingLoad | None


def commit_standing(
    standing: StandingStore, load: StandingLoad, kept: pa.Table, rejected: bytes | None
) -> None:
    """Write the files of a load, then the manifest that names them.

    Whoever calls holds the store's lock. Any failure before the manifest is replaced removes every
    file that was written.
    """
    folder = standing.path / FOLDER
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written.append(standing.path / part_of(load.load_id))
        pq.write_table(kept, written[-1], compression="zstd", store_schema=True)
        if rejected is not None:
            written.append(folder / f"{load.load_id}.rejected.csv")
            written[-1].write_bytes(rejected)
        _replace_manifest(StandingStore(standing.path, (*standing.loads, load)))
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def take_out(store: Path, load_id: str) -> TakenOut:
    """Take one load of any partner file out of a store, and only it.

    Of a standing layer, the load before it is in force again.

    Raises
    ------
    BadInputError
        There is no such store, or no one partner load whose id begins so.
    """
    IncidentStore.open(store)
    records = PartnerStore.open(store).loads
    with commits.locked(store):
        standing = StandingStore.open(store)
        every = [load.load_id for load in records]
        every += [load.load_id for load in standing.loads]
        found = [each for each in every if load_id and each.startswith(load_id)]
        if len(found) != 1:
            what = "no partner load" if not found else "several partner loads that begin with"
            listed = ", ".join(every) or "none"
            msg = f"The store {store.name!r} holds {what} {load_id!r}. Its partner loads: {listed}."
            raise BadInputError(msg)
        gone = next((load for load in standing.loads if load.load_id == found[0]), None)
        if gone is not None:
            renewed = StandingStore(
                store, tuple(load for load in standing.loads if load is not gone)
            )
            _replace_manifest(renewed)
            _sweep(renewed)
            instead = next((one for one in renewed.current() if one.source == gone.source), None)
            return TakenOut(gone.load_id, gone.source, gone.stored, instead)
    record = undo_partner_load(store, found[0])
    return TakenOut(record.load_id, record.source, record.stored, None)


def _replace_manifest(standing: StandingStore) -> None:
    """Replace the manifest in one step: before it the store is the old one, after it the new."""
    folder = standing.path / FOLDER
    temporary = folder / f".{MANIFEST}.part"
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(manifest_text(standing))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / MANIFEST)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sweep(standing: StandingStore) -> None:
    """Remove what the manifest does not name."""
    named = {load.load_id for load in standing.loads}
    for path in (standing.path / FOLDER).glob("*.*"):
        if path.suffix in {".parquet", ".csv"} and path.name.partition(".")[0] not in named:
            with contextlib.suppress(OSError):
                path.unlink()
