"""Headers: which mapping reads a file, told by its column names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import BadInputError
from config.mapping import Mapping, shipped_mappings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.incidents.files.formats import OpenFile

# Columns that only stop-and-search records have, whatever the file is called.
_MOST_NAMED = 4
_SEARCHES = ("Object of search", "Self-defined ethnicity")
# data.police.uk gives the outcomes of crimes in files of their own
_OUTCOME, _CRIME = "Outcome type", "Crime type"


def choose_mapping(
    file: OpenFile, given: Mapping | None, *, kept: Sequence[Mapping] = ()
) -> Mapping:
    """Return the mapping that reads a file: the one given, if it fits, else the one that does.

    Parameters
    ----------
    file
        The file, opened.
    given
        The mapping that was named, None to tell it by the headings.
    kept
        Mappings saved in the store (see `spatial.incidents.mappings.kept`): one that fits is taken
        before any that is shipped, since somebody saved it for files like this.

    Raises
    ------
    BadInputError
        The mapping given needs a column the file does not have; or, with none given, no mapping or
        more than one fits. The message says what was looked for. Stop-and-search records, and
        files of outcomes alone, are refused, whatever mapping is given.
    """
    if any(file.has(column) for column in _SEARCHES):
        msg = (
            f"{file.name} holds stop-and-search records, which are never used: they show where "
            "police looked, not where people were harmed. Give the crime file instead."
        )
        raise BadInputError(msg)
    if file.has(_OUTCOME) and not file.has(_CRIME):
        msg = (
            f"{file.name} holds what became of crimes, not the crimes themselves. Give the file "
            "of street crimes of the same month."
        )
        raise BadInputError(msg)
    if given is not None:
        missing = _missing(file, given.wanted)
        if missing:
            _refuse_unplaceable(file, given, missing)
            lost = _listed(missing, word="or")
            msg = (
                f"{file.name} does not fit the mapping {given.name!r}: it has no column "
                f"{lost}. Its columns are {', '.join(file.header)}. Name the mapping "
                "that fits, or write one as a .toml file."
            )
            raise BadInputError(msg)
        return given
    shipped = shipped_mappings()
    fitting = _fitting(file, [mapping for mapping in kept if mapping.verified])
    fitting = fitting or _fitting(file, shipped)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = " and ".join(mapping.name for mapping in fitting)
        msg = f"{file.name} fits more than one mapping: {names}. Name one with --mapping."
        raise BadInputError(msg)
    for mapping in shipped:
        _refuse_unplaceable(file, mapping, _missing(file, (*mapping.required, *mapping.wanted)))
    looked = "; ".join(
        f"{mapping.name} needs {_listed(_missing(file, mapping.required))}" for mapping in shipped
    )
    msg = (
        f"No mapping fits {file.name}: {looked}. Name a mapping of your own (a .toml file) with "
        "--mapping; harmhex load --propose FILE writes a first draft of one."
    )
    raise BadInputError(msg)


def _fitting(file: OpenFile, mappings: Sequence[Mapping]) -> list[Mapping]:
    return [
        mapping for mapping in mappings if not _missing(file, (*mapping.required, *mapping.wanted))
    ]


def _missing(file: OpenFile, columns: Sequence[str]) -> list[str]:
    return [column for column in dict.fromkeys(columns) if not file.has(column)]


def _refuse_unplaceable(file: OpenFile, mapping: Mapping, missing: Sequence[str]) -> None:
    """Say so plainly where only the coordinates are missing."""
    places = mapping.columns.places
    if missing and set(missing) <= set(places):
        lost = _listed(missing, word="or")
        msg = (
            f"{file.name} has no column {lost}, so its incidents cannot be put on a "
            f"map. Export it again with {' and '.join(places)}."
        )
        raise BadInputError(msg)


def _listed(columns: Sequence[str], *, word: str = "and") -> str:
    """Name the first few columns, and say how many more there are."""
    named = [repr(column) for column in columns[:_MOST_NAMED]]
    rest = len(columns) - len(named)
    if rest:
        return f"{', '.join(named)} and {rest} more"
    return f" {word} ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
