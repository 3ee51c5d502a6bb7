"""The ground: what all sections of one report stand on, each part worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pandas as pd

from config.profile import Measure
from spatial.hexes.grid import cell_names, merge_cells
from spatial.hotspots.changed.comparison import comparable
from spatial.incidents.moments import read_moments
from spatial.notes import Note
from spatial.places import ranked_places
from spatial.projection import grid_reference, national_grid
from spatial.report_results import PART_COLUMNS, Part
from spatial.scene import count_subject
from spatial.targets.names import name_areas, read_named_lines
from spatial.targets.table import area_id
from spatial.window import Window, day_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.hotspots.changed.comparison import Comparison
    from spatial.incidents.moments import Moments
    from spatial.notes import Notes
    from spatial.report_results import ReportRequest
    from spatial.scene import Scene, Subject
    from spatial.targets.ranking import RankedAreas

CANDIDATES: Final = 4
"""So many times the places asked for are ranked, so that a place has others to lose its rank to."""


@dataclass(frozen=True, eq=False)
class Ground:
    """One request, counted.

    Attributes
    ----------
    request
        With its resolution filled in.
    subject
        Profile and window in the study area.
    run_id
        Of the whole report.
    """

    request: ReportRequest
    subject: Subject
    run_id: str

    @property
    def scene(self) -> Scene:
        """Store, connection and study area."""
        return self.subject.scene

    @property
    def grid(self) -> HexGrid:
        """The study area's cells."""
        return self.scene.grid

    @property
    def window(self) -> Window:
        """The dates asked for."""
        return self.subject.window

    @property
    def covered(self) -> Window:
        """The part of the window that the data reach."""
        store = self.scene.store
        return Window(
            max(self.window.first, store.data_from), min(self.window.last, store.data_through)
        )

    @property
    def area(self) -> str:
        """Name of the study area."""
        return self.grid.study_area.name

    @property
    def weighed(self) -> bool:
        """Whether anything here has harm to speak of."""
        return self.subject.profile.weighs_harm and bool(self.subject.counts.harm.any())

    @property
    def measure(self) -> Measure:
        """What happened, summed: the profile's own measure, or counts where nothing has harm."""
        return self.subject.profile.default_measure if self.weighed else Measure.COUNT

    @cached_property
    def comparison(self) -> Comparison | None:
        """The last comparable window, None where the data do not reach back to one."""
        store = self.scene.store
        return comparable(self.window, data_from=store.data_from, data_through=store.data_through)

    @property
    def why_no_comparison(self) -> str:
        """Say in a sentence why there is no earlier window."""
        store = self.scene.store
        if self.window.first < store.data_from:
            return (
                f"There is nothing to compare with: the data begin on {day_words(store.data_from)},"
                " after this window does."
            )
        return (
            f"There is nothing to compare with: the data begin on {day_words(store.data_from)}, "
            f"and would have to hold {self.window.before().words} or the same part of an earlier "
            "year."
        )

    @cached_property
    def earlier(self) -> Subject | None:
        """The last comparable window, counted."""
        return None if self.comparison is None else self.counted(self.comparison.before)

    def counted(self, window: Window) -> Subject:
        """Count the same profile in another window."""
        return count_subject(self.scene, self.subject.profile, window)

    @cached_property
    def candidates(self) -> RankedAreas:
        """Patrol areas of this window, best first, more than are asked for."""
        return ranked_places(self.subject, CANDIDATES * self.request.places)

    @property
    def places(self) -> tuple[NDArray[np.int64], ...]:
        """Positions of the cells of the patrol areas asked for, best first."""
        return self.candidates.areas[: self.request.places]

    @property
    def place_notes(self) -> Notes:
        """How the places were chosen, and whether there are as many as asked for."""
        how, *_ = self.candidates.notes
        if len(self.places) == self.request.places:
            return (how,)
        sentence = (
            f"Only {len(self.places)} of the {self.request.places} places asked for can be given: "
            "no other has incidents enough."
        )
        return (how, Note(sentence, loud=True))

    @cached_property
    def moments(self) -> Moments:
        """When and where each incident inside the study area happened."""
        return self.moments_of(self.window)

    def moments_of(self, window: Window) -> Moments:
        """Read the moments of a window's incidents inside the study area."""
        found = read_moments(
            self.scene.connection,
            self.subject.condition,
            window=window,
            resolution=self.grid.resolution,
        )
        return found.where(self.grid.positions(found.cell) >= 0)

    def labels(self, areas: Sequence[NDArray[np.int64]]) -> pd.DataFrame:
        """Name places as the list of targets does: ``place, area_id``, a row for each."""
        outlines = [merge_cells(self.grid.cells[area]) for area in areas]
        ids = [area_id(cell_names(self.grid.cells[area]).tolist()) for area in areas]
        system = self.grid.study_area.metric_system
        streets = self.scene.store.context_layers().get("streets")
        lines = read_named_lines(streets, metric_system=system) if streets else None
        names = name_areas(outlines, lines, metric_system=system)
        if system.crs == national_grid().crs:
            inside = [outline.representative_point() for outline in outlines]
            squares = [
                grid_reference(*map(float, system.forward(round(at.x, 6), round(at.y, 6))))
                for at in inside
            ]
        else:
            squares = [""] * len(ids)
        named = [
            name or square or identity
            for name, square, identity in zip(names, squares, ids, strict=True)
        ]
        return pd.DataFrame({"place": named, "area_id": ids})


def present(section: str, name: str, table: pd.DataFrame) -> Part:
    """Return a part with its table, in the order of its columns."""
    columns = list(PART_COLUMNS[section][name])
    return Part(name, table.loc[:, columns].reset_index(drop=True))


def absent(name: str, why_not: str) -> Part:
    """Return a part that the data cannot carry."""
    return Part(name, None, why_not)


def all_absent(section: str, why_not: str) -> tuple[Part, ...]:
    """Return a section's parts where the data can carry none of them."""
    return tuple(absent(name, why_not) for name in PART_COLUMNS[section])
