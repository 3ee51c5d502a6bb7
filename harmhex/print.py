"""`harmhex print`: sheets for patrols, packs for teams and for the tasking meeting."""

from __future__ import annotations

import datetime as dt
import json as json_text
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from config.errors import BadInputError
from config.register import register_url
from config.settings import load_settings
from config.shifts import load_shifts
from harmhex.door import JsonOption, StoreOption, progress, summarise, told_plainly, write_file
from harmhex.register import opened
from layers.handout import handout_html
from layers.overlays import Mark, due_marks, tension_marks
from layers.print.files import KINDS, print_files
from layers.print.folder import read_targets_folder
from layers.print.material import beat_outlines
from layers.print.occasion import Occasion, first_day, read_schedule, read_what3words
from register import visits as kept_visits
from register.due import due
from register.tension import Sight, current
from spatial.incidents.store import IncidentStore
from spatial.window import day_words

_LONDON = ZoneInfo("Europe/London")
_HANDOUT: Final = "handout"
_STEP: Final = 10


@told_plainly
def print_targets(  # noqa: PLR0913 (the options of one command)
    targets: Annotated[
        Path, typer.Option(help="Folder that harmhex targets wrote.", show_default=False)
    ],
    store: StoreOption,
    out: Annotated[Path, typer.Option(help="File to write: .pdf, or .html.", show_default=False)],
    kind: Annotated[
        str | None,
        typer.Option(
            help="sheets (one a place), team (a summary page, then its sheets), tasking (the "
            "meeting's pack) or handout (a map for partners, .html). Without it: team where one is "
            "named, else sheets.",
            show_default=False,
        ),
    ] = None,
    team: Annotated[
        str | None,
        typer.Option(help="Only the places of this beat or ward.", show_default=False),
    ] = None,
    shift: Annotated[
        str | None, typer.Option(help="Mark the hours of this shift: early, late, night.")
    ] = None,
    first: Annotated[
        dt.datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            help="First day of the period. Without it, today, or the schedule's first day where "
            "today is none of its days.",
            show_default=False,
        ),
    ] = None,
    schedule: Annotated[
        Path | None,
        typer.Option(
            help="CSV of harmhex schedule: the day's visits are printed.", show_default=False
        ),
    ] = None,
    day: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Policing day whose visits are printed. Without it, the first of the period.",
            show_default=False,
        ),
    ] = None,
    evaluation: Annotated[
        Path | None,
        typer.Option(
            help="Folder or result.json of harmhex evaluate, for the tasking pack.",
            show_default=False,
        ),
    ] = None,
    what3words: Annotated[
        Path | None,
        typer.Option(help="CSV of area_id and what3words.", show_default=False),
    ] = None,
    register: Annotated[
        str | None,
        typer.Option(
            help="Register with anniversaries, tension and visits. Without it, the store's.",
            show_default=False,
        ),
    ] = None,
    study_area: Annotated[
        str | None,
        typer.Option("--study-area", help="The list's, where it was a file.", show_default=False),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="The list's, where it was a file.", show_default=False)
    ] = None,
    weights: Annotated[
        str | None, typer.Option(help="The list's, where they were a file.", show_default=False)
    ] = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Print a list of targets: a sheet for each place, a team's pack, or the meeting's.

    Example: harmhex print --targets targets --store saltmere --team "Pier and Old Town"
    --shift late --out sheets.pdf
    """
    wanted = kind or ("team" if team else "sheets")
    _require(wanted, out)
    folder = read_targets_folder(targets, study_area=study_area, profile=profile, weights=weights)
    incidents = IncidentStore.open(store)
    plan = None if schedule is None else read_schedule(schedule)
    today = dt.datetime.now(_LONDON).date()
    start = first_day(plan, today=today) if first is None else first.date()
    summary = {
        "run_id": folder.patrol.run_id,
        "kind": wanted,
        "places": len(folder.patrol.areas),
        "from": start.isoformat(),
        "out": str(out),
    }
    if wanted == _HANDOUT:
        write_file(out, handout_html(folder, incidents))
    else:
        occasion = _occasion(
            Occasion(
                first=start,
                day=None if day is None else day.date(),
                team=team,
                shift=None if shift is None else load_shifts().named(shift),
                schedule=plan,
                evaluation="" if evaluation is None else _verdict(evaluation),
                what3words={} if what3words is None else read_what3words(what3words),
            ),
            incidents,
            register=register,
        )
        progress(f"Drawing {len(folder.patrol.areas)} places ...")
        made = print_files(incidents, folder, occasion, kinds=(wanted,), progress=_told)
        write_file(out, made[f"{wanted}.pdf"])
    said = [f"Written: {out} (run {folder.patrol.run_id})."]
    if first is None and start != today:
        said.append(
            f"The period begins on {day_words(start)}, the schedule's first day: no --from was "
            "given, and the schedule has no visit today."
        )
    if folder.version_note:
        said.append(folder.version_note)
    summarise(summary, (), sentences=said, as_json=json)


def _require(kind: str, out: Path) -> None:
    known = (*KINDS, _HANDOUT)
    if kind not in known:
        msg = f"--kind is {kind!r}. Choose from {', '.join(known)}."
        raise BadInputError(msg)
    ending = ".html" if kind == _HANDOUT else ".pdf"
    if out.suffix.lower() != ending:
        form = ending[1:].upper()
        msg = f"--out is {out.name!r}, but {kind} is written as {form}. End it in {ending}."
        raise BadInputError(msg)


def _occasion(asked: Occasion, store: IncidentStore, *, register: str | None) -> Occasion:
    """Add what the register knows; a store without one is printed without."""
    where = register or register_url(store.path)
    if register is None and "://" not in where and not Path(where).is_file():
        return asked
    ahead = load_settings().period_days
    with opened(register, store.path) as kept, kept.reading() as session:
        soon = due(session, asked.first, next_days=ahead - 1, past_days=0)
        # what is restricted stays off paper
        tense = current(session, asked.first, sight=Sight.OPEN)
        made = kept_visits.table(session)
    marks: tuple[Mark, ...] = (
        *due_marks(soon),
        *tension_marks(tense, asked.first, beats=beat_outlines(store)),
    )
    return Occasion(
        first=asked.first,
        day=asked.day,
        team=asked.team,
        shift=asked.shift,
        schedule=asked.schedule,
        visits=made,
        due=soon,
        marks=marks,
        evaluation=asked.evaluation,
        what3words=asked.what3words,
    )


def _verdict(path: Path) -> str:
    file = path / "result.json" if path.is_dir() else path
    try:
        said = json_text.loads(file.read_text(encoding="utf-8"))["verdict"]
    except OSError as error:
        msg = (
            f"{file.name!r} cannot be opened ({(error.strerror or 'no reason').lower()}). Give the "
            "folder that harmhex evaluate wrote."
        )
        raise BadInputError(msg) from error
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{file.name} holds no verdict. Give the result.json that harmhex evaluate wrote."
        raise BadInputError(msg) from error
    if isinstance(said, dict):
        said = said.get("sentence") or said.get("words") or ""
    return str(said)


def _told(done: int, of: int) -> None:
    if done % _STEP == 0 or done == of:
        progress(f"{done} of {of} sheets drawn")
