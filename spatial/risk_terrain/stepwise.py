"""Stepwise choice: in, out or swapped, whatever lowers BIC most, until nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.risk_terrain.count_models import CountFit, Family, fit_counts, score_statistics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spatial.risk_terrain.evidence import Evidence

    Columns = tuple[int, ...]

_LOWER: Final = 1e-6
_STEPS: Final = 100
# the score statistic of a column that pays is never so far below what BIC asks of it: it exceeds
# twice the gain where risk is raised, and is at least half of it where risk is lowered
_HOPELESS: Final = 0.4


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the model.

    Attributes
    ----------
    entered, left
        Columns; None for neither.
    bic
        After it.
    """

    entered: int | None
    left: int | None
    bic: float


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The model that stepwise choice ended with.

    Attributes
    ----------
    columns
        In ascending order.
    fit
        Its coefficients follow the intercept in the order of ``columns``.
    null
        The model without any factor, of the same family.
    steps
        How it came there.
    """

    columns: tuple[int, ...]
    fit: CountFit
    null: CountFit
    steps: tuple[Step, ...]


def choose_stepwise(
    evidence: Evidence,
    factor_of: Sequence[int],
    *,
    family: Family,
    protective: bool,
    most_terms: int,
) -> Chosen:
    """Choose columns by BIC, forwards and backwards, from none.

    Parameters
    ----------
    evidence
        Cells, gathered; with an incident.
    factor_of
        The factor of each column: one column at most of each is in the model, so that another of
        the same factor can only take its place.
    family
        Poisson or negative binomial.
    protective
        Whether a coefficient may be negative; if not, a change that makes one so is no choice.
    most_terms
        Columns at most.

    Returns
    -------
    The same for the same evidence: of equals the earlier column wins.

    Raises
    ------
    ValueError
        There is no incident.
    """
    anything = bool((evidence.counts * evidence.weights).any())
    null = fit_counts(evidence, (), family=family) if anything else None
    if null is None:
        msg = "There is no incident to choose by."
        raise ValueError(msg)
    columns: Columns = ()
    fit, steps = null, []
    for _ in range(_STEPS):
        best: tuple[float, Columns, CountFit, Step] | None = None
        for tried, entered, left in _changes(
            evidence, factor_of, columns, fit, protective=protective, most_terms=most_terms
        ):
            found = fit_counts(evidence, tried, family=family, start=_start(fit, columns, tried))
            if found is None or (not protective and (found.coefficients[1:] <= 0).any()):
                continue
            if found.bic < fit.bic - _LOWER and (best is None or found.bic < best[0] - _LOWER):
                best = (found.bic, tried, found, Step(entered, left, found.bic))
        if best is None:
            break
        _, columns, fit, step = best
        steps.append(step)
    return Chosen(columns, fit, null, tuple(steps))


def _changes(  # noqa: PLR0913 (what a change hangs on)
    evidence: Evidence,
    factor_of: Sequence[int],
    columns: Columns,
    fit: CountFit,
    *,
    protective: bool,
    most_terms: int,
) -> Iterator[tuple[Columns, int | None, int | None]]:
    """Give every change worth trying: the columns then, what entered and what left."""
    gains = score_statistics(evidence, columns, fit)
    hope = np.abs(gains) if protective else gains
    taken = {factor_of[column]: column for column in columns}
    for column in range(evidence.on.shape[1]):
        if column in columns:
            continue
        holder = taken.get(factor_of[column])
        if holder is None:
            worth = hope[column] > _HOPELESS * np.log(fit.cells)
            if worth and len(columns) < most_terms:
                yield tuple(sorted((*columns, column))), column, None
        else:
            rest = tuple(one for one in columns if one != holder)
            yield tuple(sorted((*rest, column))), column, holder
    for column in columns:
        yield tuple(one for one in columns if one != column), None, column


def _start(fit: CountFit, columns: Columns, tried: Columns) -> CountFit:
    # what stays begins where it was; what is new begins at nothing
    held = dict(zip(columns, fit.coefficients[1:], strict=True))
    beta = np.array([fit.coefficients[0], *(held.get(column, 0.0) for column in tried)])
    return CountFit(fit.family, beta, fit.dispersion, fit.log_likelihood, fit.cells, fit.means)
