from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from config.errors import BadInputError
from spatial.evaluation.crossover.analysis import achieved, analyse_crossover
from spatial.evaluation.crossover.carry_over import carry_over
from spatial.evaluation.crossover.compliance import NOT_RANDOM, as_delivered, compliance
from spatial.evaluation.crossover.design import CrossoverDesign
from spatial.evaluation.crossover.dose import OBSERVATIONAL, dose_of, dose_response
from spatial.evaluation.crossover.panel import CrossoverPanel
from spatial.evaluation.crossover.periods import balance, period_effects
from spatial.targets.schedule.allocation import allocate
from tests.spatial.evaluation.crossover.draws import FIRST, counts_of, design_of, each_day


def panel_of(seed: int, *, total: float = 60, wait: int | None = None) -> CrossoverPanel:
    rng = np.random.default_rng(seed)
    treated = each_day(rng) if wait is None else allocate(20, 8, 90, wait=wait, rng=rng)
    counts = counts_of(rng, treated, total=total, ratio=0.6)
    buffer = counts_of(rng, treated, total=80)
    return CrossoverPanel(design_of(treated, wait), "ark", counts, counts * 19.0, buffer)


@pytest.mark.parametrize("wait", [None, 6])
def test_all_that_is_said_of_a_crossover(wait: int | None) -> None:
    panel = panel_of(1, wait=wait)
    made = panel.design.treated.copy()
    made[3] = False
    found = analyse_crossover(panel, delivered=made, draws=200)
    names = [one.name for one in found.estimates]
    assert names[0] == "crossover_rate_ratio"
    assert len(set(names)) == len(names)
    assert {"crossover_harm_ratio", "crossover_buffer_rate_ratio", "crossover_carry_over_4",
            "crossover_second_half", "crossover_as_delivered"} <= set(names)  # fmt: skip
    assert (found.sides.place_days_treated, found.sides.place_days_control) == (720, 1080)
    assert found.sides.treated + found.sides.control == panel.counts.sum()
    for one in found.estimates:
        assert one.method
        assert one.notes
        if None not in {one.estimate, one.low, one.high}:
            assert one.low <= one.estimate <= one.high
    assert found.compliance is not None
    assert found.compliance.delivered_share == pytest.approx(712 / 720)


def test_carry_over_finds_a_patrol_that_is_felt_the_next_day() -> None:
    rng = np.random.default_rng(2)
    treated = each_day(rng, days=300)
    rate = np.full(treated.shape, 0.3)
    rate[1:][treated[:-1]] *= 0.4
    counts = rng.poisson(rate)
    one, two, _, _, today = carry_over(counts, design_of(treated), outcome="ark")
    assert (one.name, today.name) == ("crossover_carry_over_1", "crossover_rate_ratio_carry_over")
    for found, truth in ((one, 0.4), (two, 1.0), (today, 1.0)):
        assert found.low is not None
        assert found.high is not None
        assert found.low < truth < found.high
    assert one.high is not None
    assert one.high < 0.6
    # the same from the model, where a longest wait ties the days together
    modelled = carry_over(counts, design_of(treated, wait=300), outcome="ark")[0]
    assert modelled.estimate == pytest.approx(one.estimate, rel=0.1)


def test_days_after_are_days_of_the_calendar() -> None:
    # in force on Fridays only: no day before was ever in force
    treated = each_day(np.random.default_rng(3), days=20)
    dates = tuple(dt.date(2026, 8, 7) + dt.timedelta(weeks=week) for week in range(20))
    design = CrossoverDesign(dates, tuple(f"P{one}" for one in range(20)), treated)
    counts = counts_of(np.random.default_rng(4), treated)
    found = carry_over(counts, design, outcome="ark")
    assert [one.estimate for one in found] == [None] * 5


def test_an_effect_that_fades_is_found() -> None:
    rng = np.random.default_rng(5)
    treated = each_day(rng, days=200)
    rate = np.where(treated, 0.1, 0.4)
    rate[100:] = 0.4
    panel = CrossoverPanel(design_of(treated), "ark", rng.poisson(rate))
    first, second, change, trend = period_effects(panel)
    assert first.high is not None
    assert first.high < 0.4
    assert second.low is not None
    assert second.high is not None
    assert second.low < 1 < second.high
    assert change.low is not None
    assert change.low < 4 < change.high
    assert trend.low is not None
    assert trend.low > 1


def test_weekdays_are_even_where_as_many_are_drawn_each_day() -> None:
    table = balance(panel_of(6))
    days = table.iloc[:7]
    assert days["period"].tolist()[0] == "Monday"
    assert (days["place_days_treated"] * 3 == days["place_days_control"] * 2).all()
    assert days[["place_days_treated", "place_days_control"]].to_numpy().sum() == 1800
    assert table.iloc[7:]["place_days_treated"].sum() == 720


def test_compliance_counts_both_ways() -> None:
    treated = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool)
    made = np.array([[1, 1], [0, 0], [0, 1], [0, 1]], dtype=bool)
    found = compliance(design_of(treated), made)
    assert (found.delivered_share, found.control_share_visited) == (0.75, 0.25)
    assert found.by_place["delivered_share"].tolist() == [0.5, 1.0]
    contrast = as_delivered(np.ones((4, 2), dtype=np.int64), design_of(treated), made, outcome="x")
    assert contrast.estimate == pytest.approx(1.0)
    assert contrast.p is None
    assert NOT_RANDOM in contrast.notes
    with pytest.raises(BadInputError, match="delivered: has the shape"):
        compliance(design_of(treated), made[:2])


def test_power_is_of_the_counts_that_were_met() -> None:
    few, many = achieved(panel_of(7, total=40)), achieved(panel_of(7, total=900))
    assert few is not None
    assert many is not None
    assert few.smallest_fall is not None
    assert many.smallest_fall is not None
    assert many.smallest_fall < few.smallest_fall
    assert few.clustering >= 1
    design = design_of(each_day(np.random.default_rng(8)))
    empty = CrossoverPanel(design, "ark", np.zeros((90, 20), dtype=np.int64))
    assert achieved(empty) is None


def visits_of(rows: list[tuple[str, str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["area_id", "start", "minutes"])


def test_visits_belong_to_their_policing_day() -> None:
    treated = np.array([[1, 0], [0, 1], [1, 0]], dtype=bool)
    design = design_of(treated)
    visits = visits_of(
        [
            ("P00", f"{FIRST}T23:50", 12),
            # past midnight, and still the first day's
            ("P00", f"{FIRST + dt.timedelta(days=1)}T05:59", 10),
            ("P01", f"{FIRST + dt.timedelta(days=1)}T06:00", 15),
            ("P01", f"{FIRST + dt.timedelta(days=1)}T09:00", 600),
            ("P99", f"{FIRST}T12:00", 15),
        ]
    )
    dose = dose_of(visits, design)
    np.testing.assert_array_equal(dose.minutes, [[22, 0], [0, 15], [0, 0]])
    np.testing.assert_array_equal(dose.visits, [[2, 0], [0, 1], [0, 0]])
    assert dose.silent_dates == (FIRST + dt.timedelta(days=2),)
    assert (dose.implausible, dose.elsewhere) == (1, 1)
    assert [note.loud for note in dose.notes] == [True, True, False]


def test_dose_is_held_against_each_places_own_mean() -> None:
    treated = np.array([[1, 0], [0, 1], [1, 0], [0, 1]], dtype=bool)
    counts = np.array([[0, 1], [4, 1], [0, 1], [4, 1]])
    days = [FIRST + dt.timedelta(days=number) for number in range(4)]
    visits = visits_of([("P00" if n % 2 == 0 else "P01", f"{days[n]}T12:00", 15) for n in range(4)])
    table, notes = dose_response(counts, design_of(treated), dose_of(visits, design_of(treated)))
    by_band = table.set_index("minutes")
    assert by_band.loc["10 to under 17", "place_days"] == 4
    # 2 and 1 a day on average, two days each
    assert by_band.loc["10 to under 17", "expected"] == pytest.approx(6)
    assert by_band.loc["10 to under 17", "incidents"] == 2
    assert table["incidents"].sum() == counts.sum()
    assert table["expected"].sum() == pytest.approx(counts.sum())
    assert notes == (OBSERVATIONAL,)


def test_a_start_with_an_offset_is_put_on_the_wall_clock() -> None:
    design = design_of(np.array([[1, 0], [0, 1], [1, 0]], dtype=bool))
    second = FIRST + dt.timedelta(days=1)
    # 04:30 UTC is half past five in summer, and still the first day's; mixed with plain starts
    rows = [
        ("P00", f"{second}T04:30:00Z", 10),
        ("P00", f"{second}T05:30", 12),
        ("P01", f"{second}T04:00:00-02:00", 15),
    ]
    dose = dose_of(visits_of(rows), design)
    np.testing.assert_array_equal(dose.minutes, [[22, 0], [0, 15], [0, 0]])


def test_visits_that_cannot_be_read_are_refused() -> None:
    design = design_of(np.eye(3, dtype=bool))
    with pytest.raises(BadInputError, match="no column 'minutes'"):
        dose_of(pd.DataFrame({"area_id": [], "start": []}), design)
    with pytest.raises(BadInputError, match=r"Visit 1: start: 'noon'"):
        dose_of(visits_of([("P00", "noon", 12)]), design)
    with pytest.raises(BadInputError, match=r"Visit 1: minutes: 'long'"):
        dose_of(visits_of([("P00", f"{FIRST}T12:00", "long")]), design)
