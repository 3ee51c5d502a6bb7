"""`harmhex fetch`: public data, over the internet, only when a person asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmhex.door import JsonOption, progress, summarise, told_plainly
from harmhex.police_uk._remote_file import Patience
from harmhex.police_uk.archives import PUBLIC_ARCHIVE
from harmhex.police_uk.fetched import fetch_police_uk
from harmhex.police_uk.month import read_month

fetch = typer.Typer(
    help="Fetch public data. The only command that uses the internet.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@fetch.callback()
def _group() -> None:
    """Fetch public data. The only command that uses the internet."""


@fetch.command("police-uk")
@told_plainly
def police_uk(  # noqa: PLR0913 (the contract's options)
    force: Annotated[
        str, typer.Option(help="Force, as in the archive's file names.", show_default=False)
    ],
    from_month: Annotated[str, typer.Option("--from", help="First month.", show_default=False)],
    to_month: Annotated[
        str, typer.Option("--to", help="Last month, included.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="Folder to write into.", show_default=False)],
    source: Annotated[
        str,
        typer.Option(
            help="Address that holds YYYY-MM.zip, or a zip you saved from data.police.uk."
        ),
    ] = PUBLIC_ARCHIVE,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds to wait for a silent server.")
    ] = 30.0,
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Fetch a force's open data, month by month; what is there already is not fetched again.

    Example: harmhex fetch police-uk --force essex --from 2022-01 --to 2024-12 --out essex-data
    """
    fetched = fetch_police_uk(
        force,
        read_month(from_month, "--from"),
        read_month(to_month, "--to"),
        out=out,
        source=source,
        patience=Patience(timeout_s=timeout),
        progress=progress,
    )
    summary = {
        "force": fetched.force,
        "months": [str(month) for month in fetched.months],
        "written": [str(month) for month in fetched.written],
        "kept": [str(month) for month in fetched.kept],
        "missing": [str(month) for month in fetched.missing],
        "bytes": fetched.size,
    }
    balance = (
        f"{len(fetched.months)} months of {fetched.force} = {len(fetched.written)} written + "
        f"{len(fetched.kept)} already there + {len(fetched.missing)} missing "
        f"({fetched.size / 1e6:,.1f} MB, in {out})."
    )
    following = f"Next: harmhex load {out} --store {fetched.force}"
    summarise(summary, fetched.notes, sentences=[balance, following], as_json=json)
