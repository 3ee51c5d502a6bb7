"""Delivery: the visits that were made, held against the plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.shifts import day_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAN: Final = ("date", "area_id", "treated", "visit", "minutes")
_VISITS: Final = ("area_id", "start", "minutes", "seen", "done")
_KEYS: Final = ["date", "area_id"]
_NOTHING: Final = "quiet"
_MOST_SEEN: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """What was delivered.

    Attributes
    ----------
    by_day
        A row for each day and place of the plan until ``through``: ``date, area_id, treated,
        planned, planned_minutes, delivered, minutes, officer_minutes, kept, share``. ``kept`` are
        the planned visits that were made: of more visits than were planned as many as were.
        ``share`` is ``kept`` of the planned, 0-1; null where none was planned.
    by_area
        A row for each place: ``area_id, days_treated, days_reached, planned, delivered, kept,
        minutes, officer_hours, share, control_visits, outside_visits, seen, done``. ``delivered``
        and ``minutes`` are those of treated days, and may be more than was planned; ``kept`` of
        planned is what was done of the plan; ``control_visits`` were made on days on which the
        place was to have none; ``outside_visits`` before, after or apart from the plan's days.
        ``seen`` and ``done`` are words with their numbers, ``drug_dealing 3; groups 1``.
    unknown_visits
        Visits to areas that the plan does not hold.
    through
        The last day that was counted.
    words
        A sentence that says it.
    """

    by_day: pd.DataFrame
    by_area: pd.DataFrame
    unknown_visits: int
    through: dt.date
    words: str


def deliver(
    plan: pd.DataFrame, visits: pd.DataFrame, *, through: dt.date | None = None
) -> Delivery:
    """Hold visits against a plan.

    Parameters
    ----------
    plan
        ``date, area_id, treated, visit, minutes``, as ``harmhex schedule`` writes it.
    visits
        ``area_id, start, minutes, seen, done`` and perhaps ``officers``, as
        ``register.visits.table`` gives them: ``start`` is Europe/London wall-clock
        (``2026-12-14T18:30``), ``seen`` and ``done`` words separated by spaces.
    through
        The last policing day that is counted; None for that of the last visit within the plan.

    Raises
    ------
    BadInputError
        A column is missing, or a start is no moment.

    Notes
    -----
    A visit belongs to the policing day on which it starts. Visits that nobody wrote down are not
    here: a low share may be a missing record. Comparing places by what was delivered is not
    randomised; comparing them by the plan is.
    """
    _require(plan, _PLAN, "plan")
    _require(visits, _VISITS, "visits")
    made = _made(visits)
    days = _days(plan)
    last = _through(days, made, through)
    days = days[days["date"] <= last.isoformat()].reset_index(drop=True)
    known = made["area_id"].isin(days["area_id"].unique())
    sums = made.groupby(_KEYS)[["one", "minutes", "officer_minutes"]].sum().reset_index()
    by_day = days.merge(sums.rename(columns={"one": "delivered"}), on=_KEYS, how="left")
    counted = ["delivered", "minutes", "officer_minutes"]
    by_day[counted] = by_day[counted].fillna(0).astype(int)
    planned = by_day["planned"].to_numpy(dtype=float)
    # two visits too many on one day do not make up for two that another day lacked
    by_day["kept"] = np.minimum(by_day["delivered"], by_day["planned"])
    by_day["share"] = np.divide(
        by_day["kept"].to_numpy(dtype=float),
        planned,
        out=np.full(len(by_day), np.nan),
        where=planned > 0,
    )
    by_area = _by_area(by_day, made)
    unknown = int((~known).sum())
    return Delivery(by_day, by_area, unknown, last, _words(by_day, by_area, unknown, last))


def area_notes(delivery: Delivery) -> dict[str, str]:
    """Say of each area in one note what was delivered and seen, for the next list.

    ``12 of 14 planned visits made, 171 minutes; drug dealing seen 3 times``.
    """
    notes = {}
    for row in delivery.by_area.to_dict("records"):
        if not row["planned"] and not row["control_visits"] + row["outside_visits"]:
            continue
        text = f"{row['kept']:,} of {row['planned']:,} planned visits made, "
        more = row["delivered"] - row["kept"]
        text += f"{more:,} more than planned, " * (more > 0) + f"{row['minutes']:,} minutes"
        seen = [part.rsplit(" ", 1) for part in str(row["seen"]).split("; ") if part]
        told = [
            f"{word.replace('_', ' ')} seen {_times(int(number))}"
            for word, number in seen
            if word != _NOTHING
        ]
        if told:
            text += f"; {', '.join(told[:_MOST_SEEN])}"
        if row["control_visits"]:
            text += f"; {_count(row['control_visits'], 'visit')} on days without a planned one"
        notes[str(row["area_id"])] = text
    return notes


def _made(visits: pd.DataFrame) -> pd.DataFrame:
    starts = pd.to_datetime(visits["start"], errors="coerce", format="ISO8601")
    wrong = np.flatnonzero(starts.isna().to_numpy())
    if len(wrong):
        at = int(wrong[0])
        msg = (
            f"visits, row {at + 1}: the start {visits['start'].iloc[at]!r} is no moment. Write it "
            "as 2026-12-14T18:30."
        )
        raise BadInputError(msg)
    minutes = pd.to_numeric(visits["minutes"]).astype(int)
    officers = pd.to_numeric(visits["officers"]).astype(int) if "officers" in visits else 1
    return pd.DataFrame(
        {
            "date": (starts - pd.Timedelta(hours=day_starts())).dt.strftime("%Y-%m-%d").astype(str),
            "area_id": visits["area_id"].astype(str),
            "minutes": minutes,
            "officer_minutes": minutes * officers,
            "one": 1,
            "seen": visits["seen"].fillna("").astype(str),
            "done": visits["done"].fillna("").astype(str),
        }
    )


def _days(plan: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "date": plan["date"].astype(str),
            "area_id": plan["area_id"].astype(str),
            "treated": pd.to_numeric(plan["treated"]).astype(int),
            "planned": (pd.to_numeric(plan["visit"]).fillna(0) > 0).astype(int),
            "planned_minutes": pd.to_numeric(plan["minutes"]).fillna(0).astype(int),
        }
    )
    grouped = rows.groupby(_KEYS, sort=False)
    days = grouped[["planned", "planned_minutes"]].sum()
    days.insert(0, "treated", grouped["treated"].max())
    return days.reset_index()


def _through(days: pd.DataFrame, made: pd.DataFrame, through: dt.date | None) -> dt.date:
    first, last = dt.date.fromisoformat(min(days["date"])), dt.date.fromisoformat(max(days["date"]))
    if through is not None:
        return min(max(through, first), last)
    inside = made.loc[made["date"].isin(set(days["date"])), "date"]
    return dt.date.fromisoformat(max(inside)) if len(inside) else first


def _by_area(by_day: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    treated = by_day[by_day["treated"] == 1]
    table = pd.DataFrame(index=pd.Index(by_day["area_id"].unique(), name="area_id"))
    groups = treated.groupby("area_id")
    table["days_treated"] = groups.size()
    table["days_reached"] = treated[treated["delivered"] > 0].groupby("area_id").size()
    sums = ["planned", "delivered", "kept", "minutes", "officer_minutes"]
    table[sums] = groups[sums].sum()
    mean_share = groups["share"].sum() / groups["share"].count()
    control = by_day[by_day["treated"] == 0].groupby("area_id")["delivered"].sum()
    table["control_visits"] = control
    inside = made.merge(by_day[_KEYS], on=_KEYS)
    table["outside_visits"] = made.groupby("area_id").size() - inside.groupby("area_id").size()
    alone = made[~made["area_id"].isin(set(inside["area_id"]))].groupby("area_id").size()
    table["outside_visits"] = table["outside_visits"].fillna(alone)
    table = table.fillna(0).astype(int)
    table["officer_hours"] = (table.pop("officer_minutes") / 60).round(2)
    table["share"] = mean_share
    for column in ("seen", "done"):
        table[column] = _tallied(made, column).reindex(table.index, fill_value="")
    columns = [
        "days_treated", "days_reached", "planned", "delivered", "kept", "minutes", "officer_hours",
        "share", "control_visits", "outside_visits", "seen", "done",
    ]  # fmt: skip
    return table[columns].reset_index()


def _tallied(made: pd.DataFrame, column: str) -> pd.Series[str]:
    words = made[["area_id", column]].assign(word=made[column].str.split()).explode("word")
    counts = words.dropna(subset="word").groupby(["area_id", "word"]).size().reset_index(name="n")
    counts = counts.sort_values(["area_id", "n", "word"], ascending=[True, False, True])
    counts["text"] = counts["word"].astype(str) + " " + counts["n"].astype(str)
    return counts.groupby("area_id")["text"].agg("; ".join).astype(str)


def _words(by_day: pd.DataFrame, by_area: pd.DataFrame, unknown: int, last: dt.date) -> str:
    treated = by_day[by_day["treated"] == 1]
    planned, made = int(treated["planned"].sum()), int(treated["delivered"].sum())
    reached = int((treated["delivered"] > 0).sum())
    control = int(by_area["control_visits"].sum())
    outside = int(by_area["outside_visits"].sum()) + unknown
    text = (
        f"Until {last.isoformat()} {made:,} visits were made on treated days, where {planned:,} "
        f"were planned; {reached:,} of {len(treated):,} treated place-days had one"
    )
    text += f" ({reached / len(treated):.0%})." if len(treated) else "."
    if control:
        days = int(((by_day["treated"] == 0) & (by_day["delivered"] > 0)).sum())
        text += f" {_count(control, 'visit')} fell on {_count(days, 'place-day')} without a plan."
    if outside:
        text += f" {_count(outside, 'visit')} belong to no day or place of the plan."
    return text


def _require(table: pd.DataFrame, columns: Sequence[str], what: str) -> None:
    missing = [column for column in columns if column not in table.columns]
    if missing:
        msg = f"The {what} have no column {missing[0]!r}. Give a table with {', '.join(columns)}."
        raise BadInputError(msg)
    if what == "plan" and table.empty:
        msg = "The plan holds no day. Make the schedule again."
        raise BadInputError(msg)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
