"""`harmhex partner`: what partners saw or keep on record, each source a layer of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from config.errors import BadInputError
from config.partner import partner_names
from config.standing import is_standing, standing_names
from harmhex.door import JsonOption, StoreOption, dates, summarise, told_plainly
from spatial.incidents.store import IncidentStore
from spatial.partners.beat_table import period_words
from spatial.partners.load import load_partners
from spatial.partners.standing import StandingStore
from spatial.partners.standing_commit import take_out
from spatial.partners.standing_load import load_standing
from spatial.partners.store import PartnerStore

_KINDS: Final = tuple(sorted((*partner_names(), *standing_names())))


@told_plainly
def partner(  # noqa: PLR0913 (a command's options)
    store: StoreOption,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of one source. Without any, the partner loads are listed."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help=f"{', '.join(_KINDS)}, or a .toml file of your own.", show_default=False),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="The day as of which a register of licensed premises stood.",
            show_default=False,
        ),
    ] = None,
    undo: Annotated[
        str | None,
        typer.Option(metavar="LOAD_ID", help="Take this load out again.", show_default=False),
    ] = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Load what a partner saw; it is never added to police figures, and no place name is kept.

    A register of licensed premises, and a table of safeguarding concerns by beat, take the place of
    the older one of the same source.

    Example: harmhex partner attendances.csv --store essex --kind emergency_department
    """
    if undo is not None:
        if files:
            msg = "Give either files to load or --undo with a load to take out, not both."
            raise BadInputError(msg)
        _undo(store, undo, as_json=json)
        return
    if not files:
        _list(store, as_json=json)
        return
    if kind is None:
        msg = (
            f"Say what kind of files these are: --kind {', --kind '.join(_KINDS)}, or "
            "--kind FILE.toml."
        )
        raise BadInputError(msg)
    if is_standing(kind):
        day = None if as_of is None else as_of.date()
        # the date on this desk, which is what a person means by today
        today = datetime.now().astimezone().date()
        result = load_standing(files, store, kind=kind, as_of=day, today=today)
    elif as_of is not None:
        msg = f"--as-of is for a register; each record of {kind!r} has a date of its own."
        raise BadInputError(msg)
    else:
        result = load_partners(files, store, kind=kind)
    figures = {
        "read": result.read,
        "stored": result.stored,
        "rejected": result.rejected,
        "duplicates": result.duplicates,
        "load_id": result.load_id,
    }
    balance = (
        f"{result.read:,} rows read = {result.stored:,} stored + {result.rejected:,} rejected + "
        f"{result.duplicates:,} duplicates (load {result.load_id})."
    )
    sentences = [balance]
    if result.rejected_file is not None:
        sentences.append(f"The rejected rows, with reasons: {result.rejected_file}")
    summarise(figures, result.notes, sentences=sentences, as_json=json)


def _undo(store: Path, load_id: str, *, as_json: bool) -> None:
    """Take one load out, and say what is shown in its place."""
    gone = take_out(store, load_id)
    said = f"The load {gone.load_id} of {gone.source} is taken out: {gone.stored:,} records."
    summary: dict[str, object] = {"load_id": gone.load_id, "removed": gone.stored}
    if gone.instead is not None:
        dated = period_words(gone.instead.since, gone.instead.through)
        said += f" Shown now: the load {gone.instead.load_id}, {dated}."
        summary["shown"] = gone.instead.load_id
    summarise(summary, (), sentences=[said], as_json=as_json)


def _list(store: Path, *, as_json: bool) -> None:
    """List the partner loads of a store."""
    IncidentStore.open(store)
    loads = PartnerStore.open(store).loads
    listed = [
        f"{load.load_id}  {load.stored:>10,} stored  {dates(load)}  "
        f"{load.source}, confidence {load.grade}"
        for load in loads
    ]
    held: list[dict[str, object]] = [
        {"load_id": load.load_id, "source": load.source, "kind": load.kind, "stored": load.stored}
        for load in loads
    ]
    standing = StandingStore.open(store)
    current = standing.current()
    for each in standing.loads:
        is_shown = each in current
        listed.append(
            f"{each.load_id}  {each.stored:>10,} stored  {period_words(each.since, each.through)}  "
            f"{each.source}, confidence {each.grade}{'' if is_shown else ', replaced (history)'}"
        )
        held.append(
            {
                "load_id": each.load_id,
                "source": each.source,
                "kind": each.kind,
                "stored": each.stored,
                "from": each.since.isoformat(),
                "to": each.through.isoformat(),
                "shown": is_shown,
            }
        )
    sentences = listed or ["The store holds no partner records."]
    summarise({"loads": held}, (), sentences=sentences, as_json=as_json)
