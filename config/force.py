"""Whose app this is: the force's name, whom to tell, its crest, in ``force.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from config.force_file import Section, read_section

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = Section("force")


class ForceIdentity(BaseModel):
    """Whose app this is; each key is explained beside its default in ``force.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(max_length=80)]
    contact: Annotated[str, Field(max_length=200)]
    crest: Annotated[str, Field(max_length=400)]


def load_force(file: Path | None = None) -> ForceIdentity:
    """Read whose app this is: what is in force, or a file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_section(SECTION, ForceIdentity, file=file)
