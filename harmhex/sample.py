"""`harmhex sample`: write the fictional sample town."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmhex.door import JsonOption, summarise, told_plainly
from sample_geo.write import write_sample


@told_plainly
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write.")],
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Write Saltmere, a fictional seaside town: incidents, boundary, streets, places.

    Example: harmhex sample saltmere-data
    """
    written = write_sample(folder)
    size = sum(path.stat().st_size for path in written)
    summary = {"files": [str(path) for path in written], "bytes": size}
    done = (
        f"Saltmere (a fictional town) is written to {folder}: {len(written)} files, "
        f"{size / 1e6:.1f} MB."
    )
    following = f"Next: harmhex load {folder} --store saltmere"
    summarise(summary, (), sentences=[done, following], as_json=json)
