"""The batch: one file's rows of text made into incidents, and the rows that could not be."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from config.errors import BadInputError
from spatial.incidents import flags, locations, offences, times
from spatial.incidents.schema import FLAGS, INCIDENT_SCHEMA
from spatial.incidents.tally import Choice, Tally, tally
from spatial.incidents.words import constant_column, indices_of, translate, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from config.harm_scheme import HarmScheme
    from config.mapping import Mapping
    from spatial.incidents.readers import CsvFile, RawRows

RAGGED: Final = "wrong number of columns"
BLANK: Final = "row empty"
REASONS: Final = (
    RAGGED,
    BLANK,
    times.DATE_MISSING,
    times.DATE_UNREADABLE,
    times.DATE_IMPOSSIBLE,
)
"""Every reason for which a row is rejected."""

LATER_COLUMNS: Final = frozenset(
    {"load_id", "geometry", *(field.name for field in INCIDENT_SCHEMA if field.name[:3] == "h3_")}
)
"""Columns that are made once the files have been put together."""

# A rejected date is shown if it can be nothing but a date: a shifted column might hold a name.
_HARMLESS: Final = re.compile(r"\d[\d/:. T-]{0,24}|\d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4}[\d :]{0,9}")


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that is not stored.

    ``column`` and ``value`` name what offended; the value is blank unless it is plainly a date, so
    that no personal text can slip into the report.
    """

    file: str
    row: int
    reason: str
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """The incidents of one file.

    Attributes
    ----------
    name, sha256, read
        The file, its content's hash, and its rows of data, good and bad.
    mapping
        The mapping it was read by.
    table
        Incidents in the order of the file: the columns of the schema but for `LATER_COLUMNS`;
        ``incident_id`` is null where the file gives none.
    rejected
        The rest, by row.
    choices
        What was decided on the way.
    """

    name: str
    sha256: str
    read: int
    mapping: str
    table: pa.Table
    rejected: tuple[Rejected, ...]
    choices: Tally


def read_batch(file: CsvFile, raw: RawRows, mapping: Mapping, scheme: HarmScheme) -> Batch:
    """Make incidents of one file's rows.

    Raises
    ------
    BadInputError
        No row holds a date, or none a usable location; or the dates are in several formats.

    Notes
    -----
    A pure function of its arguments: a distributed engine may run it on any split of the rows that
    keeps a file together.
    """
    names = mapping.columns
    dates = times.read_dates(
        raw.columns[names.occurred_from],
        mapping.time.formats,
        rows=raw.rows,
        file=file.name,
        name=names.occurred_from,
    )
    good = dates.reasons == ""
    rejected = _rejected(file.name, raw, names.occurred_from, dates.reasons)
    if not good.any():
        msg = (
            f"{file.name}: no row holds a date in the column {names.occurred_from!r}. "
            "Check that the mapping fits the file."
        )
        raise BadInputError(msg)

    end, end_lost = None, 0
    if names.occurred_to is not None:
        ends = times.read_dates(
            raw.columns[names.occurred_to],
            mapping.time.formats,
            rows=raw.rows,
            file=file.name,
            name=names.occurred_to,
        )
        end = ends.seconds[good]
        end_lost = int(((ends.reasons != "") & (ends.reasons != times.DATE_MISSING))[good].sum())
    first, last, backwards = times.spans(dates.seconds[good], end, mapping.time.precision)

    keep = pa.array(good)

    def column(name: str | None) -> pa.DictionaryArray | None:
        return None if name is None else raw.columns[name].filter(keep)

    x, y = locations.coordinates(
        raw.columns[names.x].filter(keep), raw.columns[names.y].filter(keep), mapping.location.crs
    )
    if np.isnan(x).all():
        msg = (
            f"{file.name}: no row has a usable location in the columns {names.x!r} and "
            f"{names.y!r}, so nothing could be put on a map. Export it again with coordinates."
        )
        raise BadInputError(msg)
    longitude, latitude = locations.to_degrees(x, y, mapping.location.crs)

    length = len(first)
    said, choices = _flags(mapping, column, length)
    codes = offences.read_codes(
        column(names.ho_code),
        column(names.prc_code),
        column(names.category),
        categories=mapping.categories,
        length=length,
    )
    classified = offences.classify(
        codes, scheme, offences.is_armed(said["knife"], said["firearm"], said["weapon"])
    )
    force = _tidy(column(names.force), mapping.force, length)
    choices += tally(
        (Choice.WINDOWS_TEXT, file.name, int(file.encoding != "utf-8")),
        (Choice.END_DROPPED, "", int(backwards.sum())),
        (Choice.END_UNREADABLE, "", end_lost),
        (Choice.CATEGORY, "", int(codes.unknown_category.sum())),
        (Choice.CODE, "", int(codes.unreadable.sum())),
        (Choice.FORCE, "", force.null_count),
    )
    precision_m = mapping.location.precision_m
    absent = np.isnan(longitude)
    arrays = {
        "incident_id": _identifiers(column(names.incident_id), length),
        "source": constant_column(mapping.source, length),
        "force": force,
        "occurred_from": pa.array(first),
        "occurred_to": pa.array(last),
        "time_precision": constant_column(mapping.time.precision, length),
        "longitude": pa.array(longitude, mask=absent),
        "latitude": pa.array(latitude, mask=absent),
        "location_precision_m": pa.array(
            np.full(length, precision_m or 0.0, dtype=np.float32),
            mask=absent if precision_m is not None else np.ones(length, dtype=bool),
        ),
        "ho_code": codes.ho_code,
        "prc_code": codes.prc_code,
        "category": classified.category,
        "tier": classified.tier,
        "harm_days": classified.harm_days,
        "harm_edition": classified.harm_edition,
        **said,
        "source_file": constant_column(file.name, length),
        "source_row": pa.array(raw.rows[good]),
    }
    fields = [field for field in INCIDENT_SCHEMA if field.name not in LATER_COLUMNS]
    schema = pa.schema([field.with_nullable(nullable=True) for field in fields])
    table = pa.table([arrays[field.name] for field in fields], schema=schema)
    return Batch(file.name, file.sha256, raw.read, mapping.name, table, rejected, choices)


def _flags(
    mapping: Mapping, column: Callable[[str | None], pa.DictionaryArray | None], length: int
) -> tuple[dict[str, pa.DictionaryArray], Tally]:
    """Read the five flags, the relationship and the age band."""
    names = mapping.columns
    said: dict[str, pa.DictionaryArray] = {}
    choices: Tally = Counter()
    for flag in FLAGS:
        name: str | None = getattr(names, flag)
        words = column(name)
        if words is None:
            said[flag] = constant_column(dict(mapping.constants).get(flag, "unknown"), length)
        else:
            said[flag], lost = flags.read_flag(words, mapping.flags)
            choices += tally((Choice.FLAG_WORD, repr(name), int(lost.sum())))
    kind = column(names.location_type)
    if kind is not None and mapping.public_place_from:
        said["public_place"], derived = flags.derive_public_place(
            said["public_place"], kind, dict(mapping.public_place_from)
        )
        choices += tally((Choice.PUBLIC_PLACE, "", derived))
    relationship, age = column(names.relationship), column(names.victim_age)
    said["relationship"] = said["victim_age_band"] = constant_column("unknown", length)
    if relationship is not None:
        said["relationship"], lost = flags.read_relationship(
            relationship, dict(mapping.relationships)
        )
        choices += tally((Choice.FLAG_WORD, repr(names.relationship), int(lost.sum())))
    if age is not None:
        said["victim_age_band"], lost = flags.read_age_band(age)
        choices += tally((Choice.AGE, "", int(lost.sum())))
    return said, choices


def _tidy(
    column: pa.DictionaryArray | None, constant: str | None, length: int
) -> pa.DictionaryArray:
    """Strip the words of a column, null where blank; a constant where there is no column."""
    if column is None:
        return constant_column(constant, length)
    return translate(column, lambda text: " ".join(text.split()) or None, blank=constant)[0]


def _identifiers(column: pa.DictionaryArray | None, length: int) -> pa.StringArray:
    """Return the source's own ids, stripped, null where blank."""
    if column is None:
        return pa.nulls(length, pa.string())
    texts = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _rejected(
    file: str, raw: RawRows, name: str, reasons: NDArray[np.str_]
) -> tuple[Rejected, ...]:
    """List the rows that are not stored, by row number."""
    rejected = [Rejected(file, row, RAGGED) for row in raw.ragged]
    rejected += [Rejected(file, row, BLANK) for row in raw.blank]
    column = raw.columns[name]
    words, indices = [*words_of(column), ""], indices_of(column)
    for at in np.flatnonzero(reasons != "").tolist():
        value = words[indices[at]].strip()
        shown = value if _HARMLESS.fullmatch(value) else ""
        rejected.append(Rejected(file, int(raw.rows[at]), str(reasons[at]), name, shown))
    return tuple(sorted(rejected, key=lambda one: one.row))
