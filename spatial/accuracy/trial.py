"""The trial: every ranking chosen on every origin, and what its places went on to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.accuracy.capture import Outcome, Ranking, captured_by, outcome_of, ranking
from spatial.accuracy.certainty import certainty
from spatial.accuracy.expectation import can_expect, expected_harm_of
from spatial.accuracy.known import YEAR, Known
from spatial.accuracy.overlap import jaccard, rank_biased_overlap
from spatial.accuracy.patrolled import MOST_LOST
from spatial.accuracy.rivals import ORACLE
from spatial.hotspots.expected.expected_harm import PARTS
from spatial.window import day_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from spatial.accuracy.ground import BacktestGround
    from spatial.accuracy.record import Record
    from spatial.accuracy.rivals import Rival
    from spatial.accuracy.timeline import Horizon, Origin, Timeline

    Floats = NDArray[np.float64]
    Lost = Callable[[Origin], Floats]

STABILITY_COLUMNS: Final = ("method", "places", "jaccard", "rank_biased_overlap", "pairs")


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the lists are.

    Attributes
    ----------
    shares
        Shares of the cells, 0-1: cells of one resolution differ in area by a few per cent at most.
    places
        Numbers of cells.
    cells
        Of the area.
    """

    shares: tuple[float, ...]
    places: tuple[int, ...]
    cells: int

    @property
    def wanted(self) -> tuple[float, ...]:
        """Cells chosen, shares first; need not be whole."""
        return (*(share * self.cells for share in self.shares), *map(float, self.places))

    @property
    def area_shares(self) -> tuple[float, ...]:
        """The same as shares of the area."""
        return tuple(wanted / self.cells for wanted in self.wanted)

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """The number of places asked for, None where a share was."""
        return (*(None for _ in self.shares), *self.places)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What every list held on every origin.

    Attributes
    ----------
    lengths
        Of the lists.
    captured, captured_harm
        By method, shape (origins, lengths, blocks): incidents, and days of harm.
    total, total_harm
        All there was, shape (origins, blocks). Blocks that never held anything are left out.
    trained, trained_total
        Incidents of the last twelve months known in the chosen cells, by method, shape (origins,
        lengths); and in all cells, shape (origins,).
    stability
        ``STABILITY_COLUMNS``: means over consecutive origins.
    certain
        For each origin, places by how sure they are; None where nothing could be expected.
    """

    lengths: Lengths
    captured: dict[str, Floats]
    captured_harm: dict[str, Floats]
    total: Floats
    total_harm: Floats
    trained: dict[str, Floats]
    trained_total: Floats
    stability: pd.DataFrame
    certain: tuple[pd.DataFrame | None, ...]


def run_trial(  # noqa: PLR0913 (ground, past and future, and what is tried)
    ground: BacktestGround,
    record: Record,
    timeline: Timeline,
    *,
    horizon: Horizon,
    rivals: Mapping[str, Rival],
    lengths: Lengths,
    weighs_harm: bool,
    fitted_once: Mapping[str, Rival] | None = None,
    lost: Lost | None = None,
    certain: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Trial:
    """Choose on every origin by every rival, and score what follows.

    Parameters
    ----------
    ground, record, timeline
        Of one resolution. Rivals are given the record up to the origin and nothing later.
    rivals
        By name.
    weighs_harm
        Whether certainty is of harm or of incidents.
    fitted_once
        Rankings worked out on the first origin and kept for all of them.
    lost
        Days of an origin's horizon on which each cell was patrolled, shape (n,), where patrolled
        place-days were left out: cells patrolled on most days are neither chosen nor scored, and
        what is left of the others is raised to the whole.
    certain
        Whether places are also sorted by how sure they are, which takes a fit of its own.
    progress
        Told each origin.
    """
    names = (*rivals, *(fitted_once or {}), ORACLE)
    kept: dict[str, Floats] = {}
    before: dict[str, Ranking] = {}
    rows: list[_Row] = []
    overlaps: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    depth = lengths.places[0] if lengths.places else 0
    for number, origin in enumerate(timeline.origins, start=1):
        if progress is not None:
            progress(f"Origin {number} of {len(timeline.origins)}: {day_words(origin.day)}")
        known = known_on(ground, record, timeline, origin, horizon=horizon)
        outcome, unscored = _outcome(ground, record, timeline, origin, lost)
        if not kept:
            kept = {name: rank(known) for name, rank in (fitted_once or {}).items()}
        ranked: dict[str, Ranking] = {}
        for name, rank in rivals.items():
            ranked[name] = _without(rank(known), unscored)
        ranked.update({name: _without(scores, unscored) for name, scores in kept.items()})
        sure = None
        if certain and depth:
            sure = certain_places(known, places=depth, weighs_harm=weighs_harm)
        rows.append(_score(known, ranked, outcome, lengths, sure))
        for name, now in ranked.items():
            if depth and name in before:
                overlaps[name].append(
                    (
                        jaccard(before[name], now, places=depth),
                        rank_biased_overlap(before[name], now, places=depth),
                    )
                )
        before = ranked
    return _joined(rows, lengths, overlaps, depth)


def known_on(
    ground: BacktestGround, record: Record, timeline: Timeline, origin: Origin, *, horizon: Horizon
) -> Known:
    """Return what is known on an origin: the record is cut there."""
    past = record.between(0, (origin.day - timeline.begins).days)
    return Known(ground, past, timeline, origin.day, horizon.in_months)


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    # one origin
    captured: dict[str, Floats]
    captured_harm: dict[str, Floats]
    total: Floats
    total_harm: Floats
    trained: dict[str, Floats]
    trained_total: float
    certain: pd.DataFrame | None


def _outcome(
    ground: BacktestGround, record: Record, timeline: Timeline, origin: Origin, lost: Lost | None
) -> tuple[Outcome, NDArray[np.bool_] | None]:
    first, until = ((day - timeline.begins).days for day in (origin.day, origin.until))
    after = record.between(first, until)
    incidents, harm = after.summed("incidents"), after.summed("harm")
    unscored = None
    if lost is not None:
        unscored = lost(origin) > MOST_LOST * (until - first)
        incidents, harm = (np.where(unscored, 0.0, each) for each in (incidents, harm))
    return outcome_of(incidents, harm, ground.blocks), unscored


def _without(scores: Floats, unscored: NDArray[np.bool_] | None) -> Ranking:
    return ranking(scores if unscored is None else np.where(unscored, -np.inf, scores))


def _score(
    known: Known,
    ranked: Mapping[str, Ranking],
    outcome: Outcome,
    lengths: Lengths,
    sure: pd.DataFrame | None,
) -> _Row:
    year = known.last(YEAR).summed("incidents")
    busy = np.flatnonzero(year)
    captured, captured_harm, trained = {}, {}, {}
    for name, one in ranked.items():
        captured[name], captured_harm[name] = captured_by(one, outcome, lengths.wanted)
        trained[name] = np.array(
            [year[busy] @ one.chosen(wanted, busy) for wanted in lengths.wanted]
        )
    captured[ORACLE], captured_harm[ORACLE] = _best(known.record.cells, outcome, lengths)
    trained[ORACLE] = np.full(len(lengths.wanted), np.nan)
    return _Row(
        captured,
        captured_harm,
        outcome.held(outcome.incidents),
        outcome.held(outcome.harm),
        trained,
        float(year.sum()),
        sure,
    )


def certain_places(known: Known, *, places: int, weighs_harm: bool) -> pd.DataFrame | None:
    """Return places by how sure they are among the first N, None where nothing can be expected.

    Returns
    -------
    `spatial.accuracy.certainty.CERTAINTY_COLUMNS`, and
    `spatial.hotspots.expected.expected_harm.PARTS`, which add up to ``expected``.
    """
    usable = can_expect(known, months=YEAR) if weighs_harm else known.last(YEAR).weights()
    if not usable:
        return None
    found = expected_harm_of(known, months=YEAR, unweighed=not weighs_harm)
    sorted_out = certainty(found.harm_days, found.variance, places=places)
    at = sorted_out["position"].to_numpy(np.int64)
    return sorted_out.assign(**{part: found.parts[part][at] for part in PARTS})


def _best(cells: int, outcome: Outcome, lengths: Lengths) -> tuple[Floats, Floats]:
    # the best choice there was, had the future been known: by incidents, and by harm
    incidents, harm = np.zeros(cells), np.zeros(cells)
    incidents[outcome.cells], harm[outcome.cells] = outcome.incidents, outcome.harm
    by_incidents, _ = captured_by(ranking(incidents), outcome, lengths.wanted)
    _, by_harm = captured_by(ranking(harm), outcome, lengths.wanted)
    return by_incidents, by_harm


def _joined(
    rows: Sequence[_Row],
    lengths: Lengths,
    overlaps: Mapping[str, Sequence[tuple[float, float]]],
    depth: int,
) -> Trial:
    total = np.stack([row.total for row in rows])
    total_harm = np.stack([row.total_harm for row in rows])
    used = (total.sum(axis=0) > 0) | (total_harm.sum(axis=0) > 0)
    names = list(rows[0].captured)
    stable = [
        (name, depth, *np.mean(pairs, axis=0).tolist(), len(pairs))
        for name, pairs in overlaps.items()
        if pairs
    ]
    return Trial(
        lengths=lengths,
        captured={name: np.stack([r.captured[name] for r in rows])[:, :, used] for name in names},
        captured_harm={
            name: np.stack([r.captured_harm[name] for r in rows])[:, :, used] for name in names
        },
        total=total[:, used],
        total_harm=total_harm[:, used],
        trained={name: np.stack([row.trained[name] for row in rows]) for name in names},
        trained_total=np.array([row.trained_total for row in rows]),
        stability=pd.DataFrame(stable, columns=list(STABILITY_COLUMNS)),
        certain=tuple(row.certain for row in rows),
    )
