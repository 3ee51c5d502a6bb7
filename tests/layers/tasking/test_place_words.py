from __future__ import annotations

from dataclasses import replace

import numpy as np

from config.dose import load_dose_rules
from config.print import load_print_settings
from config.profile import Tier
from layers.tasking.hours import HeldHours
from layers.tasking.place_words import PlaceStory, place_story_html, times_words, visit_words
from spatial.targets.when.windows import PlaceTimes
from spatial.timing.peaks import PeakWindow
from tests.layers import invented

RULES, SETTINGS = load_dose_rules(), load_print_settings()
AREAS = invented.tasking_result(count=3).targets.areas
TITLES = ("Why here", "When", "What changed", "What was done", "What to do", "Near it")


def told(story: PlaceStory, **columns: object) -> str:
    areas = AREAS.assign(**columns)
    return place_story_html(areas, 1, story, rules=RULES, settings=SETTINGS)


def peaked() -> PlaceTimes:
    hours = np.full(168, 0.1)
    hours[24 * 4 + 20 : 24 * 4 + 28] = 5
    window = PeakWindow(
        first_day=4, days=2, start_hour=19, hours=8, share=0.52, low=0.44, high=0.6,
        even_share=0.095, p=0.001, words="Fri-Sat 19:00-03:00",
    )  # fmt: skip
    return PlaceTimes(
        hours, 60, (window,), (float("nan"),), None, window.words, "peaks at night", detailed=True
    )


def test_it_answers_the_five_questions_in_their_order() -> None:
    done = [("Last period", "12 of 14 planned visits made")]
    html = told(PlaceStory(near=[], done=done), status=None)
    places = [html.index(f">{title}</h3>") for title in TITLES]
    assert places == sorted(places)
    assert "12 of 14 planned visits made" in html
    assert "What is not entered is not known" in html
    assert "First list: nothing to compare with." in html
    assert "prediction" not in html.lower()


def test_who_may_not_see_overlays_is_shown_no_empty_list_of_them() -> None:
    assert "Near it" not in told(PlaceStory())
    assert "licensed premises 30" in told(PlaceStory(partners="licensed premises 30"))


def test_when_is_a_grid_with_tables_of_windows_and_shifts() -> None:
    times = peaked()
    html = told(PlaceStory(times=times), peak_windows=times.words)
    assert "hx-small-week" in html
    assert "52% (44% to 60%)" in html
    assert "<td>not said</td>" in html
    assert "late shift (14:00-22:00)" in html
    few = told(PlaceStory(times=replace(times, detailed=False, windows=(), harm_shares=())))
    assert "Too few of its incidents" in few
    assert "late shift" not in few


def test_the_hours_chosen_are_said_or_that_they_cannot_be() -> None:
    held = HeldHours(64, 207, 64 / 207, 2)
    html = told(PlaceStory(held=held, hours_words="In the late shift (14:00-22:00)"))
    assert "about 64 of its 207 incidents (31%); number 2 of the places then" in html
    assert "too few of its incidents" in told(PlaceStory(hours_words="On Fridays"))


def test_what_to_look_for_hangs_on_what_happened() -> None:
    robbed = told(PlaceStory(kinds={Tier.ROBBERY.value: 20}))
    (robbery,) = (one for one in SETTINGS.prompt if Tier.ROBBERY in one.tiers)
    assert robbery.look[0] in robbed.replace("&#x27;", "'")
    assert robbery.look[0] not in told(PlaceStory())
    assert SETTINGS.no_grounds in told(PlaceStory())


def test_how_many_times_is_explained_where_a_reason_says_it() -> None:
    why = "20 robberies; near many nightclubs within 150 m (x5.8) and a park within 1000 m (x1.4)"
    line = "x5.8: such ground had 5.8 times the incidents of ground without"
    assert line in told(PlaceStory(), why=why)
    assert "an association, not a cause" in times_words(why)
    assert times_words("near a bar within 75 m (x2.0, unsure)").startswith("x2.0: ")
    assert not times_words("20 robberies (x5.8 of last year)")
    assert "such ground" not in told(PlaceStory(), why="20 robberies")


def test_visits_are_the_dose_in_force_with_the_fullest_hours_first() -> None:
    words = visit_words(peaked(), RULES)
    assert words.startswith("Visits of 15 minutes (10 to 16), about every 2 hours, 14:00 to 00:00")
    assert "First of all in Fri-Sat 19:00-03:00." in words
    assert "First of all" not in visit_words(None, RULES)


def test_what_people_typed_is_shown_as_written_and_accounts_only_to_who_may() -> None:
    bad = "<script>alert(1)</script>"
    story = PlaceStory(near=[bad], done=[(bad, bad)], previous="The last list")
    html = told(story, why=bad, changed="renamed (pc@force.example)", status="kept")
    assert "<script>" not in html
    assert "pc@force.example" in html
    assert "pc@force.example" not in told(
        replace(story, by_whom=False), changed="renamed (pc@force.example)", status="kept"
    )
