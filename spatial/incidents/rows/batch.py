"""The batch: a chunk of one file made into incidents, and the rows that could not be."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from config.errors import BadInputError
from spatial.incidents.rows import flags, locations, offences, times
from spatial.incidents.rows.grid_references import COARSE_M
from spatial.incidents.rows.privacy import check_privacy
from spatial.incidents.rows.words import constant_column, indices_of, translate, words_of
from spatial.incidents.schema import FLAGS, INCIDENT_SCHEMA
from spatial.incidents.tally import Choice, Tally, tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

    from config.harm_scheme import HarmScheme
    from config.mapping import Mapping
    from spatial.incidents.files.formats import OpenFile
    from spatial.incidents.files.raw_rows import RawRows

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
class Seen:
    """What can be judged only over a whole file, to be added up over its chunks.

    Attributes
    ----------
    read, ragged, dated
        Rows of data, good and bad; those with too many or too few columns; those with a good date.
    midnights
        Good dates at exactly 00:00.
    starts, ends
        The formats of the two date columns.
    typed
        Columns whose dates the file holds as dates.
    places
        What the coordinates look like.
    """

    read: int = 0
    ragged: int = 0
    dated: int = 0
    midnights: int = 0
    starts: times.SeenFormats = field(default_factory=times.SeenFormats)
    ends: times.SeenFormats = field(default_factory=times.SeenFormats)
    typed: frozenset[str] = frozenset()
    places: locations.SeenPlaces = field(default_factory=locations.SeenPlaces)

    def __add__(self, later: Seen) -> Seen:
        """Add a later chunk of the same file."""
        return Seen(
            self.read + later.read,
            self.ragged + later.ragged,
            self.dated + later.dated,
            self.midnights + later.midnights,
            self.starts + later.starts,
            self.ends + later.ends,
            self.typed | later.typed,
            self.places + later.places,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """The incidents of one chunk of a file.

    Attributes
    ----------
    table
        Incidents in the order of the file: the columns of the schema but for `LATER_COLUMNS`;
        ``incident_id`` is null where the file gives none.
    rejected
        The rest, by row.
    choices
        What was decided on the way.
    seen
        For `judge`, once the file is at its end.
    """

    table: pa.Table
    rejected: tuple[Rejected, ...]
    choices: Tally
    seen: Seen


def read_batch(file: OpenFile, raw: RawRows, mapping: Mapping, scheme: HarmScheme) -> Batch:
    """Make incidents of some rows of one file.

    Raises
    ------
    BadInputError
        A column holds what is never kept. What only the whole file can tell is left to `judge`.

    Notes
    -----
    A pure function of its arguments: a distributed engine may run it on any split of the rows.
    """
    names = mapping.columns
    check_privacy(file.name, raw, mapping)
    formats = mapping.time.formats
    dates = times.scan_dates(raw.columns[names.occurred_from], formats, rows=raw.rows)
    good = dates.reasons == ""
    rejected = _rejected(file.name, raw, names.occurred_from, dates.reasons)

    end, end_lost, end_seen = None, 0, times.SeenFormats()
    if names.occurred_to is not None:
        ends = times.scan_dates(raw.columns[names.occurred_to], formats, rows=raw.rows)
        end, end_seen = ends.seconds[good], ends.seen
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
    points = locations.read_points(placed, names, mapping.location.crs)
    absent = np.isnan(points.longitude)

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
    coarse = 0 if points.side is None else int((~absent & (points.side >= COARSE_M)).sum())
    choices += raw.choices
    choices += tally(
        (Choice.COARSE_REFERENCE, "", coarse),
        (Choice.END_DROPPED, "", int(backwards.sum())),
        (Choice.END_UNREADABLE, "", end_lost),
        (Choice.CATEGORY, "", int(codes.unknown_category.sum())),
        (Choice.CODE, "", int(codes.unreadable.sum())),
        (Choice.FORCE, "", force.null_count),
    )
    precision_m = _precision(points.side, mapping.location.precision_m, length)
    arrays = {
        "incident_id": _identifiers(column(names.incident_id), length),
        "source": constant_column(mapping.source, length),
        "force": force,
        "occurred_from": pa.array(first),
        "occurred_to": pa.array(last),
        "time_precision": constant_column(mapping.time.precision, length),
        "longitude": pa.array(points.longitude, mask=absent),
        "latitude": pa.array(points.latitude, mask=absent),
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
    moments = dates.seconds[good]
    seen = Seen(
        read=raw.read,
        ragged=len(raw.ragged),
        dated=length,
        midnights=int((moments == moments.astype("datetime64[D]")).sum()),
        starts=dates.seen,
        ends=end_seen,
        typed=raw.typed,
        places=points.seen,
    )
    return Batch(table, rejected, choices, seen)


def judge(file: OpenFile, mapping: Mapping, seen: Seen) -> Tally:
    """Judge a whole file by what its chunks held.

    Returns
    -------
    What was decided about the file as a whole.

    Raises
    ------
    BadInputError
        No row holds a date, or none a usable location; the dates are in several formats; or the
        coordinates are swapped or of two systems.
    """
    names = mapping.columns
    for column, found in ((names.occurred_from, seen.starts), (names.occurred_to, seen.ends)):
        formats = (*mapping.time.formats, *((times.TYPED,) if column in seen.typed else ()))
        times.require_one_format(found, formats, subject=f"{file.name}: the column {column!r}")
    if not seen.dated:
        if seen.ragged == seen.read:
            what = f"no row has as many columns as the first row, which names {len(file.header)}"
            remedy = "Mend the first row, or export it again."
        elif seen.starts.examples:
            what = f"no row holds a possible date in the column {names.occurred_from!r}"
            remedy = f"Dates must lie from {times.EARLIEST_YEAR} to {times.LATEST_YEAR}."
        else:
            what = f"no row holds a date in the column {names.occurred_from!r}"
            remedy = "Check that the mapping fits the file."
        msg = f"{file.name}: {what}. {remedy}"
        raise BadInputError(msg)
    locations.require_places(seen.places, names, mapping.location.crs, file=file.name)
    is_dates_only = (
        mapping.time.precision == "minute" and seen.dated >= _FEW and seen.midnights == seen.dated
    )
    return file.choices + tally(
        (Choice.DATE_ONLY, file.name, int(is_dates_only)),
        (Choice.RECORDED_DATE, repr(names.occurred_from), int(_is_recorded(names.occurred_from))),
    )


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
    if mapping.flags.blank == "false":
        for flag in FLAGS:
            name = getattr(names, flag)
            words = column(name)
            if words is not None:
                said[flag], blank = flags.fill_blank(said[flag], words)
                choices += tally((Choice.FLAG_BLANK, repr(name), blank))
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
