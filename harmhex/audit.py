"""`harmhex audit`: whether the record of who did what is whole."""

from __future__ import annotations

from typing import Annotated

import typer

from harmhex.door import JsonOption, summarise, told_plainly
from harmhex.register import BesideOption, PlaceOption, opened
from register.anchor import verify as check
from spatial.notes import Note

audit = typer.Typer(name="audit", help="Check the record of who did what.", no_args_is_help=True)


@audit.callback()
def _several() -> None:
    """Check the record of who did what."""


@audit.command("verify")
@told_plainly
def verify(
    place: PlaceOption = None,
    store: BesideOption = None,
    noted: Annotated[
        str | None,
        typer.Option(
            "--noted",
            metavar="NUMBER:HASH",
            help="The head that an earlier check printed.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Check every entry against the one before it, the anchor, and a head noted earlier.

    Example: harmhex audit verify --store essex
    """
    with opened(place, store) as kept, kept.reading() as session:
        verdict = check(session, kept.anchor, noted=noted)
    head = f"{verdict.entries}:{verdict.head}"
    summary = {
        "whole": verdict.whole,
        "entries": verdict.entries,
        "head": head,
        "troubles": list(verdict.troubles),
    }
    said = f"The audit is whole: {verdict.entries:,} entries. Note its head: {head}"
    if not verdict.whole:
        said = f"The audit is NOT whole: {'; '.join(verdict.troubles)}."
    notes = tuple(Note(text, loud=True) for text in verdict.remarks)
    summarise(summary, notes, sentences=[said], as_json=json)
    if not verdict.whole:
        raise typer.Exit(1)
