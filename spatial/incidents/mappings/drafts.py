"""Drafts: the first draft of a mapping for one file, as the text of a TOML file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spatial.incidents.files.sources import find_source_files
from spatial.incidents.mappings.preview import take_sample
from spatial.incidents.mappings.proposal import as_toml, propose_mapping

if TYPE_CHECKING:
    from pathlib import Path


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
    sample = take_sample(sources[0])
    name = re.sub("[^a-z0-9]+", "_", path.stem.casefold()).strip("_")
    name = name if re.match("[a-z]", name) else f"draft_{name}".rstrip("_")
    return (
        f"# Drafted from {sample.name}: check every line, save as a .toml file, and name it with\n"
        "# harmhex load --mapping FILE.toml. Set verified = true once it is held against the "
        "records.\n" + as_toml(propose_mapping(sample.columns, sample.rows(), name=name))
    )
