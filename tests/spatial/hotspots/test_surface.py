"""The surface: what it says of every cell, with each correction, mask and hopeless input."""

from __future__ import annotations

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
import pytest

from config.errors import BadInputError
from config.profile import Measure
from spatial.hexes.counts import CellCounts
from spatial.hexes.grid import HexGrid, grid_of_cells, masked
from spatial.hotspots.significance import Correction, benjamini_hochberg
from spatial.hotspots.surface import surface

CENTRE = h3_int.latlng_to_cell(53.2, 1.4, 9)


def _grid(rings: int) -> HexGrid:
    cells = np.array(h3_int.grid_disk(CENTRE, rings), dtype=np.uint64)
    return grid_of_cells(cells, name="disk", resolution=9)


def _counts(incidents: np.ndarray) -> CellCounts:
    return CellCounts(
        incidents=incidents,
        harm=incidents * 10_000,
        root_harm=incidents * 3_162_277_660,
        without_weight=np.zeros(len(incidents), dtype=np.int64),
        by_tier=pd.DataFrame({"position": [], "tier": [], "incidents": [], "harm": []}),
        outside=0,
        unlocated=0,
    )


def _clustered(grid: HexGrid) -> CellCounts:
    incidents = np.zeros(len(grid), dtype=np.int64)
    near = np.array(h3_int.grid_disk(CENTRE, 1), dtype=np.uint64)
    incidents[grid.positions(near)] = 3
    return _counts(incidents)


def test_a_cluster_is_hot_and_the_rest_is_not_cold() -> None:
    grid = _grid(12)
    frame, notes = surface(_clustered(grid), grid, measure=Measure.COUNT, ring=1)
    centre = int(grid.positions(np.array([CENTRE], dtype=np.uint64))[0])
    assert frame["class"][centre] == "hot 99"
    assert not frame["class"].str.startswith("cold").any()
    assert frame["edge"].sum() == 6 * 12
    np.testing.assert_array_equal(
        frame["p_adjusted"], benjamini_hochberg(np.minimum(2 * frame["p"], 1))
    )
    assert "each cell with its neighbours to 1 step" in notes[0].text
    assert "corrected for testing 469 cells (Benjamini-Hochberg)" in notes[0].text


def test_counts_and_harm_that_are_multiples_of_one_another_agree() -> None:
    grid = _grid(8)
    counts = _clustered(grid)
    count, _ = surface(counts, grid, measure=Measure.COUNT, ring=2)
    for measure in (Measure.HARM, Measure.SQRT_HARM):
        other, notes = surface(counts, grid, measure=measure, ring=2)
        np.testing.assert_allclose(other["z"], count["z"], atol=1e-9)
        np.testing.assert_allclose(other["p"], count["p"], rtol=1e-9)
        assert "counting every way" in notes[0].text


def test_each_correction_is_applied_over_the_whole_map_and_said() -> None:
    grid = _grid(9)
    adjusted, said = {}, {}
    for correction in Correction:
        frame, notes = surface(
            _clustered(grid), grid, measure=Measure.COUNT, ring=1, correction=correction
        )
        adjusted[correction], said[correction] = frame["p_adjusted"], notes[0]
        two_sided = np.minimum(2 * frame["p"], 1)
    np.testing.assert_allclose(adjusted[Correction.RAW], two_sided)
    np.testing.assert_allclose(
        adjusted[Correction.BONFERRONI], np.minimum(two_sided * len(grid), 1)
    )
    assert (adjusted[Correction.FDR] <= adjusted[Correction.BONFERRONI] + 1e-15).all()
    assert "(Bonferroni)" in said[Correction.BONFERRONI].text
    assert said[Correction.RAW].loud
    assert "not corrected for testing 271 cells" in said[Correction.RAW].text


def test_a_mask_is_said_aloud() -> None:
    grid = _grid(8)
    kept = masked(grid, grid.cells[::2], mask="cells with people")
    incidents = np.zeros(len(kept), dtype=np.int64)
    incidents[:3] = 1
    frame, notes = surface(_counts(incidents), kept, measure=Measure.COUNT, ring=1)
    assert len(frame) == len(kept)
    [note] = [note for note in notes if note.loud]
    assert note.text.startswith(f"Only cells with people: {len(kept)} cells.")


@pytest.mark.parametrize("measure", [Measure.COUNT, Measure.HARM, Measure.SQRT_HARM])
@pytest.mark.parametrize(
    ("rings", "each"), [(3, 0), (3, 4), (0, 5), (1, 2)], ids=["none", "equal", "one cell", "whole"]
)
def test_what_cannot_vary_is_nowhere_hot(rings: int, each: int, measure: Measure) -> None:
    grid = _grid(rings)
    counts = _counts(np.full(len(grid), each, dtype=np.int64))
    frame, _ = surface(counts, grid, measure=measure, ring=2)
    assert (frame["z"] == 0).all()
    assert (frame["p"] == 1).all()
    assert (frame["p_adjusted"] == 1).all()
    assert (frame["class"] == "none").all()


def test_a_neighbourhood_that_is_the_whole_area_says_nothing() -> None:
    grid = _grid(1)
    incidents = np.array([9, 0, 0, 1, 0, 0, 2])
    frame, _ = surface(_counts(incidents), grid, measure=Measure.COUNT, ring=2)
    assert (frame["z"] == 0).all()
    assert (frame["class"] == "none").all()


def test_expected_harm_is_refused_with_the_reason() -> None:
    grid = _grid(2)
    counts = _clustered(grid)
    with pytest.raises(BadInputError, match="smoothed over neighbours"):
        surface(counts, grid, measure=Measure.EXPECTED_HARM, ring=1)


def test_counts_of_another_grid_are_refused() -> None:
    with pytest.raises(BadInputError, match="describe 19 cells"):
        surface(_clustered(_grid(3)), _grid(2), measure=Measure.COUNT, ring=1)
