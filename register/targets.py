"""Adopted targets: the list a meeting decided on, with its areas and archived outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
from sqlalchemy import select

from config.errors import BadInputError
from register import audit, keeping, words
from register.dates import date
from register.keeping import Kept
from register.places import whole
from register.tables import TargetAreaRow, TargetFileRow, TargetsRow

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from register.archive import ArchivedFile

TABLE_COLUMNS: Final = ("run_id", "adopted_on", "rank", "area_id", "name", "cells")
_MOST_AREAS: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetArea:
    """One area of an adopted list: its stable id, rank, name and H3 cells."""

    area_id: str
    rank: int
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsDraft:
    """What is adopted.

    Attributes
    ----------
    first_date, last_date
        The days it is patrolled on, inclusive.
    data_through
        The last day of the data it was made of.
    """

    run_id: str
    profile: str
    study_area: str
    first_date: dt.date
    last_date: dt.date
    data_through: dt.date
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Targets(TargetsDraft, Kept):
    """An adopted list as the register keeps it."""


def adopt(  # noqa: PLR0913 (a list, its parts, by whom, when)
    session: Session,
    draft: TargetsDraft,
    areas: tuple[TargetArea, ...],
    files: tuple[ArchivedFile, ...],
    *,
    now: dt.datetime,
    by: str,
) -> Targets:
    """Adopt a list, with its areas and the outputs that :mod:`register.archive` put away.

    Raises
    ------
    BadInputError
        There are no areas, two have the same rank or id, or the run is adopted already for these
        days.
    """
    whole_draft = _checked(draft)
    _require_areas(areas)
    again = session.scalar(
        select(TargetsRow).where(
            TargetsRow.run_id == whole_draft.run_id,
            TargetsRow.first_date == whole_draft.first_date,
            TargetsRow.withdrawn_at.is_(None),
        )
    )
    if again is not None:
        msg = f"The run {whole_draft.run_id!r} is adopted already from {again.first_date}. Reload."
        raise BadInputError(msg)
    row = TargetsRow(**keeping.values_of(whole_draft))
    keeping.place(session, [row], now=now, by=by)
    session.add_all(
        TargetAreaRow(
            targets_id=row.id,
            rank=whole(one.rank, what="rank", least=1, most=_MOST_AREAS),
            area_id=words.code(one.area_id, what="area_id"),
            name=words.label(one.name, what="name"),
            cells=words.cells(one.cells, what="cells"),
        )
        for one in areas
    )
    session.add_all(
        TargetFileRow(targets_id=row.id, path=one.path, sha256=one.sha256, size=one.size)
        for one in files
    )
    audit.record(
        session,
        "adopted",
        noun="targets",
        item=row.id,
        run_id=row.run_id,
        details={"areas": len(areas), "files": len(files)},
        now=now,
        by=by,
    )
    session.flush()
    return keeping.seen(row, Targets)


def withdraw(session: Session, item_id: str, *, version: int, now: dt.datetime, by: str) -> None:
    """Withdraw an adopted list; its archived outputs stay."""
    keeping.withdraw(session, TargetsRow, item_id, version=version, now=now, by=by)


def listed(session: Session) -> tuple[Targets, ...]:
    """Return the adopted lists that stand, newest first."""
    found = [keeping.seen(row, Targets) for row in keeping.standing(session, TargetsRow)]
    return tuple(sorted(found, key=lambda one: (one.first_date, one.created_at), reverse=True))


def areas_of(session: Session, item_id: str) -> tuple[TargetArea, ...]:
    """Return the areas of an adopted list, by rank."""
    wanted = select(TargetAreaRow).where(TargetAreaRow.targets_id == item_id)
    return tuple(
        TargetArea(area_id=row.area_id, rank=row.rank, name=row.name, cells=row.cells)
        for row in session.scalars(wanted.order_by(TargetAreaRow.rank))
    )


def previous_table(session: Session, *, before: dt.date) -> pd.DataFrame:
    """Return the list in force or last in force before a day, as the plain table for comparing.

    Returns
    -------
    ``TABLE_COLUMNS`` by rank, cells space-separated; empty where nothing was adopted.
    """
    adopted = [one for one in listed(session) if one.first_date < before]
    return _table(session, adopted[:1])


def every_table(session: Session) -> pd.DataFrame:
    """Return the areas of every adopted list, newest list first: how often a place was targeted."""
    return _table(session, listed(session))


def _table(session: Session, adopted: list[Targets] | tuple[Targets, ...]) -> pd.DataFrame:
    rows = [
        (one.run_id, one.first_date.isoformat(), area.rank, area.area_id, area.name,
         " ".join(area.cells))
        for one in adopted
        for area in areas_of(session, one.id)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def _checked(draft: TargetsDraft) -> TargetsDraft:
    first, last = date(draft.first_date, what="first_date"), date(draft.last_date, what="last_date")
    if last < first:
        msg = f"last_date: {last.isoformat()} is before {first.isoformat()}. Swap them."
        raise BadInputError(msg)
    return TargetsDraft(
        run_id=words.code(draft.run_id, what="run_id"),
        profile=words.code(draft.profile, what="profile"),
        study_area=words.label(draft.study_area, what="study_area"),
        first_date=first,
        last_date=last,
        data_through=date(draft.data_through, what="data_through"),
        remark=words.remark(draft.remark, what="remark"),
    )


def _require_areas(areas: tuple[TargetArea, ...]) -> None:
    if not areas:
        msg = "The list holds no areas. Make targets first, then adopt them."
        raise BadInputError(msg)
    ranks, ids = {one.rank for one in areas}, {one.area_id for one in areas}
    if len(ranks) < len(areas) or len(ids) < len(areas):
        msg = "The list holds a rank or an area twice. Make the targets again."
        raise BadInputError(msg)
