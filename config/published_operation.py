"""Published operations: designs to start from, and figures that are theirs, not computed here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.errors import BadInputError
from config.operation import Design  # noqa: TC001 (pydantic reads it at run time)
from config.toml_file import read_model

FOLDER: Final = Path(__file__).parent / "operations"

MARK: Final = "published, not recomputed"
"""What stands beside every figure of a published operation."""

_Text = Annotated[str, Field(min_length=1)]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PublishedDesign(_Said):
    """How it was done, as far as it is published; None where it is not."""

    design: Design
    places: Annotated[int, Field(ge=1)]
    days: Annotated[int, Field(ge=1)] | None = None
    treated_each_day: Annotated[int, Field(ge=1)] | None = None
    place_days_treated: Annotated[int, Field(ge=1)] | None = None
    place_days_control: Annotated[int, Field(ge=1)] | None = None
    start: str = ""
    end: str = ""
    profiles: tuple[_Text, ...] = ()
    buffer_m: Annotated[int, Field(ge=0)] | None = None
    patrol: _Text
    places_chosen: _Text


class PublishedFigure(_Said):
    """One figure: a change or share from -1 upwards; ``significant`` None where it is not said."""

    what: _Text
    measure: Literal["count", "harm", "compliance", "area_share", "harm_share"]
    value: Annotated[float, Field(ge=-1)]
    significant: bool | None = None
    caution: _Text


class PublishedOperation(_Said):
    """A published operation.

    Attributes
    ----------
    template
        Its design, from which an operation of one's own can start.
    figures
        What was printed; shown only with ``MARK`` and each with its caution.
    source
        Where they were read.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: _Text
    when: _Text
    description: _Text
    template: PublishedDesign
    figures: Annotated[tuple[PublishedFigure, ...], Field(min_length=1)]
    not_published: _Text
    source: _Text


def published_names() -> tuple[str, ...]:
    """Return the names of the shipped published operations, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_published(name: str) -> PublishedOperation:
    """Read a shipped published operation by name.

    Raises
    ------
    BadInputError
        No such operation; the message lists those there are.
    """
    if name not in published_names():
        msg = f"There is no example {name!r}. Choose one of {', '.join(published_names())}."
        raise BadInputError(msg)
    return read_model(FOLDER / f"{name}.toml", PublishedOperation)
