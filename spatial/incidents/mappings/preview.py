"""Preview: the first rows of a file as a mapping would have them stored, before anything is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa

from config.errors import BadInputError
from config.harm_scheme import load_harm_scheme
from config.mapping import personal
from spatial.incidents.files.formats import open_source
from spatial.incidents.files.tables import TableFile
from spatial.incidents.mappings.headers import choose_mapping
from spatial.incidents.rows.batch import judge, read_batch
from spatial.incidents.rows.words import indices_of, words_of
from spatial.incidents.summary import Summary
from spatial.incidents.tally import as_notes
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.mapping import Mapping
    from spatial.incidents.files.raw_rows import RawRows
    from spatial.incidents.files.sources import SourceFile
    from spatial.incidents.rows.batch import Batch
    from spatial.incidents.tally import Tally

SAMPLED: Final = 2_000
"""Rows that a preview looks at: enough to see the format of the dates and the words in use."""

SHOWN: Final = 20
"""Rows that a preview lists."""

STORED, REPEATED = "stored", "repeats a row above"
_LISTED: Final = (
    "incident_id", "occurred_from", "occurred_to", "tier", "harm_days", "ho_code", "prc_code",
    "category", "longitude", "latitude", "domestic", "public_place", "knife", "firearm", "weapon",
    "relationship", "victim_age_band", "force",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The first rows of one file, as text.

    Attributes
    ----------
    name, sha256
        As reports name the file; of its content.
    header
        All its column names.
    raw
        Those rows, without any column that looks personal.
    choices
        What was decided when the file was opened.
    is_whole
        Whether the file holds no more rows than these.
    """

    name: str
    sha256: str
    header: tuple[str, ...]
    raw: RawRows
    choices: Tally
    is_whole: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that may be mapped."""
        return tuple(self.raw.columns)

    @property
    def personal(self) -> dict[str, str]:
        """Return the columns that are never stored, and what each looks like by its heading."""
        return {column: what for column in self.header if (what := personal(column))}

    def rows(self) -> list[tuple[str | None, ...]]:
        """Return the rows, one cell for each of ``columns``, None where blank."""
        cells = [
            [None if place < 0 else words[place] for place in indices_of(column).tolist()]
            for column in self.raw.columns.values()
            for words in [words_of(column)]
        ]
        return list(zip(*cells, strict=True))

    def words(self, column: str) -> dict[str, int]:
        """Return the distinct texts of one column with how often each comes, the commonest first.

        Texts are stripped, and those that differ in capitals alone are one.
        """
        counts: Counter[str] = Counter()
        spelt: dict[str, str] = {}
        values = self.raw.columns[column]
        words = [word.strip() for word in words_of(values)]
        for place, number in Counter(indices_of(values).tolist()).items():
            if place >= 0 and words[place]:
                key = spelt.setdefault(words[place].casefold(), words[place])
                counts[key] += number
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What a mapping makes of a sample.

    Attributes
    ----------
    read, stored, rejected, duplicates
        Rows of the sample: read = stored + rejected + duplicates. Rows that repeat one beyond the
        sample, or one already in a store, are told only by the load.
    reasons
        Rejected rows by reason.
    located, weighed, disorder
        Of the rows to be stored: those with a usable location; those with a harm weight; and those
        of antisocial behaviour, which is counted and never weighed.
    tiers
        Rows to be stored by tier, the commonest first.
    rows
        The first `SHOWN` rows in the order of the file: ``row`` (its number), ``verdict``
        (`STORED`, `REPEATED` or the reason for which it is rejected), and the incident's own
        columns as they would be stored, all missing where the row is rejected.
    notes
        What a load of these rows would say.
    """

    read: int
    stored: int
    rejected: int
    duplicates: int
    reasons: dict[str, int]
    located: int
    weighed: int
    disorder: int
    tiers: dict[str, int]
    rows: pd.DataFrame
    notes: Notes


def take_sample(source: SourceFile, *, rows: int = SAMPLED) -> Sample:
    """Read the first rows of a file; a column that looks personal is not read even for this.

    Parameters
    ----------
    source
        The file.
    rows
        How many rows.

    Raises
    ------
    BadInputError
        The file cannot be read, or no column of it may be.
    """
    file = open_source(source)
    wanted = [column for column in file.header if column and not personal(column)]
    if not wanted:
        msg = f"{file.name} has no column that may be read. Give a file of incidents."
        raise BadInputError(msg)
    raw, is_whole = _first_rows(file.chunks(wanted), rows)
    if raw is None:
        msg = f"{file.name} has column names but no rows. Export it again with its incidents."
        raise BadInputError(msg)
    return Sample(file.name, file.sha256, tuple(file.header), raw, file.choices, is_whole)


def recognised(sample: Sample, *, kept: Sequence[Mapping] = ()) -> Mapping:
    """Return the mapping that a load would take for the file, as `choose_mapping` does.

    Raises
    ------
    BadInputError
        None fits, or several do; or the file holds what is never used.
    """
    return choose_mapping(_as_file(sample), None, kept=kept)


def preview(sample: Sample, mapping: Mapping) -> Preview:
    """Read a sample as a load would, and store nothing.

    Raises
    ------
    BadInputError
        What would stop the load: a column that is not there, dates in several formats, no usable
        location in any row, coordinates swapped, a column that holds names or free text.
    """
    file = _as_file(sample)
    choose_mapping(file, mapping)
    batch, choices = _read(file, sample.raw, mapping)
    table = batch.table
    stored = pd.DataFrame(
        {name: table.column(name).to_pandas() for name in (*_LISTED, "source_row")}
    )
    is_named = stored["incident_id"].notna()
    # of several rows of one incident the first that has a location is stored, as by a load
    located_first = stored.sort_values("longitude", key=pd.isna, kind="stable")
    repeats = is_named & located_first.duplicated(["force", "incident_id"]).sort_index()
    kept = table.filter(pa.array(~repeats))
    fresh = stored.loc[~repeats]
    tiers = fresh["tier"].astype(str).value_counts()
    reasons = Counter(one.reason for one in batch.rejected)
    said = (
        *(Note(text, loud=True) for text in mapping.loud_notes),
        *as_notes(choices + _said_of(kept, mapping)),
    )
    return Preview(
        read=batch.seen.read,
        stored=len(fresh),
        rejected=reasons.total(),
        duplicates=int(repeats.sum()),
        reasons=dict(sorted(reasons.items())),
        located=int(fresh["longitude"].notna().sum()),
        weighed=int(fresh["harm_days"].notna().sum()),
        disorder=int((fresh["tier"] == "disorder").sum()),
        tiers={str(tier): int(number) for tier, number in tiers.items()},
        rows=_listed(stored, repeats, batch),
        notes=tuple(sorted(dict.fromkeys(said), key=lambda note: not note.loud)),
    )


def _read(file: TableFile, raw: RawRows, mapping: Mapping) -> tuple[Batch, Tally]:
    """Read the rows by the very code of a load, and judge them as if they were the whole file."""
    mine = {column.casefold(): values for column, values in raw.columns.items()}
    rows = replace(raw, columns={column: mine[column.casefold()] for column in mapping.wanted})
    batch = read_batch(file, rows, mapping, load_harm_scheme(mapping.harm))
    return batch, batch.choices + judge(file, mapping, batch.seen)


def _said_of(incidents: pa.Table, mapping: Mapping) -> Tally:
    """Return what a load would say of the incidents it stored."""
    summary = Summary()
    summary.add(incidents)
    return summary.choices([load_harm_scheme(mapping.harm)])


def _as_file(sample: Sample) -> TableFile:
    """Return the sample as an opened file."""

    def reader(wanted: Sequence[str]) -> Iterator[RawRows]:
        mine = {column.casefold(): values for column, values in sample.raw.columns.items()}
        yield replace(sample.raw, columns={column: mine[column.casefold()] for column in wanted})

    return TableFile(sample.name, sample.sha256, sample.header, reader, sample.choices)


def _first_rows(chunks: Iterator[RawRows], wanted: int) -> tuple[RawRows | None, bool]:
    """Return the first rows of the first chunk that has any, and whether there are no more."""
    raw = next((chunk for chunk in chunks if chunk.read), None)
    if raw is None:
        return None, True
    is_whole = len(raw.rows) <= wanted and next(chunks, None) is None
    last = int(raw.rows[wanted - 1]) if len(raw.rows) > wanted else None
    kept = {
        # a slice would keep the words of the whole chunk
        name: column.slice(0, wanted).dictionary_decode().dictionary_encode()
        for name, column in raw.columns.items()
    }
    cut = replace(
        raw,
        columns=kept,
        rows=raw.rows[:wanted],
        ragged=tuple(row for row in raw.ragged if last is None or row <= last),
        blank=tuple(row for row in raw.blank if last is None or row <= last),
    )
    return cut, is_whole


def _listed(stored: pd.DataFrame, repeats: pd.Series[bool], batch: Batch) -> pd.DataFrame:
    """Put the first rows under one another in the order of the file, each with its verdict."""
    good = stored.head(SHOWN).rename(columns={"source_row": "row"})
    verdicts = [REPEATED if again else STORED for again in repeats.head(SHOWN)]
    good.insert(0, "verdict", verdicts)
    bad = pd.DataFrame(
        [(one.row, one.reason) for one in batch.rejected[:SHOWN]], columns=["row", "verdict"]
    )
    both = pd.concat([good, bad]) if len(bad) else good
    first = both.sort_values("row", kind="stable").head(SHOWN)
    return first[["row", "verdict", *_LISTED]].reset_index(drop=True)
