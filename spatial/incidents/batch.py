"""The batch: one file's rows of text made into incidents, and the rows that could not be."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from config.errors import BadInputError
from spatial.incidents import flags, locations, offences, times
from spatial.incidents.grid_references import COARSE_M
from spatial.incidents.privacy import check_privacy
from spatial.incidents.schema import FLAGS, INCIDENT_SCHEMA
from spatial.incidents.tally import Choice, Tally, tally
from spatial.incidents.words import constant_column, indices_of, translate, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

    from config.harm_scheme import HarmScheme
    from config.mapping import Mapping
    from spatial.incidents.formats import OpenFile
    from spatial.incidents.readers import RawRows

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

_FEW: Final = 10
"""Fewer rows than this may all have happened at midnight."""
_RECORDING: Final = frozenset({"recorded", "reported", "created", "logged", "entered"})
_HAPPENING: Final = frozenset({"occurred", "committed", "offence", "incident", "from", "start"})

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


def read_batch(file: OpenFile, raw: RawRows, mapping: Mapping, scheme: HarmScheme) -> Batch:
    """Make incidents of one file's rows.

    Raises
    ------
    BadInputError
        No row holds a date, or none a usable location; the dates are in several formats; the
        coordinates are swapped or of two systems; or a column holds what is never kept.

    Notes
    -----
    A pure function of its arguments: a distributed engine may run it on any split of the rows that
    keeps a file together.
    """
    names = mapping.columns
    check_privacy(file.name, raw, mapping)
    dates = times.read_dates(
        raw.columns[names.occurred_from],
        _formats(mapping, raw, names.occurred_from),
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
            _formats(mapping, raw, names.occurred_to),
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

    placed = replace(
        raw,
        columns={place: raw.columns[place].filter(keep) for place in names.places},
        rows=raw.rows[good],
    )
    longitude, latitude, side = locations.read_points(
        placed, names, mapping.location.crs, file=file.name
    )
    absent = np.isnan(longitude)

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
    choices += file.choices + raw.choices
    choices += tally(
        (Choice.DATE_ONLY, file.name, int(_is_dates_only(dates.seconds[good], mapping))),
        (Choice.RECORDED_DATE, repr(names.occurred_from), int(_is_recorded(names.occurred_from))),
        (
            Choice.COARSE_REFERENCE,
            "",
            0 if side is None else int((~absent & (side >= COARSE_M)).sum()),
        ),
        (Choice.END_DROPPED, "", int(backwards.sum())),
        (Choice.END_UNREADABLE, "", end_lost),
        (Choice.CATEGORY, "", int(codes.unknown_category.sum())),
        (Choice.CODE, "", int(codes.unreadable.sum())),
        (Choice.FORCE, "", force.null_count),
    )
    precision_m = _precision(side, mapping.location.precision_m, length)
    arrays = {
        "incident_id": _identifiers(column(names.incident_id), length),
        "source": constant_column(mapping.source, length),
        "force": force,
        "occurred_from": pa.array(first),
        "occurred_to": pa.array(last),
        "time_precision": constant_column(mapping.time.precision, length),
        "longitude": pa.array(longitude, mask=absent),
        "latitude": pa.array(latitude, mask=absent),
        "location_precision_m": pa.array(precision_m, mask=absent | np.isnan(precision_m)),
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


def _formats(mapping: Mapping, raw: RawRows, column: str) -> tuple[str, ...]:
    """Return the formats dates may have: the mapping's, and that of dates held as dates."""
    typed = (times.TYPED,) if column in raw.typed else ()
    return (*mapping.time.formats, *typed)


def _is_dates_only(seconds: NDArray[np.datetime64], mapping: Mapping) -> bool:
    """Whether a file said to hold minutes holds midnights alone."""
    if mapping.time.precision != "minute" or len(seconds) < _FEW:
        return False
    return bool((seconds == seconds.astype("datetime64[D]")).all())


def _is_recorded(heading: str) -> bool:
    """Whether a heading speaks of recording or reporting and not of happening."""
    words = set(re.findall("[a-z]+", heading.casefold()))
    return bool(words & _RECORDING) and not words & _HAPPENING


def _precision(side: Floats | None, stated: float | None, length: int) -> NDArray[np.float32]:
    """Return how far each location may be out (metres), NaN where nobody says."""
    out = np.full(length, np.nan if stated is None else stated)
    return (out if side is None else np.fmax(out, side)).astype(np.float32)


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
