"""Tension beat by beat: the highest level that counts today, and how it moved."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import shapely
from sqlalchemy import or_, select

from config.register import load_register_rules
from register.tables import HistoryRow, TensionRow
from register.tension import Sight, hidden_themes
from register.tension_scale import faded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

_LONDON = ZoneInfo("Europe/London")

Trend = Literal["new", "rising", "steady", "falling", "ended"]


@dataclass(frozen=True, slots=True)
class BeatTension:
    """Tension on one beat.

    Attributes
    ----------
    beat
        Its name; empty for entries at places that lie on no beat that is known.
    level
        The highest that counts today, faded; None where none does any more.
    entries
        How many count today.
    since
        The day from which one of the entries at that level holds; None without a level.
    level_before, entries_before
        The same ``trend_days`` ago, as the entries then stood.
    trend
        By the level, and by the number of entries where the level is the same.
    """

    beat: str
    level: str | None
    entries: int
    since: dt.date | None
    level_before: str | None
    entries_before: int
    trend: Trend


@dataclass(frozen=True, slots=True)
class _State:
    beat: str
    level: str
    since: dt.date


def by_beat(
    session: Session,
    today: dt.date,
    *,
    sight: Sight,
    beats: Mapping[str, BaseGeometry] | None = None,
) -> tuple[BeatTension, ...]:
    """Return tension by beat, highest first, for every beat with an entry today or before.

    Parameters
    ----------
    beats
        Polygons in degrees by name, for entries that name a place and no beat.

    Notes
    -----
    It counts what people entered: more entries may mean more listening, not more tension.
    """
    rules = load_register_rules().tension
    before = today - dt.timedelta(days=rules.trend_days)
    spatial = _Beats(beats or {})
    now_states: dict[str, list[_State]] = {}
    then_states: dict[str, list[_State]] = {}
    for versions in _histories(session, before, sight=sight):
        for day, states in ((today, now_states), (before, then_states)):
            state = _on(versions, day, spatial)
            if state is not None:
                states.setdefault(state.beat, []).append(state)
    found = [
        _beat(beat, now_states.get(beat, []), then_states.get(beat, []))
        for beat in now_states.keys() | then_states.keys()
    ]
    return tuple(sorted(found, key=lambda one: (-_step(one.level), -one.entries, one.beat)))


class _Beats:
    """Beats as polygons, asked for points; each point once."""

    def __init__(self, beats: Mapping[str, BaseGeometry]) -> None:
        self._names = sorted(beats)
        self._tree = shapely.STRtree([beats[name] for name in self._names])
        self._known: dict[tuple[float, float], str] = {}

    def at(self, longitude: float, latitude: float) -> str:
        key = (longitude, latitude)
        if key not in self._known:
            hits = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
            self._known[key] = self._names[min(hits)] if len(hits) else ""
        return self._known[key]


def _histories(
    session: Session, before: dt.date, *, sight: Sight
) -> Iterator[list[tuple[dt.date, dict[str, object]]]]:
    # an entry that ended before both days, and was not touched since, says nothing of either
    cutoff = dt.datetime.combine(before, dt.time(), tzinfo=dt.UTC)
    wanted = (
        select(HistoryRow.item_id, HistoryRow.version, HistoryRow.at, HistoryRow.content)
        .join(TensionRow, TensionRow.id == HistoryRow.item_id)
        .where(
            HistoryRow.noun == TensionRow.__tablename__,
            TensionRow.theme.not_in(hidden_themes(sight)),
            or_(TensionRow.expires_on > before, TensionRow.changed_at >= cutoff),
            # taken back: it should not have been there
            TensionRow.withdrawn_at.is_(None),
        )
        .order_by(HistoryRow.item_id, HistoryRow.version)
    )
    hidden = set(hidden_themes(sight))
    item, versions = "", list[tuple[dt.date, dict[str, object]]]()
    for item_id, version, at, content in session.execute(wanted):
        if item_id != item and versions:
            yield versions
        if item_id != item:
            item, versions = item_id, []
        state = json.loads(content)
        # the first state holds from the day it was entered for, later ones from when they were made
        first = dt.date.fromisoformat(state["entered_on"])
        day = first if version == 1 else at.astimezone(_LONDON).date()
        if state["theme"] not in hidden:
            versions.append((day, state))
    if versions:
        yield versions


def _on(
    versions: Iterable[tuple[dt.date, dict[str, object]]], day: dt.date, beats: _Beats
) -> _State | None:
    state = None
    for since, content in versions:
        if since <= day:
            state = content
    if state is None:
        return None
    days = {
        name: dt.date.fromisoformat(str(state[name]))
        for name in ("entered_on", "renewed_on", "expires_on")
    }
    level = faded(str(state["level"]), **days, day=day)
    if level is None:
        return None
    beat = str(state["beat"])
    longitude, latitude = state["longitude"], state["latitude"]
    if not beat and isinstance(longitude, float) and isinstance(latitude, float):
        beat = beats.at(longitude, latitude)
    return _State(beat, level, days["entered_on"])


def _beat(beat: str, now: list[_State], then: list[_State]) -> BeatTension:
    level, before = _highest(now), _highest(then)
    since = min((one.since for one in now if one.level == level), default=None)
    return BeatTension(
        beat=beat,
        level=level,
        entries=len(now),
        since=since,
        level_before=before,
        entries_before=len(then),
        trend=_trend((level, len(now)), (before, len(then))),
    )


def _trend(now: tuple[str | None, int], then: tuple[str | None, int]) -> Trend:
    if then[0] is None:
        return "new"
    if now[0] is None:
        return "ended"
    before, after = (_step(then[0]), then[1]), (_step(now[0]), now[1])
    if after == before:
        return "steady"
    return "rising" if after > before else "falling"


def _highest(states: list[_State]) -> str | None:
    return max((one.level for one in states), key=_step, default=None)


def _step(level: str | None) -> int:
    levels = load_register_rules().tension.levels
    return levels.index(level) if level in levels else -1
