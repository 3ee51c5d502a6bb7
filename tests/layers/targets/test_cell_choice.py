from __future__ import annotations

import h3
import pytest

from config.errors import BadInputError
from layers.targets.cell_choice import cell_at, cell_choice, point_at

HERE = h3.latlng_to_cell(53.1916, 1.3973, 10)


def test_a_ring_is_offered_nearest_first_with_where_it_lies() -> None:
    near = sorted(h3.grid_ring(HERE, 1))
    found = cell_choice([HERE], {HERE: 4, near[0]: 1}, taken=[HERE], ring=1, held={near[1]: "Quay"})
    assert set(found["cell"]) == {HERE, *near}
    first = found.iloc[0]
    assert (first["cell"], bool(first["taken"])) == (HERE, True)
    assert first["words"].startswith("TG 2699 7145")
    assert first["words"].endswith("in the middle, 4 incidents")
    words = dict(zip(found["cell"], found["words"], strict=True))
    assert words[near[0]].endswith("1 incident")
    assert words[near[1]].endswith("belongs to Quay")
    # the six neighbours lie on six sides, 110 to 150 m off
    sides = {text.split(", ")[1].split()[-1] for cell, text in words.items() if cell != HERE}
    assert len(sides) >= 5


def test_a_taken_cell_beyond_the_ring_stays_on_offer() -> None:
    far = min(h3.grid_ring(HERE, 4))
    found = cell_choice([HERE], {}, taken=[far], ring=1)
    assert bool(found.set_index("cell").loc[far, "taken"])
    assert cell_choice([], {}, taken=[far], ring=1).empty


def test_beyond_the_national_grid_a_cell_is_named_by_degrees() -> None:
    there = h3.latlng_to_cell(48.85, 2.35, 10)
    found = cell_choice([there], {}, taken=[], ring=0)
    assert found["words"].iloc[0].startswith("48.8")


def test_a_grid_reference_names_the_cell_that_holds_its_middle() -> None:
    longitude, latitude = point_at("TG 2705 7144")
    assert h3.latlng_to_cell(latitude, longitude, 10) == cell_at("tg27057144", resolution=10)
    # the middle of the square of 10 m, not its corner
    assert (round(longitude, 3), round(latitude, 3)) == (1.397, 53.192)


@pytest.mark.parametrize("text", ["", "the mill", "TG 2705 714", "TG 27 71"])
def test_what_names_no_cell_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        cell_at(text, resolution=10)
