"""Drafts: the first draft of a mapping for one file, as the text of a TOML file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.mapping import personal
from spatial.incidents.formats import open_source
from spatial.incidents.proposal import as_toml, propose_mapping
from spatial.incidents.sources import find_source_files
from spatial.incidents.words import indices_of

if TYPE_CHECKING:
    from pathlib import Path

_SAMPLE: Final = 2_000  # rows


def draft_mapping(path: Path) -> str:
    """Draft a mapping from the headings and first rows of a file.

    Parameters
    ----------
    path
        Any file that a load reads; of an archive or folder the first is taken.

    Raises
    ------
    BadInputError
        The file cannot be read, or no column looks like a date, a location or an offence.
    """
    sources, _ = find_source_files([path])
    file = open_source(sources[0])
    # a column of names or free text is not read even for a draft
    header = [column for column in file.header if column and not personal(column)]
    if not header:
        msg = f"{file.name} has no column that may be read. Give a file of incidents."
        raise BadInputError(msg)
    raw = file.read(header)
    cells = [
        [None if place < 0 else words[place] for place in indices_of(column)[:_SAMPLE].tolist()]
        for column in (raw.columns[name] for name in header)
        for words in [column.dictionary.to_pylist()]
    ]
    rows = list(zip(*cells, strict=True))
    name = re.sub("[^a-z0-9]+", "_", path.stem.casefold()).strip("_")
    name = name if re.match("[a-z]", name) else f"draft_{name}".rstrip("_")
    return (
        f"# Drafted from {file.name}: check every line, save as a .toml file, and name it with\n"
        "# harmhex load --mapping FILE.toml. Set verified = true once it is held against the "
        "records.\n" + as_toml(propose_mapping(header, rows, name=name))
    )
