"""What is in force for a list: the adopted one it is compared with, and people's changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from config.access import Action
from config.errors import BadInputError
from register import overrides, targets
from register.archive import archive_troubles, files_of
from spatial.hexes.grid import EVER_INCIDENT
from spatial.notes import Note
from spatial.targets.kept.previous import PreviousList, previous_list, read_previous
from spatial.targets.overridden.override_list import OverlapError, overrides_of
from spatial.window import day_words
from views import access, answers, records
from views.signed_in.trail import register_in_force

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from sqlalchemy.orm import Session

    from register.archive import ArchivedFile
    from register.targets import Targets
    from spatial.incidents.store import IncidentStore
    from spatial.results import TargetRequest, TaskingRequest
    from spatial.targets.overridden.override_list import Override

LAST: Final = ""
"""Compare with the list in force, or last in force, before today."""
NONE: Final = "none"
"""Compare with no list."""
_FILES: Final = ("targets.csv", "manifest.json")


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """What the register adds to a list.

    Attributes
    ----------
    key
        Tells one state of it from every other.
    previous
        The list to compare with; None where none was adopted.
    adopted
        The same as the register keeps it.
    fixed
        An older list whose data end before the window: how its areas fared is a fair question.
    overrides
        People's changes, in the order of applying.
    kept
        The same as the register keeps them, with the version each was seen at.
    trouble
        Why nothing could be read, in a sentence; empty elsewhere.
    """

    key: str = ""
    previous: PreviousList | None = None
    adopted: Targets | None = None
    fixed: PreviousList | None = None
    overrides: tuple[Override, ...] = ()
    kept: tuple[overrides.Override, ...] = ()
    trouble: str = ""


def in_force(
    store: IncidentStore, request: TargetRequest | TaskingRequest, *, compare: str = LAST
) -> InForce:
    """Return what is in force today for what a list is asked.

    Parameters
    ----------
    request
        Its profile and study area: a list is compared with one of its own kind.
    compare
        ``LAST``, ``NONE``, or the id of an adopted list.

    Notes
    -----
    Where the register cannot be read the list is shown without it, and ``trouble`` says so: the
    page must say it too, for a place that people took off stands on the list again.
    """
    try:
        if register_in_force() is None:
            return InForce()
        with records.register().reading() as session:
            alike = _alike(session, store, request.profile, request.study_area)
            adopted = _adopted(alike, compare, records.today(store))
            kept = overrides.listed(session)
            table = overrides.table(session)
            older = [one for one in alike if one.data_through < request.window.first]
            fixed = older[0] if older and compare != NONE else None
            known = targets.every_table(session) if adopted or fixed else pd.DataFrame()
            previous, chosen_before = (
                None if one is None else _read_back(session, store, one, known)
                for one in (adopted, fixed)
            )
        applied = overrides_of(table, called="Changes in the register")
    except BadInputError as error:
        why = str(error)
        # who changed what stands in the register, which not everybody may see
        if isinstance(error, OverlapError) and not access.may(Action.SEE_REGISTER):
            why = error.unsigned
        said = f"Neither the last list nor people's changes count on this page. {why}"
        return InForce(key="trouble", trouble=said)
    names = " ".join(f"{one.id} {one.version}" if one else "-" for one in (adopted, fixed))
    digest = hashlib.sha256(table.to_csv().encode()).hexdigest()
    return InForce(f"{names} {digest}", previous, adopted, chosen_before, applied, kept)


def adopted_lists(
    store: IncidentStore, *, profile: str, study_area: str | None
) -> tuple[Targets, ...]:
    """Return the adopted lists of a profile and study area, newest first; none without a register.

    Raises
    ------
    BadInputError
        The register cannot be read.
    """
    if register_in_force() is None:
        return ()
    with records.register().reading() as session:
        return tuple(_alike(session, store, profile, study_area))


def file_of(store: IncidentStore, adopted: Targets, name: str) -> bytes | None:
    """Return an archived file of an adopted list, unchanged since; None where there is none."""
    with records.register().reading() as session:
        files = files_of(session, adopted.id)
    folder = records.archive(store)
    found = [one for one in files if one.path.endswith(f"/{name}")]
    if not found or archive_troubles(folder, tuple(found)):
        return None
    return (folder / found[0].path).read_bytes()


def _alike(
    session: Session, store: IncidentStore, profile: str, study_area: str | None
) -> list[Targets]:
    area = _area_name(store, study_area)
    return [
        one for one in targets.listed(session) if one.profile == profile and one.study_area == area
    ]


def _adopted(alike: list[Targets], compare: str, today: dt.date) -> Targets | None:
    if compare == LAST:
        return next((one for one in alike if one.first_date < today), None)
    return next((one for one in alike if one.id == compare), None)


def _read_back(
    session: Session, store: IncidentStore, adopted: Targets, older: pd.DataFrame
) -> PreviousList:
    files = tuple(
        one for one in files_of(session, adopted.id) if one.path.rpartition("/")[2] in _FILES
    )
    table = older[older["run_id"] == adopted.run_id].drop_duplicates("area_id")
    key = f"{adopted.id} {adopted.version} {len(older)} {[one.sha256 for one in files]}"
    return _read(key, _folder=records.archive(store), _files=files, _tables=(table, older),
                 _adopted=adopted)  # fmt: skip


@st.cache_resource(show_spinner=False, max_entries=12)
def _read(
    key: str,
    *,
    _folder: Path,
    _files: tuple[ArchivedFile, ...],
    _tables: tuple[pd.DataFrame, pd.DataFrame],
    _adopted: Targets,
) -> PreviousList:
    """Read the list from its archived files, which say most; else from the register's own table."""
    del key  # part of the key only
    called = f"The list of {day_words(_adopted.first_date)}"
    table, older = _tables
    if len(_files) == len(_FILES) and not archive_troubles(_folder, _files):
        found = read_previous((_folder / _files[0].path).parent)
        # areas that only older lists knew keep their ids too
        unlisted = found.table[found.table["rank"].isna()]
        known = pd.concat([unlisted, older], ignore_index=True)
        return previous_list(
            found.listed, called=called, also_known=known, run_id=found.run_id,
            window=found.window, data_through=found.data_through, notes=found.notes,
            profile=found.profile,
        )  # fmt: skip
    said = (
        f"{called} is compared with as the register holds it: its archived files are not there as "
        "they were, so that no change since can be said."
    )
    found = previous_list(
        table, called=called, also_known=older, run_id=_adopted.run_id,
        data_through=_adopted.data_through, profile=_adopted.profile,
    )  # fmt: skip
    return replace(found, notes=(Note(said, loud=True),))


def _area_name(store: IncidentStore, study_area: str | None) -> str:
    """Return a study area's name as it is printed, and kept with an adopted list."""
    if study_area == EVER_INCIDENT:
        return EVER_INCIDENT
    names = dict(zip(store.study_areas(), answers.study_area_names(store), strict=True))
    return names.get(study_area or "") or next(iter(names.values()), "")
