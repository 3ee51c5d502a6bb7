"""A list beside the one before, and people's changes to it, as rows of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from layers.targets.change_words import change_words, known, text_of
from layers.targets.marks import DROPPED, LOOKS, status_of
from layers.wording import counted, number, percent
from spatial.targets.kept.identity import KEPT
from spatial.targets.overridden.decided_list import APPLIED

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from spatial.results import TargetResult

Rows = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]
"""A head, and rows of as many cells."""

KIND_WORDS: Final = {
    "drop": "Drop a place",
    "nudge": "Move a place's edges",
    "merge": "Merge places",
    "split": "Split a place",
    "rename": "Rename a place",
    "add": "Add a place by hand",
}
_NONE: Final = "\N{EN DASH}"
_STATUS: Final = {"new": "new", "kept": "kept", "moved": "moved", "added": "by hand"}
_HEAD_EFFECT: Final = ("", "Incidents", "Harm, days", "Expected harm, days")


def compared_rows(result: TargetResult) -> Rows:
    """Return each place with how it stood before, how it fared and what people changed.

    A column that says nothing of any place is left out.
    """
    head = ("#", "Place", "Status", "On the last list", "Change", "Changed by hand")
    rows = []
    for record in result.areas.to_dict("records"):
        status = status_of(record["status"])
        rows.append(
            (
                str(record["rank"]),
                str(record["name"]),
                f"{LOOKS[status].letter}\N{NO-BREAK SPACE}{_STATUS[status]}" if status else _NONE,
                _before(record, status),
                change_words(record),
                text_of(record, "changed"),
            )
        )
    told = [at for at in range(len(head)) if at < len(head) - 2 or any(row[at] for row in rows)]
    return tuple(head[at] for at in told), [tuple(row[at] for at in told) for row in rows]


def dropped_rows(result: TargetResult) -> Rows:
    """Return each place that is no longer listed, with its reason."""
    rows = [
        (
            f"{LOOKS[DROPPED].letter}\N{NO-BREAK SPACE}{int(record['previous_rank'])}",
            str(record["name"]),
            str(record["reason"]),
            str(record["area_id"]),
        )
        for record in result.dropped.to_dict("records")
    ]
    return ("Was", "Place", "Why it is gone", "Id"), rows


def effect_rows(row: pd.Series[Any]) -> Rows:
    """Return what a change gives up and gains, side by side."""
    rows = [
        (
            words,
            f"{int(row[f'incidents_{side}']):,}",
            _days(row[f"harm_days_{side}"]),
            _days(row[f"expected_harm_{side}"]),
        )
        for side, words in (("given_up", "Given up"), ("gained", "Gained"))
    ]
    return _HEAD_EFFECT, rows


def effect_sentence(row: pd.Series[Any], *, before: TargetResult, after: TargetResult) -> str:
    """Say what a change would do to the list, and what it holds then."""
    if row["outcome"] != APPLIED:
        return f"It would not change this list: {row['words']}"
    said = str(row["words"])
    if before.harm_share is not None and after.harm_share is not None:
        said += (
            f" The list would hold {percent(after.harm_share)} of the harm, and holds "
            f"{percent(before.harm_share)} (in sample)."
        )
    return said


def outcome_rows(outcomes: pd.DataFrame) -> Rows:
    """Return each change in force with what became of it on this list."""
    rows = [
        (
            KIND_WORDS.get(str(row["kind"]), str(row["kind"])),
            str(row["areas"]).replace(" ", ", ") or str(row["name"]),
            f"{str(row['outcome']).capitalize()}: {row['words']}",
            str(row["reason"]),
            f"{row['by']}, {str(row['at'])[:16].replace('T', ' ')}",
        )
        for row in outcomes.to_dict("records")
    ]
    return ("Change", "Place", "What became of it", "Reason", "By and when (UTC)"), rows


def coverage_rows(curve: pd.DataFrame, *, places: int) -> Rows:
    """Return the curve by fives and at the list itself, as words."""
    wanted = {places, *range(5, int(curve["places"].max()) + 1, 5)}
    rows = [
        (
            counted(int(row["places"]), "place") + " (this list)" * (row["places"] == places),
            f"{float(row['officer_hours']):,.0f}",
            percent(float(row["share"])),
            _NONE if row["held_out_share"] != row["held_out_share"]
            else percent(float(row["held_out_share"])),
        )
        for row in curve[curve["places"].isin(list(wanted))].to_dict("records")
    ]  # fmt: skip
    return ("Places", "Officer-hours", "In sample", "Out of sample"), rows


def _before(record: Mapping[Hashable, Any], status: str) -> str:
    rank = known(record, "previous_rank")
    if rank is None:
        return "not on it" if status else _NONE
    told = f"{int(rank)}"
    name = text_of(record, "previous_name")
    if name and name != record["name"]:
        told += f", as {name}"
    stays = known(record, "stays")
    if stays is not None and (status != KEPT or stays < 1):
        told += f"; {percent(float(stays))} of that ground is still in it"
    return told


def _days(value: Any) -> str:  # noqa: ANN401 (a number or null)
    return _NONE if value is None or value != value else number(float(value))  # noqa: PLR0124 (null)
