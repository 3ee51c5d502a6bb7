"""The backtest's request and result: what each ranking held of what came next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from config.profile import Profile
    from spatial.accuracy.recommendation import Recommendation
    from spatial.hexes.study_area import StudyArea
    from spatial.incidents.checks.banner import Banner
    from spatial.notes import Notes

AREA_SHARES: Final = (0.005, 0.01, 0.02, 0.05)
PLACES: Final = (20,)

ORIGIN_COLUMNS: Final = (
    "known_from", "known_to", "scored_from", "scored_to", "incidents", "harm_days",
)  # fmt: skip
"""Inclusive dates, and the profile's incidents and harm that were scored in the study area."""
PLACE_COLUMNS: Final = (
    "resolution", "cell", "rank", "expected", "chance", "standing", "own_history", "neighbours",
    "related", "base", "name",
)  # fmt: skip
"""``standing``: certain, might_be or near_miss; ``expected``: days of harm a year (incidents, of
profiles without harm), and the four parts that it is the sum of; ``name``: streets, or empty."""
STAYING_COLUMNS: Final = ("resolution", "standing", "places", "stayed", "share")
"""Of places of each standing, all origins together, how many the next origin's list held."""


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """What ``backtest`` is asked.

    Attributes
    ----------
    profile
        Name of a shipped profile, or path of a TOML file.
    study_area
        A file, a stored name, ``ever-incident``, or None for the only stored one.
    resolutions
        Of 8, 9 and 10; the recommendation is made on the first.
    horizon_months, horizon_days
        How far ahead places are scored: one of the two is 0.
    step_months
        From one origin to the next; None for the horizon.
    known_months
        Least months known before the first origin; None for a year, or what there is.
    area_shares, places
        How long the lists are: shares of the cells, and numbers of cells. Stability and certainty
        are of the first number.
    weights
        A shipped harm scheme's name, or the path of one's own; None for those stored at load.
    """

    profile: str
    study_area: str | None = None
    resolutions: tuple[int, ...] = (9,)
    horizon_months: int = 3
    horizon_days: int = 0
    step_months: int | None = None
    known_months: int | None = None
    area_shares: tuple[float, ...] = AREA_SHARES
    places: tuple[int, ...] = PLACES
    weights: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BacktestResult:
    """What every ranking would have held.

    Attributes
    ----------
    request
        As it was computed.
    origins
        ``ORIGIN_COLUMNS``, oldest first, of the first resolution's cells.
    scores, paired, stability
        Columns of :mod:`spatial.accuracy.scores` and :mod:`spatial.accuracy.trial`, and
        ``resolution``: pooled over origins, ties in expectation.
    by_origin
        The shares of each origin, and ``resolution``: :func:`spatial.accuracy.scores.origin_table`.
    recommendation
        On the first resolution; None where no share of the area was scored.
    certain_places
        ``PLACE_COLUMNS``: the list that would be made on the day after the data, and near misses.
    staying
        ``STAYING_COLUMNS``: what became of such standings before.
    cells
        By resolution, how many the study area has.
    left_out_days
        Patrolled place-days that were left out; 0 where none were given.
    """

    run_id: str
    version: str
    request: BacktestRequest
    profile: Profile
    study_area: StudyArea
    origins: pd.DataFrame
    scores: pd.DataFrame
    paired: pd.DataFrame
    stability: pd.DataFrame
    by_origin: pd.DataFrame
    recommendation: Recommendation | None
    certain_places: pd.DataFrame
    staying: pd.DataFrame
    cells: dict[int, int]
    horizon_words: str
    left_out_days: int
    data_from: dt.date
    data_through: dt.date
    harm_edition: str
    harm_sources: tuple[str, ...]
    marking: str
    notes: Notes
    quality: Banner

    @property
    def weighs_harm(self) -> bool:
        """Whether harm was scored beside incidents."""
        return bool(self.scores["captured_harm"].notna().any())


@dataclass(frozen=True, slots=True)
class Companion:
    """What lists chosen the same way on the past went on to hold.

    Attributes
    ----------
    measure
        ``harm``, or ``incidents`` where nothing has a weight.
    share, low, high
        0-1, pooled over origins, with its 95% interval.
    origins
        How many times a list was chosen and scored.
    horizon_words
        On how long each was scored.
    places, fewest_places
        How many were asked for, and the fewest that qualified on any origin.
    known_months
        On the fewest and the most months that a list was chosen.
    """

    measure: str
    share: float
    low: float
    high: float
    origins: int
    horizon_words: str
    places: int
    fewest_places: int
    known_months: tuple[float, float]
