"""The register as pages read and change it: by role, on one day, and only as it was opened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import shapely
import streamlit as st

from config.access import Action
from config.errors import BadInputError
from layers.overlays import due_marks, tension_marks
from register import audit, tension
from register.archive import archive_beside
from register.due import due
from register.tension import Sight
from register.tension_trend import by_beat
from sample_geo.ready import is_ready_store
from spatial.hexes.study_area import read_study_area
from spatial.map_files import kept_layer
from views import access
from views.signed_in.trail import register_in_force

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from layers.overlays import Mark
    from register.due import Due
    from register.opening import Register
    from register.tension_trend import BeatTension
    from spatial.incidents.store import IncidentStore

_LONDON = ZoneInfo("Europe/London")
_Kept = TypeVar("_Kept")


def register() -> Register:
    """Return the register in force.

    Raises
    ------
    BadInputError
        There is none, or it cannot be opened.
    """
    found = register_in_force()
    if found is None:
        msg = "No register is open. Start the app with: harmhex app --store DIR."
        raise BadInputError(msg)
    return found


def change(action: Action, entry: Callable[..., _Kept], *given: object, **facts: object) -> _Kept:
    """Change the register in one transaction, as whoever is asking, if they may.

    Parameters
    ----------
    entry
        A function of the register that takes a session, what is given, ``now`` and ``by``.

    Raises
    ------
    ChangedElsewhereError
        Somebody else changed the record since it was opened.
    BadInputError
        They may not, what was typed cannot be used, or the register cannot be written.
    """
    who = access.require(action)
    with register().writing() as session:
        return entry(session, *given, **facts, now=access.now(), by=who.account)


def sight() -> Sight:
    """Return what whoever is asking may see of tension."""
    return Sight.ALL if access.may(Action.SEE_RESTRICTED_TENSION) else Sight.OPEN


def today(store: IncidentStore) -> dt.date:
    """Return the day it is in Britain; in the sample town the last day of its data."""
    if is_ready_store(store.path):
        return store.data_through
    return access.now().astimezone(_LONDON).date()


def marks(store: IncidentStore) -> tuple[Mark, ...]:
    """Return the overlays that are due or count today, for whoever is asking.

    Raises
    ------
    BadInputError
        They may not see them, or the register cannot be read.
    """
    said = due_and_tense(store)
    return _marks(said.key, _said=said, _store=store)


@dataclass(frozen=True, slots=True)
class DueAndTense:
    """What is due and what is tense on a day, as somebody may see it.

    Attributes
    ----------
    key
        Tells one state of the register, day, sight and store from every other.
    due, tension, beats
        What falls around the day; the entries that count; the beats' levels and trends.
    """

    key: str
    day: dt.date
    due: tuple[Due, ...]
    tension: tuple[tension.Tension, ...]
    beats: tuple[BeatTension, ...]


def due_and_tense(store: IncidentStore) -> DueAndTense:
    """Return what is due and tense today for whoever is asking, read anew after every change.

    Raises
    ------
    BadInputError
        They may not see it, or the register cannot be read.
    """
    access.require(Action.SEE_OVERLAYS)
    day, sees = today(store), sight()
    with register().reading() as session:
        number, digest = audit.head(session)
        # every change is in the audit, so that its head says whether anything may have changed
        key = f"{number} {digest} {day} {sees} {store.extras_fingerprint}"
        return _due_and_tense(key, _session=session, _day=day, _sight=sees, _store=store)


def beats(store: IncidentStore) -> dict[str, BaseGeometry]:
    """Return the beats' polygons (degrees, WGS84) by name; none where none are loaded."""
    return _beats(store.extras_fingerprint, _store=store)


def force_area(store: IncidentStore) -> BaseGeometry | None:
    """Return all study areas of a store as one shape (degrees, WGS84); None without one."""
    return _force_area(store.extras_fingerprint, _store=store)


def archive(store: IncidentStore) -> Path:
    """Return the folder that keeps the outputs of adopted runs."""
    return archive_of(store.path)


def archive_of(store: Path) -> Path:
    """Return the same by the store's folder, which need not be there any more."""
    file = register().file
    if file is not None:
        return archive_beside(file)
    # of a database server: beside the store, where its own file would be
    return archive_beside(store.with_name(f"{store.name}-register") / "register.sqlite")


@st.cache_resource(show_spinner=False, max_entries=12)
def _due_and_tense(
    key: str, *, _session: Session, _day: dt.date, _sight: Sight, _store: IncidentStore
) -> DueAndTense:
    return DueAndTense(
        key=key,
        day=_day,
        due=due(_session, _day),
        tension=tension.current(_session, _day, sight=_sight),
        beats=by_beat(_session, _day, sight=_sight, beats=beats(_store)),
    )


@st.cache_resource(show_spinner=False, max_entries=12)
def _marks(key: str, *, _said: DueAndTense, _store: IncidentStore) -> tuple[Mark, ...]:
    del key  # part of the key only
    return (
        *due_marks(_said.due),
        *tension_marks(_said.tension, _said.day, beats=beats(_store)),
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _beats(extras_fingerprint: str, *, _store: IncidentStore) -> dict[str, BaseGeometry]:
    del extras_fingerprint  # part of the key only
    path = _store.context_layers().get("beats")
    if path is None:
        return {}
    found: dict[str, BaseGeometry] = {}
    with kept_layer(path):
        for feature in json.loads(Path(path).read_text(encoding="utf-8"))["features"]:
            name = str((feature.get("properties") or {}).get("name") or "")
            if name and feature.get("geometry"):
                shape = shapely.from_geojson(json.dumps(feature["geometry"]))
                found[name] = found[name].union(shape) if name in found else shape
    return found


@st.cache_resource(show_spinner=False, max_entries=4)
def _force_area(extras_fingerprint: str, *, _store: IncidentStore) -> BaseGeometry | None:
    del extras_fingerprint  # part of the key only
    shapes = [read_study_area(path).polygon for path in _store.study_areas().values()]
    return shapely.union_all(shapes) if shapes else None
