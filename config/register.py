"""What the register keeps, for how long and on which scale, with reasons in ``register.toml``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.force_file import Section, read_section

SECTION: Final = Section("register")
FILE: Final = SECTION.shipped
URL_VARIABLE: Final = "HARMHEX_REGISTER"

_Whole = Annotated[int, Field(ge=1)]
_Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=40)]
_Words = Annotated[tuple[_Word, ...], Field(min_length=1)]


class TensionRules(BaseModel):
    """The scale of tension, its themes, and how an entry fades."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    levels: Annotated[tuple[_Word, ...], Field(min_length=2, max_length=5)]
    themes: _Words
    restricted_themes: tuple[_Word, ...]
    review_days: _Whole
    expire_days: _Whole
    most_days: _Whole
    decay_days: _Whole
    trend_days: _Whole

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> TensionRules:
        unknown = sorted(set(self.restricted_themes) - set(self.themes))
        if unknown:
            msg = f"the restricted theme {unknown[0]!r} is not among the themes"
            raise ValueError(msg)
        if not self.review_days <= self.expire_days <= self.most_days:
            msg = "review_days, expire_days and most_days must not fall"
            raise ValueError(msg)
        return self


class Retention(BaseModel):
    """How long one kind of record is kept after it ended (days; 0 for always), and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=0)]
    reason: Annotated[str, Field(min_length=1)]


class RetentionRules(BaseModel):
    """One period for every kind of record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    anniversaries: Retention
    events: Retention
    tension: Retention
    operations: Retention
    targets: Retention
    overrides: Retention
    visits: Retention
    decisions: Retention
    loads: Retention
    exports: Retention
    sign_ins: Retention


class RegisterRules(BaseModel):
    """The register's settings; each is explained beside its default in ``register.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    wait_seconds: Annotated[float, Field(gt=0, le=600)]
    longest_label: Annotated[int, Field(ge=10, le=200)]
    longest_text: Annotated[int, Field(ge=10, le=1000)]
    next_days: _Whole
    past_days: Annotated[int, Field(ge=0)]
    radius_m: _Whole
    most_radius_m: _Whole
    most_lead_days: _Whole
    anniversary_kinds: _Words
    event_kinds: _Words
    visit_seen: _Words
    visit_done: _Words
    tension: TensionRules
    retention: RetentionRules


def load_register_rules(file: Path | None = None) -> RegisterRules:
    """Read the register's settings in force, or those of a file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_section(SECTION, RegisterRules, file=file)


def register_url(store: Path | None = None) -> str:
    """Return where the register is.

    The environment variable ``HARMHEX_REGISTER``, else the setting ``url``, else the file
    ``register.sqlite`` in the folder ``STORE-register`` beside the store: beside, not inside, so
    that a store made anew does not take its decisions with it. Without a store, the folder is
    ``harmhex-register`` where the program was started.
    """
    given = os.environ.get(URL_VARIABLE, "").strip() or load_register_rules().url
    if given:
        return given
    if store is None:
        return str(Path("harmhex-register", "register.sqlite"))
    whole = store.resolve()
    return str(whole.with_name(f"{whole.name}-register") / "register.sqlite")
