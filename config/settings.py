"""Settings of analyses and marking, with defaults and their reasons in ``settings.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from config.force_file import Section, read_section

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = Section("")

_Whole = Annotated[int, Field(ge=1)]
_Share = Annotated[float, Field(gt=0, lt=1)]
_Kind = Annotated[str, Field(pattern=r"^[a-z][a-z_-]*$")]


def _one_line(text: str) -> str:
    if text and (not text.strip() or not text.isprintable()):
        msg = f"{text!r} is blank, or more than one line of plain text"
        raise ValueError(msg)
    return text


class QualitySettings(BaseModel):
    """Where the quality banner says "care" and "poor", and what counts as a gap or a change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    care_unlocated: _Share
    poor_unlocated: _Share
    care_untested: _Share
    poor_untested: _Share
    care_rejected: _Share
    poor_rejected: _Share
    poor_missing: _Share
    thin_month: _Share
    expected_unseen: Annotated[float, Field(ge=1)]
    recorded_step: _Share
    marked_ratio: Annotated[float, Field(gt=1)]
    false_alarms: _Share

    @model_validator(mode="after")
    def _care_before_poor(self) -> QualitySettings:
        for what in ("unlocated", "untested", "rejected"):
            care, poor = getattr(self, f"care_{what}"), getattr(self, f"poor_{what}")
            if care >= poor:
                msg = f"care_{what} is {care:g} and poor_{what} {poor:g}: care has to come first"
                raise ValueError(msg)
        return self


class Settings(BaseModel):
    """The settings in force; each is explained beside its default in ``settings.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    marking: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_one_line)]
    handling: Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
    places: Annotated[int, Field(ge=1, le=500)]
    resolution: Annotated[int, Field(ge=8, le=10)]
    fewest_cells: Annotated[int, Field(ge=1, le=50)]
    most_cells: Annotated[int, Field(ge=1, le=50)]
    separation_m: Annotated[float, Field(ge=0, le=50_000)]
    travel_minutes: Annotated[float, Field(ge=0, le=240)]
    period_days: Annotated[int, Field(ge=1, le=366)]
    coarse_resolution: Annotated[int, Field(ge=8, le=10)]
    precise_enough_m: Annotated[float, Field(gt=0, le=5000)]
    ring: Annotated[int, Field(ge=1, le=3)]
    fewest_incidents: _Whole
    fewest_dates: _Whole
    fewest_months: _Whole
    untelling: tuple[_Kind, ...]
    fewest_shown: Annotated[int, Field(ge=1, le=100)]
    quality: QualitySettings

    @model_validator(mode="after")
    def _in_order(self) -> Settings:
        if self.fewest_cells > self.most_cells:
            msg = f"fewest_cells is {self.fewest_cells}, more than most_cells, {self.most_cells}"
            raise ValueError(msg)
        if self.coarse_resolution > self.resolution:
            msg = (
                f"coarse_resolution is {self.coarse_resolution}, finer than resolution, "
                f"{self.resolution}"
            )
            raise ValueError(msg)
        return self


def load_settings(file: Path | None = None) -> Settings:
    """Read the settings in force, or those of a file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_section(SECTION, Settings, file=file)
