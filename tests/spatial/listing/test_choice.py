"""How many places a budget gives, for which hours, and what more would hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from config.errors import BadInputError
from config.profile import load_profile
from spatial.expected import expect_harm
from spatial.hotspots.expected.expected_harm import ExpectedHarm
from spatial.incidents.store import IncidentStore
from spatial.listing.asked import as_computed, asked_of, set_apart
from spatial.listing.choice import Choice, choose, number_of_places
from spatial.places import cell_worth
from spatial.results import DEFAULT_PLACES, TargetRequest
from spatial.run import sensitivity
from spatial.scene import Subject, count_subject, open_scene
from spatial.targets.ranking import shares_by_place
from spatial.window import Window

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
ARK = TargetRequest("ark", YEAR)
# 5 visits a day of 15 minutes and 5 on the way, 2 officers, 14 days
PLACE_HOURS = 5 * 14 * 20 / 60 * 2


@pytest.fixture(scope="module")
def subject(saltmere_store: IncidentStore) -> Subject:
    return count_subject(open_scene(saltmere_store, None, 10), load_profile("ark"), YEAR)


@pytest.fixture(scope="module")
def expected(subject: Subject) -> ExpectedHarm | None:
    return expect_harm(subject)


def _chosen(subject: Subject, expected: ExpectedHarm | None, request: TargetRequest) -> Choice:
    apart = replace(subject, scene=set_apart(subject.scene, request))
    return choose(apart, asked_of(request, apart.scene, subject.profile), expected)


def _areas(choice: Choice) -> list[list[int]]:
    return [area.tolist() for area in choice.ranked.areas]


def test_hours_give_as_many_places_as_they_pay_for(
    subject: Subject, expected: ExpectedHarm | None
) -> None:
    made = _chosen(subject, expected, replace(ARK, officer_hours=6.5 * PLACE_HOURS))
    assert made.places == len(made.ranked.areas) == 6
    assert _areas(_chosen(subject, expected, replace(ARK, places=6))) == _areas(made)
    # half a place's hours are left: 10 more are too few, where 6.9 places' are given they are not
    assert made.more_hours.startswith("10 more officer-hours would pay for no further place")
    nearly = _chosen(subject, expected, replace(ARK, officer_hours=6.9 * PLACE_HOURS))
    assert nearly.places == 6
    assert nearly.more_hours.startswith("10 more officer-hours would pay for 1 more place")


def test_a_share_of_harm_gives_as_few_places_as_hold_it(
    subject: Subject, expected: ExpectedHarm | None
) -> None:
    made = _chosen(subject, expected, replace(ARK, harm_share=0.25))
    shares = made.curve["share"]
    assert shares[made.places - 1] >= 0.25 > shares[made.places - 2]
    assert made.places == len(made.ranked.areas)
    found = sensitivity(subject.scene.store, replace(ARK, harm_share=0.25))
    assert set(found["of"]) == {made.places}


def test_a_share_beyond_the_first_look_is_found(
    subject: Subject, expected: ExpectedHarm | None
) -> None:
    asked = asked_of(replace(ARK, harm_share=0.9), subject.scene, subject.profile)
    worth = cell_worth(subject, expected=expected)
    assert number_of_places(subject, asked, worth) > 64


def test_the_curve_is_that_of_the_list_and_goes_on_beyond_it(
    subject: Subject, expected: ExpectedHarm | None
) -> None:
    made = _chosen(subject, expected, replace(ARK, places=5))
    curve = made.curve
    assert curve["places"].tolist() == list(range(1, 16))
    assert curve["officer_hours"].to_numpy() == pytest.approx(PLACE_HOURS * np.arange(1, 16))
    assert curve["held_out_share"][4] == pytest.approx(made.held_out_share)
    longer = _chosen(subject, expected, replace(ARK, places=9))
    assert _areas(longer)[:5] == _areas(made)
    assert curve["held_out_share"][8] == pytest.approx(longer.held_out_share)
    pair = curve["share"].to_numpy(), longer.curve["share"].to_numpy()[:15]
    assert pair[0] == pytest.approx(pair[1])
    assert made.more_hours.startswith(
        "10 more officer-hours would pay for no further place; the next"
    )
    assert "100 more officer-hours would pay for 2 more places" in made.more_hours


def test_a_shift_has_its_own_order(subject: Subject, expected: ExpectedHarm | None) -> None:
    whole, night, early = (
        _chosen(subject, expected, replace(ARK, places=8, shift=name))
        for name in (None, "night", "early")
    )
    assert _areas(whole) != _areas(night) != _areas(early) != _areas(whole)
    assert night.held_out_share is not None
    assert night.held_out_share != whole.held_out_share
    # what ranks them adds up over a shift to less than the day
    assert night.worth.value.sum() < whole.worth.value.sum()


def test_separation_is_kept_by_the_list_and_its_curve(
    subject: Subject, expected: ExpectedHarm | None
) -> None:
    asked = replace(ARK, places=6, separation_m=300.0)
    made = _chosen(subject, expected, asked)
    longer = _chosen(subject, expected, replace(asked, places=12))
    assert _areas(longer)[:6] == _areas(made)
    counted = shares_by_place(longer.ranked, subject.counts, made.worth.measure.HARM)
    assert made.curve["share"].to_numpy()[:12] == pytest.approx(np.cumsum(counted))


def test_said_or_not_the_same_list_is_the_same_request(subject: Subject) -> None:
    told = replace(ARK, places=DEFAULT_PLACES, separation_m=0.0)
    asked = [asked_of(one, subject.scene, subject.profile) for one in (ARK, told)]
    assert as_computed(ARK, asked[0]) == as_computed(told, asked[1])
    assert asked[0].budget.places == DEFAULT_PLACES


def test_an_earlier_window_that_cannot_tell_the_shift_costs_only_the_comparison(
    subject: Subject, expected: ExpectedHarm | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(one: Subject, **asked: object) -> object:
        if one.window != YEAR:
            msg = "Places cannot be ranked for the 'night' shift: all give only the month."
            raise BadInputError(msg)
        return cell_worth(one, **asked)  # type: ignore[arg-type]

    monkeypatch.setattr("spatial.listing.choice.cell_worth", refuse)
    made = _chosen(subject, expected, replace(ARK, places=3, shift="night"))
    assert len(made.ranked.areas) == 3
    assert made.held_out_share is None
    assert made.held_out_note.startswith("No out-of-sample figure for 1 Nov 2024 to 31 Oct 2025:")
    assert made.curve["held_out_share"].isna().all()


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (replace(ARK, officer_hours=0.1), "less than one visit, which takes 0.67"),
        (replace(ARK, officer_hours=10.0), "pay for no place .* but for 15 visits in all"),
        (replace(ARK, harm_share=0.999), "No list holds 99.9% of the harm: the .* Ask for that"),
        (replace(ARK, harm_share=25.0), "give a share from 0 to 1, such as 0.25"),
        (replace(ARK, places=3, officer_hours=99.0), "said by places and officer_hours: give one"),
        (replace(ARK, shift="lunch"), "no shift 'lunch'. Choose one of: early, late, night"),
        (replace(ARK, drawn="beatz"), "no layer 'beatz' .* Give a map file, or one of: .*beats"),
        (replace(ARK, drawn="none.geojson"), "no file 'none.geojson'"),
        (replace(ARK, drawn="beats", shift="late"), "cannot be ranked for the 'late' shift"),
        (replace(ARK, separation_m=-3.0), "separation_m is -3.0: give metres"),
        (replace(ARK, separation_m=float("nan")), "separation_m is nan: give metres"),
    ],
)
def test_what_cannot_be_given_is_said_in_one_sentence(
    subject: Subject, expected: ExpectedHarm | None, request_: TargetRequest, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        _chosen(subject, expected, request_)


def test_other_weights_are_for_whole_days_and_grown_areas(subject: Subject) -> None:
    with pytest.raises(BadInputError, match="Leave out the shift"):
        sensitivity(subject.scene.store, replace(ARK, shift="late"))
