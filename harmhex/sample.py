"""`harmhex sample`: write the fictional sample town."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmhex.door import JsonOption, summarise, told_plainly, write_folder
from sample_geo.ready import DATA


@told_plainly
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write.")],
    json: JsonOption = False,  # noqa: FBT002 (a flag of the shell)
) -> None:
    """Write Saltmere, a fictional seaside town: incidents, boundary, streets, places.

    Example: harmhex sample saltmere-data
    """
    # what the generator writes, byte for byte: a test draws the town anew
    files = {path.name: path.read_bytes() for path in sorted(DATA.iterdir())}
    write_folder(folder, files)
    size = sum(len(content) for content in files.values())
    summary = {"files": [str(folder / name) for name in files], "bytes": size}
    done = (
        f"Saltmere (a fictional town) is written to {folder}: {len(files)} files, "
        f"{size / 1e6:.1f} MB."
    )
    following = f"Next: harmhex load {folder} --store saltmere"
    summarise(summary, (), sentences=[done, following], as_json=json)
