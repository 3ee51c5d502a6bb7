"""`harmhex locations`: doubtful locations listed, and decided on."""

from __future__ import annotations

import datetime as dt
import json as json_text
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from config.errors import BadInputError
from harmhex.door import JsonOption, StoreOption, summarise, told_plainly, write_file
from layers.data.suspects import recorded_words, suspects_lines
from spatial.incidents.checks.suspects import find_suspects
from spatial.incidents.decided.deciding import Asked, Recorded, decide, withdraw
from spatial.incidents.decided.decision_files import decisions_csv, read_asked, reason_named
from spatial.incidents.decided.decisions import Choice, Decision, Reason
from spatial.incidents.decided.positions import read_position, write_position
from spatial.incidents.store import IncidentStore
from spatial.notes import Notes


class Doing(StrEnum):
    """What may be done about a point."""

    KEEP = "keep"
    DROP = "drop"
    MOVE = "move"
    WITHDRAW = "withdraw"


@told_plainly
def locations(  # noqa: PLR0913 (the command's options)
    store: StoreOption,
    doing: Annotated[
        Doing | None,
        typer.Argument(
            help="What is decided about the point --at. Without it, doubtful points are listed.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            help="The point, as the list writes it: longitude, latitude.", show_default=False
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            help="Where to move it: longitude and latitude, easting and northing, or a grid "
            "reference.",
            show_default=False,
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help=f"One of: {', '.join(Reason)}.")] = Reason.OTHER.value,
    source: Annotated[
        str | None,
        typer.Option(
            help="Only incidents of this source. Without it, of all that have the point.",
            show_default=False,
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="CSV file of decisions to record, all or none: longitude, latitude, decision, "
            "to_longitude, to_latitude, reason.",
            show_default=False,
        ),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            help="CSV file to write the store's decisions to, for another store.",
            show_default=False,
        ),
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Points listed of each check.")] = 25,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """List points whose location is doubtful; keep, drop or move one, now and for later loads.

    Example: harmhex locations drop --store essex --at "0.4685000, 51.7343000"
    --reason "police station"
    """
    if sum(asked is not None for asked in (doing, decisions, export)) > 1:
        msg = "Decide on one point, read --decisions, or write --export: one of them at a time."
        raise BadInputError(msg)
    if doing is None and (at is not None or to is not None or source is not None):
        msg = "A point is given, but not what to do about it: keep, drop, move or withdraw."
        raise BadInputError(msg)
    if export is not None:
        held = IncidentStore.open(store).decisions
        write_file(export, decisions_csv(held))
        said = f"Written: {export} ({len(held):,} decisions)."
        _summarise("exported", held, 0, (), said, as_json=json)
    elif decisions is not None:
        asked = read_asked(decisions)
        _recorded(decide(store, asked, decided_on=_today(), file=decisions.name), as_json=json)
    elif doing is None:
        _list(store, most=most, as_json=json)
    else:
        _one(store, doing, at=at, to=to, reason=reason, source=source, as_json=json)


def _one(  # noqa: PLR0913 (as the command's)
    store: Path,
    doing: Doing,
    *,
    at: str | None,
    to: str | None,
    reason: str,
    source: str | None,
    as_json: bool,
) -> None:
    if at is None:
        msg = f'No point is given to {doing}: name it with --at "LONGITUDE, LATITUDE".'
        raise BadInputError(msg)
    longitude, latitude = read_position(at)
    if doing is Doing.WITHDRAW:
        gone = withdraw(store, longitude, latitude, source=source)
        said = (
            f"Withdrawn: what was decided about {write_position(longitude, latitude)}. Its "
            "incidents lie again where their source put them."
        )
        _summarise("withdrawn", gone, 0, (), said, as_json=as_json)
        return
    asked = Asked(
        longitude,
        latitude,
        Choice(doing.value),
        _reason(reason),
        to=None if to is None else read_position(to),
        source=source,
    )
    _recorded(decide(store, [asked], decided_on=_today()), as_json=as_json)


def _list(store: Path, *, most: int, as_json: bool) -> None:
    opened = IncidentStore.open(store)
    suspects = find_suspects(opened, most=most)
    summary = {
        "undecided": suspects.undecided,
        "decisions": len(opened.decisions),
        "checks": _records(suspects.counts),
        "bands": _records(suspects.bands),
        "points": _records(suspects.points),
    }
    summarise(summary, suspects.notes, sentences=suspects_lines(suspects), as_json=as_json)


def _records(table: Any) -> Any:  # noqa: ANN401 (a table, and what JSON makes of it)
    # through JSON, so that what is missing is null and numbers are plain
    return json_text.loads(table.to_json(orient="records", double_precision=10))


def _recorded(recorded: Recorded, *, as_json: bool) -> None:
    said = recorded_words(recorded.decisions, recorded.incidents)
    made, incidents = recorded.decisions, recorded.incidents
    _summarise("recorded", made, incidents, recorded.notes, said, as_json=as_json)


def _summarise(  # noqa: PLR0913 (what a summary is made of)
    done: str,
    decisions: tuple[Decision, ...],
    incidents: int,
    notes: Notes,
    said: str,
    *,
    as_json: bool,
) -> None:
    points = [
        {"source": one.source, "longitude": one.longitude, "latitude": one.latitude,
         "decision": one.choice.value}
        for one in decisions
    ]  # fmt: skip
    summary = {done: len(decisions), "incidents": incidents, "points": points}
    summarise(summary, notes, sentences=[said], as_json=as_json)


def _reason(text: str) -> Reason:
    try:
        return reason_named(text)
    except ValueError as error:
        msg = f"--reason: {error}."
        raise BadInputError(msg) from error


def _today() -> dt.date:
    # the date on this desk, which is what a person means by today
    return dt.datetime.now().astimezone().date()
