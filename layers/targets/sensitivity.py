"""How much hangs on the weights: the places that stay, by scheme and by treatment of harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.profile import Measure
from layers.wording import counted, escaped

if TYPE_CHECKING:
    import pandas as pd

_COUNT: Final = "count"
_LISTED: Final = {
    Measure.EXPECTED_HARM: "expected harm",
    Measure.HARM: "harm, homicide left out",
    Measure.SQRT_HARM: "square root of harm, homicide left out",
    Measure.COUNT: _COUNT,
}
_TREATMENTS: Final = {
    "expected harm": "Expected harm",
    "harm, homicide left out": "Harm that happened, homicide said but not ranked",
    "harm": "Harm that happened, homicide at its full weight",
    "harm, homicide weighed as attempted murder": (
        "Harm that happened, homicide weighed as attempted murder"
    ),
    "square root of harm": "Square root of harm (the gravest count for less)",
    "square root of harm, homicide left out": "Square root of harm, homicide said but not ranked",
}


def sensitivity_html(table: pd.DataFrame, *, measure: Measure) -> str:
    """Return what stays of a list when harm is weighed in another way, as HTML of escaped words.

    Parameters
    ----------
    table
        See `spatial.targets.sensitivity.sensitivity_table`.
    measure
        What ranked the list.
    """
    of = int(table["of"].max()) if len(table) else 0
    if not of:
        return '<div class="hx-made"><p>There is no place on the list to compare.</p></div>'
    kept, schemes = _by_treatment(table)
    # the first scheme's first row is the list itself
    by_count = measure is Measure.COUNT or not schemes
    own = _COUNT if by_count else _LISTED[measure]
    listed = own if by_count else f"{own} ({schemes[0]})"
    others = table.loc[table["variant"] != listed, "kept"]
    least, most = (int(others.min()), int(others.max())) if len(others) else (of, of)
    stay = f"{least:,}" if least == most else f"between {least:,} and {most:,}"
    head = "".join(f'<th scope="col">{escaped(scheme)}</th>' for scheme in schemes)
    body = "".join(
        f'<tr><th scope="row">{escaped(_TREATMENTS.get(treatment, treatment))}'
        f"{_HERE if treatment == own else ''}</th>"
        + "".join(f"<td>{_cell(row.get(scheme), of)}</td>" for scheme in schemes)
        + "</tr>"
        for treatment, row in kept.items()
    )
    counts = table.loc[table["variant"] == _COUNT, "kept"]
    if len(counts):
        body += (
            f'<tr><th scope="row">Every incident counts the same{_HERE if by_count else ""}</th>'
            f'<td colspan="{max(len(schemes), 1)}">{_cell(int(counts.iloc[0]), of)}</td></tr>'
        )
    return (
        '<div class="hx-made hx-weights">'
        f"<p><b>Of {counted(of, 'place')}, {stay} stay</b> when the same incidents are ranked in "
        "one of these other ways.</p>"
        f'<table><thead><tr><th scope="col">Places that stay</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
        "<p>A place stays when at least half of it is on the other list, at whatever rank. The "
        "table says how much of the list rests on the weights, not which weights are right.</p>"
        "</div>"
    )


_HERE: Final = " (as on this page)"


def _by_treatment(table: pd.DataFrame) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Return the places kept by treatment and scheme, and the schemes in their order."""
    kept: dict[str, dict[str, int]] = {}
    schemes: dict[str, None] = {}
    for variant, number in zip(table["variant"], table["kept"], strict=True):
        treatment, has_scheme, rest = str(variant).partition(" (")
        if has_scheme:
            scheme = rest.removesuffix(")")
            schemes.setdefault(scheme)
            kept.setdefault(treatment, {})[scheme] = int(number)
    return kept, list(schemes)


def _cell(kept: int | None, of: int) -> str:
    return "not weighed" if kept is None else f"{kept:,} of {of:,}"
