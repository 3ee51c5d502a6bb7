"""The previous list: what an earlier fortnight patrolled, read back to be compared with."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import h3
import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd

from config.errors import BadInputError
from spatial.hexes.disks import resolutions
from spatial.notes import Note, Notes
from spatial.targets.kept.text_tables import read_text_table
from spatial.window import Window

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PREVIOUS_COLUMNS: Final = ("area_id", "name", "rank", "cells", "grown_cells", "grown_name")
_NEEDED: Final = ("area_id", "rank", "name", "cells")
_LIST: Final = "targets.csv"
_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True, eq=False)
class PreviousList:
    """An earlier list of patrol areas.

    Attributes
    ----------
    table
        `PREVIOUS_COLUMNS`, by rank; then areas that were not on it, whose rank is null: they keep
        their ids and were not patrolled. ``grown_cells`` and ``grown_name`` are what an
        area was before people changed it; the same as ``cells`` and ``name`` elsewhere.
    resolution
        H3 resolution of its cells; None of an empty list.
    called
        What messages call it.
    run_id
        Of the analysis it came from; empty where it does not say.
    window
        The incidents that chose it; None where it does not say.
    data_through
        The last date of its data; None where it does not say.
    notes
        What could not be used of it.
    profile
        Name of the profile it was made for; empty where it does not say.
    """

    table: pd.DataFrame
    resolution: int | None
    called: str
    run_id: str = ""
    window: Window | None = None
    data_through: dt.date | None = None
    notes: Notes = ()
    profile: str = ""

    @property
    def listed(self) -> pd.DataFrame:
        """The areas that were on the list, by rank."""
        return self.table[self.table["rank"].notna()]

    @property
    def chosen_on(self) -> Window | None:
        """The dates whose incidents chose it, as far as its data reached."""
        if self.window is None or self.data_through is None:
            return self.window
        last = min(self.window.last, self.data_through)
        return Window(self.window.first, max(last, self.window.first))

    def grounds(self, column: str = "cells") -> list[NDArray[np.uint64]]:
        """Return each row's cells as H3 numbers, ascending, in the table's order."""
        return [numbers_of(text) for text in self.table[column]]


def numbers_of(cells: str) -> NDArray[np.uint64]:
    """Return space-separated cells as H3 numbers, uint64, ascending, each once."""
    return np.array(sorted({int(cell, 16) for cell in cells.split()}), dtype=np.uint64)


def previous_list(  # noqa: PLR0913 (what a list may say of itself)
    table: pd.DataFrame,
    *,
    called: str,
    also_known: pd.DataFrame | None = None,
    run_id: str = "",
    window: Window | None = None,
    data_through: dt.date | None = None,
    notes: Notes = (),
    profile: str = "",
) -> PreviousList:
    """Check a plain table of earlier areas.

    Parameters
    ----------
    table
        ``area_id, name, rank, cells`` (space-separated), perhaps ``grown_cells, grown_name`` (empty
        where people changed nothing); the register's and a read file's both serve. Other columns
        are left alone.
    called
        What messages call it.
    also_known
        The same columns but rank: areas that were not on that list and keep their ids, because
        people took them off, they were just below it, or an older list had them
        (:func:`register.targets.every_table`). Of an id that is given more than once the first row
        counts.
    run_id, window, data_through, notes, profile
        See `PreviousList`; ``run_id`` is taken from the table where it is empty.

    Raises
    ------
    BadInputError
        A column is missing, an id or rank stands twice, or cells are no H3 cells of one resolution.
    """
    missing = [column for column in _NEEDED if column not in table.columns]
    if missing:
        msg = f"{called}: the column {missing[0]!r} is missing. Give a targets.csv as it was made."
        raise BadInputError(msg)
    rows = pd.concat(
        [_filled(table, called), _filled(_unlisted(also_known, table), called, rank=False)],
        ignore_index=True,
    )
    rows["rank"] = pd.to_numeric(rows["rank"])
    for column in ("area_id", "rank"):
        values = rows[column].dropna()
        if values.duplicated().any():
            wrong = values[values.duplicated()].iloc[0]
            shown = repr(wrong) if column == "area_id" else f"{wrong:.0f}"
            msg = f"{called}: {column} {shown} stands twice. Give the list as it was made."
            raise BadInputError(msg)
    if not run_id and "run_id" in table.columns and len(table):
        run_id = str(table["run_id"].iloc[0])
    return PreviousList(
        rows.sort_values(["rank", "area_id"], ignore_index=True),
        _resolution(rows, called),
        called,
        run_id,
        window,
        data_through,
        notes,
        profile,
    )


def read_previous(path: Path) -> PreviousList:
    """Read the list of an earlier fortnight from a file.

    Parameters
    ----------
    path
        A ``targets.csv``, or the folder that ``harmhex targets`` wrote. A ``manifest.json`` beside
        it gives its window, as long as the file is the one that it names.

    Raises
    ------
    BadInputError
        It cannot be read, or is no list: the message names file, row and column.
    """
    file = path / _LIST if path.is_dir() else path
    read, content = read_text_table(file, needed=_NEEDED)
    records = [_checked(row, number, read.name) for number, row in read.rows]
    table = pd.DataFrame(records, columns=list(read.columns))
    manifest, notes = _manifest(file, content)
    try:
        window = Window(*(dt.date.fromisoformat(day) for day in manifest["window"]))
    except (KeyError, TypeError, ValueError):
        window = None
    through = manifest.get("data_through") or (
        table["data_through"].iloc[0] if "data_through" in table and len(table) else ""
    )
    known = pd.DataFrame(manifest.get("also_known") or [])
    return previous_list(
        table,
        called=read.name,
        also_known=known if len(known) else None,
        run_id=str(manifest.get("run_id", "")),
        window=window,
        data_through=_date(str(through)),
        notes=notes,
        profile=str(manifest.get("profile", "")),
    )


def _manifest(file: Path, content: bytes) -> tuple[dict[str, Any], Notes]:
    beside = file.parent / _MANIFEST
    if not beside.is_file():
        return {}, ()
    try:
        said = json.loads(beside.read_bytes())
        written = said["files"][file.name]
        # plain, or with more about the file
        digest = written.get("sha256") if isinstance(written, dict) else written
    except (OSError, ValueError, KeyError, TypeError):
        return {}, ()
    if digest == hashlib.sha256(content).hexdigest():
        return said, ()
    sentence = (
        f"{file.name} is not the file that the manifest beside it names: somebody changed it. Its "
        "areas are compared with; the dates it was made on are not taken from there."
    )
    return {}, (Note(sentence, loud=True),)


def _checked(row: dict[str, str], number: int, name: str) -> dict[str, str]:
    if not row["area_id"]:
        msg = f"{name}, row {number}: area_id is empty. Give the list as it was made."
        raise BadInputError(msg)
    if not row["rank"].isdigit() or int(row["rank"]) < 1:
        msg = f"{name}, row {number}: rank {row['rank']!r} is no whole number from 1. Correct it."
        raise BadInputError(msg)
    for column in ("cells", "grown_cells"):
        wrong = [cell for cell in row.get(column, "").split() if not h3.is_valid_cell(cell)]
        if wrong or (column == "cells" and not row[column]):
            msg = (
                f"{name}, row {number}: {column} {(wrong or [''])[0]!r} is no H3 cell. Give the "
                "list as it was made."
            )
            raise BadInputError(msg)
    return row


def _unlisted(known: pd.DataFrame | None, table: pd.DataFrame) -> pd.DataFrame | None:
    if known is None or known.empty or "area_id" not in known.columns:
        return None
    return known[~known["area_id"].isin(table["area_id"])].drop_duplicates("area_id")


def _filled(table: pd.DataFrame | None, called: str, *, rank: bool = True) -> pd.DataFrame:
    columns = list(PREVIOUS_COLUMNS)
    if table is None or table.empty:
        return pd.DataFrame({column: pd.Series(dtype="object") for column in columns})
    rows = table.reindex(columns=columns)
    if not rank:
        rows["rank"] = np.nan
    for grown, plain in (("grown_cells", "cells"), ("grown_name", "name")):
        blank = rows[grown].isna() | (rows[grown] == "")
        rows[grown] = rows[grown].astype(object).where(~blank, rows[plain])
    for column in ("cells", "grown_cells"):
        for area, text in zip(rows["area_id"], rows[column], strict=True):
            wrong = [cell for cell in str(text).split() if not h3.is_valid_cell(cell)]
            if wrong or not str(text).split():
                found = (wrong or [""])[0]
                msg = f"{called}: {column} of {area!r} hold {found!r}, which is no H3 cell."
                raise BadInputError(msg)
    return rows


def _resolution(rows: pd.DataFrame, called: str) -> int | None:
    if rows.empty:
        return None
    cells = np.unique(numbers_of(" ".join([*rows["cells"], *rows["grown_cells"]])))
    found = np.unique(resolutions(cells))
    if len(found) > 1:
        fine = next(cell for cell in cells.tolist() if h3_int.get_resolution(cell) == found[-1])
        msg = (
            f"{called} mixes cells of resolution {found[0]} and {found[-1]} ({fine:x}). Give a "
            "list of one resolution."
        )
        raise BadInputError(msg)
    return int(found[0])


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
