"""Community tension: entries with a grading, that fade and expire unless somebody renews them.

Tension is drawn beside patrol areas and never weighs in any ranking.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from config.errors import BadInputError
from config.register import load_register_rules
from register import keeping, words
from register.dates import date
from register.keeping import Earlier, Kept
from register.places import metres, position, whole
from register.tables import TensionRow
from register.tension_scale import HANDLING, INFORMATION_GRADES, faded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session


class Sight(StrEnum):
    """What a role may see of tension: every entry, or none on restricted themes."""

    ALL = "all"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class TensionDraft:
    """What a person types.

    Attributes
    ----------
    level, theme
        Of the settings ``tension.levels`` (least first) and ``tension.themes``.
    text
        A sentence without anybody's name (``register.words.PRIVACY_RULE``).
    beat
        Name of the beat; may be empty where a place is given.
    place, longitude, latitude, radius_m
        A street or landmark in WGS84 degrees, and metres round it; may be empty and None where a
        beat is given.
    source_grade, information_grade, handling, conditions
        The 3x5x2 grading: 1-3, A-E, P or C; the conditions of C.
    entered_on
        The day from which it holds.
    review_on, expires_on
        The day to look at it again, and the first day on which it no longer counts; None for the
        settings' days after ``entered_on``.
    """

    level: str
    theme: str
    text: str
    source_grade: int
    information_grade: str
    handling: str
    entered_on: dt.date
    beat: str = ""
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
    radius_m: int = 250
    conditions: str = ""
    review_on: dt.date | None = None
    expires_on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Tension(TensionDraft, Kept):
    """An entry as the register keeps it.

    Attributes
    ----------
    renewed_on
        The day from which it fades: when it was entered or last renewed.
    """

    review_on: dt.date
    expires_on: dt.date
    renewed_on: dt.date

    def level_on(self, day: dt.date) -> str | None:
        """Return the level that an entry has faded to on a day, None where it does not count."""
        return faded(
            self.level,
            entered_on=self.entered_on,
            renewed_on=self.renewed_on,
            expires_on=self.expires_on,
            day=day,
        )

    @property
    def restricted(self) -> bool:
        """Whether it is seen by role only, and kept off paper unless asked for."""
        return self.theme in load_register_rules().tension.restricted_themes


def checked(
    draft: TensionDraft, *, today: dt.date, force_area: BaseGeometry | None = None
) -> TensionDraft:
    """Return a draft cleaned and with all its days, or refuse it in one sentence."""
    rules = load_register_rules().tension
    entered = date(draft.entered_on, what="entered_on")
    if entered > today:
        msg = f"entered_on: {entered.isoformat()} is still to come. Give today or a day before it."
        raise BadInputError(msg)
    review = draft.review_on or entered + dt.timedelta(days=rules.review_days)
    expires = draft.expires_on or entered + dt.timedelta(days=rules.expire_days)
    _require_order(entered, date(review, what="review_on"), date(expires, what="expires_on"))
    draft = _placed(draft, force_area=force_area)
    return replace(
        draft,
        level=words.choice(draft.level, rules.levels, what="level"),
        theme=words.choice(draft.theme, rules.themes, what="theme"),
        text=words.sentence(draft.text, what="text"),
        source_grade=whole(draft.source_grade, what="source_grade", least=1, most=3),
        information_grade=words.choice(
            draft.information_grade, list(INFORMATION_GRADES), what="information_grade"
        ),
        handling=words.choice(draft.handling, list(HANDLING), what="handling"),
        conditions=words.remark(draft.conditions, what="conditions"),
        radius_m=metres(draft.radius_m),
        entered_on=entered,
        review_on=review,
        expires_on=expires,
    )


def add(  # noqa: PLR0913 (who enters what, when, and may see which themes)
    session: Session,
    draft: TensionDraft,
    *,
    sight: Sight,
    today: dt.date,
    now: dt.datetime,
    by: str,
    force_area: BaseGeometry | None = None,
) -> Tension:
    """Enter tension; who may not see restricted themes may not enter them."""
    whole_draft = checked(draft, today=today, force_area=force_area)
    require_sight(whole_draft.theme, sight)
    row = TensionRow(**keeping.values_of(whole_draft), renewed_on=whole_draft.entered_on)
    keeping.add(session, row, now=now, by=by)
    return keeping.seen(row, Tension)


def add_all(
    session: Session, drafts: Iterable[TensionDraft], *, now: dt.datetime, by: str
) -> tuple[Tension, ...]:
    """Add checked drafts of one file; the caller writes the audit's entry for the file."""
    rows = [TensionRow(**keeping.values_of(draft), renewed_on=draft.entered_on) for draft in drafts]
    keeping.place(session, rows, now=now, by=by)
    return tuple(keeping.seen(row, Tension) for row in rows)


def change(  # noqa: PLR0913 (one change: what, to what, on which version, by whom, when)
    session: Session,
    item_id: str,
    draft: TensionDraft,
    *,
    version: int,
    sight: Sight,
    today: dt.date,
    now: dt.datetime,
    by: str,
    force_area: BaseGeometry | None = None,
) -> Tension:
    """Change an entry that was opened at a version; it goes on fading from where it was.

    Raises
    ------
    ChangedElsewhereError
        Somebody else changed or withdrew it since.
    """
    row = _opened(session, item_id, version=version, sight=sight)
    whole_draft = checked(draft, today=today, force_area=force_area)
    require_sight(whole_draft.theme, sight)
    renewed = max(row.renewed_on, whole_draft.entered_on)
    if row.renewed_on == row.entered_on:
        renewed = whole_draft.entered_on
    values = {**keeping.values_of(whole_draft), "renewed_on": renewed}
    keeping.change(session, row, values, now=now, by=by)
    return keeping.seen(row, Tension)


def renew(  # noqa: PLR0913 (as a change, with what is confirmed)
    session: Session,
    item_id: str,
    *,
    version: int,
    sight: Sight,
    today: dt.date,
    now: dt.datetime,
    by: str,
    level: str | None = None,
) -> Tension:
    """Confirm an entry today: it stops fading, and expires the settings' days from now.

    Parameters
    ----------
    level
        What it is now; None for what it was entered at.
    """
    rules = load_register_rules().tension
    row = _opened(session, item_id, version=version, sight=sight)
    values = {
        "level": words.choice(row.level if level is None else level, rules.levels, what="level"),
        "renewed_on": today,
        "review_on": today + dt.timedelta(days=rules.review_days),
        "expires_on": today + dt.timedelta(days=rules.expire_days),
    }
    keeping.change(session, row, values, now=now, by=by, action="renewed")
    return keeping.seen(row, Tension)


def expire(  # noqa: PLR0913 (as a change)
    session: Session,
    item_id: str,
    *,
    version: int,
    sight: Sight,
    today: dt.date,
    now: dt.datetime,
    by: str,
) -> Tension:
    """End an entry: from today on it does not count; it stays in the history."""
    row = _opened(session, item_id, version=version, sight=sight)
    values = {"expires_on": min(row.expires_on, today), "review_on": min(row.review_on, today)}
    keeping.change(session, row, values, now=now, by=by, action="expired")
    return keeping.seen(row, Tension)


def withdraw(  # noqa: PLR0913 (as a change)
    session: Session, item_id: str, *, version: int, sight: Sight, now: dt.datetime, by: str
) -> None:
    """Take back an entry that should not have been made."""
    _opened(session, item_id, version=version, sight=sight)
    keeping.withdraw(session, TensionRow, item_id, version=version, now=now, by=by)


def current(session: Session, today: dt.date, *, sight: Sight) -> tuple[Tension, ...]:
    """Return the entries that count today, newest first."""
    wanted = (
        select(TensionRow)
        .where(
            TensionRow.withdrawn_at.is_(None),
            TensionRow.entered_on <= today,
            TensionRow.expires_on > today,
            TensionRow.theme.not_in(hidden_themes(sight)),
        )
        .order_by(TensionRow.renewed_on.desc(), TensionRow.created_at.desc(), TensionRow.id)
    )
    return tuple(keeping.seen(row, Tension) for row in session.scalars(wanted))


def listed(session: Session, *, sight: Sight) -> tuple[Tension, ...]:
    """Return every entry that was not withdrawn, expired ones included, oldest first."""
    hidden = hidden_themes(sight)
    return tuple(
        keeping.seen(row, Tension)
        for row in keeping.standing(session, TensionRow)
        if row.theme not in hidden
    )


def for_review(entries: Iterable[Tension], today: dt.date) -> tuple[Tension, ...]:
    """Return those of the entries that count today whose day of review has come."""
    return tuple(one for one in entries if one.review_on <= today)


def history(session: Session, item_id: str, *, sight: Sight) -> tuple[Earlier, ...]:
    """Return an entry as it stood after each change, first state first; none that may not be seen.

    An entry that ever was on a restricted theme is hidden as a whole.
    """
    states = keeping.earlier(session, TensionRow, item_id)
    hidden = hidden_themes(sight)
    return () if any(state.content["theme"] in hidden for state in states) else states


def same(draft: TensionDraft) -> tuple[object, ...]:
    """Return what makes two entries one: theme, words, where and since when."""
    return (draft.theme, draft.text, draft.beat, draft.place, draft.entered_on)


def hidden_themes(sight: Sight) -> tuple[str, ...]:
    """Return the themes that a sight does not reach."""
    return () if sight is Sight.ALL else load_register_rules().tension.restricted_themes


def _opened(session: Session, item_id: str, *, version: int, sight: Sight) -> TensionRow:
    row = session.get(TensionRow, item_id)
    if row is not None and row.theme in hidden_themes(sight):
        # the same words as for an entry that does not exist: that it exists is told by role too
        msg = f"There is no record {item_id[:40]!r} in tension. Reload the list."
        raise BadInputError(msg)
    return keeping.opened(session, TensionRow, item_id, version=version)


def require_sight(theme: str, sight: Sight) -> None:
    """Refuse a theme to whoever may not see it.

    Raises
    ------
    BadInputError
        The theme is hidden from them.
    """
    if theme in hidden_themes(sight):
        msg = f"Entries on {theme!r} are for those who may see them. Ask a tasking lead."
        raise BadInputError(msg)


def _require_order(entered: dt.date, review: dt.date, expires: dt.date) -> None:
    if not entered <= review <= expires or expires == entered:
        msg = (
            f"The days do not follow each other: entered {entered.isoformat()}, review "
            f"{review.isoformat()}, expires {expires.isoformat()}. Put them in that order."
        )
        raise BadInputError(msg)
    most = load_register_rules().tension.most_days
    if (expires - entered).days > most:
        msg = (
            f"An entry lives {most} days at most without being renewed; {expires.isoformat()} is "
            f"{(expires - entered).days} days after {entered.isoformat()}. Give an earlier day."
        )
        raise BadInputError(msg)


def _placed(draft: TensionDraft, *, force_area: BaseGeometry | None) -> TensionDraft:
    beat = words.label(draft.beat, what="beat") if draft.beat else ""
    if draft.longitude is None and draft.latitude is None:
        if not beat:
            msg = "An entry needs a beat or a place. Give one of them."
            raise BadInputError(msg)
        return replace(draft, beat=beat, place=words.remark(draft.place, what="place"))
    east, north = position(draft.longitude, draft.latitude, force_area=force_area)
    place = words.label(draft.place, what="place")
    return replace(draft, beat=beat, place=place, longitude=east, latitude=north)
