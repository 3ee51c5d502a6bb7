"""Budget: how many places there are officers for, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.dose import load_dose_rules
from config.errors import BadInputError
from spatial.targets.budget import (
    Budget,
    Dose,
    coverage_curve,
    dose_of,
    hours_for,
    places_for_hours,
    places_for_share,
    what_more_buys,
)

# (15 + 5) minutes x 2 officers = 40 officer-minutes a visit; 3 visits a day for 14 days: 28 hours
DOSE = Dose(minutes=15, visits_per_day=3, days=14, officers=2, travel_minutes=5)


def test_hours_of_places() -> None:
    assert DOSE.visit_hours == pytest.approx(2 / 3)
    assert hours_for(20, DOSE) == pytest.approx(560)
    assert DOSE.words == ("3 visits a day of 15 minutes and 5 on the way, 2 officers, 14 days")


@pytest.mark.parametrize(("hours", "places"), [(28, 1), (55.9, 1), (56, 2), (1000, 35)])
def test_places_of_hours(hours: float, places: int) -> None:
    assert places_for_hours(hours, DOSE) == places


@given(st.integers(1, 500), st.integers(1, 12), st.integers(1, 90), st.floats(0, 60))
def test_hours_and_places_are_each_others_inverse(
    places: int, visits: int, days: int, travel: float
) -> None:
    dose = Dose(15, visits, days, 2, travel)
    assert places_for_hours(hours_for(places, dose), dose) == places


def test_less_than_a_visit_says_what_one_takes() -> None:
    with pytest.raises(BadInputError, match=r"0\.5 officer-hours: less than one visit.*0\.67"):
        places_for_hours(0.5, DOSE)
    # what is named is enough for a visit, though not for a place
    with pytest.raises(BadInputError, match=r"takes 28, but for 1 visit in all"):
        places_for_hours(0.67, DOSE)


def test_the_fewest_places_that_hold_a_share() -> None:
    shares = np.array([0.2, 0.1, 0.1, 0.05])
    assert [places_for_share(share, shares) for share in (0.1, 0.2, 0.21, 0.45)] == [1, 1, 2, 4]
    with pytest.raises(BadInputError, match=r"No list holds 50%.*4 places.*hold 45\.0%"):
        places_for_share(0.5, shares)


def test_the_share_that_is_named_can_be_had() -> None:
    shares = np.array([0.5, 0.44069])
    with pytest.raises(BadInputError, match=r"hold 94\.0%"):
        places_for_share(0.99, shares)
    assert places_for_share(0.94, shares) == 2


def test_the_curve_adds_up() -> None:
    curve = coverage_curve(np.array([0.3, 0.2, 0.1]), np.array([0.25, 0.1]), dose=DOSE)
    assert curve["places"].tolist() == [1, 2, 3]
    assert curve["officer_hours"].tolist() == pytest.approx([28, 56, 84])
    assert curve["share"].tolist() == pytest.approx([0.3, 0.5, 0.6])
    # only two could be chosen on the window before: of a third nothing is known
    assert curve["held_out_share"].tolist()[:2] == pytest.approx([0.25, 0.35])
    assert np.isnan(curve["held_out_share"].tolist()[2])
    assert coverage_curve(np.array([0.3]), None, dose=DOSE)["held_out_share"].isna().all()


def test_what_further_hours_buy() -> None:
    curve = coverage_curve(np.array([0.3, 0.2, 0.1]), np.array([0.25, 0.1]), dose=DOSE)
    assert what_more_buys(curve, 1, dose=DOSE, more_hours=30) == (
        "30 more officer-hours would pay for 1 more place, which holds 20.0% of the harm in sample "
        "and 10.0% out of sample."
    )
    assert what_more_buys(curve, 1, dose=DOSE, more_hours=100) == (
        "100 more officer-hours would pay for 2 more places, which hold 30.0% of the harm in "
        "sample (no others qualify)."
    )
    assert what_more_buys(curve, 2, dose=DOSE) == (
        "10 more officer-hours would pay for no further place; the next takes 28 and holds 10.0% "
        "of the harm in sample."
    )
    assert what_more_buys(curve, 2, dose=DOSE, more_hours=1).startswith("1 more officer-hour would")
    assert what_more_buys(curve, 3, dose=DOSE) == "No further place qualifies beyond these 3."
    # 20 of the hours given are not used: with 10 more they pay for a place of 28
    assert what_more_buys(curve, 2, dose=DOSE, left_over=20) == (
        "10 more officer-hours would pay for 1 more place, which holds 10.0% of the harm in sample."
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "said by nothing"),
        ({"places": 3, "officer_hours": 40.0}, "said by places and officer_hours"),
        ({"places": 0}, "places is 0: ask for at least 1"),
        ({"officer_hours": float("nan")}, "officer_hours is nan"),
        ({"harm_share": 25.0}, "harm_share is 25.0: give a share from 0 to 1"),
    ],
)
def test_a_budget_says_one_thing(given: dict[str, float], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        Budget(**given)


def test_the_dose_is_that_of_the_rules() -> None:
    rules = load_dose_rules().model_copy(
        update={"minutes": 12, "from_hour": 18, "to_hour": 4, "every_minutes": 120, "officers": 2}
    )
    # 18:00 to 04:00 is ten hours: a visit every two
    assert dose_of(rules, travel_minutes=4, days=7) == Dose(12, 5, 7, 2, 4)
    with pytest.raises(BadInputError, match="days is 0"):
        dose_of(rules, travel_minutes=4, days=0)
    assert dose_of(rules, travel_minutes=0, days=1).visit_hours == pytest.approx(0.4)
