"""What is printed: settings of sheets and packs, with their reasons in ``print.toml``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.force_file import Section, read_section
from config.profile import Tier  # noqa: TC001 (pydantic reads it)

SECTION: Final = Section("print")
FILE: Final = SECTION.shipped
FILE_VARIABLE: Final = "HARMHEX_PRINT"
"""Environment variable that names a whole file of print settings, read in place of all others."""

_Whole = Annotated[int, Field(ge=1)]
_Line = Annotated[str, Field(min_length=1, max_length=110)]
_Letter = Annotated[str, Field(min_length=1, max_length=1)]


class Prompt(BaseModel):
    """What to look for and what to mend where these kinds of offence happen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    look: tuple[_Line, ...]
    fix: tuple[_Line, ...]


class PrintSettings(BaseModel):
    """The settings in force; each is explained beside its default in ``print.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form_url: Annotated[str, Field(max_length=400)]
    logo: str
    expiry_days: Annotated[int, Field(ge=1, le=92)]
    near_m: Annotated[float, Field(ge=0, le=500)]
    most_marks: _Whole
    most_entries: _Whole
    record_rows: Annotated[int, Field(ge=3, le=12)]
    no_grounds: _Line
    how: _Line
    marks: dict[str, tuple[_Letter, str]]
    least_share: Annotated[float, Field(gt=0, lt=1)]
    most_lines: Annotated[int, Field(ge=1, le=6)]
    prompt: tuple[Prompt, ...]

    @model_validator(mode="after")
    def _letters_differ(self) -> PrintSettings:
        letters = [letter for letter, _ in self.marks.values()]
        twice = sorted({one for one in letters if letters.count(one) > 1})
        if twice:
            msg = f"two kinds of places share the letter {twice[0]!r}"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _address(self) -> PrintSettings:
        if self.form_url and not self.form_url.startswith(("https://", "http://")):
            msg = f"form_url is {self.form_url!r}: write the whole address, beginning https://"
            raise ValueError(msg)
        return self


def load_print_settings(file: Path | None = None) -> PrintSettings:
    """Read the print settings in force, or those of a file.

    Parameters
    ----------
    file
        A file that holds every key. None for the one that ``HARMHEX_PRINT`` names, else the
        settings in force.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    named = os.environ.get(FILE_VARIABLE, "").strip()
    return read_section(SECTION, PrintSettings, file=file or (Path(named) if named else None))
