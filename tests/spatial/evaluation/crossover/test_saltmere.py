from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.operation_file import area_ids, digest, read_operation
from sample_geo.ready import DATA
from spatial.evaluation.crossover.design import read_design
from spatial.evaluation.footprint import buffers, check_apart, footprint

OPERATIONS = sorted(DATA.glob("operation_*.toml"))


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.stem)
def test_the_sample_towns_operations_can_be_evaluated(file: Path) -> None:
    operation = read_operation(file)
    treated = footprint(operation.areas)
    against = operation.comparators
    compared = footprint(against) if against is not None and against.kind == "areas" else None
    check_apart(treated, compared, buffer_m=operation.buffer_m, name=operation.name)
    rings, _ = buffers(treated, buffer_m=operation.buffer_m)
    assert rings.area_ids == treated.area_ids == area_ids(operation.areas)
    assert len(digest(operation)) == 64


def test_the_sample_towns_crossover_is_its_planted_design() -> None:
    planted = json.loads((DATA / "planted.json").read_text(encoding="utf-8"))["operations"]
    said = next(one for one in planted if one["design"] == "crossover")
    operation = read_operation(DATA / said["file"])
    design = read_design(operation, area_ids=area_ids(operation.areas))
    assert (design.place_days_treated, design.place_days_control) == (720, 1080)
    assert str(design.dates[0]) == said["first_date"]
    assert design.longest_wait is None
