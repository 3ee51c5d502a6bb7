"""`harmhex daily`: the last 24 hours and 7 days beside the same before, as a page to print."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from config.errors import BadInputError
from harmhex.door import (
    JsonOption,
    StoreOption,
    StudyAreaOption,
    progress,
    summarise,
    told_plainly,
    write_folder,
)
from layers.daily.files import PAGE_FILE, daily_files
from layers.daily.words import headline, lag_words
from spatial.daily.daily import daily as look_back
from spatial.daily.results import DailyRequest, PatrolledList
from spatial.incidents.store import IncidentStore
from spatial.targets.kept.previous import read_previous
from spatial.window import day_words


@told_plainly
def daily(  # noqa: PLR0913 (the options of one command)
    store: StoreOption,
    out: Annotated[Path, typer.Option(help="Folder to write.", show_default=False)],
    on: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Date on which the 24 hours begin. Without it, the last whole ones of the data.",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str, typer.Option(help="Profile of serious violence, or a .toml file.")
    ] = "ark",
    targets: Annotated[
        Path | None,
        typer.Option(
            help="Folder that harmhex targets wrote: its places are counted too.",
            show_default=False,
        ),
    ] = None,
    study_area: StudyAreaOption = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Count the last 24 hours and 7 days, serious violence and antisocial behaviour apart.

    Example: harmhex daily --store saltmere --on 2026-10-30 --targets targets --out daily
    """
    request = DailyRequest(profile, on.date() if on else None, study_area)
    result = look_back(
        IncidentStore.open(store),
        request,
        patrolled=None if targets is None else _patrolled(targets),
        progress=progress,
    )
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    files = daily_files(result, today=today)
    write_folder(out, files)
    layers = {
        "Serious violence": result.violence,
        "Antisocial behaviour": result.disorder,
    }
    summary = {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "from": result.day.begins.isoformat(timespec="minutes"),
        "until": result.day.ends.isoformat(timespec="minutes"),
        "data_through": result.data_through.isoformat(),
        "sentences": {title: headline(layer, result) for title, layer in layers.items()},
        "near_repeats": result.near_repeats.rule or result.near_repeats.why_not,
        "open": len(result.near_repeats.areas),
        "out": str(out),
        "files": sorted(files),
    }
    sentences = [
        lag_words(result, today),
        *(f"{title}: {headline(layer, result)}" for title, layer in layers.items()),
        result.near_repeats.rule or result.near_repeats.why_not,
        f"Written: {out / PAGE_FILE} and {len(files) - 1} more (run {result.run_id}).",
    ]
    summarise(summary, result.notes, sentences=sentences, as_json=json)


def _patrolled(folder: Path) -> PatrolledList:
    """Read a list; what counts as since is what came after its window."""
    found = read_previous(folder)
    if found.chosen_on is None:
        msg = (
            f"{folder.name!r} does not say which dates chose it, so that what happened since "
            "cannot be counted. Give the folder with its manifest.json."
        )
        raise BadInputError(msg)
    since = found.chosen_on.last + dt.timedelta(days=1)
    called = f"{found.called}; since: after the window that chose it, from {day_words(since)} on"
    return PatrolledList(found.listed, since, called)
