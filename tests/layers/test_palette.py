from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import palette


def test_classes_keep_their_order_in_greyscale() -> None:
    shades = [palette.lightness(fill) for fill in palette.VIOLENCE_STEPS]
    # every step visibly darker than the last: a photocopier must keep the order
    assert all(lighter - darker > 0.09 for lighter, darker in pairwise(shades))


def test_lightness_of_black_white_and_a_known_grey() -> None:
    assert palette.lightness("#000000") == 0
    assert palette.lightness("#FFFFFF") == pytest.approx(1)
    # 0x80 = 128: ((128/255 + 0.055) / 1.055)^2.4 = 0.2159
    assert palette.lightness("#808080") == pytest.approx(0.2159, abs=1e-4)


def test_disorder_and_selection_stand_out_from_every_violence_class() -> None:
    for step in palette.VIOLENCE_STEPS:
        for other in (palette.DISORDER, palette.SELECTED):
            apart = np.abs(np.subtract(palette.rgba(step)[:3], palette.rgba(other)[:3])).max()
            assert apart > 60


def test_breaks_are_quantiles_rounded_to_plain_numbers() -> None:
    # of 1..1000, the 40, 65, 85 and 95 per cent values are 400, 650, 850 and 950; the plain numbers
    # nearest to them are 400, 600, 800 and 1000; the first class begins at the least value
    found = palette.class_breaks(np.arange(1, 1001))
    assert found.lower == (1, 400, 600, 800, 1000)
    assert found.fills == palette.VIOLENCE_STEPS
    assert found.of([1, 399, 400, 999, 1000, 5000]) == [0, 0, 1, 3, 4, 4]


def test_breaks_of_awkward_harm_are_plain() -> None:
    values = [19, 365, 365, 730, 1095, 1460, 1825, 2190, 5475]
    for bound in palette.class_breaks(values).lower:
        leading = f"{bound:.6e}"[:3]
        assert leading in {"1.0", "1.5", "2.0", "2.5", "3.0", "4.0", "5.0", "6.0", "7.5", "8.0"}


def test_tied_values_are_one_class() -> None:
    found = palette.class_breaks([365.0] * 40)
    assert found.lower == (300,)
    assert len(found.fills) == 1


@pytest.mark.parametrize("nothing", [[], [0.0, 0.0], [np.nan]])
def test_nothing_to_class_is_no_class(nothing: list[float]) -> None:
    assert palette.class_breaks(nothing) == palette.Classes((), ())


_values = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=60)


@given(_values, st.randoms())
def test_breaks_ignore_the_order_of_the_values(values: list[float], rng: object) -> None:
    shuffled = list(values)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert palette.class_breaks(values) == palette.class_breaks(shuffled)


@given(_values)
def test_breaks_ascend_and_no_class_is_empty(values: list[float]) -> None:
    found = palette.class_breaks(values)
    assert 1 <= len(found.lower) == len(found.fills) <= palette.MOST_CLASSES
    assert all(low < high for low, high in pairwise(found.lower))
    assert found.lower[0] <= min(values)
    assert set(found.of(values)) == set(range(len(found.lower)))
