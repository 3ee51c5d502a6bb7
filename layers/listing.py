"""The ranked list: what each row of places says, as plain values that nothing interprets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers import wording
from layers.targets.change_words import change_words
from layers.tasking.strip import signed

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import pandas as pd

    from layers.tasking.hours import HeldHours
    from spatial.targets.when.windows import PlaceTimes

Row = dict[str, Any]

_TAGS: Final = {"new": "new", "moved": "moved", "added": "by hand"}
"""Beside the name; a kept place needs none."""
_STATUS: Final = {"new": "new", "moved": "moved, was", "kept": "was", "added": "by hand"}
_NONE: Final = "\N{EN DASH}"

HARM: Final = ("harm", "Harm", 56)
COLUMNS: Final = (HARM, ("incidents", "Incidents", 76))
"""What stands beside place and why unless something else is asked for: key, head, pixels."""


def list_rows(
    areas: pd.DataFrame,
    *,
    delivered: Mapping[str, str] | None = None,
    by_whom: bool = True,
    times: Sequence[PlaceTimes] = (),
    hours: Mapping[str, HeldHours] | None = None,
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
    times
        When each place is at its worst, in the order of the list; empty where that is not known.
    hours
        What each holds in the hours chosen, by its id.

    Notes
    -----
    Values are text, never markup: whoever draws them must set them as text.
    """
    rows = []
    held = hours or {}
    for at, record in enumerate(areas.to_dict("records")):
        harm = _known(record, "harm_share")
        area_id = str(record["area_id"])
        rows.append(
            {
                "id": area_id,
                "rank": int(record["rank"]),
                "name": str(record["name"]),
                "tag": _TAGS.get(str(record.get("status")), ""),
                "why": str(record["why"] or ""),
                "harm": wording.percent(float(harm)) if harm is not None else _NONE,
                "incidents": f"{int(record['incidents']):,}",
                "when": _when(times[at]) if at < len(times) else _NONE,
                "status": _status(record),
                "change": _change(record),
                "hours": held[area_id].words if area_id in held else _NONE,
                "details": _details(record, delivered or {}, by_whom=by_whom),
            }
        )
    return rows


def list_columns(rows: Iterable[Row], *, hours: bool, room: bool) -> list[list[str | int]]:
    """Return the columns beside place and why: key, head and pixels of each.

    Parameters
    ----------
    rows
        See :func:`list_rows`: a column that says nothing of any place is left out.
    hours
        Whether hours were chosen: what the places hold in them stands in place of when.
    room
        Whether the screen is a wall's; a laptop's has no room for the change of each.
    """
    wanted = [
        HARM,
        ("hours", "Then", 58) if hours else ("when", "When", 92 if room else 84),
        ("status", "Last list", 76 if room else 62),
        *([("change", "Change", 66)] if room else []),
    ]
    rows = list(rows)
    return [
        list(column)
        for column in wanted
        if column[0] in {"harm", "hours"} or any(row[column[0]] not in {"", _NONE} for row in rows)
    ]


def _when(one: PlaceTimes) -> str:
    """Name the fullest hours in as few words as fit: ``Fri-Sat 19-03``; the details say more."""
    if one.windows:
        return one.windows[0].words.replace(":00", "")
    return _NONE if one.shift is None else f"{one.shift.shift.name} shift"


def _status(record: Mapping[Hashable, Any]) -> str:
    said = _STATUS.get(str(record.get("status")), "")
    before = _known(record, "previous_rank")
    if not said.endswith("was"):
        return said
    return f"{said} {int(before)}" if before is not None else said.removesuffix(", was")


def _change(record: Mapping[Hashable, Any]) -> str:
    """Write a place's change with a sign for whether it is clear: a point where it is not."""
    ratio, low, high = (
        _known(record, name) for name in ("change_ratio", "change_low", "change_high")
    )
    if ratio is None:
        return ""
    rose, fell = low is not None and low > 1, high is not None and high < 1
    sign = "\N{BLACK UP-POINTING TRIANGLE}" if rose else "\N{BLACK CIRCLE}"
    sign = "\N{BLACK DOWN-POINTING TRIANGLE}" if fell else sign
    return f"{sign}\N{NO-BREAK SPACE}{signed(float(ratio))}"


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
