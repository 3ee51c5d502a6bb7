"""`harmhex partner`: ambulance, hospital and deaths records, each a layer of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.errors import BadInputError
from config.partner import partner_names
from harmhex.door import JsonOption, StoreOption, dates, summarise, told_plainly
from spatial.incidents.store import IncidentStore
from spatial.partners.commit import undo_partner_load
from spatial.partners.load import load_partners
from spatial.partners.store import PartnerStore


@told_plainly
def partner(
    store: StoreOption,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of one source. Without any, the partner loads are listed."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help=f"{', '.join(partner_names())}, or a .toml file of your own.", show_default=False
        ),
    ] = None,
    undo: Annotated[
        str | None,
        typer.Option(metavar="LOAD_ID", help="Take this load out again.", show_default=False),
    ] = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Load what a partner saw; it is never added to police figures, and no place name is kept.

    Example: harmhex partner attendances.csv --store essex --kind emergency_department
    """
    if undo is not None:
        if files:
            msg = "Give either files to load or --undo with a load to take out, not both."
            raise BadInputError(msg)
        gone = undo_partner_load(store, undo)
        said = f"The load {gone.load_id} of {gone.source} is taken out: {gone.stored:,} records."
        summary = {"load_id": gone.load_id, "removed": gone.stored}
        summarise(summary, (), sentences=[said], as_json=json)
        return
    if not files:
        _list(store, as_json=json)
        return
    if kind is None:
        msg = (
            f"Say what kind of files these are: --kind {', --kind '.join(partner_names())}, or "
            "--kind FILE.toml."
        )
        raise BadInputError(msg)
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


def _list(store: Path, *, as_json: bool) -> None:
    """List the partner loads of a store."""
    IncidentStore.open(store)
    loads = PartnerStore.open(store).loads
    listed = [
        f"{load.load_id}  {load.stored:>10,} stored  {dates(load)}  "
        f"{load.source}, confidence {load.grade}"
        for load in loads
    ]
    held = [
        {"load_id": load.load_id, "source": load.source, "kind": load.kind, "stored": load.stored}
        for load in loads
    ]
    sentences = listed or ["The store holds no partner records."]
    summarise({"loads": held}, (), sentences=sentences, as_json=as_json)
