"""Small counts kept back: no reader can work one out, whatever they know of the rule."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from config.errors import BadInputError
from layers.suppression import suppress, suppress_table


@pytest.mark.parametrize(
    ("counts", "blank", "total"),
    [
        ([0, 5, 9], [], 14),  # nothing small: nothing kept back, and 0 is shown
        ([1, 2, 9], [0, 1], 12),  # 3 = 1 + 2 or 2 + 1
        ([1, 1, 9], [0, 1, 2], 11),  # 2 could only be 1 + 1, so the 9 goes as well
        ([2, 4, 4, 9], [0, 1, 2], 19),  # equal counts are treated alike
        ([1, 3, 4, 9], [0, 1, 2], 17),  # 1 + 3 could only be that: 4 goes too
        ([2, 0, 0], [0], None),  # one alone: its total would be it
    ],
)
def test_worked_by_hand(counts: list[int], blank: list[int], total: int | None) -> None:
    found = suppress(counts, fewest=3)
    assert np.flatnonzero(found.kept_back).tolist() == blank
    assert found.total == total
    shown = ~found.kept_back
    assert found.shown[shown].tolist() == np.array(counts)[shown].tolist()
    assert np.isnan(found.shown[found.kept_back]).all()
    assert bool(found.notes) == bool(blank)


# every table of so many counts up to a most, for each threshold
SIZES = [(1, 3, 12), (2, 3, 14), (3, 3, 10), (4, 3, 7), (5, 3, 5), (4, 4, 6), (3, 5, 9)]


@pytest.mark.parametrize(("size", "fewest", "most"), SIZES)
def test_exhaustive_search_finds_no_count_that_the_rule_gives_away(
    size: int, fewest: int, most: int
) -> None:
    """Whoever knows the rule, the threshold and all that is shown still sees two possibilities."""
    could_be: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(most + 1), repeat=size):
        found = suppress(counts, fewest=fewest)
        seen = tuple(None if kept else count
                     for kept, count in zip(found.kept_back, counts, strict=True))  # fmt: skip
        could_be[seen, found.total].append(counts)
    hidden = 0
    for (seen, total), tables in could_be.items():
        for place in [place for place, value in enumerate(seen) if value is None]:
            hidden += 1
            assert len({table[place] for table in tables}) > 1, (seen, total, tables)
    assert hidden


@settings(max_examples=50)
@given(
    st.lists(st.integers(0, 12) | st.integers(0, 400), min_size=2, max_size=9), st.integers(3, 6)
)
def test_an_integer_program_finds_two_values_for_every_blank(
    counts: list[int], fewest: int
) -> None:
    """The strongest reader knows the sum, and of each blank whether it is a small one."""
    found = suppress(counts, fewest=fewest)
    blanks = np.flatnonzero(found.kept_back)
    given = np.array(counts)
    assert set(np.flatnonzero((given > 0) & (given < fewest))) <= set(blanks)
    if found.total is None or not len(blanks):
        return
    small = given[blanks] < fewest
    least = np.where(small, 1, fewest)
    most = np.where(small, fewest - 1, found.total)
    rest = found.total - int(np.nansum(found.shown))
    exact = LinearConstraint(np.ones(len(blanks)), rest, rest)
    for place in range(len(blanks)):
        aim = np.zeros(len(blanks))
        aim[place] = 1
        ends = [
            milp(sign * aim, constraints=exact, integrality=1, bounds=Bounds(least, most)).fun
            for sign in (1, -1)
        ]
        assert -ends[1] - ends[0] >= 1 - 1e-6, (counts, blanks[place])


@given(st.lists(st.integers(0, 30), max_size=12), st.randoms())
def test_the_order_of_rows_decides_nothing(counts: list[int], random: object) -> None:
    order = list(range(len(counts)))
    random.shuffle(order)  # type: ignore[attr-defined]
    straight = suppress(counts, fewest=3)
    turned = suppress([counts[place] for place in order], fewest=3)
    assert turned.kept_back.tolist() == [bool(straight.kept_back[place]) for place in order]


def test_a_threshold_that_would_hide_nothing_is_refused() -> None:
    for fewest in (0, 2):
        with pytest.raises(BadInputError, match=f"fewest_shown {fewest} hides nothing"):
            suppress([1, 5], fewest=fewest)
    assert not suppress([1, 5], fewest=1).kept_back.any()


def test_what_would_tell_a_count_goes_with_it() -> None:
    table = pd.DataFrame(
        {"name": ["a", "b", "c"], "incidents": [1, 2, 9], "harm_days": [5.0, 730.0, 99.0]}
    )
    shown, found = suppress_table(table, count="incidents", telling=["harm_days"], fewest=3)
    assert list(shown.columns) == ["name", "incidents", "kept_back", "harm_days"]
    assert shown["harm_days"].tolist() == [None, None, 99.0]
    assert shown["incidents"].tolist() == [None, None, 9]
    assert shown["kept_back"].tolist() == ["yes", "yes", "no"]
    assert found.total == 12
    assert table["incidents"].tolist() == [1, 2, 9]
