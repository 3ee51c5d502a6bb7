"""What a plan holds together before any outcome is counted."""

from __future__ import annotations

import pytest
import shapely

from config.errors import BadInputError
from config.operation_file import read_operation
from sample_geo.ready import DATA
from spatial.evaluation.planned import read_planned


def test_the_sample_operations_are_ready() -> None:
    gull, tern = (
        read_planned(read_operation(DATA / f"operation_{name}.toml")) for name in ("gull", "tern")
    )
    assert gull.design is None
    assert gull.comparators is not None
    assert (len(gull.treated.area_ids), len(gull.comparators.area_ids)) == (12, 24)
    assert tern.design is not None
    assert tern.design.treated.shape == (90, 20)
    assert tern.comparators is None
    ground = shapely.union_all(tern.treated.shapes)
    # a buffer holds no ground of an area, but slivers of rounding
    shared = shapely.union_all(tern.buffer.shapes).intersection(ground)
    assert shared.area < ground.area * 1e-4
    assert any("in neither buffer" in note.text for note in tern.notes)


def test_comparators_in_the_widest_buffer_are_refused() -> None:
    said = read_operation(DATA / "operation_gull.toml").model_copy(update={"buffers_m": (50, 400)})
    with pytest.raises(BadInputError, match="the 400 m round it, where it may be felt"):
        read_planned(said)


def test_places_that_began_at_different_times_are_refused() -> None:
    said = read_operation(DATA / "operation_gull.toml")
    starts = dict.fromkeys(said.areas.ids, said.first_date)
    with pytest.raises(BadInputError):
        read_planned(said.model_copy(update={"design": "staggered", "starts": starts}))
