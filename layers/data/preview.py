"""A preview in words: what a load would store of a sample, and what it leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.wording import counted, escaped

if TYPE_CHECKING:
    from config.mapping import Mapping
    from spatial.incidents.mappings.preview import Preview, Sample

_COLUMNS = {
    "row": "Row", "verdict": "Would be", "occurred_from": "From", "occurred_to": "To",
    "tier": "Tier", "harm_days": "Harm, days", "category": "Category", "ho_code": "Code",
    "prc_code": "Class", "located": "Location", "public_place": "Public place",
    "domestic": "Domestic", "knife": "Knife", "firearm": "Firearm", "weapon": "Weapon",
    "relationship": "Relationship", "victim_age_band": "Victim's age", "incident_id": "Number",
    "force": "Force",
}  # fmt: skip


def preview_html(preview: Preview, sample: Sample) -> str:
    """Return the balance of a sample and what is in it, as HTML of our own escaped words."""
    stored = preview.stored
    reasons = "; ".join(f"{reason} {number:,}" for reason, number in preview.reasons.items())
    weighable = stored - preview.disorder
    balance = (
        f"{counted(preview.read, 'row')} = {stored:,} stored + {preview.rejected:,} rejected + "
        f"{counted(preview.duplicates, 'duplicate')}"
    )
    boxes = (
        (
            balance,
            f"{_looked_at(sample)}{f'; rejected: {reasons}' if reasons else ''}",
            " hx-lead",
        ),
        (_of(preview.located, stored), "have a usable location", ""),
        (
            _of(preview.weighed, weighable),
            "have a harm weight, antisocial behaviour aside",
            "",
        ),
    )
    inner = "".join(
        f'<div class="hx-box{css}"><b>{escaped(answer)}</b><span>{escaped(words)}</span></div>'
        for answer, words, css in boxes
    )
    return f'<div class="hx-strip">{inner}</div>'


def personal_html(sample: Sample) -> str:
    """Return which columns are never stored, and why; empty where there is none."""
    if not sample.personal:
        return ""
    listed = "; ".join(
        f"<b>{escaped(column)}</b> ({escaped(what)})" for column, what in sample.personal.items()
    )
    return (
        '<p class="hx-words">Never stored, and not on offer, because the heading promises '
        f"something about a person: {listed}.</p>"
    )


def notes_html(preview: Preview) -> str:
    """Return what a load of these rows would say, as HTML of escaped words."""
    notes = "".join(f"<li>{escaped(note.text)}</li>" for note in preview.notes)
    return f'<div class="hx-notes"><ul>{notes}</ul></div>' if notes else ""


def preview_table(preview: Preview, mapping: Mapping) -> pd.DataFrame:
    """Return the first rows under plain headings.

    Columns that nothing is mapped to are left out if nothing is in them; a mapped one that comes
    out empty is what a person must see.
    """
    mapped = set(mapping.columns.model_dump(exclude_none=True))
    rows = preview.rows
    located = [
        "" if pd.isna(tier) else "none" if pd.isna(x) else f"{y:.5f}, {x:.5f}"
        for tier, x, y in zip(rows["tier"], rows["longitude"], rows["latitude"], strict=True)
    ]
    table = rows.assign(located=located)
    for column in ("occurred_from", "occurred_to"):
        table[column] = pd.to_datetime(table[column]).dt.strftime("%d %b %Y %H:%M")
    table["harm_days"] = ["" if pd.isna(days) else f"{days:g}" for days in rows["harm_days"]]
    for column in ("tier", "category"):
        words = table[column].astype("string")
        table[column] = words.str.replace("[_-]", " ", regex=True)
    shown = [
        column
        for column in _COLUMNS
        if column in {"row", "verdict", "located", *mapped} or not _says_nothing(table[column])
    ]
    texts = {column: table[column].astype("string").fillna("") for column in shown[1:]}
    return table[shown].assign(**texts).rename(columns=_COLUMNS)


def _says_nothing(values: pd.Series) -> bool:
    texts = values.astype("string").fillna("")
    return bool(texts.isin(["", "unknown"]).all())


def _of(number: int, among: int) -> str:
    if not among:
        return "None to ask of"
    return f"{number:,} of {among:,}"


def _looked_at(sample: Sample) -> str:
    rows = len(sample.raw.rows)
    if sample.is_whole:
        return f"all of {sample.name}; rows already in the store are told when it is loaded"
    return (
        f"the first {rows:,} readable rows of {sample.name}; the rest is judged when it is loaded"
    )
