"""Repeats: rows of an incident that came before, settled as duplicates or as corrections."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from config.errors import BadInputError
from spatial.incidents.identity import COMPARED, KEY
from spatial.incidents.ledger import LEDGER_SCHEMA, in_force, listed
from spatial.incidents.parts import append_csv, csv_bytes
from spatial.incidents.schema import INCIDENT_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spatial.incidents.store import IncidentStore

SAME: Final = "same"
POSITION: Final = "position"
"""The column of the candidates that gives their order in the load."""

_MEMORY: Final = "1500MB"
"""More is put aside on disk, however many rows repeat."""
_MOST_MOMENTS: Final = 10
"""Records of one incident may differ, and its time be corrected a few times."""
_FETCHED: Final = 50_000
_DUPLICATES: Final = ("file", "row", "duplicate_of_file", "duplicate_of_row", "difference")
_TOLD: Final = ", ".join((*KEY, *COMPARED, "source_file", "source_row"))
_ON_KEY: Final = " AND ".join(f"a.{column} IS NOT DISTINCT FROM b.{column}" for column in KEY)
# of all a row says: two rows of one incident share it by chance once in 10^19
_SAYING: Final = f"hash({', '.join(COMPARED)})"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the rows whose incident came before.

    Attributes
    ----------
    duplicates
        Rows that were left out.
    differing
        How many of them differ from the row that was kept.
    columns
        The columns in which they do.
    outdated
        How many say what an earlier version said that a later load has corrected.
    replaced
        Incidents of earlier loads that rows of this one replace.
    superseded
        Rows of the ledger.
    corrected
        The columns in which a replaced row and its correction differ.
    unplaced
        Rows of this load that gave way to a row of the same incident that has a location.
    digest
        Hash of every decision.
    """

    duplicates: int = 0
    differing: int = 0
    columns: tuple[str, ...] = ()
    outdated: int = 0
    replaced: int = 0
    superseded: int = 0
    corrected: tuple[str, ...] = ()
    unplaced: int = 0
    digest: str = hashlib.sha256(b"all").hexdigest()[:16]


class Repeats:
    """The candidates of one load: rows of an incident that came before, in it or in the store.

    Parameters
    ----------
    work
        A folder for what does not fit into memory.
    store
        As it was before the load.
    part
        The load's own rows, each the first of its incident.
    candidates
        The rest: the columns of the incident schema, and `POSITION`.

    Notes
    -----
    Against the store: a row that says what any version of the incident has said is a duplicate;
    one that says something new is a correction and replaces the stored one. Of several rows of a
    load that say something new, the first counts, but one with a location before one without; the
    others are kept as versions that never counted. So loading a file again, with others or alone,
    changes nothing, and an old export cannot undo a correction, nor hide one that comes with it.
    """

    def __init__(self, work: Path, store: IncidentStore, *, part: Path, candidates: Path) -> None:
        self._connection = duckdb.connect(
            config={
                "memory_limit": _MEMORY,
                "temp_directory": str(work / "spill"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self._work = work
        self._gather(store, part=part, candidates=candidates)
        self._judge()

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()

    def _do(self, query: str) -> None:
        """Run a statement to its end."""
        self._connection.execute(query).fetchall()

    def _gather(self, store: IncidentStore, *, part: Path, candidates: Path) -> None:
        """Bring together every row of the incidents that came more than once."""
        keys = ", ".join(KEY)
        self._do(
            f"CREATE VIEW candidates AS SELECT * FROM read_parquet({listed([str(candidates)])})"  # noqa: S608 (our path)
        )
        self._do(f"CREATE TABLE sought AS SELECT DISTINCT {keys} FROM candidates")  # noqa: S608 (our names)
        self._do(
            f"""
            CREATE TABLE said AS
            SELECT {POSITION}, {_TOLD} FROM candidates
            UNION ALL
            SELECT -1, {_TOLD} FROM read_parquet({listed([str(part)])}) AS a
            SEMI JOIN sought AS b ON {_ON_KEY}
            """  # noqa: S608 (our names and path)
        )
        self._refuse_stand_in()
        parts = store.parts()
        told = (*KEY, *COMPARED, "source_file", "source_row", "load_id")
        self._do(
            f"CREATE TABLE theirs AS SELECT {', '.join(told)}, 0 AS age FROM candidates LIMIT 0"  # noqa: S608 (our names)
        )
        if parts:
            origin = f"read_parquet({listed(parts)})"
            # the version that counts is the youngest, whatever the order of the loads
            ages = ", ".join(f"('{load.load_id}', {age})" for age, load in enumerate(store.loads))
            self._do(
                f"""
                INSERT INTO theirs
                SELECT {", ".join(f"a.{name}" for name in told)},
                       ages.age + CASE WHEN current.load_id IS NULL THEN 0 ELSE 1000000 END
                FROM {origin} AS a
                SEMI JOIN sought AS b ON {_ON_KEY}
                JOIN (VALUES {ages}) AS ages (load_id, age) ON ages.load_id = a.load_id
                LEFT JOIN (
                    SELECT load_id, source_file, source_row
                    FROM {in_force(origin, store.ledgers())}
                ) AS current ON current.load_id = a.load_id
                    AND current.source_file = a.source_file AND current.source_row = a.source_row
                """  # noqa: S608 (our names and paths)
            )

    def _refuse_stand_in(self) -> None:
        """Refuse an incident number that stands for many incidents, such as 000."""
        found = self._connection.execute(
            f"""
            SELECT min_by(source_file, (source_file, source_row)),
                   min_by(source_row, (source_file, source_row)),
                   count(DISTINCT (occurred_from, longitude, latitude)) AS moments
            FROM said GROUP BY {", ".join(KEY)} HAVING moments > {_MOST_MOMENTS}
            ORDER BY moments DESC, 1, 2
            """  # noqa: S608 (our names)
        ).fetchall()
        if found:
            file, row, moments = found[0]
            msg = (
                f"{file}, row {row}: its incident number stands on rows of {moments:,} different "
                "times or places, so it stands for no one incident, and all but one would be taken "
                "for repeats. Leave such numbers blank, or map the column that holds the real one."
            )
            raise BadInputError(msg)

    def _judge(self) -> None:
        """Decide, incident by incident, which row counts from now on."""
        keys = ", ".join(f"a.{column}" for column in KEY)
        # what the store has heard comes last: it must not hide what is new
        self._do(
            f"""
            CREATE TABLE mine AS
            WITH told AS (SELECT *, {_SAYING} AS saying FROM said),
            heard AS (SELECT DISTINCT {", ".join(KEY)}, {_SAYING} AS saying FROM theirs),
            apart AS (
                SELECT a.*, true AS is_heard
                FROM told AS a SEMI JOIN heard AS b ON {_ON_KEY} AND a.saying = b.saying
                UNION ALL
                SELECT a.*, false
                FROM told AS a ANTI JOIN heard AS b ON {_ON_KEY} AND a.saying = b.saying
            )
            SELECT *, row_number() OVER (
                PARTITION BY {", ".join(KEY)} ORDER BY is_heard, longitude IS NULL, {POSITION}
            ) AS place
            FROM apart
            """  # noqa: S608 (our names)
        )
        self._do(
            f"""
            CREATE TABLE held AS
            SELECT {keys}, bool_or({_difference("a", "b")} = '') AS is_known,
                   arg_max(b.source_file, b.age) AS source_file,
                   arg_max(b.source_row, b.age) AS source_row,
                   arg_max(b.load_id, b.age) AS load_id
            FROM (FROM mine WHERE place = 1) AS a JOIN theirs AS b ON {_ON_KEY}
            GROUP BY {keys}
            """  # noqa: S608 (our names)
        )
        # the rows that count although the incident came before
        self._do(
            f"""
            CREATE TABLE kept AS
            SELECT a.*, b.is_known IS NOT NULL AS is_correction
            FROM mine AS a LEFT JOIN held AS b ON {_ON_KEY}
            WHERE a.place = 1 AND a.{POSITION} >= 0 AND NOT coalesce(b.is_known, false)
            """  # noqa: S608 (our names)
        )
        self._do(
            f"""
            CREATE TABLE variants AS
            SELECT * FROM mine WHERE NOT is_heard
            QUALIFY row_number() OVER (
                PARTITION BY {", ".join(KEY)}, saying ORDER BY place
            ) = 1 AND place > 1 AND {POSITION} >= 0
            """  # noqa: S608 (our names)
        )
        self._do(
            f"""
            CREATE TABLE ledger AS
            SELECT b.load_id, b.source_file, b.source_row, a.source_file AS by_file,
                   a.source_row AS by_row, {_difference("a", "b")} AS changed,
                   {keys}, false AS is_unplaced
            FROM kept AS a JOIN theirs AS b ON {_ON_KEY}
            UNION ALL
            SELECT '' AS load_id, a.source_file, a.source_row, b.source_file, b.source_row,
                   {_difference("b", "a")}, {keys}, true
            FROM mine AS a JOIN kept AS b ON {_ON_KEY}
            WHERE a.{POSITION} < 0 AND a.place > 1
            UNION ALL
            SELECT '' AS load_id, a.source_file, a.source_row, b.source_file, b.source_row,
                   {_difference("b", "a")}, {keys}, false
            FROM variants AS a JOIN (FROM mine WHERE place = 1) AS b ON {_ON_KEY}
            """  # noqa: S608 (our names)
        )
        # every other row repeats the stored row where that still counts, else the row now kept
        self._do(
            f"""
            CREATE TABLE repeated AS
            SELECT a.{POSITION}, a.source_file, a.source_row,
                   b.source_file AS of_file, b.source_row AS of_row,
                   {_difference("a", "b")} AS difference,
                   a.place = 1 AS is_first
            FROM mine AS a
            JOIN held AS h ON {_ON_KEY.replace("b.", "h.")}
            JOIN theirs AS b ON {_ON_KEY} AND b.load_id = h.load_id
                 AND b.source_file = h.source_file AND b.source_row = h.source_row
            WHERE h.is_known
            UNION ALL
            SELECT a.{POSITION}, a.source_file, a.source_row, b.source_file, b.source_row,
                   {_difference("a", "b")}, false
            FROM mine AS a
            JOIN (FROM mine WHERE place = 1) AS b ON {_ON_KEY}
            LEFT JOIN held AS h ON {_ON_KEY.replace("b.", "h.")}
            WHERE a.place > 1 AND NOT coalesce(h.is_known, false)
            """  # noqa: S608 (our names)
        )

    def kept(self) -> Iterator[pa.Table]:
        """Yield the candidates that count after all, to be put after the load's own rows."""
        return self._chosen("kept")

    def variants(self) -> Iterator[pa.Table]:
        """Yield the candidates that differ from the row that counts: versions for the ledger."""
        return self._chosen("variants")

    def _chosen(self, table_name: str) -> Iterator[pa.Table]:
        columns = ", ".join(f"a.{name}" for name in INCIDENT_SCHEMA.names)
        reader = self._connection.sql(
            f"SELECT {columns} FROM candidates AS a SEMI JOIN {table_name} AS b "  # noqa: S608 (our names)
            f"ON a.{POSITION} = b.{POSITION} ORDER BY a.{POSITION}"
        ).to_arrow_reader(_FETCHED)
        for batch in reader:
            table = pa.Table.from_batches([batch])
            arrays = [
                table.column(field.name).combine_chunks().cast(field.type)
                for field in INCIDENT_SCHEMA
            ]
            yield pa.table(arrays, schema=INCIDENT_SCHEMA)

    def settle(self, load_id: str) -> Settled:
        """Write the report of duplicates and the ledger aside, and count both.

        Parameters
        ----------
        load_id
            The load's own id, for rows of its own that gave way.

        Returns
        -------
        The counts. ``duplicates.csv``, where there are any, and ``ledger.parquet`` lie in the work
        folder.
        """
        digest = hashlib.sha256()
        duplicates = differing = outdated = 0
        columns: set[str] = set()
        report = self._work / "duplicates.csv"
        rows = self._connection.execute(
            f"SELECT source_file, source_row, of_file, of_row, difference, is_first, {POSITION} "  # noqa: S608 (our names)
            f"FROM repeated ORDER BY {POSITION}, source_file, source_row"
        )
        while batch := rows.fetchmany(_FETCHED):
            if not duplicates:
                report.write_bytes(csv_bytes(_DUPLICATES, ()))
            append_csv(
                report,
                ((file, row, of, at, said or SAME) for file, row, of, at, said, *_ in batch),
            )
            duplicates += len(batch)
            for *_, said, is_first, position in batch:
                digest.update(b"%d " % position)
                differing += bool(said)
                outdated += bool(said and is_first)
                columns |= set(said.split())
        unplaced = self._count("ledger WHERE is_unplaced")
        replaced = self._count("kept WHERE is_correction")
        corrected: set[str] = set()
        superseded = 0
        lines = self._connection.sql(
            "SELECT coalesce(nullif(load_id, ''), $load) AS load_id, source_file, source_row, "
            "by_file, by_row, changed FROM ledger ORDER BY ALL",
            params={"load": load_id},
        ).to_arrow_reader(_FETCHED)
        with pq.ParquetWriter(self._work / "ledger.parquet", LEDGER_SCHEMA) as writer:
            for batch in lines:
                table = pa.Table.from_batches([batch]).cast(LEDGER_SCHEMA)
                writer.write_table(table)
                superseded += table.num_rows
        # by incident, not by file and row: what a file is called is no part of what is stored
        gone = self._connection.execute(
            f"SELECT load_id, {', '.join(KEY)}, changed FROM ledger ORDER BY ALL"  # noqa: S608 (our names)
        )
        while lost := gone.fetchmany(_FETCHED):
            for of_load, *key, changed in lost:
                digest.update("\x1f".join(map(str, (of_load, *key, changed, ""))).encode())
                if of_load:
                    corrected |= set(changed.split())
        return Settled(
            duplicates, differing, tuple(sorted(columns)), outdated, replaced, superseded,
            tuple(sorted(corrected)), unplaced, digest.hexdigest()[:16],
        )  # fmt: skip

    def _count(self, what: str) -> int:
        [(number,)] = self._connection.execute(f"SELECT count(*) FROM {what}").fetchall()  # noqa: S608 (our words)
        return int(number)


def _difference(one: str, other: str) -> str:
    """Return the SQL of the columns in which two rows differ, separated by blanks."""
    cases = ", ".join(
        f"CASE WHEN {one}.{column} IS DISTINCT FROM {other}.{column} THEN '{column}' END"
        for column in COMPARED
    )
    return f"concat_ws(' ', {cases})"
