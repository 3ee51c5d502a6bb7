from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from config.errors import BadInputError
from config.holidays import HOLIDAYS, bank_holidays, holiday_of, kept_on

# GOV.UK, UK bank holidays (England and Wales), as published for each year
PUBLISHED = {
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_published_days(year: int) -> None:
    days = [f"{one.date:%m-%d}" for one in bank_holidays(year)]
    assert days == PUBLISHED[year].split()


def test_what_is_moved_says_why() -> None:
    assert kept_on("early_may", 2020) == dt.date(2020, 5, 8)
    moved = holiday_of(dt.date(2020, 5, 8))
    assert moved is not None
    assert "VE Day" in moved.why
    assert holiday_of(dt.date(2020, 5, 4)) is None
    # Christmas Day on a Sunday is kept after Boxing Day
    assert kept_on("christmas", 2022) == dt.date(2022, 12, 27)
    assert kept_on("boxing", 2022) == dt.date(2022, 12, 26)


def test_every_year_has_each_holiday_once_and_on_a_weekday() -> None:
    for year in range(1978, 2200):
        found = bank_holidays(year)
        assert sorted(one.key for one in found if one.key) == sorted(HOLIDAYS)
        assert len({one.date for one in found}) == len(found)
        assert all(one.date.weekday() < 5 and one.date.year == year for one in found)


def test_a_file_that_is_wrong_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "holidays.toml"
    file.write_text('[[single]]\ndate = 2026-02-30\nname = "x"\n')
    with pytest.raises(BadInputError, match="not readable TOML"):
        bank_holidays(2026, file)
