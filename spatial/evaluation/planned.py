"""What an operation's plan holds together: its ground and its draw, before outcomes are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.evaluation.crossover.design import read_design
from spatial.evaluation.footprint import buffers, check_apart, footprint
from spatial.evaluation.waves.plan import read_plan

if TYPE_CHECKING:
    from config.operation import Operation
    from spatial.evaluation.crossover.design import CrossoverDesign
    from spatial.evaluation.footprint import Footprint
    from spatial.notes import Notes


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """An operation as it is planned.

    Attributes
    ----------
    treated, comparators, buffer
        Ground, EPSG:4326; ``comparators`` None unless they are listed, ``buffer`` at the registered
        distance.
    design
        The daily draw of a crossover, else None.
    notes
        What is left out of the buffer.
    """

    treated: Footprint
    comparators: Footprint | None
    buffer: Footprint
    design: CrossoverDesign | None
    notes: Notes


def read_planned(said: Operation) -> Planned:
    """Read the ground and the draw of an operation, and refuse what cannot be evaluated.

    Parameters
    ----------
    said
        Read by :func:`config.operation_file.read_operation`, its files in place.

    Raises
    ------
    BadInputError
        Starts make no waves, areas overlap, a comparator lies in a buffer, a
        file cannot be read, or the draw does not fit the design. No outcome is looked at.
    """
    treated = footprint(said.areas)
    if said.design == "staggered":
        read_plan(said, treated.area_ids)
    listed = said.comparators is not None and said.comparators.kind == "areas"
    comparators = footprint(said.comparators) if said.comparators is not None and listed else None
    widest = max(said.distances_m)
    check_apart(treated, comparators, buffer_m=float(widest), name=said.name)
    design = read_design(said, area_ids=treated.area_ids) if said.crossover is not None else None
    ring, notes = buffers(treated, buffer_m=float(said.buffer_m))
    return Planned(treated, comparators, ring, design, notes)
