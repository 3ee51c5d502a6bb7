"""Anniversaries: days at places that may bring people back, such as that of a homicide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from config.holidays import HOLIDAYS
from config.register import load_register_rules
from register import keeping, words
from register.dates import date
from register.keeping import Kept
from register.places import metres, position, whole
from register.tables import AnniversaryRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class AnniversaryDraft:
    """What a person types.

    Attributes
    ----------
    label
        Says what it is without anybody's name (``register.words.PRIVACY_RULE``).
    date
        The day itself; it comes back every year, 29 February on 28 February in common years.
    place, longitude, latitude, radius_m
        A street or landmark; WGS84 degrees; metres round it.
    lead_in_days, lead_out_days
        Days before and after for which it matters.
    kind
        One of the setting ``anniversary_kinds``.
    source
        Where it is known from.
    holiday
        One of ``config.holidays.HOLIDAYS`` where people also remember it on that bank holiday,
        whatever its date that year; else empty.
    """

    label: str
    date: dt.date
    place: str
    longitude: float
    latitude: float
    radius_m: int = 250
    lead_in_days: int = 3
    lead_out_days: int = 1
    kind: str = "homicide"
    source: str = ""
    holiday: str = ""


@dataclass(frozen=True, kw_only=True)
class Anniversary(AnniversaryDraft, Kept):
    """An anniversary as the register keeps it."""


def checked(draft: AnniversaryDraft, *, force_area: BaseGeometry | None = None) -> AnniversaryDraft:
    """Return a draft cleaned, or refuse it in one sentence that names the field.

    Parameters
    ----------
    force_area
        Polygon in degrees that the place must lie in; None where none is known.
    """
    rules = load_register_rules()
    east, north = position(draft.longitude, draft.latitude, force_area=force_area)
    return replace(
        draft,
        label=words.label(draft.label, what="label"),
        date=date(draft.date, what="date"),
        place=words.label(draft.place, what="place"),
        longitude=east,
        latitude=north,
        radius_m=metres(draft.radius_m),
        lead_in_days=lead(draft.lead_in_days, what="lead_in_days"),
        lead_out_days=lead(draft.lead_out_days, what="lead_out_days"),
        kind=words.choice(draft.kind, rules.anniversary_kinds, what="kind"),
        source=words.remark(draft.source, what="source"),
        holiday=draft.holiday and words.choice(draft.holiday, list(HOLIDAYS), what="holiday"),
    )


def lead(value: object, *, what: str) -> int:
    """Return a checked number of days before or after."""
    return whole(value, what=what, least=0, most=load_register_rules().most_lead_days)


def add(
    session: Session,
    draft: AnniversaryDraft,
    *,
    now: dt.datetime,
    by: str,
    force_area: BaseGeometry | None = None,
) -> Anniversary:
    """Add an anniversary."""
    row = AnniversaryRow(**keeping.values_of(checked(draft, force_area=force_area)))
    keeping.add(session, row, now=now, by=by)
    return keeping.seen(row, Anniversary)


def add_all(
    session: Session, drafts: Iterable[AnniversaryDraft], *, now: dt.datetime, by: str
) -> tuple[Anniversary, ...]:
    """Add checked drafts of one file; the caller writes the audit's entry for the file."""
    rows = [AnniversaryRow(**keeping.values_of(draft)) for draft in drafts]
    keeping.place(session, rows, now=now, by=by)
    return tuple(keeping.seen(row, Anniversary) for row in rows)


def change(  # noqa: PLR0913 (one change: what, to what, on which version, by whom, when)
    session: Session,
    item_id: str,
    draft: AnniversaryDraft,
    *,
    version: int,
    now: dt.datetime,
    by: str,
    force_area: BaseGeometry | None = None,
) -> Anniversary:
    """Change an anniversary that was opened at a version.

    Raises
    ------
    ChangedElsewhereError
        Somebody else changed or withdrew it since.
    """
    row = keeping.opened(session, AnniversaryRow, item_id, version=version)
    values = keeping.values_of(checked(draft, force_area=force_area))
    keeping.change(session, row, values, now=now, by=by)
    return keeping.seen(row, Anniversary)


def withdraw(session: Session, item_id: str, *, version: int, now: dt.datetime, by: str) -> None:
    """Withdraw an anniversary: it is shown no more."""
    keeping.withdraw(session, AnniversaryRow, item_id, version=version, now=now, by=by)


def listed(session: Session) -> tuple[Anniversary, ...]:
    """Return the anniversaries that stand, oldest entry first."""
    return tuple(
        keeping.seen(row, Anniversary) for row in keeping.standing(session, AnniversaryRow)
    )


def same(draft: AnniversaryDraft) -> tuple[object, ...]:
    """Return what makes two anniversaries one: label, day and position."""
    return (draft.label.casefold(), draft.date, draft.longitude, draft.latitude)
