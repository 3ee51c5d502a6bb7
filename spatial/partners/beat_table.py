"""Tables by beat: a whole number for each, and a refusal of everything that says more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from config.errors import BadInputError
from config.standing import of_a_person
from spatial.incidents.rows.batch import BLANK, RAGGED
from spatial.incidents.rows.words import indices_of
from spatial.notes import Note, Notes
from spatial.partners.register_rows import Rows, read_days
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from config.standing import BeatTableMapping
    from spatial.incidents.files.formats import OpenFile
    from spatial.incidents.files.raw_rows import RawRows
    from spatial.partners.beats import Beats

BEAT_SCHEMA: Final = pa.schema(
    [
        pa.field("beat", pa.string(), nullable=False),
        # null where the partner keeps the number back itself
        pa.field("number", pa.int64()),
    ]
)

NO_BEAT: Final = "beat not in the store"
NO_NUMBER: Final = "number not readable"
TOTAL: Final = "total of the table"
_FINER: Final = {
    "points": (
        r"lat|latitude|long?|lng|longitude|x|y|eastings?|northings?|coord(?:inate)?s?|geometry|wkt"
        r"|grid ?ref(?:erence)?|osgr|what ?3 ?words|w3w"
    ),
    "postcodes": r"post ?codes?|pcds?|pcode|zip",
    "small areas": r"lsoas?|(?:lsoa|oa)[\w ]*(?:cd|code|nm|name)|oa|output areas?|data ?zones?",
    "addresses": r"address(?:es)?(?: line)?(?: \d)?|addr|uprn|usrn|street|road|house|location",
}
"""Headings, in whole, of what is finer than a beat."""
_FINER_WORDS: Final = {
    "a postcode": r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|[a-z]{1,2}\d[a-z\d]? \d",
    "the code of an LSOA or output area": r"[ew]0[01]\d{6}|s0[01]\d{6}",
    "a grid reference": r"[a-hj-z]{2} ?\d{2,5} ?\d{2,5}",
    "a pair of coordinates": r"-?\d+(\.\d+)?[ ,;]+-?\d+(\.\d+)?",
    "an address": r"\d+[a-z]?[ ,]+[a-z].*|(flat|apartment|unit) .*",
}
_TOTALS: Final = frozenset({"total", "all", "all beats", "grand total", "sum"})
_WHOLE: Final = re.compile(r"^\d{1,9}(\.0+)?$")
_MOST_NAMED: Final = 4
_WHY: Final = "a safeguarding concern placed more finely than a beat can be somebody's home"


def refuse_finer(file: OpenFile, mapping: BeatTableMapping) -> None:
    """Refuse a file with a column of anything finer than a beat, or of a person.

    Raises
    ------
    BadInputError
        It has one, whether the mapping names it or not.
    """
    for heading in file.header:
        if heading.casefold() == mapping.columns.beat.casefold():
            continue
        plain = " ".join(re.sub(r"[^a-z0-9]+", " ", heading.casefold()).split())
        what = next((kind for kind, known in _FINER.items() if re.fullmatch(known, plain)), "")
        what = what or of_a_person(heading)
        if what:
            msg = (
                f"{file.name}: the column {heading!r} holds {what} by its heading, and {_WHY}. "
                "Send beat, number and period alone."
            )
            raise BadInputError(msg)


def read_beat_table(file: OpenFile, raw: RawRows, mapping: BeatTableMapping, beats: Beats) -> Rows:
    """Make rows of a table by beat.

    Raises
    ------
    BadInputError
        A row names something finer than a beat, a beat twice or another period; no row names a beat
        of the store; or the period cannot be read.
    """
    names = mapping.columns
    _refuse_small_beats(beats)
    words = [str(word or "").strip() for word in raw.columns[names.beat].to_pylist()]
    numbers = [str(word or "").strip() for word in raw.columns[names.number].to_pylist()]
    kept_back = {word.strip().casefold() for word in mapping.kept_back}
    rejected = [(row, RAGGED) for row in raw.ragged] + [(row, BLANK) for row in raw.blank]
    held: dict[int, tuple[int, int | None]] = {}
    unknown: list[tuple[int, str]] = []
    total: int | None = None
    total_given = False
    # a row a beat: hundreds at most
    for row, word, said in zip(raw.rows.tolist(), words, numbers, strict=True):
        place = beats.find(word)
        number = int(float(said)) if _WHOLE.match(said) else None
        if place is None and word.casefold() in _TOTALS:
            total, total_given = number, True
            rejected.append((row, TOTAL))
        elif place is None:
            _refuse_finer_word(file.name, row, word)
            unknown.append((row, word))
            rejected.append((row, NO_BEAT))
        elif number is None and said.casefold() not in kept_back:
            rejected.append((row, NO_NUMBER))
        elif place in held:
            msg = (
                f"{file.name}: row {row} names the beat {word!r} again, after row "
                f"{held[place][0]}. Give one row a beat, the numbers added up by the partner."
            )
            raise BadInputError(msg)
        else:
            held[place] = row, number
    if not held:
        some = ", ".join(repr(word) for _, word in unknown[:_MOST_NAMED]) or "none"
        msg = (
            f"{file.name}: no row with a number names a beat of the store (the column "
            f"{names.beat!r} holds {some}; the store's beats are "
            f"{', '.join(map(repr, beats.names[:_MOST_NAMED]))} ...). Use their names or codes."
        )
        raise BadInputError(msg)
    since, through = _period(file, raw, mapping)
    table = pa.table(
        [
            [beats.names[place] for place in sorted(held)],
            [held[place][1] for place in sorted(held)],
        ],
        schema=BEAT_SCHEMA,
    )
    notes = (
        *_unknown_notes(unknown),
        *_number_notes(rejected, [number for _, number in held.values()]),
        *_total_notes([number for _, number in held.values()], total, is_whole=not unknown),
        *_absent_notes(beats, held),
    )
    return Rows(table, tuple(sorted(rejected)), since, through, total_given, notes)


def _refuse_small_beats(beats: Beats) -> None:
    """Refuse a store whose beats are small areas under another name."""
    for code in (*beats.codes, *beats.names):
        if re.fullmatch(_FINER_WORDS["the code of an LSOA or output area"], code.casefold()):
            msg = (
                f"The store's beats are small areas ({code!r} is the code of an LSOA or output "
                f"area), and {_WHY}. Load the force's beats first."
            )
            raise BadInputError(msg)


def _refuse_finer_word(name: str, row: int, word: str) -> None:
    for what, pattern in _FINER_WORDS.items():
        if re.fullmatch(pattern, word.casefold()):
            # the word itself may be somebody's home, and is not repeated
            msg = (
                f"{name}: row {row} holds {what} in place of a beat, and {_WHY}. "
                "Send beat, number and period alone."
            )
            raise BadInputError(msg)


def _period(file: OpenFile, raw: RawRows, mapping: BeatTableMapping) -> tuple[dt.date, dt.date]:
    """Return the one period of the table."""
    ends = []
    for column in (mapping.columns.period_from, mapping.columns.period_to):
        days = read_days(file, raw, column, mapping.date.formats)
        unread = np.isnat(days) & (indices_of(raw.columns[column]) >= 0)
        if unread.any():
            row = raw.rows[int(np.argmax(unread))]
            msg = f"{file.name}: row {row} holds no date in the column {column!r}. Mend it."
            raise BadInputError(msg)
        known = np.unique(days[~np.isnat(days)])
        if len(known) != 1:
            what = "no date" if not len(known) else f"{len(known)} dates"
            other = ""
            if len(known):
                first = int(np.argmax(~np.isnat(days) & (days != days[~np.isnat(days)][0])))
                other = f", another from row {raw.rows[first]} on"
            msg = f"{file.name}: the column {column!r} holds {what}{other}. Load one period a file."
            raise BadInputError(msg)
        ends.append(known[0].item())
    since, through = ends
    if since > through:
        msg = (
            f"{file.name}: the period ends on {through.isoformat()}, before it begins on "
            f"{since.isoformat()}. Exchange the two columns."
        )
        raise BadInputError(msg)
    return since, through


def _unknown_notes(unknown: Sequence[tuple[int, str]]) -> Notes:
    if not unknown:
        return ()
    listed = ", ".join(f"{word!r} (row {row})" for row, word in unknown[:_MOST_NAMED])
    more = f" and {len(unknown) - _MOST_NAMED} more" if len(unknown) > _MOST_NAMED else ""
    text = f"Rows that name no beat of the store: {len(unknown):,}: {listed}{more}. Left out."
    return (Note(text, loud=True),)


def _number_notes(rejected: Sequence[tuple[int, str]], numbers: Sequence[int | None]) -> Notes:
    notes = []
    rows = [row for row, reason in rejected if reason == NO_NUMBER]
    if rows:
        text = f"Rows whose number is no whole number: {len(rows):,} (the first is row {rows[0]})."
        notes.append(Note(f"{text} Nothing is known of their beats.", loud=True))
    hidden = sum(number is None for number in numbers)
    if hidden:
        notes.append(Note(f"Beats whose number the partner keeps back itself: {hidden:,}."))
    return tuple(notes)


def _total_notes(numbers: Sequence[int | None], total: int | None, *, is_whole: bool) -> Notes:
    """Say where the table's own total is not the sum of its rows; neither number is repeated."""
    known = [number for number in numbers if number is not None]
    if total is None or len(known) < len(numbers) or not is_whole or sum(known) == total:
        return ()
    text = "The total in the table is not the sum of its beats: ask the partner which is right."
    return (Note(text, loud=True),)


def _absent_notes(beats: Beats, held: dict[int, tuple[int, int | None]]) -> Notes:
    absent = [name for place, name in enumerate(beats.names) if place not in held]
    if not absent:
        return ()
    listed = ", ".join(repr(name) for name in absent[:_MOST_NAMED])
    more = f" and {len(absent) - _MOST_NAMED} more" if len(absent) > _MOST_NAMED else ""
    text = f"Beats of which the table says nothing: {len(absent):,}: {listed}{more}."
    return (Note(text, loud=True),)


def period_words(since: dt.date, through: dt.date) -> str:
    """Write from when to when a layer holds: a day alone, or both ends."""
    if since == through:
        return f"as of {day_words(through)}"
    return f"{day_words(since)} to {day_words(through)}"
