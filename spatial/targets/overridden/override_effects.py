"""Override effects: what a change of the list gives up, and what it gains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.hexes.counts import HARM_UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spatial.hexes.counts import CellCounts
    from spatial.targets.overridden.decided_list import Place

EFFECT_COLUMNS: Final = (
    "incidents_given_up", "incidents_gained", "harm_days_given_up", "harm_days_gained",
    "expected_harm_given_up", "expected_harm_gained", "moved_up",
)  # fmt: skip
"""Of the whole list before and after one override: what lies in cells that leave the list, and in
cells that come to it, those of places that move up for it included; and the ids of those
places.

In-sample: the places were chosen on these incidents, so a grown place seems to hold more than it
will, and a hand-drawn one does not."""


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """What lies in each cell, for adding up.

    Attributes
    ----------
    counts
        Of the window.
    expected_days
        Harm to be expected, shape (n,); None where nothing is.
    weighs_harm
        Whether harm is known at all: it is null for antisocial behaviour.
    """

    counts: CellCounts
    expected_days: NDArray[np.float64] | None
    weighs_harm: bool

    def of(self, cells: NDArray[np.int64]) -> tuple[int, float | None, float | None]:
        """Return incidents, harm and expected harm (days) in some cells."""
        counts = self.counts
        incidents = int(counts.incidents[cells].sum())
        # where no incident has a weight the harm is unknown, not none
        known = not incidents or int(counts.without_weight[cells].sum()) < incidents
        harm = round(int(counts.harm[cells].sum()) / HARM_UNITS, 1)
        expected = None
        if self.expected_days is not None:
            expected = round(float(self.expected_days[cells].sum()), 1)
        return incidents, harm if self.weighs_harm and known else None, expected


def effect(
    before: Mapping[str, Place],
    after: Mapping[str, Place],
    *,
    about: set[str],
    holdings: Holdings,
) -> dict[str, object]:
    """Compare the list before an override with the list after it.

    Parameters
    ----------
    before, after
        Places on the list, by id.
    about
        Ids that the override named or made.
    holdings
        What lies in the cells.

    Returns
    -------
    `EFFECT_COLUMNS`; ids are space-separated.
    """
    had, has = ground(before), ground(after)
    given_up = holdings.of(np.setdiff1d(had, has))
    gained = holdings.of(np.setdiff1d(has, had))
    values: list[object] = [value for pair in zip(given_up, gained, strict=True) for value in pair]
    up = [key for key in after if key not in before and key not in about]
    return dict(zip(EFFECT_COLUMNS, [*values, " ".join(up)], strict=True))


def effect_words(found: Mapping[str, object]) -> str:
    """Say an effect in a sentence: what the list gives up and gains, and who moves up."""
    said = []
    for side, verb in (("given_up", "Gives up"), ("gained", "gains")):
        incidents = int(str(found[f"incidents_{side}"]))
        days = found[f"harm_days_{side}"]
        of_harm = "" if days is None else f" and {float(str(days)):,.0f} days of harm"
        if incidents:
            plural = "" if incidents == 1 else "s"
            said.append(f"{verb} {incidents:,} incident{plural}{of_harm}")
    told = ", ".join(said) or "Gives up nothing that happened"
    told = told[:1].upper() + told[1:]
    up = str(found["moved_up"]).split()
    if up:
        told += f"; {' and '.join(up)} {'moves' if len(up) == 1 else 'move'} up for it"
    return f"{told}."


def ground(places: Mapping[str, Place]) -> NDArray[np.int64]:
    """Return the positions of every cell that some places hold, ascending."""
    return np.unique(
        np.concatenate([*(one.cells for one in places.values()), np.empty(0, dtype=np.int64)])
    )
