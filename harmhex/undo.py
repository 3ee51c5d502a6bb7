"""`harmhex undo`: take one load out of a store."""

from __future__ import annotations

from typing import Annotated

import typer

from harmhex.door import JsonOption, StoreOption, dates, summarise, told_plainly
from spatial.incidents.store import IncidentStore
from spatial.incidents.undo import undo_load


@told_plainly
def undo(
    store: StoreOption,
    load_id: Annotated[
        str | None,
        typer.Argument(help="The load to take out. Without it, the loads are listed."),
    ] = None,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Take one load out of a store, and only it; without an id, list the loads.

    Example: harmhex undo --store essex 3f2a9c0d11e4b576
    """
    if load_id is None:
        loads = IncidentStore.open(store).loads
        listed = [
            f"{load.load_id}  {load.stored:>12,} stored  {dates(load)}  "
            f"{', '.join(file.name for file in load.files[:3])}"
            f"{f' and {len(load.files) - 3} more files' if len(load.files) > 3 else ''}"  # noqa: PLR2004 (as many as a line holds)
            for load in loads
        ]
        held = [{"load_id": load.load_id, "stored": load.stored} for load in loads]
        summarise(
            {"loads": held}, (), sentences=listed or ["The store holds no loads."], as_json=json
        )
        return
    gone, notes = undo_load(store, load_id)
    said = (
        f"The load {gone.load_id} is taken out: {gone.stored:,} incidents of {len(gone.files)} "
        "files. Study areas and context layers stay."
    )
    summary = {"load_id": gone.load_id, "removed": gone.stored}
    summarise(summary, notes, sentences=[said], as_json=json)
