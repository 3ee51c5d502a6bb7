from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from config.errors import BadInputError
from config.periods import load_periods

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'financial_year_starts = "04-01"\nwhose = "Invented"\n'


def test_the_financial_year_of_a_day() -> None:
    periods = load_periods()
    assert periods.financial_year(dt.date(2026, 3, 31)) == (
        dt.date(2025, 4, 1), dt.date(2026, 3, 31),
    )  # fmt: skip
    assert periods.financial_year(dt.date(2026, 4, 1))[0] == dt.date(2026, 4, 1)
    # a leap year's is a day longer
    first, last = periods.financial_year(dt.date(2024, 2, 29))
    assert (last - first).days == 365


def test_the_towns_own_terms_are_offered_nowhere_else(tmp_path: Path) -> None:
    shipped = load_periods()
    assert shipped.term
    assert shipped.without_examples().term == ()
    assert shipped.without_examples().named == ()
    file = tmp_path / "periods.toml"
    file.write_text(
        HEAD + '[[term]]\nname = "Autumn"\nfirst = 2026-09-01\nlast = 2026-12-18', encoding="utf-8"
    )
    assert len(load_periods(file).without_examples().term) == 1


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ('[[named]]\nname = "A"\nfirst = 2026-02-01\nlast = 2026-01-01', "before it begins"),
        ('[[named]]\nname = "A"\nfirst = 1066-10-14', "no incident can have"),
        ('[[named]]\nname = " "\nfirst = 2026-01-01', "named.0.name"),
        ('[[named]]\nname = "A"\nfirst = 2026-01-01\ncolour = 1', "colour"),
        (
            '[[named]]\nname = "A"\nfirst = 2026-01-01\n[[term]]\nname = "a"\nfirst = 2026-01-01',
            "called 'a'",
        ),
        (
            (
                '[[term]]\nname = "A"\nfirst = 2026-01-01\nlast = 2026-03-01\n'
                '[[term]]\nname = "B"\nfirst = 2026-03-01\nlast = 2026-04-01'
            ),
            "overlap",
        ),
        ('[[named]]\nname = "A"\nfirst = 2000-01-01\nlast = 2026-01-01', "longer than ten years"),
    ],
)
def test_a_period_that_cannot_be_is_refused(tmp_path: Path, said: str, because: str) -> None:
    file = tmp_path / "periods.toml"
    file.write_text(HEAD + said, encoding="utf-8")
    with pytest.raises(BadInputError, match=because):
        load_periods(file)


def test_a_day_that_not_every_year_has_begins_no_financial_year(tmp_path: Path) -> None:
    file = tmp_path / "periods.toml"
    file.write_text('financial_year_starts = "02-29"\nwhose = "X"', encoding="utf-8")
    with pytest.raises(BadInputError, match="MM-DD"):
        load_periods(file)
