"""Staggered starts: why they are not judged in one figure, and what to do in place of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import BadInputError

if TYPE_CHECKING:
    from config.operation import Operation


def refuse_staggered(operation: Operation) -> None:
    """Refuse a staggered operation, and say how each wave can be judged.

    A model with one effect for all waves compares late starters with early ones that are already
    patrolled, and can come out with the wrong sign (Goodman-Bacon 2021,
    doi:10.1016/j.jeconom.2021.03.014).

    Raises
    ------
    BadInputError
        The design is ``staggered``; the sentence names the waves.
    """
    if operation.design != "staggered":
        return
    waves = sorted(set(operation.starts.values()))
    msg = (
        f"{operation.name}: design: 'staggered' with {len(waves)} starts ({waves[0]} to "
        f"{waves[-1]}) is not judged in one figure, which can have the wrong sign. Write a "
        "before_after operation for each start, with places not yet patrolled as comparators and "
        "its last day before they begin."
    )
    raise BadInputError(msg)
