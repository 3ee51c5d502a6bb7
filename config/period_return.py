"""The period return's layout: which columns a funder asks for, and where each comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import BadInputError
from config.force_file import Section, force_file, read_section
from config.register import load_register_rules

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = Section("period_return")
PLAIN_SOURCES: Final = (
    "period",
    "first_day",
    "last_day",
    "hours",
    "visit_hours",
    "visits",
    "places",
    "places_listed",
)
"""Sources that stand alone."""
OWN_HEADINGS: Final = ("Notes", "Marking")
"""Headings of the last two columns, which every return has."""
NAMED_SOURCES: Final = ("seen", "done", "incidents", "harm")
"""Sources that are followed by a colon and a word of the register, or a profile."""


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"


class ReturnColumn(BaseModel):
    """One column: what it is called, and its source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: Annotated[str, Field(min_length=1, max_length=120)]
    source: str

    @property
    def kind(self) -> str:
        """The source without what it names."""
        return self.source.partition(":")[0]

    @property
    def of(self) -> str:
        """The word or profile that the source names; empty where it stands alone."""
        return self.source.partition(":")[2]


class ReturnLayout(BaseModel):
    """The return's columns; each is explained beside its default in ``period_return.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: PeriodKind
    fewest_shown: Annotated[int, Field(ge=1)]
    columns: Annotated[tuple[ReturnColumn, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _headings_once(self) -> ReturnLayout:
        headings = [column.heading for column in self.columns]
        twice = sorted({one for one in headings if headings.count(one) > 1})
        if twice:
            msg = f"two columns have the heading {twice[0]!r}"
            raise ValueError(msg)
        if own := sorted(set(headings) & set(OWN_HEADINGS)):
            msg = f"the heading {own[0]!r} is the return's own"
            raise ValueError(msg)
        return self


def load_return_layout(file: Path | None = None) -> ReturnLayout:
    """Read the layout of a return: the one in force, or that of a file.

    Raises
    ------
    BadInputError
        The file is missing or unreadable; a key is unknown, missing or out of range; or a source is
        none of those there are.
    """
    layout = read_section(SECTION, ReturnLayout, file=file)
    require_sources(layout, name=force_file().name if file is None else file.name)
    return layout


def require_sources(layout: ReturnLayout, *, name: str = "The return") -> None:
    """Refuse a layout that asks for what there is not; ``name`` is what the message calls it.

    Raises
    ------
    BadInputError
        A source is none of those there are, or names a word that the register does not keep.
    """
    rules = load_register_rules()
    words = {"seen": rules.visit_seen, "done": rules.visit_done}
    for column in layout.columns:
        if column.source in PLAIN_SOURCES:
            continue
        if column.kind not in NAMED_SOURCES or not column.of:
            named = ", ".join(f"{kind}:NAME" for kind in NAMED_SOURCES)
            msg = (
                f"{name}: column {column.heading!r}: there is no source {column.source!r}. "
                f"Choose one of {', '.join(PLAIN_SOURCES)}, {named}."
            )
            raise BadInputError(msg)
        if column.of not in words.get(column.kind, (column.of,)):
            msg = (
                f"{name}: column {column.heading!r}: no visit can say {column.source!r}. "
                f"Choose one of {', '.join(words[column.kind])}."
            )
            raise BadInputError(msg)
