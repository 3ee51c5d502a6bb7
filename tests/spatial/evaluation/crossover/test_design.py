from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from config.errors import BadInputError
from config.operation import Areas, Crossover, Operation
from spatial.evaluation.crossover.design import (
    CrossoverDesign,
    counted,
    longest_gap,
    outcome,
    read_design,
)
from spatial.targets.schedule.allocation import allocate
from tests.spatial.evaluation.crossover.draws import design_of

IDS = ("A", "B", "C")
FIRST = dt.date(2026, 8, 1)


def operation(file: Path, *, days: int = 4, k: int | str = 1, wait: int | None = None) -> Operation:
    return Operation(
        name="x",
        design="crossover",
        first_date=FIRST,
        last_date=FIRST + dt.timedelta(days=days - 1),
        profiles=("ark",),
        areas=Areas(cells=dict.fromkeys(IDS, ("8a194ada9267fff",))),
        crossover=Crossover(allocation=str(file), treated_each_day=k, longest_wait_days=wait),
    )


def written(folder: Path, treated: list[str], *, controls: bool = True, extra: str = "") -> Path:
    lines = ["date,area_id,treated,visit,start,minutes"]
    for number, places in enumerate(treated):
        day = FIRST + dt.timedelta(days=number)
        for one in IDS:
            if one in places:
                # a row per visit, as harmhex schedule writes them
                lines += [f"{day},{one},1,1,14:05,15", f"{day},{one},1,2,16:10,15"]
            elif controls:
                lines.append(f"{day},{one},0,,,")
    file = folder / "daily.csv"
    file.write_text("\n".join(lines) + "\n" + extra, encoding="utf-8-sig")
    return file


def test_a_schedule_is_read_as_its_design(tmp_path: Path) -> None:
    file = written(tmp_path, ["A", "B", "C", "A"])
    design = read_design(operation(file), area_ids=IDS)
    np.testing.assert_array_equal(design.treated.argmax(axis=1), [0, 1, 2, 0])
    assert (design.place_days_treated, design.place_days_control) == (4, 8)
    assert design.constant
    assert not design.notes


def test_treated_place_days_alone_are_enough_and_said(tmp_path: Path) -> None:
    file = written(tmp_path, ["A", "B", "C", "A"], controls=False)
    design = read_design(operation(file), area_ids=IDS)
    assert design.place_days_control == 8
    assert "treated place-days only" in design.notes[0].text


@pytest.mark.parametrize(
    ("treated", "extra", "match"),
    [
        (["A", "BC", "C", "A"], "", "daily.csv: 2 places are treated on 2026-08-02, .* says 1"),
        (["A", "B", "C"], "", "there is no row for 2026-08-04"),
        (["A", "B", "C", "A", "B"], "", "date: 2026-08-05 is no day on which"),
        (["A", "B", "C", "A"], "2026-08-01,D,0\n", "row 18: area_id: 'D' is none"),
        (["A", "B", "C", "A"], "2026-08-01,A,0\n", "row 18: 'A' is treated and also not"),
        (["A", "B", "C", "A"], "2026-08-01,A,perhaps\n", "treated: 'perhaps' is neither"),
        (["A", "B", "C", "A"], "1 August,A,1\n", "date: '1 August' is no date"),
    ],
)
def test_an_allocation_that_is_not_the_design_is_refused(
    tmp_path: Path, treated: list[str], extra: str, match: str
) -> None:
    file = written(tmp_path, treated, extra=extra)
    with pytest.raises(BadInputError, match=match):
        read_design(operation(file), area_ids=IDS)


def test_a_row_is_missing(tmp_path: Path) -> None:
    file = written(tmp_path, ["A", "B", "C", "A"])
    kept = [line for line in file.read_text("utf-8-sig").splitlines() if "08-02,C" not in line]
    file.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(BadInputError, match="'C' has no row on 2026-08-02"):
        read_design(operation(file), area_ids=IDS)


def test_the_number_may_vary_if_it_was_drawn_so(tmp_path: Path) -> None:
    file = written(tmp_path, ["A", "BC", "C", "A"])
    design = read_design(operation(file, k="varies"), area_ids=IDS)
    np.testing.assert_array_equal(design.each_day, [1, 2, 1, 1])
    assert not design.constant


def test_a_longest_wait_is_held_to(tmp_path: Path) -> None:
    read_design(operation(written(tmp_path, ["A", "B", "C", "A"]), wait=3), area_ids=IDS)
    file = written(tmp_path, ["A", "B", "A", "C"])
    with pytest.raises(BadInputError, match="'C' goes 3 days without"):
        read_design(operation(file, wait=3), area_ids=IDS)


def test_gaps_are_as_the_schedule_promises() -> None:
    drawn = allocate(7, 2, 40, wait=5, rng=np.random.default_rng(1))
    assert longest_gap(drawn).max() < 5
    assert longest_gap(np.zeros((6, 2), dtype=bool)).tolist() == [6, 6]


def test_outcomes_must_be_counts_of_the_same_place_days() -> None:
    design = design_of(np.eye(3, dtype=bool))
    with pytest.raises(BadInputError, match=r"counts: has the shape \(2, 3\)"):
        counted(np.zeros((2, 3)), design, what="counts")
    with pytest.raises(BadInputError, match="below nought"):
        outcome(np.full((3, 3), np.nan), design, what="harm_days")
    with pytest.raises(BadInputError, match=r"0\.5.*is no count"):
        counted(np.full((3, 3), 0.5), design, what="counts")


def test_what_is_no_crossover_is_refused() -> None:
    with pytest.raises(BadInputError, match="nothing to compare"):
        design_of(np.ones((3, 3), dtype=bool))
    with pytest.raises(BadInputError, match="at least two places"):
        design_of(np.array([[True], [False]]))
    with pytest.raises(BadInputError, match="2 dates"):
        CrossoverDesign((FIRST, FIRST), IDS, np.eye(3, dtype=bool))
