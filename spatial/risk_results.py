"""Requests and results of risk terrain modelling: what it is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import pandas as pd

    from config.profile import Profile
    from config.risk_terrain import RiskRules
    from spatial.hexes.grid import HexGrid
    from spatial.incidents.checks.banner import Banner
    from spatial.notes import Notes
    from spatial.risk_terrain.model import RiskModel
    from spatial.risk_terrain.operationalisation import Operationalisation
    from spatial.window import Window

CELL_COLUMNS: Final = (
    "cell", "risk_score", "risk_rank", "why", "incidents", "harm_days", "risk_times_harm", "place",
)  # fmt: skip
SCORE_COLUMNS: Final = (
    "method", "area_share", "measure", "captured", "pai", "pei",
)  # fmt: skip
PAIRED_COLUMNS: Final = (
    "method", "against", "area_share", "measure", "difference", "low", "high",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RiskRequest:
    """What risk terrain modelling is asked.

    Attributes
    ----------
    profile
        Name of a shipped profile, or path of a TOML file.
    window
        Inclusive dates on which the model is fitted.
    factors
        Files of places, lines and areas; none for the store's own layers of them.
    study_area, resolution, weights
        As in :class:`spatial.results.HotspotRequest`; resolution None for the finest that the data
        can carry.
    distances_m
        Metres that are tried; none for those of the blocks.
    block_m, blocks, half_steps
        A block in metres, how many of them the furthest distance is, and whether half blocks are
        tried; None for what ``config/risk_terrain.toml`` has.
    operationalisations
        ``proximity``, ``density`` or both.
    type_columns
        Which columns say what a feature is; none to look for known ones.
    kinds
        Only these kinds of features; none for all.
    exposure
        What incidents are in proportion to: ``residents`` for the store's population layer, a file
        of the same kind, or ``none``; None for residents where the store holds them.
    protective
        Whether factors may lower risk.
    resamples
        On which stability rests; None for the setting.
    seed
        Of folds and resamples.
    """

    profile: str
    window: Window
    factors: tuple[Path, ...] = ()
    study_area: str | None = None
    resolution: int | None = None
    weights: str | None = None
    distances_m: tuple[float, ...] = ()
    block_m: float | None = None
    blocks: int | None = None
    half_steps: bool | None = None
    operationalisations: tuple[str, ...] = ("proximity", "density")
    type_columns: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    exposure: str | None = None
    protective: bool = False
    resamples: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """How the model did on months it had not seen.

    Attributes
    ----------
    fitted, scored
        The windows; None where there are no such months.
    held_back
        Whether the scored months were taken out of the window asked for, and the model fitted
        again without them; else they come after it.
    incidents
        Of the scored window.
    scores
        ``SCORE_COLUMNS``: the shares of incidents and harm that the same share of the area held,
        by method, ties in expectation.
    paired
        ``PAIRED_COLUMNS``: how much more the risk terrain held than another method, with an
        interval over blocks of ground.
    pai
        Of the risk terrain for incidents, at the first share of the settings; None without.
    beats
        Whether it held clearly more than every rival; None where there is nothing to say it by.
    sentence
        In words, or why there is nothing.
    """

    fitted: Window | None
    scored: Window | None
    held_back: bool
    incidents: int
    scores: pd.DataFrame
    paired: pd.DataFrame
    pai: float | None
    beats: bool | None
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class RiskResult:
    """A risk terrain, from one run.

    Attributes
    ----------
    model
        Terms, scores and everything tried.
    grid
        The cells that its arrays are in the order of.
    cells
        ``CELL_COLUMNS``, every cell of the study area in the grid's order. ``risk_times_harm`` is
        the risk score times the window's harm (incidents where nothing weighs it); ``place`` says
        whether risk is high and harm was recent.
    hows
        What was tried of each factor.
    validation
        How the model did on months it had not seen.
    rules
        Under which it was made; the words of its factors.
    notes, quality
        Automatic choices, and how far the data can be trusted.
    """

    run_id: str
    version: str
    request: RiskRequest
    profile: Profile
    window: Window
    resolution: int
    grid: HexGrid
    model: RiskModel
    cells: pd.DataFrame
    hows: tuple[Operationalisation, ...]
    validation: Validation
    rules: RiskRules
    data_through: dt.date
    marking: str
    notes: Notes
    quality: Banner
