"""The sample town said to be fictional wherever it is shown: told by its data, not its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_geo.incidents import FORCE

if TYPE_CHECKING:
    from collections.abc import Sequence


def fictional_words(forces: Sequence[str]) -> str:
    """Return what to say of incidents of these forces; empty where none is the sample town's.

    Parameters
    ----------
    forces
        The names in the incidents themselves, as :func:`spatial.incidents.checks.quality.forces`.
    """
    if FORCE not in forces:
        return ""
    return "fictional sample" if set(forces) == {FORCE} else "partly a fictional sample"
