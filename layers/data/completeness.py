"""Completeness by field and month: a heat table whose numbers and greys say the same."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from layers.palette import GAP_BOUNDS, GAP_STEPS, WHITE, gap_fill, lightness
from layers.wording import counted, escaped, percent
from spatial.window import month_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

MOST_MONTHS: Final = 36
# below this a fill carries white letters: both sides then contrast at least 4.5 to 1
_DARK: Final = 0.18
_LEAST_GAP: Final = 0.05
_FEWEST_LACKING: Final = 20


def heat_html(table: pd.DataFrame, *, most: int = MOST_MONTHS) -> str:
    """Return completeness as an HTML table: fields down, months across, per cent in each cell.

    Parameters
    ----------
    table
        ``month`` (YYYY-MM), ``field, incidents, recorded, share`` (0-1), of one force.
    most
        How many months are shown, the last ones.

    Returns
    -------
    HTML of our own escaped words. A cell well below the field's middle month is outlined. Fields
    that were never recorded are named under the table. A month without an incident that could have
    the field is left blank.
    """
    months = sorted(set(table["month"]))[-most:]
    if not months:
        return '<p class="hx-words">No incidents.</p>'
    shown = table[table["month"].isin(months)]
    fields = list(dict.fromkeys(table["field"]))
    never = [field for field in fields if not shown.loc[shown["field"] == field, "recorded"].any()]
    values = {(row["field"], row["month"]): row for row in shown.to_dict("records")}
    usual = {field: float(rows["share"].median()) for field, rows in shown.groupby("field")}
    head = "".join(f"<th>{_head(month, first=not at)}</th>" for at, month in enumerate(months))
    body = "".join(
        f"<tr><th>{escaped(_plain(field))}</th>"
        + "".join(_cell(values.get((field, month)), usual[field]) for month in months)
        + "</tr>"
        for field in fields
        if field not in never
    )
    under = _legend()
    if never:
        names = ", ".join(_plain(field).lower() for field in never)
        under += f'<p class="hx-words">Never recorded in these months: {escaped(names)}.</p>'
    left = table["month"].nunique() - len(months)
    if left:
        under += f'<p class="hx-words">{counted(left, "earlier month")} not shown.</p>'
    return (
        '<div class="hx-heat" role="region" tabindex="0" aria-label="Completeness by month">'
        f"<table><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{under}</div>"
    )


def worst_gap(table: pd.DataFrame) -> str:
    """Say in one sentence which field lacks most in which month, beside what is usual for it.

    Parameters
    ----------
    table
        As for :func:`heat_html`; several forces have a ``force`` too, and it is named.

    Notes
    -----
    The month in which most incidents lack a field that the middle month has recorded, so that a
    field which is never recorded does not hide one that suddenly is not.
    """
    if table.empty:
        return "No incidents."
    keys = [key for key in ("force", "field") if key in table]
    usual = table.groupby(keys)["share"].transform("median")
    lacking = (usual - table["share"]) * table["incidents"]
    place = int(np.argmax(lacking))
    row, common = table.iloc[place], float(usual.iloc[place])
    if common - row["share"] < _LEAST_GAP or lacking.iloc[place] < _FEWEST_LACKING:
        return "No month stands out: every field is recorded about as often as in its middle month."
    month = month_words(dt.date.fromisoformat(f"{row['month']}-01"))
    several = "force" in table and len(set(table["force"])) > 1
    whose = f" of {row['force']}" if several and row["force"] else ""
    return (
        f"Worst gap: {_plain(str(row['field'])).lower()} in {month}{whose}, recorded for "
        f"{percent(float(row['share']))} of {counted(int(row['incidents']), 'incident')}, against "
        f"{percent(common)} in the middle month."
    )


def _cell(row: Mapping[Hashable, Any] | None, usual: float) -> str:
    if row is None:
        return '<td class="hx-none"></td>'
    share, recorded, incidents = row["share"], row["recorded"], row["incidents"]
    fill = gap_fill(share)
    ink = WHITE if lightness(fill) < _DARK else "inherit"
    said = f"{percent(share)}: {recorded:,} of {incidents:,}"
    # a share that is not all must not read as all, nor one that is not none as none
    number = 99 if 0.99 < share < 1 else 1 if 0 < share < 0.01 else round(share * 100)  # noqa: PLR2004 (per cent)
    fallen = usual - share >= _LEAST_GAP and (usual - share) * incidents >= _FEWEST_LACKING
    css = ' class="hx-fallen"' if fallen else ""
    return f'<td{css} style="background:{fill};color:{ink}" title="{escaped(said)}">{number}</td>'


def _head(month: str, *, first: bool) -> str:
    name, year = month_words(dt.date.fromisoformat(f"{month}-01")).split()
    # the year once, where it begins
    return f"{name}<br>{year}" if first or month.endswith("-01") else f"{name}<br>&nbsp;"


def _legend() -> str:
    swatches = "".join(
        f'<span><i style="background:{fill}"></i>{words}</span>'
        for fill, words in zip(GAP_STEPS, _key_words(), strict=True)
    )
    outlined = '<span><i class="hx-fallen"></i>5 points or more below its middle month</span>'
    return f'<p class="hx-heat-key">Per cent recorded: {swatches}{outlined}</p>'


def _key_words() -> list[str]:
    upper = ["", *(f"{bound:.0%}" for bound in GAP_BOUNDS)]
    return ["99% or more", *(f"below {bound}" for bound in upper[1:])]


def _plain(word: str) -> str:
    return word.replace("_", " ").capitalize()
