"""What if: a feature more or fewer, and what the scores would be by the same model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.notes import Note, Notes
from spatial.risk_terrain.candidates import column_of
from spatial.risk_terrain.scores import risk_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    import shapely
    from numpy.typing import NDArray

    from spatial.risk_terrain.factors import Factor
    from spatial.risk_terrain.model import RiskModel

    Floats = NDArray[np.float64]

_NOT_A_CAUSE: Final = Note(
    "This is what goes with such places in the data, not what causes harm: a change on the ground "
    "may well not change the harm as the score changes.",
    loud=True,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One feature more, or one fewer.

    Attributes
    ----------
    kind
        Of factor.
    added
        Its shape, metres on the plane of the model; None where one is removed.
    removed
        Its place among the features of its kind; None where one is added.
    """

    kind: str
    added: shapely.Geometry | None = None
    removed: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """Scores before and after.

    Attributes
    ----------
    before, after
        Relative risk scores on one scale (that of the model as it is), shape (cells,).
    changed
        Positions of the cells whose score differs.
    notes
        How to read it.
    """

    before: Floats
    after: Floats
    changed: NDArray[np.int64]
    notes: Notes


def what_if(model: RiskModel, changes: Sequence[Change], *, line_step_m: float) -> WhatIf:
    """Score the cells again with features added or removed, the model held as it is.

    Parameters
    ----------
    model
        A fitted risk terrain: its coefficients and thresholds stay.
    changes
        All made at once; ``removed`` counts the features as they are now.
    line_step_m
        As the model was fitted with.

    Raises
    ------
    BadInputError
        A kind is in no factor file, there is no feature of that number, or a change neither adds
        nor removes.
    """
    columns = model.on.copy()
    changed_kinds = {change.kind for change in changes}
    for kind in sorted(changed_kinds):
        factor = _changed(model, kind, [one for one in changes if one.kind == kind])
        for column, term in enumerate(model.terms):
            if term.factor == kind:
                least = np.inf if term.candidate.least is None else term.candidate.least
                columns[:, column] = column_of(
                    model.centres,
                    factor,
                    term.candidate.how,
                    least=least,
                    line_step_m=line_step_m,
                )
    after, _ = risk_scores(columns, [term.coefficient for term in model.terms], lowest=model.lowest)
    notes = [_NOT_A_CAUSE]
    for kind in sorted(changed_kinds - {term.factor for term in model.terms}):
        plain = kind.replace("_", " ")
        notes.append(Note(f"{plain} is no factor of the model: it changes no score.", loud=True))
    differs = (columns != model.on).any(axis=1)
    return WhatIf(
        before=model.scores,
        after=np.where(differs, after, model.scores),
        changed=np.flatnonzero(differs).astype(np.int64),
        notes=tuple(notes),
    )


def _changed(model: RiskModel, kind: str, changes: Sequence[Change]) -> Factor:
    factor = model.factors.get(kind)
    if factor is None:
        msg = f"There is no factor {kind!r}. Choose one of: {', '.join(sorted(model.factors))}."
        raise BadInputError(msg)
    # from the last on, so that the numbers of those before stay
    gone = sorted({one.removed for one in changes if one.removed is not None}, reverse=True)
    for number in gone:
        if not 0 <= number < len(factor):
            msg = f"{kind!r} has no feature {number!r}: give one from 0 to {len(factor) - 1}."
            raise BadInputError(msg)
        factor = factor.without(number)
    for change in changes:
        if change.added is not None:
            factor = factor.with_one(change.added)
        elif change.removed is None:
            msg = f"A change of {kind!r} neither adds nor removes a feature. Give one of the two."
            raise BadInputError(msg)
    return factor
