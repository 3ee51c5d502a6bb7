"""The census table: areas with a deprivation decile and residents by group, as a store keeps it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from config.census import CensusRules, load_census_rules
from config.errors import BadInputError
from spatial.notes import Note, Notes
from spatial.vectors import Features, read_features

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CODE: Final = "code"
DECILE: Final = "decile"
RESIDENTS: Final = "residents"

_MOST_DECILE: Final = 10
_PREFIX: Final = "ethnic group "
_SUFFIX: Final = " measures value"


def read_census(path: Path, *, rules: CensusRules | None = None) -> tuple[bytes, Notes]:
    """Read a census table: a CSV file with a code to each area, or a map file of areas.

    Parameters
    ----------
    path
        One row or feature to an area. Headings are those of ``config/census.toml``; any other
        column is left out.
    rules
        Headings and groups; None for those in force.

    Returns
    -------
    A feature collection with ``code, decile, residents`` and a count for each group, as far as the
    table has them; a row of a CSV file has no geometry and is joined by its code to the population
    layer when it is used. The file's own bytes where it is that already. And what was read as what.

    Raises
    ------
    BadInputError
        The file cannot be read, names no area, has neither decile nor group, repeats an area, or
        holds a value that is no decile or no number of people.
    """
    rules = rules or load_census_rules()
    if path.suffix.lower() != ".csv":
        return _read_map(path, rules)
    table, notes = _in_our_words(_read_csv(path), path.name, rules, has_shapes=False)
    features = [
        {"type": "Feature", "properties": row, "geometry": None} for row in _plain_rows(table)
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), notes


def _read_map(path: Path, rules: CensusRules) -> tuple[bytes, Notes]:
    features = read_features(path)
    if not features.geometries:
        msg = f"{path.name} holds no area. Export the census areas again."
        raise BadInputError(msg)
    given = pd.DataFrame(list(features.properties)).astype(object)
    as_text = given.where(given.notna(), "").map(_as_written)
    table, notes = _in_our_words(as_text, path.name, rules, has_shapes=True)
    rows = tuple(_plain_rows(table))
    if not features.changed and rows == features.properties and _is_plain(path):
        return path.read_bytes(), ()
    kept: Features = replace(features, properties=rows)
    return kept.to_geojson(), (*features.notes, *notes)


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path.name} cannot be opened ({error.strerror}). Check the path."
        raise BadInputError(msg) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as error:
        msg = f"{path.name} is not a readable CSV table ({error}). Save it as CSV UTF-8."
        raise BadInputError(msg) from error


def _in_our_words(
    given: pd.DataFrame, name: str, rules: CensusRules, *, has_shapes: bool
) -> tuple[pd.DataFrame, Notes]:
    headings = {_words(column): column for column in reversed(given.columns.map(str).tolist())}
    wanted = {
        CODE: rules.code_columns,
        DECILE: rules.decile_columns,
        RESIDENTS: rules.resident_columns,
        **{group.name: group.columns for group in rules.groups},
    }
    taken = {
        field: next((headings[_words(one)] for one in columns if _words(one) in headings), None)
        for field, columns in wanted.items()
    }
    found = {field: column for field, column in taken.items() if column is not None}
    groups = [group for group in rules.groups if group.name in found]
    if not groups and DECILE not in found:
        msg = (
            f"{name} has neither a deprivation decile nor a known group. Call the columns "
            f"{DECILE!r} and {', '.join(repr(group.name) for group in rules.groups)}, or add their "
            "headings to config/census.toml."
        )
        raise BadInputError(msg)
    if CODE not in found and not has_shapes:
        msg = f"{name} does not say which area a row is of. Call the column of codes {CODE!r}."
        raise BadInputError(msg)
    if given.empty:
        msg = f"{name} holds no row. Export the census table again."
        raise BadInputError(msg)
    table = pd.DataFrame(index=given.index)
    if CODE in found:
        table[CODE] = _codes(given[found[CODE]], name)
    if DECILE in found:
        table[DECILE] = _deciles(given[found[DECILE]], name)
    if RESIDENTS in found:
        table[RESIDENTS] = _people(given[found[RESIDENTS]], name)
    for group in groups:
        table[group.name] = _people(given[found[group.name]], name)
    _require_whole_rows(table, [group.name for group in groups], name)
    return table, _said(table, found, rules, name)


def _codes(column: pd.Series, name: str) -> NDArray[np.object_]:
    codes = column.str.strip()
    blank = np.flatnonzero(codes == "")
    if len(blank):
        msg = f"{name} row {blank[0] + 1} has no {column.name!r}. Every row names its area."
        raise BadInputError(msg)
    twice = np.flatnonzero(codes.duplicated())
    if len(twice):
        code = codes.iloc[twice[0]]
        first = int(np.flatnonzero(codes == code)[0])
        msg = (
            f"{name} has {code!r} in rows {first + 1} and {twice[0] + 1}. Give each area one row, "
            "with a column to each group."
        )
        raise BadInputError(msg)
    return codes.to_numpy(object)


def _deciles(column: pd.Series, name: str) -> NDArray[np.float64]:
    values = _numbers(column)
    known = ~np.isnan(values)
    wrong = (column.str.strip() != "").to_numpy() & ~(
        known & (values >= 1) & (values <= _MOST_DECILE) & (values == np.rint(values))
    )
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        msg = (
            f"{name} row {row + 1}: {column.name} {column.iloc[row]!r} is no decile. Give a whole "
            "number from 1 (most deprived) to 10, or nothing where it is not known."
        )
        raise BadInputError(msg)
    return values


def _people(column: pd.Series, name: str) -> NDArray[np.float64]:
    values = _numbers(column)
    wrong = (column.str.strip() != "").to_numpy() & ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        msg = (
            f"{name} row {row + 1}: {column.name} {column.iloc[row]!r} is no number of people. "
            "Mend it, or leave every group of that row blank where it is not known."
        )
        raise BadInputError(msg)
    return values


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    plain = column.str.strip().str.replace(",", "", regex=False)
    return pd.to_numeric(plain, errors="coerce").to_numpy(dtype=float)


def _require_whole_rows(table: pd.DataFrame, groups: Sequence[str], name: str) -> None:
    """Refuse a row that gives some groups and not the others: a share of it would be wrong."""
    missing = table[list(groups)].isna().to_numpy()
    partly = np.flatnonzero(missing.any(axis=1) & ~missing.all(axis=1))
    if len(partly):
        column = groups[int(np.flatnonzero(missing[partly[0]])[0])]
        msg = (
            f"{name} row {partly[0] + 1} has some groups and no {column!r}. Fill it in, or leave "
            "every group of that row blank."
        )
        raise BadInputError(msg)


def _said(table: pd.DataFrame, found: dict[str, str], rules: CensusRules, name: str) -> Notes:
    read = ", ".join(f"{field} from {column!r}" for field, column in found.items())
    notes = [Note(f"{name}: {len(table):,} census areas; read {read}.")]
    groups = [group.name for group in rules.groups if group.name in found]
    absent = [group.title for group in rules.groups if group.name not in found]
    if groups and absent:
        text = (
            f"{name}: no column for {'; '.join(absent)}. Shares by group are of the groups that "
            "are there."
        )
        notes.append(Note(text, loud=True))
    if DECILE in found and (unknown := int(table[DECILE].isna().sum())):
        notes.append(Note(f"{name}: {unknown:,} areas have no deprivation decile.", loud=True))
    if groups and (unknown := int(table[groups[0]].isna().sum())):
        notes.append(Note(f"{name}: {unknown:,} areas have no residents by group.", loud=True))
    if groups and not absent and RESIDENTS in found:
        off = float((table[groups].sum(axis=1, min_count=1) - table[RESIDENTS]).abs().max())
        if off >= 1:
            text = (
                f"{name}: the groups of an area add up to its residents but for at most {off:,.0f} "
                "(published tables are altered a little, to protect people). Shares by group are "
                "of the sum of the groups."
            )
            notes.append(Note(text))
    return tuple(notes)


def _plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON can hold them: whole numbers as such, null for what is not known."""
    columns = []
    for column in table:
        values = table[column].tolist()
        if column != CODE:
            values = [
                None if value != value else int(value) if value == int(value) else value  # noqa: PLR0124 (only what is missing differs from itself)
                for value in values
            ]
        columns.append(values)
    names = table.columns.tolist()
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _as_written(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def _words(heading: str) -> str:
    plain = re.sub(r"[^0-9a-z]+", " ", heading.casefold()).strip()
    return plain.removesuffix(_SUFFIX).removeprefix(_PREFIX)


def _is_plain(path: Path) -> bool:
    content = path.read_bytes() if path.suffix.lower() in {".geojson", ".json"} else b""
    return content[:1] == b"{" and json.loads(content).get("type") == "FeatureCollection"
