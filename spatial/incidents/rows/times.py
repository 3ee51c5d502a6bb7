"""Times: dates as a file writes them to Europe/London wall-clock seconds, or to a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from config.errors import BadInputError
from spatial.incidents.rows.words import indices_of, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    Seconds = NDArray[np.datetime64]

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
"""Years outside these are slips of the keyboard: the row is rejected. No clock is read."""

DATE_MISSING: Final = "date missing"
DATE_UNREADABLE: Final = "date not readable"
DATE_IMPOSSIBLE: Final = "date impossible"
_NEVER: Final = np.datetime64("NaT", "s")
_REASONS: Final = ("", DATE_MISSING, DATE_UNREADABLE, DATE_IMPOSSIBLE)
_AMISS: Final = 3
_MOST_TURNED: Final = 0.05
"""Of dates written month first, six in ten are impossible read day first; of slips, few are."""

# What each directive looks like, and how it is shown to a person.
_PARTS: Final = {
    "%Y": (r"(?P<Y>\d{4})", "yyyy"),
    "%y": (r"(?P<y>\d{2})", "yy"),
    "%m": (r"(?P<m>\d{1,2})", "mm"),
    "%d": (r"(?P<d>\d{1,2})", "dd"),
    "%H": (r"(?P<H>\d{1,2})", "HH"),
    "%M": (r"(?P<M>\d{2})", "MM"),
    "%S": (r"(?P<S>\d{2})(?:\.\d+)?", "SS"),
    "%b": (r"(?P<b>[A-Za-z]{3})", "mon"),
    "%B": (r"(?P<b>[A-Za-z]{4,9}|[Mm]ay|MAY)", "month"),
}
_DATES: Final = (
    "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d %b %Y", "%d-%b-%Y",
    "%d %B %Y", "%d/%m/%y", "%d-%b-%y", "%b %d %Y",
)  # fmt: skip
_CLOCKS: Final = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S")
WELL_FORMED: Final = ("%Y-%m", *(date + clock for date in _DATES for clock in _CLOCKS))
"""Shapes in which a date may be written: a column must keep to one of them."""

TYPED: Final = "%Y-%m-%dT%H:%M:%S"
"""How a date that a file holds as a date, not as text, is written before it is read."""

_CENTURY_TURNS: Final = 70  # of two figures: 69 is 2069, 70 is 1970
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)


@dataclass(frozen=True, slots=True)
class Dates:
    """One date column, or a chunk of it, read.

    Attributes
    ----------
    seconds
        Wall-clock to the second, NaT where there is a reason.
    reasons
        "" for a good date, else one of the DATE_* reasons, an array of one text a row.
    seen
        The formats that any of it is written in.
    """

    seconds: Seconds
    reasons: NDArray[np.str_]
    seen: SeenFormats


@dataclass(frozen=True, slots=True)
class SeenFormats:
    """The formats of one date column, to be added up over the chunks of a file.

    Attributes
    ----------
    examples
        For each format found, a value and its row, as a person reads it: the first of the file.
    has_text
        Whether any cell holds text at all.
    good
        Rows with a good date.
    turned
        Impossible dates that would be good with day and month exchanged, and the first of them.
    """

    examples: dict[str, str] = field(default_factory=dict)
    has_text: bool = False
    good: int = 0
    turned: int = 0
    turned_example: str = ""

    def __add__(self, later: SeenFormats) -> SeenFormats:
        """Add what a later chunk holds."""
        return SeenFormats(
            later.examples | self.examples,
            self.has_text or later.has_text,
            self.good + later.good,
            self.turned + later.turned,
            self.turned_example or later.turned_example,
        )


def shown(written: str) -> str:
    """Return a format in a person's words: "%d/%m/%Y %H:%M" is "dd/mm/yyyy HH:MM"."""
    for directive, (_, words) in _PARTS.items():
        written = written.replace(directive, words)
    return written


def read_dates(
    column: pa.DictionaryArray,
    formats: Sequence[str],
    *,
    rows: NDArray[np.int64],
    file: str,
    name: str,
) -> Dates:
    """Read one date column of one file, whole.

    Parameters
    ----------
    column
        The dates as text.
    formats
        The formats the mapping allows (strptime directives). The file must keep to one of them.
    rows, file, name
        Row numbers, file and column, for messages.

    Raises
    ------
    BadInputError
        See `require_one_format`.
    """
    dates = scan_dates(column, formats, rows=rows)
    require_one_format(dates.seen, formats, subject=f"{file}: the column {name!r}")
    return dates


def scan_dates(
    column: pa.DictionaryArray, formats: Sequence[str], *, rows: NDArray[np.int64]
) -> Dates:
    """Read a chunk of a date column, whatever known formats it is in.

    Parameters
    ----------
    column
        The dates as text.
    formats
        The formats the mapping allows: tried before all others.
    rows
        Row numbers, for messages.

    Notes
    -----
    A date of the right shape that is no date (31/02/2025), or lies before 1990 or after 2100, is
    "date impossible"; text of no known shape is "date not readable". Each costs its row, not the
    file. The hour that a clock change repeats or skips is taken as written.
    """
    words, indices = words_of(column), indices_of(column)
    candidates = _candidates(tuple(formats))
    texts = pc.utf8_trim_whitespace(column.dictionary)
    shape = np.full(len(words) + 1, -1, dtype=np.int64)
    for number, written in enumerate(candidates):
        left = np.flatnonzero(shape[:-1] < 0)
        if not len(left):
            break
        matched = pc.match_substring_regex(texts.take(left), _pattern(written, named=False))
        shape[left[matched.to_numpy(zero_copy_only=False)]] = number
    used = shape[indices]
    found = [number for number in range(len(candidates)) if (used == number).any()]
    examples = {
        candidates[number]: f"{words[indices[at]]!r} (row {rows[at]})"
        for number in found
        for at in [int(np.argmax(used == number))]
    }
    seconds = np.full(len(words) + 1, _NEVER)
    reason = np.full(len(words) + 1, 2, dtype=np.int64)
    reason[-1] = 1
    blank = pc.equal(texts, "").to_numpy(zero_copy_only=False)
    reason[:-1][blank] = 1
    for number in found:
        mine = np.flatnonzero(shape[:-1] == number)
        seconds[mine] = _parse(texts.take(mine), candidates[number])
        reason[mine] = np.where(np.isnat(seconds[mine]), _AMISS, 0)
    amiss = reason[:-1] == _AMISS
    turned = np.zeros(len(words) + 1, dtype=bool)
    for number in found:
        mine = np.flatnonzero(amiss & (shape[:-1] == number))
        turned[mine] = ~np.isnat(_parse(texts.take(mine), _turned(candidates[number])))
    is_turned = turned[indices]
    first = int(np.argmax(is_turned)) if is_turned.any() else -1
    seen = SeenFormats(
        examples,
        has_text=any(word.strip() for word in words),
        good=int((reason[indices] == 0).sum()),
        turned=int(is_turned.sum()),
        turned_example=f"{words[indices[first]]!r} (row {rows[first]})" if first >= 0 else "",
    )
    return Dates(seconds[indices], np.array(_REASONS)[reason[indices]], seen)


def _turned(written: str) -> str:
    """Exchange day and month in a format of figures."""
    return written.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")


def spans(
    start: Seconds, end: Seconds | None, precision: str
) -> tuple[Seconds, Seconds, NDArray[np.bool_]]:
    """Return first and last moment of each incident.

    Parameters
    ----------
    start, end
        From and to, to the second; the end may be missing (None or NaT).
    precision
        minute, hour, day or month: a coarser unit lasts to its last second, so a month-only
        incident runs from the first of the month 00:00:00 to its last day 23:59:59.

    Returns
    -------
    Start, end (NaT where unknown), and which rows had an end before their start: their end is
    dropped, not their row.
    """
    last = np.full(len(start), _NEVER) if end is None else end.copy()
    backwards: NDArray[np.bool_] = ~np.isnat(last) & (last < start)
    last[backwards] = _NEVER
    if precision == "minute":
        return start, last, backwards
    unit = {"hour": "h", "day": "D", "month": "M"}[precision]
    whole = np.where(np.isnat(last), start, last).astype(f"datetime64[{unit}]")
    until: Seconds = ((whole + 1).astype("datetime64[s]").astype(np.int64) - 1).astype(
        "datetime64[s]"
    )
    first = start.astype(f"datetime64[{unit}]").astype("datetime64[s]")
    return first, until, backwards


@cache
def _candidates(formats: tuple[str, ...]) -> tuple[str, ...]:
    """Return the declared formats, then every other that can be told from them."""
    return (*formats, *(other for other in WELL_FORMED if not _same_shape(other, formats)))


def _same_shape(written: str, formats: Sequence[str]) -> bool:
    """Whether a format cannot be told from one of the declared ones by its shape."""
    alike = re.sub("%[md]", "%n", written)
    return any(alike == re.sub("%[md]", "%n", other) for other in formats)


def _pattern(written: str, *, named: bool) -> str:
    """Write a format as a regular expression over the whole text."""
    pieces = re.split("(%[A-Za-z])", written)
    pattern = "".join(
        _PARTS[piece][0] if piece in _PARTS else re.escape(piece).replace(r"\ ", " ")
        for piece in pieces
    )
    pattern = pattern if named else re.sub(r"\(\?P<\w>", "(?:", pattern)
    return f"^{pattern}$"


def _parse(texts: pa.Array, written: str) -> Seconds:
    """Read texts of one shape; NaT where the numbers are no date."""
    parts = pc.extract_regex(texts, _pattern(written, named=True))
    names = {field.name for field in parts.type}

    def number(name: str, default: int) -> NDArray[np.int64]:
        if name not in names:
            return np.full(len(texts), default, dtype=np.int64)
        values: NDArray[np.int64] = pc.struct_field(parts, name).cast("int64").to_numpy()
        return values

    short = number("y", 0)
    century = np.where(short < _CENTURY_TURNS, 2000, 1900)
    year = number("Y", 0) if "Y" in names else century + short
    if "b" in names:
        heads = pc.utf8_slice_codeunits(pc.utf8_lower(pc.struct_field(parts, "b")), 0, 3)
        place = {month: index for index, month in enumerate(_MONTHS, start=1)}
        month = np.array([place.get(head, 0) for head in heads.to_pylist()], dtype=np.int64)
    else:
        month = number("m", 1)
    day, hour = number("d", 1), number("H", 0)
    minute, second = number("M", 0), number("S", 0)
    good = (year >= EARLIEST_YEAR) & (year <= LATEST_YEAR)
    good &= (month >= 1) & (month <= len(_MONTHS))
    good &= (hour < 24) & (minute < 60) & (second < 60) & (day >= 1)  # noqa: PLR2004 (a clock)
    months = (np.where(good, year, 2000) - 1970) * 12 + np.where(good, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]")
    length = ((months + 1).astype("datetime64[M]").astype("datetime64[D]") - first).astype(np.int64)
    good &= day <= length
    moment = first.astype("datetime64[s]").astype(np.int64)
    moment += (day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
    seconds: Seconds = moment.astype("datetime64[s]")
    seconds[~good] = _NEVER
    return seconds


def require_one_format(seen: SeenFormats, formats: Sequence[str], *, subject: str) -> None:
    """Refuse a column in no format, in several, or in one that the mapping does not name.

    Parameters
    ----------
    seen
        The formats of the whole column.
    formats
        Those that the mapping names.
    subject
        File and column, as the sentence begins.

    Raises
    ------
    BadInputError
        The column holds dates in several formats, or in one that the mapping does not name. Day and
        month could then be confused without anybody noticing, so the whole file is refused.
    """
    if not seen.has_text:
        return
    expected = " or ".join(shown(written) for written in formats)
    order = [*formats, *WELL_FORMED]
    found = sorted(seen.examples, key=order.index)
    listed = [f"{shown(written)}, such as {seen.examples[written]}" for written in found]
    if not found:
        msg = (
            f"{subject} holds no date written as {expected}. Check that the mapping fits the file."
        )
        raise BadInputError(msg)
    if len(found) > 1:
        msg = (
            f"{subject} holds dates in {len(found)} formats: {'; '.join(listed)}. "
            f"Export it again with every date as {shown(formats[0])}."
        )
        raise BadInputError(msg)
    if seen.turned > 1 and seen.turned > _MOST_TURNED * (seen.turned + seen.good):
        msg = (
            f"{subject} holds {seen.turned:,} dates that are dates only with day and month "
            f"exchanged, such as {seen.turned_example}, so the others may be wrong too. Export it "
            f"again with every date as {shown(found[0])}."
        )
        raise BadInputError(msg)
    if found[0] not in formats:
        msg = (
            f"{subject} holds dates as {listed[0]}, where the mapping expects {expected}. "
            "Export it so, or name the format in your own mapping."
        )
        raise BadInputError(msg)
