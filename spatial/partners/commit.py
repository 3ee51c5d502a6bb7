"""The commit of partner records: new files and a new manifest, all of them or none."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from config.errors import BadInputError
from spatial.incidents import commit as commits
from spatial.incidents.store import IncidentStore
from spatial.partners.store import FOLDER, PartnerLoad, PartnerStore, write_manifest

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


def commit_load(
    partners: PartnerStore, load: PartnerLoad, kept: pa.Table, reports: dict[str, bytes]
) -> None:
    """Write the files of a load, then the manifest that names them.

    Parameters
    ----------
    partners
        As they stand; whoever calls holds the store's lock.
    load, kept, reports
        The record of the load, its table, and "rejected" or "duplicate" to the content of a report.

    Notes
    -----
    Any failure before the manifest is replaced removes every file that was written.
    """
    folder = partners.path / FOLDER
    is_new = not folder.exists()
    renewed = PartnerStore(partners.path, (*partners.loads, load))
    written: list[Path] = []
    try:
        folder.mkdir(exist_ok=True)
        if load.stored:
            written.append(folder / f"{load.load_id}.parquet")
            pq.write_table(kept, written[-1], compression="zstd", store_schema=True)
        for what, content in reports.items():
            written.append(folder / f"{load.load_id}.{what}.csv")
            written[-1].write_bytes(content)
        write_manifest(renewed)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    _sweep(renewed)


def undo_partner_load(store: Path, load_id: str) -> PartnerLoad:
    """Take one load of partner files out of a store, and only it.

    Raises
    ------
    BadInputError
        There is no such store, or no one partner load whose id begins so.
    """
    IncidentStore.open(store)
    with commits.locked(store):
        partners = PartnerStore.open(store)
        found = [load for load in partners.loads if load_id and load.load_id.startswith(load_id)]
        if len(found) != 1:
            listed = ", ".join(load.load_id for load in partners.loads) or "none"
            what = "no partner load" if not found else "several partner loads that begin with"
            msg = f"The store {store.name!r} holds {what} {load_id!r}. Its partner loads: {listed}."
            raise BadInputError(msg)
        kept = tuple(load for load in partners.loads if load is not found[0])
        renewed = PartnerStore(store, kept)
        write_manifest(renewed)
        _sweep(renewed)
    return found[0]


def _sweep(partners: PartnerStore) -> None:
    """Remove what no manifest names: leavings of a load that was undone or cut off."""
    named = {load.load_id for load in partners.loads}
    for path in (partners.path / FOLDER).glob("*.*"):
        if path.suffix in {".parquet", ".csv"} and path.name.partition(".")[0] not in named:
            with contextlib.suppress(OSError):
                path.unlink()
