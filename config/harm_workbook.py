"""Harm workbooks: a Cambridge Crime Harm Index workbook (xlsx) read as an edition of one's own."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
import zipfile
from statistics import median_low
from typing import TYPE_CHECKING, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from config.errors import BadInputError
from config.harm_scheme import HarmScheme, Weight
from config.offence import normalise_ho_code, normalise_prc_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_ROWS_BEFORE_HEADER: Final = 30
_MOST_ROWS: Final = 100_000
_NAMES: Final = {
    "ho_code": "HO class",
    "prc_class": "PRC class",
    "days": "CCHI score",
}
# headings as letters and figures alone, the likeliest first; a heading begins with one of these
_HEADINGS: Final = {
    "ho_code": ("hoclass", "hocode", "hooffencecode", "hooffenceclass", "homeoffice"),
    "prc_class": ("prcclass", "prccode", "prc", "policerecordedcrime", "recordedcrimeclass"),
    "days": ("cchiscore", "cchi", "chiscore", "chi", "harmscore", "score", "days"),
}
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_NO_WEIGHT: Final = frozenset({"", "-", "n/a", "na", "none", "tbc"})


def read_workbook(path: Path, *, edition: str | None = None) -> HarmScheme:
    """Read the index's workbook as a new edition.

    Parameters
    ----------
    path
        An .xlsx file with a heading row, within the first 30 rows of any sheet, that names the Home
        Office class, the recorded-crime (PRC) class and the CCHI score; further columns (offence,
        Athena URN) are not needed. Headings may differ in spelling.
    edition
        The label that every weight carries; without it, the year in the file's name, else in the
        sheet's, else the file's name.

    Raises
    ------
    BadInputError
        Not a workbook, no such heading row, a score that is no number of days, or no weights.

    Notes
    -----
    Where one code and class have several scores (the URN tells them apart), the first listed is
    taken: in the 2020 edition that is the principal offence. A code without a class, and a class
    without a code, have the lower median of theirs. Every such choice is stated in the weight. A
    formula counts as the value that was saved with it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path.name} cannot be opened. Check the path and its permissions."
        raise BadInputError(msg) from error
    try:
        sheet, rows = _first_table(path.name, content)
    except BadInputError:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        msg = f"{path.name} is not a readable .xlsx workbook. Save it again as .xlsx from Excel."
        raise BadInputError(msg) from error
    return _scheme(path, sheet, rows, edition=edition, content=content)


def _first_table(file: str, content: bytes) -> tuple[str, list[tuple[str, str, float]]]:
    """Read the first sheet that has the headings: its name, and its rows of weights."""
    with warnings.catch_warnings():
        # what openpyxl cannot keep (drop-down lists, colours) is nothing to a reader of values
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                # the size that a sheet claims may be wrong, and would cut it short
                sheet.reset_dimensions()
                rows = sheet.iter_rows(values_only=True)
                columns, header = _header(rows)
                if columns is not None:
                    return sheet.title, _rows(file, sheet.title, rows, columns, header)
        finally:
            book.close()
    msg = (
        f"{file} has no sheet with the headings {', '.join(_NAMES.values())} in one of its "
        f"first {_ROWS_BEFORE_HEADER} rows. Give the workbook as the Cambridge Centre publishes it."
    )
    raise BadInputError(msg)


def _header(rows: Iterable[Sequence[object]]) -> tuple[dict[str, int] | None, int]:
    """Find the heading row: the place of each column, and the row's number."""
    for number, row in zip(range(1, _ROWS_BEFORE_HEADER + 1), rows, strict=False):
        plain = [re.sub(r"[^a-z0-9]", "", str(cell or "").lower()) for cell in row]
        places = {name: _place(plain, starts) for name, starts in _HEADINGS.items()}
        if None not in places.values():
            return {name: place for name, place in places.items() if place is not None}, number
    return None, 0


def _place(headings: list[str], starts: tuple[str, ...]) -> int | None:
    for start in starts:
        for place, heading in enumerate(headings):
            if heading.startswith(start):
                return place
    return None


def _rows(
    file: str,
    sheet: str,
    rows: Iterable[Sequence[object]],
    columns: dict[str, int],
    header: int,
) -> list[tuple[str, str, float]]:
    """Read (code, class, days) of every row that has a code or class and a score."""
    found = []
    for number, row in enumerate(rows, start=header + 1):
        code, prc, score = (
            row[place] if (place := columns[name]) < len(row) else None for name in _NAMES
        )
        ho_code = normalise_ho_code(_text(code)) or ""
        prc_class = normalise_prc_class(_text(prc)) or ""
        if number > _MOST_ROWS:
            msg = (
                f"{file}, sheet {sheet!r} has more than {_MOST_ROWS:,} rows, too many for a table "
                "of weights. Delete what is not part of it."
            )
            raise BadInputError(msg)
        if not (ho_code or prc_class) or _text(score).lower() in _NO_WEIGHT:
            continue
        days = _days(score)
        if days is None:
            msg = (
                f"{file}, sheet {sheet!r}, row {number}: the score {score!r} is not a number of "
                "days. Mend it, or leave the cell blank for no weight."
            )
            raise BadInputError(msg)
        found.append((ho_code, prc_class, days))
    if not found:
        msg = (
            f"{file}, sheet {sheet!r} has headings but no row with a code and a score. "
            "Open it in Excel, save it again, and try once more."
        )
        raise BadInputError(msg)
    return found


def _text(cell: object) -> str:
    # a code typed as a number comes back as 501 or 501.0
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _days(score: object) -> float | None:
    try:
        days = float(_text(score).replace(",", ""))
    except ValueError:
        return None
    return days if 0 <= days < float("inf") else None


def _scheme(
    path: Path,
    sheet: str,
    rows: list[tuple[str, str, float]],
    *,
    edition: str | None,
    content: bytes,
) -> HarmScheme:
    pairs: dict[tuple[str, str], list[float]] = {}
    for code, prc, days in rows:
        pairs.setdefault((code, prc), []).append(days)
    weights = {key: _first(several) for key, several in pairs.items()}
    # codes without a class, and classes without a code, from the pairs that hold them
    alone: dict[tuple[str, str], list[float]] = {}
    for code, prc in pairs:
        days = pairs[code, prc][0]
        if code and prc:
            alone.setdefault((code, ""), []).append(days)
            alone.setdefault(("", prc), []).append(days)
    weights = {**{key: _middle(several) for key, several in alone.items()}, **weights}
    label = edition or _edition(path.stem, sheet)
    return HarmScheme(
        name="workbook",
        title=f"Cambridge Crime Harm Index, workbook {path.name}",
        edition=label,
        keyed_by="offence",
        attribution=(
            f"{label}: Cambridge Crime Harm Index, Cambridge Centre for Evidence-Based Policing, "
            f"as read from {path.name} (sheet {sheet!r})."
        ),
        notes=(
            (
                "Harm is in days of the guideline starting-point sentence for a first offender, as "
                f"in {path.name} ({label}). Where it has several scores for one code and class, "
                "the first listed is taken; for a code or class alone, the lower median."
            ),
        ),
        weights=weights,
        digest_source=hashlib.sha256(content).digest() + label.encode(),
    )


def _first(several: list[float]) -> Weight:
    others = sorted(set(several) - {several[0]})
    said = ", ".join(f"{days:g}" for days in others)
    return Weight(several[0], f"the first listed; others weigh {said}" if others else "")


def _middle(several: list[float]) -> Weight:
    taken = median_low(several)
    others = sorted(set(several) - {taken})
    said = ", ".join(f"{days:g}" for days in others)
    return Weight(taken, f"the lower median; others weigh {said}" if others else "")


def _edition(stem: str, sheet: str) -> str:
    year = _YEAR.search(stem) or _YEAR.search(sheet)
    return f"CCHI {year[1]} (workbook)" if year else f"CCHI workbook {stem}"
