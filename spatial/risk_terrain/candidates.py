"""Candidates: every factor at every distance as a yes or no per cell, without those that tell none.

A candidate is dropped, and the reason kept, where no cell or every cell is on, where too few are on
or off, and where it is on in the very cells of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spatial.risk_terrain.factors import Rejection
from spatial.risk_terrain.operationalisation import (
    Kind,
    Operationalisation,
    dense_from,
    density,
    nearest_m,
)
from spatial.risk_terrain.progress import SILENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from config.risk_terrain import CandidateRules
    from spatial.risk_terrain.factors import Factor
    from spatial.risk_terrain.progress import Progress

    Floats = NDArray[np.float64]
    On = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One factor at one distance.

    Attributes
    ----------
    factor
        Its kind.
    how
        Near or dense, and how far.
    least
        Density from which a cell is on (see :mod:`spatial.risk_terrain.operationalisation`); None
        for proximity.
    cells_on
        How many cells are.
    """

    factor: str
    how: Operationalisation
    least: float | None
    cells_on: int


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """All that may enter a model.

    Attributes
    ----------
    listed
        In the order of columns.
    on
        bool, shape (cells, candidates).
    rejected
        What was dropped before any incident was looked at.
    """

    listed: tuple[Candidate, ...]
    on: On
    rejected: tuple[Rejection, ...]


def column_of(
    centres: Floats, factor: Factor, how: Operationalisation, *, least: float, line_step_m: float
) -> On:
    """Return in which cells a factor is on, by a threshold that is known already.

    Parameters
    ----------
    centres
        Metres, shape (n, 2).
    factor, how
        What is looked at.
    least
        Density from which a cell is on; not read for proximity.
    line_step_m
        See :func:`spatial.risk_terrain.operationalisation.density`.

    Returns
    -------
    Shape (n,).
    """
    if how.kind is Kind.PROXIMITY:
        return nearest_m(centres, factor, furthest_m=how.distance_m) <= how.distance_m
    values = density(centres, factor, within_m=how.distance_m, line_step_m=line_step_m)
    return np.zeros(len(centres), dtype=bool) if values is None else values > least


def make_candidates(  # noqa: PLR0913 (what candidates are made of)
    centres: Floats,
    factors: Sequence[Factor],
    hows: Sequence[Operationalisation],
    *,
    rules: CandidateRules,
    line_step_m: float,
    progress: Progress = SILENT,
) -> Candidates:
    """Return every factor in every way, without those that cannot tell anything.

    Parameters
    ----------
    centres
        Middles of the cells, metres, shape (n, 2).
    factors
        Of :func:`spatial.risk_terrain.factors.read_factors`.
    hows
        What of each is tried.
    rules
        Standard deviations, and the fewest cells on or off.
    line_step_m
        See :func:`spatial.risk_terrain.operationalisation.density`.
    progress
        Told after each factor.

    Returns
    -------
    Where two are on in the same cells (or one in all the cells where the other is off), the first
    stays: the earlier kind by name, proximity before density, the shorter distance.
    """
    listed: list[Candidate] = []
    columns: list[On] = []
    rejected: list[Rejection] = []
    seen: dict[bytes, Candidate] = {}
    for done, factor in enumerate(factors):
        progress.step(f"Measuring distances to {factor.kind}", done / len(factors))
        for how, column, least in _columns(centres, factor, hows, rules, line_step_m):
            if column is None:
                rejected.append(_rejection(factor, how, "lines and points cannot be added up"))
                continue
            candidate = Candidate(factor.kind, how, least, int(column.sum()))
            key, other = (np.packbits(one).tobytes() for one in (column, ~column))
            twin = seen.get(key) or seen.get(other)
            reason = _untelling(candidate, len(centres), rules) or _twin(candidate, twin)
            if reason:
                rejected.append(_rejection(factor, how, reason))
                continue
            seen[key] = candidate
            listed.append(candidate)
            columns.append(column)
    on = np.column_stack(columns) if columns else np.zeros((len(centres), 0), dtype=bool)
    return Candidates(tuple(listed), on, tuple(rejected))


def _columns(
    centres: Floats,
    factor: Factor,
    hows: Sequence[Operationalisation],
    rules: CandidateRules,
    line_step_m: float,
) -> list[tuple[Operationalisation, On | None, float | None]]:
    near = [how for how in hows if how.kind is Kind.PROXIMITY]
    made: list[tuple[Operationalisation, On | None, float | None]] = []
    if near:
        # measured once for all distances
        away = nearest_m(centres, factor, furthest_m=max(how.distance_m for how in near))
        made += [(how, away <= how.distance_m, None) for how in near]
    for how in hows:
        if how.kind is Kind.DENSITY:
            values = density(centres, factor, within_m=how.distance_m, line_step_m=line_step_m)
            if values is None:
                made.append((how, None, None))
                continue
            least = dense_from(values, deviations=rules.deviations)
            made.append((how, values > least, least))
    return made


def _untelling(candidate: Candidate, cells: int, rules: CandidateRules) -> str:
    on = candidate.cells_on
    if on == 0:
        return "on in no cell: none lies within reach"
    if on == cells:
        return "on in every cell"
    if on < rules.fewest_cells:
        return f"on in {on} cell{'' if on == 1 else 's'} only"
    if cells - on < rules.fewest_cells:
        return f"off in {cells - on} cell{'' if cells - on == 1 else 's'} only"
    return ""


def _twin(candidate: Candidate, twin: Candidate | None) -> str:
    if twin is None:
        return ""
    same = f"{twin.how.kind} within {twin.how.distance_m:g} m"
    of = "" if twin.factor == candidate.factor else f" of {twin.factor}"
    return f"cannot be told apart from {same}{of}: the same cells"


def _rejection(factor: Factor, how: Operationalisation, reason: str) -> Rejection:
    return Rejection(factor.kind, reason, how.kind.value, how.distance_m)
