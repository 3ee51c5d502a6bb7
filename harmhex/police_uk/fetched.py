"""A force's public crime files, fetched month by month, and the account of what was fetched."""

from __future__ import annotations

import difflib
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from harmhex.police_uk._remote_file import Patience, Traffic
from harmhex.police_uk.archives import (
    PUBLIC_ARCHIVE,
    Archive,
    ArchiveServer,
    SavedArchive,
    Shelf,
    is_address,
)
from harmhex.police_uk.members import is_there, write_member
from harmhex.police_uk.month import Month, listed, months_between
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_FORCE: Final = re.compile(r"[a-z]+(-[a-z]+)*")
_LISTED: Final = 6


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch did.

    Attributes
    ----------
    force
        As in file names.
    months
        All that were asked for, in order; each is in one of the next three.
    written, kept, missing
        Months fetched now; months whose file was there already, whole; months no archive holds.
    size
        Bytes of the files written.
    notes
        What was chosen or found on the way.
    """

    force: str
    months: tuple[Month, ...]
    written: tuple[Month, ...]
    kept: tuple[Month, ...]
    missing: tuple[Month, ...]
    size: int
    notes: Notes


@dataclass(slots=True)
class _Progress:
    written: list[Month] = field(default_factory=list)
    kept: list[Month] = field(default_factory=list)
    archives: list[str] = field(default_factory=list)
    forces: set[str] = field(default_factory=set)
    size: int = 0


def fetch_police_uk(  # noqa: PLR0913 (what, where from, where to, how patiently)
    force: str,
    first: Month,
    last: Month,
    *,
    out: Path,
    source: str = PUBLIC_ARCHIVE,
    patience: Patience | None = None,
    progress: Callable[[str], None] | None = None,
) -> Fetched:
    """Write a force's street-level crime files, one folder per month.

    Parameters
    ----------
    force
        Name as in the archive's file names: essex, thames-valley. Case and spaces do not matter.
    first, last
        Months, both included.
    out
        Folder; ``YYYY-MM/YYYY-MM-FORCE-street.csv`` is written into it, each file whole or not at
        all. A file already there with the archive's size and CRC-32 is kept as it is.
    source
        Address that holds ``YYYY-MM.zip``, or the path of a zip a person saved.
    patience
        How long a server is waited for.
    progress
        Told what is being done.

    Returns
    -------
    What was written, kept and missing. Some months may be missing, never all.

    Raises
    ------
    BadInputError
        Nothing asked for can be had, or the fetch broke off: one sentence. The months written by
        then are whole, and running it again goes on from there.

    Notes
    -----
    The archive that ends with the last month is taken first, and an earlier one only for months it
    does not hold, so that few archives are read and each month is as late a version as asked for.
    """
    name = re.sub(r"[\s_]+", "-", force.strip().casefold())
    if not _FORCE.fullmatch(name):
        msg = (
            f"--force {force!r} is not a force's name as in the archive. "
            "Write it as essex or thames-valley."
        )
        raise BadInputError(msg)
    if first > last:
        msg = f"--from {first} is after --to {last}. Give the earlier month first."
        raise BadInputError(msg)
    months = months_between(first, last)
    tell = progress or (lambda _: None)
    done, traffic = _Progress(), Traffic()
    online = is_address(source)
    shelf: Shelf = (
        ArchiveServer(source, patience or Patience(), traffic, out, tell)
        if online
        else SavedArchive(source)
    )
    try:
        _take(shelf, name, months, out=out, done=done, tell=tell)
    except BadInputError as error:
        if not done.written:
            raise
        msg = f"{error} The {len(done.written)} months fetched so far are whole, in {out}."
        raise BadInputError(msg) from error
    missing = [month for month in months if month not in {*done.written, *done.kept}]
    if len(missing) == len(months):
        raise BadInputError(_nothing(shelf.place, name, months, done))
    return Fetched(
        force=name,
        months=tuple(months),
        written=tuple(sorted(done.written)),
        kept=tuple(sorted(done.kept)),
        missing=tuple(missing),
        size=done.size,
        notes=_notes(name, missing, done, traffic if online else None, shelf.place),
    )


def _take(  # noqa: PLR0913 (the parts of one fetch)
    shelf: Shelf,
    force: str,
    months: Sequence[Month],
    *,
    out: Path,
    done: _Progress,
    tell: Callable[[str], None],
) -> None:
    """Take every month from the first archive that holds it, the latest month first."""
    wanted = set(months)
    while wanted:
        latest = max(wanted)
        with shelf.holding(latest) as archive:
            if archive is None:
                wanted.discard(latest)
                continue
            done.forces |= {held for held, _ in archive.members}
            found = sorted(wanted & archive.months(force))
            for number, month in enumerate(found, start=1):
                tell(f"{month} from {archive.name} ({number} of {len(found)})")
                _keep(archive, force, month, out, done)
            wanted -= set(found)
            if found:
                done.archives.append(archive.name)


def _keep(archive: Archive, force: str, month: Month, out: Path, done: _Progress) -> None:
    """Write one member unless it is there already, whole."""
    info = archive.members[force, month]
    path = out / str(month) / f"{month}-{force}-street.csv"
    try:
        if is_there(path, info):
            done.kept.append(month)
            return
        made = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_member(archive, info, path)
        except BaseException:
            # only folders that this member needed, and that are still empty
            with suppress(OSError):
                for folder in made:
                    folder.rmdir()
            raise
    except BadInputError:
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        msg = f"{path} cannot be written ({reason}). Check the folder and the room on the disk."
        raise BadInputError(msg) from error
    done.written.append(month)
    done.size += info.file_size


def _nothing(place: str, force: str, months: Sequence[Month], done: _Progress) -> str:
    asked = str(months[0]) if len(months) == 1 else f"{months[0]} to {months[-1]}"
    if not done.forces:
        return (
            f"{place} has no archive that holds {asked}. Check the months and the address: the "
            "newest month is published some two months late, and old archives are withdrawn."
        )
    if force not in done.forces:
        close = difflib.get_close_matches(force, sorted(done.forces), n=3, cutoff=0.5)
        remedy = (
            f"Did you mean {' or '.join(close)}?"
            if close
            else (f"It holds {', '.join(sorted(done.forces)[:_LISTED])} ...")
        )
        return f"{place} has no street-level file of a force {force!r} for {asked}. {remedy}"
    return f"{place} holds {force}, but none of its months from {asked}. Give other months."


def _notes(
    force: str, missing: Sequence[Month], done: _Progress, traffic: Traffic | None, place: str
) -> Notes:
    notes = []
    if missing:
        text = (
            f"No street-level file of {force} for {len(missing)} of the months asked for: "
            f"{listed(missing)}. They are not zero crime; leave them out of any comparison."
        )
        notes.append(Note(text, loud=True))
    notes.append(Note(f"Taken from {place}: {', '.join(done.archives)}."))
    if traffic is not None:
        text = (
            f"{traffic.received / 1e6:,.1f} MB came over the network in "
            f"{traffic.requests} requests."
        )
        notes.append(Note(text))
    notes.append(
        Note(
            "Source: data.police.uk, Open Government Licence v3.0; points are moved to map points."
        )
    )
    return tuple(notes)
