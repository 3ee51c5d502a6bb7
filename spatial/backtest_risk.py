"""Risk terrain as a rival: fitted once for each resolution, on what the first origin knew."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.backtest_scene import planned
from spatial.hexes.grid import EVER_INCIDENT
from spatial.risk_report import risk_terrain
from spatial.risk_terrain.progress import Progress
from spatial.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spatial.accuracy.known import Known
    from spatial.backtest_results import BacktestRequest
    from spatial.incidents.store import IncidentStore
    from spatial.risk_results import RiskRequest

RISK_TERRAIN: Final = "risk_terrain"
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class FittedOnce:
    """A ranking that was worked out before the trial, and never learns.

    Attributes
    ----------
    scores
        In the grid's order, higher first, shape (n,).
    digest
        Of what it was fitted from, and of the scores: it is part of the backtest's run id.
    """

    scores: NDArray[np.float64]
    digest: str

    def __call__(self, known: Known) -> NDArray[np.float64]:
        """Return the scores, whatever is known."""
        if known.record.cells != len(self.scores):
            msg = f"Scores of {len(self.scores):,} cells rank no area of {known.record.cells:,}."
            raise ValueError(msg)
        return self.scores


def risk_rivals(
    store: IncidentStore,
    request: BacktestRequest,
    model: RiskRequest,
    *,
    progress: Callable[[str], None] | None = None,
) -> dict[int, dict[str, FittedOnce]]:
    """Fit a risk terrain for each resolution of a backtest, on the days before its first origin.

    Parameters
    ----------
    store, request
        As :func:`spatial.backtest.backtest` is asked, whose ``fitted_once`` this is for.
    model
        Factors, distances and kinds; its profile, window, study area, resolution, weights and
        resamples do not count.
    progress
        Told each step.

    Raises
    ------
    BadInputError
        As :func:`spatial.risk_report.risk_terrain` and
        :func:`spatial.accuracy.timeline.plan_timeline`; or the study area is wherever an incident
        ever was, which tells of the future.

    Notes
    -----
    Factors are as they stand in their files today. What was opened or closed since the first origin
    is a leak that no cut of the incidents can mend: use the layer of that day where there is one.
    """
    if request.study_area == EVER_INCIDENT:
        msg = (
            "A risk terrain cannot be tried on the area where an incident ever was: its cells tell "
            "of later months. Name a boundary, or leave the factors out."
        )
        raise BadInputError(msg)
    timeline = planned(store, request)
    window = Window(timeline.begins, timeline.origins[0].day - _DAY)
    tell = Progress(tell=None if progress is None else _only_words(progress))
    found = {}
    for resolution in request.resolutions:
        asked = replace(
            model,
            profile=request.profile,
            window=window,
            study_area=request.study_area,
            resolution=resolution,
            weights=request.weights,
            resamples=0,
        )
        result = risk_terrain(store, asked, progress=tell)
        scores = np.asarray(result.model.scores, dtype=np.float64)
        digest = hashlib.sha256(result.run_id.encode() + scores.tobytes()).hexdigest()
        found[resolution] = {RISK_TERRAIN: FittedOnce(scores, digest)}
    return found


def _only_words(progress: Callable[[str], None]) -> Callable[[str, float], None]:
    def tell(sentence: str, share: float) -> None:
        del share  # of the fit alone
        progress(f"Risk terrain: {sentence[:1].lower()}{sentence[1:]}")

    return tell
