"""The watch list: its false alarms counted, its alarms raised, single events told."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy.stats import binom

from config.watch import load_watch_list
from spatial.hotspots.changed.watch_list import (
    CANNOT_BE_SEEN,
    FIRST_SINCE,
    MORE_THAN_CHANCE,
    NOTHING_UNUSUAL,
    STATUSES,
    TOO_SHORT,
    WATCH_COLUMNS,
    WatchedEvents,
    looks,
    rate_words,
    read_events,
    watch_list,
    watch_row,
)
from spatial.incidents.store import IncidentStore

WATCHED = load_watch_list()
RULES = WATCHED.rules
SERIES = WATCHED.series[0]
FROM, THROUGH = dt.date(2020, 1, 1), dt.date(2026, 10, 31)


def _days(*ages: int) -> np.ndarray:
    """Event days so many days before the last."""
    return np.sort(np.datetime64(THROUGH, "D") - np.array(ages, dtype="timedelta64[D]"))


def _row(days: np.ndarray, data_from: dt.date = FROM) -> dict[str, object]:
    return watch_row(SERIES, days, data_from=data_from, data_through=THROUGH, rules=RULES)


def _alarms(rate: float, rng: np.random.Generator, *, series: int) -> tuple[float, float]:
    """Simulate five years of looks: alarms, and looks in alarm, per series."""
    week, years = 7, 5
    back = RULES.most_years_before * 52 + max(RULES.spans_days) // week
    counts = rng.poisson(rate / 52, (series, back + 52 * years))
    running = np.concatenate([np.zeros((series, 1), np.int64), counts.cumsum(axis=1)], axis=1)
    at = back + np.arange(1, RULES.looks_per_year * years + 1) * (52 // RULES.looks_per_year)
    alarm = np.zeros((series, len(at)), dtype=bool)
    for span in RULES.spans_days:
        k, b = span // week, RULES.most_years_before * 52
        recent = running[:, at] - running[:, at - k]
        before = running[:, at - k] - running[:, at - k - b]
        p = binom.sf(recent - 1, recent + before, k / (k + b))
        alarm |= p <= RULES.chance_per_span
    began = alarm & ~np.concatenate([np.zeros((series, 1), bool), alarm[:, :-1]], axis=1)
    return began.sum() / series, alarm.sum() / series


@pytest.mark.parametrize("rate", [0.2, 1.0, 4.0, 12.0, 26.0, 50.0, 104.0])
def test_false_alarms_keep_to_one_in_five_years(rate: float) -> None:
    alarms, looking = _alarms(rate, np.random.default_rng(5), series=400)
    # one in five years, with two standard errors of 400 simulated series for luck
    assert alarms <= 1.0 + 2 * np.sqrt(1.0 / 400)
    assert looking <= len(RULES.spans_days) * RULES.chance_per_span * RULES.looks_per_year * 5


def test_a_look_is_the_exact_binomial_tail() -> None:
    # 3 in four weeks, 6 in the three years before: P(X >= 3), X of 9 with share 28 / 1120 = 1/40
    days = _days(1, 8, 20, *(100 + 150 * np.arange(6)))
    look = looks(days, data_from=FROM, data_through=THROUGH, rules=RULES)[0]
    share = 1 / 40
    below = sum(
        binomial * share**k * (1 - share) ** (9 - k) for k, binomial in ((0, 1), (1, 9), (2, 36))
    )
    assert (look.span_days, look.events, look.years_before) == (28, 3, 3)
    assert look.expected == pytest.approx(6 * 28 / 1092)
    assert look.p == pytest.approx(1 - below)


def test_three_in_a_month_alarm_where_two_a_year_are_usual() -> None:
    row = _row(_days(1, 8, 20, *(100 + 170 * np.arange(6))))
    assert row["status"] == MORE_THAN_CHANCE
    assert "on 3 days in 4 weeks" in str(row["words"])
    assert float(str(row["p"])) <= RULES.chance_per_span


def test_a_single_event_after_a_quiet_year_is_told() -> None:
    row = _row(_days(5, 400))
    assert row["status"] == FIRST_SINCE
    assert str(row["words"]).endswith("26 Oct 2026, the first since 26 Sep 2025.")
    assert row["event_before"] == dt.date(2025, 9, 26)
    never = _row(_days(5))
    assert never["status"] == FIRST_SINCE
    assert "since the data begin on 1 Jan 2020" in str(never["words"])


def test_a_second_event_soon_after_does_not_hide_the_first() -> None:
    row = _row(_days(5, 10, 500))
    assert "21 Oct 2026, the first since" in str(row["words"])


def test_usual_events_are_nothing_unusual() -> None:
    row = _row(_days(5, *range(60, 1000, 60)))
    assert row["status"] == NOTHING_UNUSUAL
    assert "on 1 day in 4 weeks, the last on 26 Oct 2026" in str(row["words"])
    quiet = _row(_days())
    assert str(quiet["words"]).endswith("none in 4 weeks, none in the data.")


def test_under_a_year_of_data_is_too_short() -> None:
    row = _row(_days(5, 40, 80), data_from=dt.date(2026, 3, 1))
    assert row["status"] == TOO_SHORT
    assert row["p"] is None


def test_alarms_come_first() -> None:
    names = [series.name for series in WATCHED.series]
    events = dict.fromkeys(names, _days())
    events[names[2]] = _days(1, 2, 3)
    events[names[1]] = _days(4, 900)
    table = watch_list(
        WatchedEvents(events, {names[0]: 7}, 0.9),
        watched=WATCHED,
        data_from=FROM,
        data_through=THROUGH,
    )
    assert tuple(table.columns) == WATCH_COLUMNS
    assert table["series"].tolist()[:2] == [names[2], names[1]]
    assert table["status"].isin(STATUSES).all()
    assert table.set_index("series")["untested"].to_dict() == {
        name: 7 if name == names[0] else 0 for name in names
    }
    said = table.set_index("series")["words"]
    assert said[names[0]].endswith(" 7 could not be tested: a mark is blank.")


def test_records_without_codes_show_nothing_and_say_so() -> None:
    events = {series.name: _days() for series in WATCHED.series}
    table = watch_list(
        WatchedEvents(events, {}, 0.0), watched=WATCHED, data_from=FROM, data_through=THROUGH
    )
    assert set(table["status"]) == {CANNOT_BE_SEEN}
    assert table["words"].str.contains("only 0% of the records carry an offence code").all()
    assert table["p"].isna().all()


def test_a_code_younger_than_the_data_is_no_rise() -> None:
    corrosive = next(series for series in WATCHED.series if series.name == "corrosive")
    assert corrosive.valid_from["008/75"] == dt.date(2022, 4, 6)
    through = dt.date(2022, 8, 1)
    days = np.arange(np.datetime64("2022-04-10"), np.datetime64("2022-07-30"), 14)
    row = watch_row(corrosive, days, data_from=FROM, data_through=through, rules=RULES)
    assert row["status"] == TOO_SHORT
    older = watch_row(SERIES, days, data_from=FROM, data_through=through, rules=RULES)
    assert older["status"] == MORE_THAN_CHANCE


def test_saltmere_is_read(saltmere_store: IncidentStore) -> None:
    read = read_events(saltmere_store.connect(), WATCHED)
    # murders with a knife: 25 February 2024, 1 January and 15 March 2025
    knives = [str(day) for day in read.days["knife_homicide"]]
    assert knives == ["2024-02-25", "2025-01-01", "2025-03-15"]
    # flags are blank in a tenth of violence: they cannot be tested, and that is counted
    assert read.untested["firearm_violence"] > 100
    assert read.untested["corrosive"] == 0
    assert 0.9 < read.coded <= 1


def test_the_rate_is_said() -> None:
    assert "at most one false alarm in 5 years" in rate_words(RULES)
