"""`harmhex load`: incidents, boundary and context into a store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from harmhex.door import JsonOption, StoreOption, progress, summarise, told_plainly
from spatial.incidents.mappings.drafts import draft_mapping
from spatial.intake import load as load_files


def print_draft(file: Path | None) -> None:
    """Print a first draft of a mapping for a file, and stop there."""
    # a callback is given its one value: what a command is given besides would take its place
    if file is not None:
        _print_draft(file)
        raise typer.Exit


@told_plainly
def _print_draft(file: Path) -> None:
    typer.echo(draft_mapping(file), nl=False)


@told_plainly
def load(  # noqa: PLR0913 (typer's options)
    files: Annotated[
        list[Path],
        typer.Argument(help="CSV files, zips or folders; streets.geojson and the like too."),
    ],
    store: StoreOption,
    mapping: Annotated[
        str | None,
        typer.Option(
            help="Mapping name or .toml file. Without it, the headings decide.", show_default=False
        ),
    ] = None,
    boundary: Annotated[
        Path | None,
        typer.Option(help="Polygon file kept as a study area.", show_default=False),
    ] = None,
    propose: Annotated[  # noqa: ARG001 (its callback prints the draft)
        Path | None,
        typer.Option(
            help="Print a first draft of a mapping for this file, as TOML, and load nothing.",
            show_default=False,
            is_eager=True,
            callback=print_draft,
        ),
    ] = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Read incidents, check every row, and keep them; every row is accounted for.

    Example: harmhex load essex-2025.zip --store essex --boundary essex.geojson
    """
    today = dt.datetime.now(tz=ZoneInfo("Europe/London")).date()
    result = load_files(
        files, store, mapping=mapping, boundary=boundary, progress=progress, today=today
    )
    summary = {
        "read": result.read,
        "stored": result.stored,
        "rejected": result.rejected,
        "duplicates": result.duplicates,
        "replaced": result.replaced,
        "load_id": result.load_id,
    }
    balance = (
        f"{result.read:,} rows read = {result.stored:,} stored + {result.rejected:,} rejected + "
        f"{result.duplicates:,} duplicates (load {result.load_id})."
    )
    sentences = [balance]
    if result.rejected_file is not None:
        sentences.append(f"The rejected rows, with reasons: {result.rejected_file}")
    summarise(summary, result.notes, sentences=sentences, as_json=json)
