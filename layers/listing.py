"""The ranked list: what each row of places says, as plain values that nothing interprets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers import wording
from layers.targets.change_words import change_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

Row = dict[str, Any]

_TAGS: Final = {"new": "new", "moved": "moved", "added": "by hand"}
"""Beside the name; a kept place needs none."""
_NONE: Final = "\N{EN DASH}"


def list_rows(
    areas: pd.DataFrame,
    *,
    delivered: Mapping[str, str] | None = None,
    by_whom: bool = True,
) -> list[Row]:
    """Return one row per patrol area in rank order, with its details as label and value pairs.

    Parameters
    ----------
    areas
        The list.
    delivered
        What was done in the last period, by area id.
    by_whom
        Whether what people changed may be shown with their accounts.

    Notes
    -----
    Values are text, never markup: whoever draws them must set them as text.
    """
    rows = []
    for record in areas.to_dict("records"):
        harm = _known(record, "harm_share")
        rows.append(
            {
                "id": str(record["area_id"]),
                "rank": int(record["rank"]),
                "name": str(record["name"]),
                "tag": _TAGS.get(str(record.get("status")), ""),
                "why": str(record["why"] or ""),
                "harm": wording.percent(float(harm)) if harm is not None else _NONE,
                "incidents": f"{int(record['incidents']):,}",
                "details": _details(record, delivered or {}, by_whom=by_whom),
            }
        )
    return rows


def _details(
    record: Mapping[Hashable, Any], delivered: Mapping[str, str], *, by_whom: bool
) -> list[list[str]]:
    cells = len(str(record["cells"]).split())
    details = [
        ["Grid reference", str(record["grid_ref"] or _NONE)],
        ["Area", f"{float(record['area_ha']):.1f} ha, {wording.counted(cells, 'cell')}"],
        ["Driver", wording.DRIVER_WORDS.get(str(record["driver"]), str(record["driver"]))],
    ]
    harm_days = _known(record, "harm_days")
    if harm_days is not None:
        details.insert(2, ["Harm", f"{wording.number(float(harm_days))} days"])
    details += _expected(record)
    told = [
        ("When", _known(record, "peak_windows")),
        ("Change", change_words(record)),
        ("Read with care", _known(record, "cautions")),
        ("To look at", _known(record, "removal")),
        ("By hand", _known(record, "changed") if by_whom else None),
        ("Last period", delivered.get(str(record["area_id"]))),
    ]
    details += [[label, str(value)] for label, value in told if value]
    details.append(["Id", str(record["area_id"])])
    return details


def _expected(record: Mapping[Hashable, Any]) -> list[list[str]]:
    days, low, high = (
        _known(record, column) for column in ("expected_harm", "expected_low", "expected_high")
    )
    if days is None or low is None or high is None:
        return []
    said = f"{_rough(days)} days ({_rough(low)} to {_rough(high)})"
    chance = _known(record, "chance_in_top")
    details = [["Expected harm", said]]
    if chance is not None:
        details.append(["Chance to be on this list", wording.chance(float(chance))])
    rests = _known(record, "rests_on")
    return [*details, ["Rests on", str(rests)]] if rests else details


def _rough(days: float) -> str:
    """Write days with two figures: the interval beside them is wider than a third."""
    if days < 10:  # noqa: PLR2004 (one decimal says as much)
        return wording.number(float(days))
    figures = 10 ** (len(str(int(days))) - 2)
    return f"{round(days / figures) * figures:,}"


def _known(record: Mapping[Hashable, Any], column: str) -> Any:  # noqa: ANN401 (whatever the column holds)
    """Return a value, or nothing where the column is absent, null or not a number."""
    value = record.get(column)
    return None if value is None or value != value else value  # noqa: PLR0124 (not a number)
