"""Expected harm: the harm that each cell's past, its neighbours and related crime lead to expect.

It ranks cells. It is never tested with Gi*: it is smoothed over neighbours, which is the very
clustering that Gi* looks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from config.profile import Tier
from spatial.hotspots.expected.rate_model import FEWEST_PERIODS, KindRates, fit_rates, held_back
from spatial.hotspots.expected.shrinkage import LEVEL, GammaRates, gamma_interval, marshall
from spatial.hotspots.expected.told_cells import ToldCells, told_cells
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from spatial.hexes.history import CellHistory
    from spatial.hexes.rings import Rings

FEWEST_EVENTS: Final = 30
"""A tier with fewer in the stretches that are learnt from borrows where it happens."""
PARTS: Final = ("own_history", "neighbours", "related", "base")


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedTier:
    """What is expected of one tier.

    Attributes
    ----------
    tier
        Its name.
    weight
        Days of one incident; None where the scheme has no weight, and then it is in no harm figure.
    incidents
        Those in the history, all cells together.
    expected
        Incidents to be expected in a period as long as the window, shape (n,).
    method
        ``own``: from its own incidents. ``borrowed``: too few for that, so spread as the
        profile's incidents together (or with those akin to it) are expected. ``moments``: too few
        even of those, or too short a history: each cell's number shrunk toward the area's.
        ``none``: there is none in the history.
    """

    tier: str
    weight: float | None
    incidents: int
    expected: NDArray[np.float64]
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedHarm:
    """Expected harm of every cell, in days per period as long as the window.

    Attributes
    ----------
    harm_days
        In the grid's order, never null, shape (n,).
    low, high
        The interval within which the underlying harm rate lies with the stated chance; not where
        next period's own harm will lie, which chance scatters much further.
    variance
        Square days: with ``harm_days``, what
        :func:`spatial.hotspots.expected.rank_stability.chance_in_top` needs.
    parts
        ``own_history, neighbours, related, base``: days, shape (n,), that add up to ``harm_days``.
    tiers
        What each tier adds.
    notes
        Choices made, tiers borrowed, tiers without a weight.
    """

    harm_days: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    variance: NDArray[np.float64]
    parts: dict[str, NDArray[np.float64]]
    tiers: tuple[ExpectedTier, ...]
    notes: Notes


def expected_harm(  # noqa: PLR0913 (the past, the weights, and three settings)
    history: CellHistory,
    rings: Rings,
    *,
    weights: Mapping[str, float | None],
    kin: Sequence[str] = (),
    window_periods: int | None = None,
    level: float = LEVEL,
) -> ExpectedHarm:
    """Return the harm to be expected in each cell in a period as long as the window.

    Parameters
    ----------
    history
        Up to the window's end, and nothing later. Kinds named in ``weights`` are the profile's
        tiers; all others inform and are never counted as harm.
    rings
        The neighbours, in the same order of cells.
    weights
        Days of one incident of each tier of the profile, by one edition; None for a tier that the
        scheme does not weigh. At least one must have a weight.
    kin
        Kinds outside the profile, commoner and akin to it (other violence), from which tiers borrow
        where even the whole profile is too rare to place itself.
    window_periods
        Periods in the window, where the history reaches further back. None for all of them.
    level
        Chance that the interval holds.

    Raises
    ------
    BadInputError
        History and neighbours are of different areas, a tier is not in the history, a weight is
        negative or not a number, or no tier has one.

    Notes
    -----
    The area as a whole is expected to hold what its history held, per period: the model says where,
    not whether there will be more. Each tier's rate is a gamma-Poisson posterior
    (:mod:`spatial.hotspots.expected.rate_model`). A tier too rare for that, and homicide always, is
    spread over the cells as the profile's incidents together are: one homicide counts there as one
    incident among many, so it can never make a place by itself, and where it happened is to be
    flagged beside the ranking. Tiers are taken as independent given the history, except those that
    borrow, which move together.

    How it can mislead: it expects more of what was recorded, where it was recorded. Unrecorded
    violence, changed policing and changed reporting are not seen. A cell's figure is far less
    certain than its rank among many: show the interval.
    """
    _check(history, rings, weights, kin)
    span = float(history.periods if window_periods is None else window_periods)
    told = told_cells(history, rings)
    surfaces = _surfaces(told, list(weights), kin)
    parts = {part: np.zeros(told.history.cells) for part in PARTS}
    variance = np.zeros(told.history.cells)
    for surface in surfaces:
        # tiers on one surface rise and fall together: their days add up before they are squared
        days = span * sum(share * (weights[tier] or 0.0) for tier, share in surface.shares.items())
        variance += surface.made_of.rates.variance * days**2
        for part in PARTS:
            parts[part] += getattr(surface.made_of, part) * days
    harm = parts["base"] + parts["related"] + parts["neighbours"] + parts["own_history"]
    low, high = gamma_interval(harm, variance, level=level)
    tiers = _tiers(told, surfaces, weights, span)
    return ExpectedHarm(
        harm[told.row],
        low[told.row],
        high[told.row],
        variance[told.row],
        {part: values[told.row] for part, values in parts.items()},
        tiers,
        _notes(history, tiers),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Surface:
    # where events are expected, which tiers lie on it, and each tier's share of those events
    made_of: KindRates
    shares: dict[str, float]
    method: str


def _surfaces(told: ToldCells, tiers: Sequence[str], kin: Sequence[str]) -> list[_Surface]:
    history, rings, cells = told.history, told.rings, told.cells
    place = {kind: number for number, kind in enumerate(history.kinds)}
    own = [place[tier] for tier in tiers]
    others = [number for number in range(len(history.kinds)) if number not in own]
    commoner = [kind for kind in own if history.kinds[kind] != Tier.HOMICIDE]
    lenders = (
        own
        if held_back(history, commoner) >= FEWEST_EVENTS
        else [*own, *(place[kind] for kind in kin)]
    )
    found, borrowers = [], {}
    for tier, kind in zip(tiers, own, strict=True):
        total = float(history.total([kind]).sum())
        # a homicide never places itself where there is anything commoner to place it by
        alone = tier != Tier.HOMICIDE or lenders == own == [kind]
        if alone and held_back(history, [kind]) >= FEWEST_EVENTS:
            rest = [*(one for one in own if one != kind), *others]
            made_of = fit_rates(history, rings, own=[kind], related=rest, cells=cells)
            found.append(_Surface(made_of, {tier: 1.0}, "own"))
        elif total > 0:
            borrowers[tier] = total
    if borrowers and held_back(history, lenders) >= FEWEST_EVENTS:
        rest = [kind for kind in others if kind not in lenders]
        made_of = _told_by_others(fit_rates(history, rings, own=lenders, related=rest, cells=cells))
        found.append(_Surface(made_of, _shares(history, lenders, borrowers), "borrowed"))
    elif borrowers:
        made_of = _by_moments(told, own)
        found.append(_Surface(made_of, _shares(history, own, borrowers), "moments"))
    return found


def _shares(
    history: CellHistory, lenders: Sequence[int], borrowers: Mapping[str, float]
) -> dict[str, float]:
    together = float(history.total(lenders).sum())
    return {tier: total / together for tier, total in borrowers.items()}


def _tiers(
    told: ToldCells,
    surfaces: Sequence[_Surface],
    weights: Mapping[str, float | None],
    span: float,
) -> tuple[ExpectedTier, ...]:
    history = told.history
    on = {tier: surface for surface in surfaces for tier in surface.shares}
    tiers = []
    for tier, weight in weights.items():
        total = int(history.total([history.kinds.index(tier)]).sum())
        expected, method = np.zeros(len(told.row)), "none"
        if tier in on:
            rates = on[tier].made_of.rates.mean * on[tier].shares[tier] * span
            expected = rates[told.row]
            method = on[tier].method
        tiers.append(ExpectedTier(tier, weight, total, expected, method))
    return tuple(tiers)


def _told_by_others(rates: KindRates) -> KindRates:
    # to a tier that borrows, the cell's history of the tiers together is related crime
    return KindRates(
        rates=rates.rates,
        base=rates.base,
        own_history=np.zeros_like(rates.base),
        neighbours=rates.neighbours,
        related=rates.related + rates.own_history,
        credibility=0.0,
    )


def _by_moments(told: ToldCells, own: Sequence[int]) -> KindRates:
    # nothing to learn coefficients from: each cell's number against the area's
    history = told.history
    exposure = np.full(history.cells, float(history.periods))
    found = marshall(history.total(own), exposure, alike=told.cells)
    nothing = np.zeros(history.cells)
    base = (1 - found.weight) * found.prior_mean
    strength = np.inf
    if found.prior_variance > 0:
        strength = found.prior_mean / found.prior_variance + history.periods
    return KindRates(
        rates=GammaRates(found.mean, strength),
        base=base,
        own_history=found.mean - base,
        neighbours=nothing,
        related=nothing,
        credibility=float(found.weight.max()),
    )


def _check(
    history: CellHistory,
    rings: Rings,
    weights: Mapping[str, float | None],
    kin: Sequence[str],
) -> None:
    if len(rings) != history.cells:
        msg = (
            f"The neighbours are of {len(rings):,} cells and the history of {history.cells:,}. "
            "Build both from one study area and resolution."
        )
        raise BadInputError(msg)
    for kind in (*weights, *kin):
        if kind not in history.kinds:
            msg = (
                f"There is no {kind!r} in the history, only {list(history.kinds)!r}. Count it "
                "first."
            )
            raise BadInputError(msg)
    for tier, days in weights.items():
        if days is not None and not (np.isfinite(days) and days >= 0):
            msg = f"The weight of {tier!r} is {days!r}. Give days, 0 or more, or none at all."
            raise BadInputError(msg)
    if all(days is None for days in weights.values()):
        msg = (
            f"No tier of {list(weights)!r} has a weight, so nobody can say what harm to expect. "
            "Rank by the count."
        )
        raise BadInputError(msg)


def _notes(history: CellHistory, tiers: Sequence[ExpectedTier]) -> Notes:
    notes = [
        Note(
            f"Expected harm is what {history.periods} periods of each cell's own incidents, those "
            "of the cells around it and related crime lead to expect in a period as long as the "
            "window, if the area as a whole stays as it was."
        )
    ]
    happened = [one for one in tiers if one.incidents > 0]
    if not happened:
        notes.append(
            Note("There is no incident in the history, so no harm is expected.", loud=True)
        )
    borrowed = [one.tier for one in happened if one.method == "borrowed"]
    if borrowed:
        notes.append(
            Note(
                f"Too few to place by themselves: {_listed(borrowed)}. Each is expected where "
                "the commoner ones are, taken together."
            )
        )
    if any(one.method == "moments" for one in happened):
        why = (
            f"The history has {history.periods} periods, and {FEWEST_PERIODS} are needed"
            if history.periods < FEWEST_PERIODS
            else "The history holds too few incidents"
        )
        notes.append(
            Note(
                f"{why} to learn what neighbours and related crime say: each cell's "
                "own number was drawn toward the area's average instead.",
                loud=True,
            )
        )
    if any(one.tier == Tier.HOMICIDE for one in happened):
        notes.append(
            Note(
                "A homicide does not make a place by itself: look at where it happened beside the "
                "ranking."
            )
        )
    unweighed = [one for one in happened if one.weight is None]
    if unweighed:
        notes.append(
            Note(
                f"No weight, so in no expected harm: {_listed([one.tier for one in unweighed])} "
                f"({sum(one.incidents for one in unweighed):,} incidents).",
                loud=True,
            )
        )
    return tuple(notes)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
