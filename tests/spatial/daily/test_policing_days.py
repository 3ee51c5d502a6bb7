from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from config.errors import BadInputError
from spatial.daily.policing_days import PolicingDay, chosen_day, day_of

FROM, THROUGH = dt.date(2025, 1, 1), dt.date(2026, 10, 31)


def test_the_small_hours_belong_to_the_day_before() -> None:
    start = np.array(
        ["2026-10-31T05:59:59", "2026-10-31T06:00:00", "2026-10-31T00:00:00", "2026-10-31T00:00"],
        dtype="datetime64[s]",
    )
    precision = np.array(["minute", "minute", "hour", "day"])
    found = day_of(start, precision, starts=6).astype(str).tolist()
    # what is known to the day only stays on its date
    assert found == ["2026-10-30", "2026-10-31", "2026-10-30", "2026-10-31"]
    assert set(day_of(start, precision, starts=0).astype(str)) == {"2026-10-31"}


def test_the_last_whole_day_ends_on_the_last_date_of_the_data() -> None:
    day = chosen_day(None, starts=6, data_from=FROM, data_through=THROUGH)
    assert day == PolicingDay(dt.date(2026, 10, 30), 6, complete=True)
    assert day.words == "06:00 Fri 30 Oct 2026 to 06:00 Sat 31 Oct 2026"
    calendar = chosen_day(None, starts=0, data_from=FROM, data_through=THROUGH)
    assert calendar == PolicingDay(THROUGH, 0, complete=True)
    assert calendar.words == "the whole of Sat 31 Oct 2026"


def test_a_day_that_runs_beyond_the_data_is_not_whole() -> None:
    day = chosen_day(THROUGH, starts=6, data_from=FROM, data_through=THROUGH)
    assert not day.complete
    assert day.ends == dt.datetime(2026, 11, 1, 6)  # noqa: DTZ001 (wall-clock, as the store has it)


@pytest.mark.parametrize("asked", [dt.date(2024, 12, 31), dt.date(2026, 11, 1)])
def test_a_day_without_data_is_refused(asked: dt.date) -> None:
    with pytest.raises(BadInputError, match="The data hold 1 Jan 2025 to 31 Oct 2026"):
        chosen_day(asked, starts=6, data_from=FROM, data_through=THROUGH)
