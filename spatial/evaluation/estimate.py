"""Estimate: one answer to "did it change", with its interval and how it can mislead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from spatial.notes import texts

if TYPE_CHECKING:
    from spatial.notes import Notes

LEVEL: Final = 0.95
ESTIMATE_FIELDS: Final = (
    "name", "outcome", "measure", "estimate", "low", "high", "p", "method", "notes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimate, as ``result.json`` holds it.

    Attributes
    ----------
    name
        Which estimate: ``rate_ratio``, ``wdd``, ``did_negative_binomial`` and so on. Ratios have
        no change at 1, differences at 0.
    outcome
        The profile whose incidents were counted.
    measure
        ``count`` or ``harm``.
    estimate
        None where it cannot be computed; a note says why.
    low, high
        Limits of the interval. None where that side is unlimited, or where the method has no
        interval at all (a note says so).
    p
        Two-sided, of no change; None where there is no test.
    method
        How it was made, in one plain sentence.
    notes
        Choices made and how it can mislead; loud ones stand beside the figure.
    """

    name: str
    outcome: str
    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    p: float | None
    method: str
    notes: Notes = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the fields in the order of ``result.json``, notes as sentences."""
        fields = {name: getattr(self, name) for name in ESTIMATE_FIELDS}
        return fields | {"notes": texts(self.notes)}


def number(value: float | np.floating[Any]) -> float | None:
    """Return a plain number, or None for what is no number or has no limit."""
    return float(value) if np.isfinite(value) else None
