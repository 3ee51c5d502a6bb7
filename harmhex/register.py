"""`harmhex register`: what people recorded, pruned, taken in and out, backed up and restored."""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from config.errors import BadInputError
from config.register import register_url
from config.settings import load_settings
from harmhex.door import JsonOption, summarise, told_plainly, write_file
from layers.formats.tables import table_csv
from register import Register, journal, open_register
from register.archive import archive_beside
from register.backup import backup as write_backup
from register.backup import restore as read_backup
from register.csv_rows import NOUNS as TAKEN_IN
from register.intake import take_in
from register.listing import NOUNS, table
from register.retention import expired
from register.retention import prune as remove
from register.tension import Sight
from spatial.notes import Note

_LONDON = ZoneInfo("Europe/London")

register = typer.Typer(
    name="register",
    help="Prune, export, import, back up and restore what people recorded.",
    no_args_is_help=True,
)

PlaceOption = Annotated[
    str | None,
    typer.Option(
        "--register",
        envvar="HARMHEX_REGISTER",
        show_envvar=False,
        help="File or PostgreSQL address. Without it, HARMHEX_REGISTER, else the setting, else the "
        "file beside the store.",
        show_default=False,
    ),
]
BesideOption = Annotated[
    Path | None,
    typer.Option(
        "--store", help="Folder of the store whose register is meant.", show_default=False
    ),
]
ArchiveOption = Annotated[
    Path | None,
    typer.Option(
        "--archive",
        help="Folder of the archived outputs. Without it, the one beside the register's file.",
        show_default=False,
    ),
]


@contextlib.contextmanager
def opened(place: str | None, store: Path | None, *, made: bool = False) -> Iterator[Register]:
    """Open the register that a command means; one that is not there is made only where asked."""
    where = place or register_url(store)
    if not made and "://" not in where and not Path(where).is_file():
        msg = (
            f"There is no register at {where!r}. Give --register or --store; the app makes one "
            "when something is recorded."
        )
        raise BadInputError(msg)
    kept = open_register(where)
    try:
        yield kept
    finally:
        kept.close()


def acting() -> tuple[dt.datetime, str]:
    """Return now, and the account at this shell as the audit names it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        name = "unknown"
    return dt.datetime.now(dt.UTC), f"shell:{name}"


@register.command("prune")
@told_plainly
def prune(
    place: PlaceOption = None,
    store: BesideOption = None,
    dry_run: Annotated[  # noqa: FBT002 (a flag of the shell)
        bool, typer.Option("--dry-run", help="List what is past its period; remove nothing.")
    ] = False,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Remove records whose period is over; archived outputs stay.

    Example: harmhex register prune --store essex --dry-run
    """
    now, by = acting()
    today = now.astimezone(_LONDON).date()
    with (
        opened(place, store) as kept,
        kept.reading() if dry_run else kept.writing() as session,
    ):
        found = expired(session, today)
        if not dry_run:
            remove(session, found, now=now, by=by)
    counts: dict[str, int] = {}
    for one in found:
        counts[one.noun] = counts.get(one.noun, 0) + 1
    done = "would go" if dry_run else "removed"
    sentences = [f"{number:,} {noun} {done}." for noun, number in counts.items()]
    if dry_run:
        sentences += [
            f"{one.noun} {one.item_id}: ended {one.ended_on}, kept {one.days} days. {one.reason}"
            for one in found
        ]
    listed = [{"noun": one.noun, "id": one.item_id, "ended": str(one.ended_on)} for one in found]
    summary = {"dry_run": dry_run, "removed": 0 if dry_run else len(found), "records": listed}
    summarise(summary, (), sentences=sentences or ["Nothing is past its period."], as_json=json)


@register.command("export")
@told_plainly
def export(  # noqa: PLR0913 (a command's options)
    what: Annotated[str, typer.Argument(help=", ".join(NOUNS), show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="CSV file to write.", show_default=False)],
    place: PlaceOption = None,
    store: BesideOption = None,
    restricted: Annotated[  # noqa: FBT002 (a flag of the shell)
        bool,
        typer.Option("--restricted", help="With tension about ethnicity, religion or protest."),
    ] = False,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Write one kind of record as CSV; the audit notes it first.

    Example: harmhex register export anniversaries --store essex --out anniversaries.csv
    """
    now, by = acting()
    sight = Sight.ALL if restricted else Sight.OPEN
    marking = load_settings().marking
    with opened(place, store) as kept:
        with kept.reading() as session:
            records = table(session, what, sight=sight)
        content = table_csv(records.assign(marking=marking))
        digest = hashlib.sha256(content).hexdigest()
        # a file's name may be anything; the hash says which file it was
        noted = {"what": what, "file": f"{what}.csv", "sha256": digest, "marking": marking}
        with kept.writing() as session:
            journal.note_export(session, **noted, now=now, by=by)
    write_file(out, content)
    summary = {"what": what, "records": len(records), "sha256": digest, "marking": marking}
    said = f"{len(records):,} {what} written to {out} ({marking})."
    summarise(summary, (), sentences=[said], as_json=json)


@register.command("import")
@told_plainly
def import_(  # noqa: PLR0913 (a command's options)
    file: Annotated[Path, typer.Argument(help="CSV or iCalendar (.ics).", show_default=False)],
    what: Annotated[str, typer.Option("--as", help=", ".join(TAKEN_IN), show_default=False)],
    restricted: Annotated[  # noqa: FBT002 (a flag of the shell)
        bool,
        typer.Option("--restricted", help="Tension about ethnicity, religion or protest too."),
    ] = False,
    place: PlaceOption = None,
    store: BesideOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Take in a file of anniversaries, events, visits or tension: every row of it, or none.

    Example: harmhex register import fixtures.ics --as events --store essex
    """
    now, by = acting()
    content = file.read_bytes()
    with opened(place, store, made=True) as kept, kept.writing() as session:
        taken = take_in(
            session,
            content,
            what,
            name=file.name,
            sight=Sight.ALL if restricted else Sight.OPEN,
            today=now.astimezone(_LONDON).date(),
            now=now,
            by=by,
        )
    summary = {
        "what": what,
        "read": taken.read,
        "added": taken.added,
        "duplicates": taken.duplicates,
    }
    said = f"{taken.read:,} read = {taken.added:,} added + {taken.duplicates:,} there already."
    summarise(summary, (), sentences=[said], as_json=json)


@register.command("backup")
@told_plainly
def backup(
    file: Annotated[Path, typer.Argument(help="File to write (.zip).", show_default=False)],
    place: PlaceOption = None,
    store: BesideOption = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Write the whole register and its archived outputs into one file.

    Example: harmhex register backup register-2026-12-14.zip --store essex
    """
    now, by = acting()
    if file.is_dir():
        msg = f"{str(file)!r} is a folder. Give the name of a file to write."
        raise BadInputError(msg)
    with opened(place, store) as kept:
        done = write_backup(kept, file, archive=_archive(kept, archive), now=now, by=by)
    summary = {
        "records": done.records,
        "files": done.files,
        "audit_entries": done.audit_entries,
        "audit_head": done.audit_head,
    }
    said = (
        f"{sum(done.records.values()):,} records and {done.files:,} archived files written to "
        f"{file}. It holds everything, restricted tension too: keep it as you keep the register."
    )
    notes = tuple(Note(text, loud=True) for text in done.notes)
    summarise(summary, notes, sentences=[said], as_json=json)


@register.command("restore")
@told_plainly
def restore(
    file: Annotated[Path, typer.Argument(help="File that backup wrote.", show_default=False)],
    place: PlaceOption = None,
    store: BesideOption = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Fill a new, empty register from a backup, all of it or nothing.

    Example: harmhex register restore register-2026-12-14.zip --register new/register.sqlite
    """
    now, by = acting()
    with opened(place, store, made=True) as kept:
        done = read_backup(kept, file, archive=_archive(kept, archive), now=now, by=by)
    summary = {
        "records": done.records,
        "files": done.files,
        "audit_entries": done.audit_entries,
        "lost": done.lost,
    }
    said = f"{sum(done.records.values()):,} records and {done.files:,} archived files restored."
    notes = [Note(text, loud=True) for text in done.notes]
    if done.lost:
        lost = (
            f"The anchor knew {done.lost:,} later audit entries: what they are about was done "
            "after the backup, and is not in it."
        )
        notes.append(Note(lost, loud=True))
    summarise(summary, tuple(notes), sentences=[said], as_json=json)


def _archive(kept: Register, given: Path | None) -> Path | None:
    if given is not None or kept.file is None:
        return given
    return archive_beside(kept.file)
