"""Undo: taking one load out of a store, and only it."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from config.errors import BadInputError
from spatial.incidents import commit as commits
from spatial.incidents.store import IncidentStore
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.incidents.store import LoadRecord


def undo_load(path: Path, load_id: str) -> tuple[LoadRecord, Notes]:
    """Take one load out of a store, in one step that happens or does not.

    Parameters
    ----------
    path
        The store's folder.
    load_id
        The load's id, or the beginning of it if no other load begins so.

    Returns
    -------
    The load as it was, and what a person must know: what it corrected is again as it was before;
    later loads left out rows as duplicates of this one, and do not gain them by its going. Study
    areas and context layers stay.

    Raises
    ------
    BadInputError
        There is no such store, or no one load of that id; the store is then as it was.
    """
    IncidentStore.open(path)
    with commits.locked(path) as held:
        found = [load for load in held.loads if load_id and load.load_id.startswith(load_id)]
        if len(found) != 1:
            known = ", ".join(load.load_id for load in held.loads) or "none"
            what = "no load" if not found else f"{len(found)} loads that begin with"
            msg = f"The store {path.name!r} holds {what} {load_id!r}. Its loads are: {known}."
            raise BadInputError(msg)
        gone = found[0]
        later = held.loads[held.loads.index(gone) + 1 :]
        leaning = [load for load in later if _leans(held, load, gone)]
        kept = tuple(load for load in held.loads if load is not gone)
        commits.withdraw(held, _recounted(held, kept))
    notes = []
    if gone.replaced:
        text = (
            f"Incidents that this load had corrected: {gone.replaced:,}. They are again as they "
            "were before it."
        )
        notes.append(Note(text, loud=True))
    notes += [
        Note(
            f"The later load {load.load_id} left out rows because they repeated this one, and they "
            "are now in neither: undo that load too, and load its files again.",
            loud=True,
        )
        for load in leaning
    ]
    return gone, tuple(notes)


def _recounted(store: IncidentStore, kept: tuple[LoadRecord, ...]) -> tuple[LoadRecord, ...]:
    """Count again what each load replaced, once a load that it replaced rows of is gone."""
    renewed: list[LoadRecord] = []
    for load in kept:
        replaced = 0
        if load.replaced:
            ledger = pq.read_table(store.ledger_file(load.load_id))
            # only what was made before it: a load undone and made again is the later of the two
            earlier = pa.array([one.load_id for one in renewed], pa.string())
            left = ledger.filter(pc.is_in(ledger.column("load_id"), earlier))
            replaced = left.group_by(["by_file", "by_row"]).aggregate([]).num_rows
        renewed.append(replace(load, replaced=replaced))
    return tuple(renewed)


def _leans(store: IncidentStore, load: LoadRecord, gone: LoadRecord) -> bool:
    """Whether a load counted rows as duplicates of rows from the other's files."""
    report = store.path / "duplicates" / f"{load.load_id}.csv"
    if not load.duplicates or not report.is_file():
        return False
    theirs = {file.name for file in gone.files} - {file.name for file in load.files}
    shared = {file.name for file in gone.files} & {file.name for file in load.files}
    with report.open(encoding="utf-8", newline="") as stream:
        named = {row["duplicate_of_file"] for row in csv.DictReader(stream)}
    # a name that both loads have may be either's: better to warn than to lose a row unsaid
    return bool(named & (theirs | shared))
