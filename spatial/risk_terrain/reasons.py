"""Reasons: which factors of the model stand near a place, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.risk_terrain.operationalisation import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from config.risk_terrain import RiskRules
    from spatial.risk_terrain.model import RiskModel, Term

NOTHING_NEAR = "None of the model's factors is near"


def risk_reasons(
    model: RiskModel, areas: Sequence[NDArray[np.int64]], *, rules: RiskRules
) -> tuple[str, ...]:
    """Say of each area why it is risky: ``Takeaways within 150 m (x2.1) and a bus stop ...``.

    Parameters
    ----------
    model
        A fitted risk terrain.
    areas
        Positions of the cells of each area.
    rules
        What factors are called.

    Returns
    -------
    One sentence an area, without a full stop, the strongest factor first.
    """
    said = [_listed(nouns) for nouns in risk_nouns(model, areas, rules=rules)]
    return tuple(one[:1].upper() + one[1:] if one else NOTHING_NEAR for one in said)


def risk_nouns(
    model: RiskModel, areas: Sequence[NDArray[np.int64]], *, rules: RiskRules
) -> tuple[tuple[str, ...], ...]:
    """Return what raises the risk of each area, a noun each: what ``why(factors=...)`` takes.

    Parameters
    ----------
    model, areas, rules
        As :func:`risk_reasons`.

    Returns
    -------
    A factor counts for an area where it is on in any of its cells; "unsure" marks one that was
    chosen in too few resamples to rely on. Protective factors are left out: they say why not.
    """
    owner = np.repeat(np.arange(len(areas)), [len(cells) for cells in areas])
    cell = np.concatenate([*areas, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    nouns: list[list[str]] = [[] for _ in areas]
    for column, term in enumerate(model.terms):
        if term.coefficient <= 0:
            continue
        on = model.on[cell, column]
        several = _how_many(model, term, cell[on], owner[on], len(areas)) > 1
        one, more = term_nouns(term, rules)
        for area in np.unique(owner[on]).tolist():
            nouns[area].append(more if several[area] else one)
    return tuple(tuple(each) for each in nouns)


def term_nouns(term: Term, rules: RiskRules) -> tuple[str, str]:
    """Return what a term is called where one of its features is near, and where several are."""
    one, more = (_noun(term, rules, several=many) for many in (False, True))
    return one, more


def features_near(
    model: RiskModel, term: Term, cells: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which features of a term's factor lie within its distance of which cells.

    Parameters
    ----------
    cells
        Positions of cells.

    Returns
    -------
    Places among ``cells`` and numbers of features, one of each a pair.
    """
    pairs = shapely.STRtree(model.factors[term.factor].shapes).query(
        shapely.points(model.centres[cells]),
        predicate="dwithin",
        distance=term.candidate.how.distance_m,
    )
    return pairs[0].astype(np.int64), pairs[1].astype(np.int64)


def _how_many(
    model: RiskModel,
    term: Term,
    cells: NDArray[np.int64],
    owner: NDArray[np.int64],
    areas: int,
) -> NDArray[np.int64]:
    """Return how many features of a term's factor lie within its distance of each area."""
    at, feature = features_near(model, term, cells)
    near = np.unique(np.column_stack([owner[at], feature]), axis=0)
    return np.bincount(near[:, 0], minlength=areas)


def _noun(term: Term, rules: RiskRules, *, several: bool) -> str:
    one, more = rules.words_of(term.factor)
    how = term.candidate.how
    word = f"many {more}" if how.kind is Kind.DENSITY else more if several else one
    sure = term.stability is None or term.stability >= rules.stability.sure
    risk = f"x{term.relative_risk:.1f}"
    return f"{word} within {how.distance_m:g} m ({risk}{'' if sure else ', unsure'})"


def _listed(nouns: Sequence[str]) -> str:
    if len(nouns) < 2:  # noqa: PLR2004 (one thing needs no "and")
        return "".join(nouns)
    return f"{', '.join(nouns[:-1])} and {nouns[-1]}"
