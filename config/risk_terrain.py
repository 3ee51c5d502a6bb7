"""Risk terrain: what is tried, how it is chosen and what it is called, in ``risk_terrain.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from config.force_file import Section, read_section

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = Section("risk_terrain")

_Whole = Annotated[int, Field(ge=1)]
_Share = Annotated[float, Field(gt=0, lt=1)]
_Metres = Annotated[float, Field(gt=0, le=100_000)]
_Vowels = "aeiou"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DistanceRules(_Part):
    """Which distances are tried."""

    block_m: dict[int, _Metres]
    blocks: Annotated[int, Field(ge=1, le=10)]
    half_steps: bool


class FactorRules(_Part):
    """What counts as a factor."""

    type_columns: tuple[str, ...]
    fewest_features: _Whole
    most_factors: Annotated[int, Field(ge=1, le=200)]
    furthest_m: _Metres
    line_step_m: _Metres


class CandidateRules(_Part):
    """When a cell is dense, and when a variable tells anything."""

    deviations: Annotated[float, Field(gt=0)]
    fewest_cells: _Whole


class ModelRules(_Part):
    """How factors are chosen."""

    l1_ratio: Annotated[float, Field(gt=0, le=1)]
    strengths: Annotated[int, Field(ge=2, le=200)]
    least_strength: _Share
    folds: Annotated[int, Field(ge=2, le=20)]
    fewest_blocks: Annotated[int, Field(ge=2)]
    most_terms: _Whole
    fewest_incidents: _Whole


class StabilityRules(_Part):
    """How often the choice is made again."""

    resamples: Annotated[int, Field(ge=0, le=2000)]
    sure: _Share


class ValidationRules(_Part):
    """On what, and by how much of the area, the model is scored."""

    area_shares: Annotated[tuple[_Share, ...], Field(min_length=1)]
    held_back_months: _Whole
    most_months: _Whole
    resamples: _Whole
    level: _Share


class MapRules(_Part):
    """What the combined surface calls high."""

    high_share: _Share


class RiskRules(_Part):
    """All of it; each is explained beside its default in ``risk_terrain.toml``."""

    distances: DistanceRules
    factors: FactorRules
    candidates: CandidateRules
    model: ModelRules
    stability: StabilityRules
    validation: ValidationRules
    map: MapRules
    words: dict[str, tuple[str, str]]

    def words_of(self, kind: str) -> tuple[str, str]:
        """Return what one of a kind is called, and several: ``a pub``, ``pubs``."""
        if kind in self.words:
            return self.words[kind]
        plain = kind.replace("_", " ").replace("-", " ").strip() or kind
        article = "an" if plain[:1] in _Vowels else "a"
        return f"{article} {plain}", _several(plain)


def _several(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return word if word.endswith("s") and not word.endswith("ss") else f"{word}es"
    if word.endswith("y") and word[-2:-1] not in _Vowels:
        return f"{word[:-1]}ies"
    return f"{word}s"


def load_risk_rules(file: Path | None = None) -> RiskRules:
    """Read the rules in force, or those of a file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_section(SECTION, RiskRules, file=file)
