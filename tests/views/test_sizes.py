from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import shapely

from spatial.risk_results import RiskResult
from views.sizes import size_of


@dataclass(frozen=True, slots=True)
class Pair:
    one: object
    two: object


def test_an_array_counts_what_it_holds() -> None:
    assert size_of(np.zeros(1_000_000)) == pytest.approx(8_000_000, rel=0.01)


def test_what_stands_twice_counts_once() -> None:
    array = np.zeros(100_000)
    assert size_of(Pair(array, array)) < 1.1 * array.nbytes


def test_of_a_long_list_the_first_stand_for_the_rest() -> None:
    words = [f"place {number:06d}" for number in range(50_000)]
    exact = sum(word.__sizeof__() for word in words)
    assert size_of(words) == pytest.approx(exact, rel=0.25)


def test_tables_and_shapes_count_within_results() -> None:
    cells = [f"8a194e{number:07x}fff" for number in range(10_000)]
    table = pd.DataFrame({"cell": cells, "z": np.ones(10_000)})
    circle = shapely.Point(0, 0).buffer(1, quad_segs=5_000)
    both = size_of({"cells": Pair(table, circle)})
    assert both > table.memory_usage(deep=True).sum() + 16 * 20_000


def test_what_holds_itself_ends() -> None:
    ring: list[object] = []
    ring.append(ring)
    assert size_of(ring) < 1_000


def test_a_result_of_the_sample_town_is_some_hundred_kilobytes(saltmere_risk: RiskResult) -> None:
    assert 50_000 < size_of(saltmere_risk) < 30_000_000
