"""Surfaces: one profile and window tested cell by cell, for every analysis that draws one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.profile import Measure
from spatial.hexes.grid import cell_names
from spatial.hotspots.calls import calls_by_correction
from spatial.hotspots.surface import surface
from spatial.notes import merged
from spatial.results import HOTSPOT_COLUMNS, HotspotResult
from spatial.scene import Subject, caveats

if TYPE_CHECKING:
    from spatial.hotspots.expected.expected_harm import ExpectedHarm


def tested_on_counts(subject: Subject, expected: ExpectedHarm | None, run_id: str) -> HotspotResult:
    """Test a subject on counts, so that one homicide cannot make a hot spot."""
    ring = subject.scene.settings.ring
    return tested(subject, expected, measure=Measure.COUNT, ring=ring, run_id=run_id)


def tested(
    subject: Subject,
    expected: ExpectedHarm | None,
    *,
    measure: Measure,
    ring: int,
    run_id: str,
) -> HotspotResult:
    """Test a subject for hot spots.

    Parameters
    ----------
    subject
        Profile and window.
    expected
        What is expected of its cells, for a column; None where nothing can be.
    measure
        What is tested.
    ring
        Neighbourhood in steps.
    run_id
        Of the analysis.
    """
    scene, profile = subject.scene, subject.profile
    frame, notes = surface(subject.counts, scene.grid, measure=measure, ring=ring)
    shown = frame[(frame["incidents"] > 0) | (frame["class"] != "none")]
    cells = shown.assign(
        cell=cell_names(scene.grid.cells[shown.index]),
        layer=profile.family.value,
        expected_harm=(
            float("nan") if expected is None else expected.harm_days[shown.index].round(3)
        ),
    )
    if not profile.weighs_harm:
        cells["harm_days"] = float("nan")
    return HotspotResult(
        run_id=run_id,
        profile=profile,
        window=subject.window,
        measure=measure,
        resolution=scene.grid.resolution,
        ring=ring,
        study_area=scene.grid.study_area,
        n_cells=len(scene.grid),
        cells=cells.loc[:, list(HOTSPOT_COLUMNS)].reset_index(drop=True),
        data_through=scene.store.data_through,
        notes=merged(
            scene.notes, notes, () if expected is None else expected.notes, caveats(subject)
        ),
        calls=calls_by_correction(frame["z"], frame["p"]),
    )
