"""What the register adds to a list made at the shell: the list in force, and people's changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.register import register_url
from harmhex.register import opened
from register import overrides, targets
from register.archive import archive_beside, archive_troubles, files_of
from spatial.hexes.grid import EVER_INCIDENT
from spatial.hexes.study_area import read_study_area
from spatial.window import day_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from register.targets import Targets
    from spatial.incidents.store import IncidentStore

_LIST: Final = "targets.csv"


@dataclass(frozen=True, slots=True)
class Adopted:
    """What is in force before a day.

    Attributes
    ----------
    previous
        Folder of the archived list; None where none was adopted.
    words
        Which list that is, for people; empty without one.
    changes
        People's changes as the CSV that ``harmhex targets --overrides`` reads; empty without any.
    """

    previous: Path | None = None
    words: str = ""
    changes: str = ""


def adopted_before(
    day: dt.date, store: IncidentStore, *, profile: str, study_area: str | None
) -> Adopted:
    """Return the newest list of a profile and study area adopted to begin before a day.

    Raises
    ------
    BadInputError
        The register cannot be read, or the list's archived file is missing or was altered: a list
        compared with another than the one in force would call places new that are not.
    """
    where = register_url(store.path)
    if "://" not in where and not Path(where).is_file():
        return Adopted()
    with opened(None, store.path) as kept, kept.reading() as session:
        table = overrides.table(session)
        changes = table.to_csv(index=False) if len(table) else ""
        name = _area_name(store, study_area)
        alike = (
            one
            for one in targets.listed(session)
            if one.profile == profile and one.study_area == name and one.first_date < day
        )
        found = next(alike, None)
        if found is None:
            return Adopted(changes=changes)
        folder = _archive(kept.file, store)
        return Adopted(
            _folder_of(session, found, folder),
            f"the list adopted from {day_words(found.first_date)} (run {found.run_id})",
            changes,
        )


def _folder_of(session: Session, adopted: Targets, archive: Path) -> Path:
    files = tuple(one for one in files_of(session, adopted.id) if one.path.endswith(f"/{_LIST}"))
    trouble = next(iter(archive_troubles(archive, files)), "" if files else f"it holds no {_LIST}")
    if trouble:
        msg = (
            f"The list adopted from {day_words(adopted.first_date)} cannot be compared with: "
            f"{trouble}. Restore the register's archive, or name a list with --previous."
        )
        raise BadInputError(msg)
    return (archive / files[0].path).parent


def _archive(file: Path | None, store: IncidentStore) -> Path:
    # of a database server: beside the store, where the register's own file would be
    beside = store.path.with_name(f"{store.path.name}-register") / "register.sqlite"
    return archive_beside(beside if file is None else file)


def _area_name(store: IncidentStore, study_area: str | None) -> str:
    """Return a study area's name as an adopted list keeps it."""
    if study_area == EVER_INCIDENT:
        return EVER_INCIDENT
    stored = store.study_areas()
    only = next(iter(stored.values())) if study_area is None and len(stored) == 1 else None
    path = only or stored.get(study_area or "") or Path(study_area or "")
    return read_study_area(path).name
