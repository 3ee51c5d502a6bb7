"""Pouring: files, chunk by chunk, into a part of the store and the reports beside it."""

from __future__ import annotations

import csv
import os
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from config.errors import BadInputError
from spatial.incidents.identity import LikeRows, name_incidents, renumbered
from spatial.incidents.known_keys import KnownKeys
from spatial.incidents.parts import PartWriter, append_csv, csv_bytes, finish_incidents
from spatial.incidents.repeats import POSITION, Repeats, Settled
from spatial.incidents.rows.batch import Seen, judge, read_batch
from spatial.incidents.summary import Summary

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from numpy.typing import NDArray

    from config.harm_scheme import HarmScheme
    from config.mapping import Mapping
    from spatial.incidents.files.formats import OpenFile
    from spatial.incidents.files.raw_rows import RawRows
    from spatial.incidents.identity import Named
    from spatial.incidents.rows.batch import Batch
    from spatial.incidents.store import IncidentStore, LoadRecord
    from spatial.incidents.tally import Tally

_REJECTED: Final = ("file", "row", "reason", "column", "value")
_POSITION_FIELD: Final = pa.field(POSITION, pa.int64(), nullable=False)
_MOST_WORKERS: Final = 8
PART: Final = "incidents.parquet"
LATE: Final = "late.parquet"
"""Incidents that came before, in the load or in the store, and count after all."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file, the mapping that reads it, and the weights it is weighed with."""

    file: OpenFile
    mapping: Mapping
    scheme: HarmScheme


@dataclass(frozen=True, slots=True)
class Poured:
    """What became of all the rows.

    Attributes
    ----------
    rows
        Rows of data of each file, in the order given.
    rejected
        Rows by reason.
    settled
        Duplicates and corrections.
    summary
        Of the incidents stored.
    choices
        What was decided on the way.
    parts
        The files of incidents in the work folder: `PART`, `LATE`, or both.
    """

    rows: list[int]
    rejected: Counter[str]
    settled: Settled
    summary: Summary
    choices: Tally
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """One chunk, made into incidents."""

    batch: Batch
    named: Named
    incidents: pa.Table


def pour(  # noqa: PLR0913 (what is poured, where, and who is told)
    opened: Sequence[Opened],
    store: IncidentStore,
    load_id: str,
    *,
    work: Path,
    tell: Callable[[str], None],
    today: dt.date | None = None,
) -> Poured:
    """Read files to the end and write what they hold aside, ready to be committed.

    Parameters
    ----------
    opened
        The files, in the order in which their rows count.
    store
        As it stands: what repeats it is a duplicate or a correction.
    load_id
        The load's content hash.
    work
        An empty folder, in which are then the files of incidents, and ``rejected.csv``,
        ``duplicates.csv`` and ``ledger.parquet`` where there is anything to say.
    tell
        Told what is being done.
    today
        The day of the load, to tell dates in the future.

    Raises
    ------
    BadInputError
        A file cannot be used, which may show only at its end.
    """
    pouring = _Pouring(store, load_id, work, today)
    workers = max(2, min(os.cpu_count() or 1, _MOST_WORKERS))
    with ThreadPoolExecutor(workers) as pool:
        try:
            now = -1
            for place, made in _in_order(pool, opened, load_id, ahead=workers + 1):
                if place != now:
                    now = place
                    pouring.turn_to(opened[now])
                    tell(f"Reading file {now + 1} of {len(opened)}; {pouring.read:,} rows so far")
                pouring.add(made)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            pouring.abandon()
            raise
    tell(f"Matching {pouring.read:,} rows with what came before")
    return pouring.settle()


def _in_order(
    pool: ThreadPoolExecutor, opened: Sequence[Opened], load_id: str, *, ahead: int
) -> Iterator[tuple[int, _Made]]:
    """Make chunks side by side and give them out in the order of their rows.

    No more than ``ahead`` chunks are held at once, however long the files.
    """
    waiting: deque[tuple[int, Future[_Made]]] = deque()
    for place, each in enumerate(opened):
        for raw in each.file.chunks(each.mapping.wanted):
            waiting.append((place, pool.submit(_make, each, raw, load_id)))
            if len(waiting) > ahead:
                first, future = waiting.popleft()
                yield first, future.result()
    while waiting:
        first, future = waiting.popleft()
        yield first, future.result()


def _make(each: Opened, raw: RawRows, load_id: str) -> _Made:
    batch = read_batch(each.file, raw, each.mapping, each.scheme)
    named = name_incidents(batch.table)
    return _Made(batch, named, finish_incidents(named.table, load_id))


class _Pouring:
    """One load under way."""

    def __init__(
        self, store: IncidentStore, load_id: str, work: Path, today: dt.date | None
    ) -> None:
        self._store, self._load_id, self._work = store, load_id, work
        self._known = KnownKeys()
        self._known.add_stored(store.parts())
        self._part = PartWriter(work / PART)
        self._again = PartWriter(work / "again.parquet", extra=[_POSITION_FIELD])
        self._summary = Summary(today)
        self._rejected: Counter[str] = Counter()
        self._choices: Tally = Counter()
        self._rows: list[int] = []
        self._file: Opened | None = None
        self._is_held = False
        self._seen = Seen()
        self._like = LikeRows()
        self._fresh: list[NDArray[np.int64]] = []
        self.read = 0

    def turn_to(self, each: Opened) -> None:
        """Judge the file that has come to its end, and begin the next."""
        self._finish_file()
        self._is_held = any(
            file.sha256 == each.file.sha256 for load in self._store.loads for file in load.files
        )
        self._file, self._seen, self._like, self._fresh = each, Seen(), LikeRows(), []

    def _finish_file(self) -> None:
        if self._file is None:
            return
        if self._seen.read:
            self._choices += judge(self._file.file, self._file.mapping, self._seen)
            self._refuse_twice(self._file)
        self._rows.append(self._seen.read)

    def _refuse_twice(self, each: Opened) -> None:
        """Refuse a file that the store holds, read so differently that its rows are not matched."""
        for load in self._store.loads:
            names = {file.name for file in load.files if file.sha256 == each.file.sha256}
            # a row that was rejected then may well be new
            if names and set(np.concatenate([[], *self._fresh])) - self._rejected_rows(load, names):
                msg = (
                    f"{each.file.name} is already in the store, read in another way (load "
                    f"{load.load_id}). Its rows without an incident number cannot be matched with "
                    "those and would count twice. Undo that load first: harmhex undo "
                    f"{load.load_id}"
                )
                raise BadInputError(msg)

    def _rejected_rows(self, load: LoadRecord, names: set[str]) -> set[int]:
        """Return which rows of a file an earlier load rejected."""
        report = self._store.rejected_file(load.load_id)
        if report is None:
            return set()
        with report.open(encoding="utf-8", newline="") as stream:
            return {int(row["row"]) for row in csv.DictReader(stream) if row["file"] in names}

    def add(self, made: _Made) -> None:
        """Put a chunk where it belongs: the part, the candidates, the rejected rows."""
        batch, incidents = made.batch, made.incidents
        self._seen += batch.seen
        self._choices += batch.choices
        self._reject(batch)
        before = self._like.before(made.named.said)
        self._like.add(made.named.said)
        named = renumbered(made.named, before)
        if named is not made.named:
            ids = named.table.column("incident_id")
            place = incidents.schema.get_field_index("incident_id")
            incidents = incidents.set_column(place, incidents.schema.field(place), ids)
        again = self._known.repeats(named.keys)
        if self._is_held:
            fresh = named.rows[~again[named.rows]]
            self._fresh.append(incidents.column("source_row").to_numpy()[fresh])
        position = pa.array(self.read + np.arange(incidents.num_rows, dtype=np.int64))
        self.read += batch.seen.read
        if again.any():
            candidates = incidents.append_column(_POSITION_FIELD, position)
            self._again.write(candidates.filter(pa.array(again)))
            incidents = incidents.filter(pa.array(~again))
        self._summary.add(incidents)
        self._part.write(incidents)

    def _reject(self, batch: Batch) -> None:
        if not batch.rejected:
            return
        report = self._work / "rejected.csv"
        if not self._rejected:
            report.write_bytes(csv_bytes(_REJECTED, ()))
        append_csv(
            report,
            ((row.file, row.row, row.reason, row.column, row.value) for row in batch.rejected),
        )
        self._rejected += Counter(row.reason for row in batch.rejected)

    def settle(self) -> Poured:
        """Judge the last file, close the part, and settle what came before."""
        self._finish_file()
        self._part.close()
        self._again.close()
        settled, late = Settled(), 0
        if self._again.rows:
            settled, late = self._settle_repeats()
        parts = {PART: self._part.rows, LATE: late}
        return Poured(
            self._rows,
            self._rejected,
            settled,
            self._summary,
            self._choices,
            tuple(name for name, rows in parts.items() if rows),
        )

    def _settle_repeats(self) -> tuple[Settled, int]:
        """Write the candidates that count after all to a part of their own."""
        repeats = Repeats(
            self._work,
            self._store,
            part=self._work / PART,
            candidates=self._work / "again.parquet",
        )
        late = PartWriter(self._work / LATE)
        try:
            for table in repeats.kept():
                self._summary.add(table)
                late.write(table)
            for table in repeats.variants():
                late.write(table)
            settled = repeats.settle(self._load_id)
            self._summary.give_way(settled.unplaced)
            return settled, late.rows
        finally:
            late.close()
            repeats.close()

    def abandon(self) -> None:
        """Let go of the files of a load that came to nothing."""
        self._part.abandon()
        self._again.abandon()
