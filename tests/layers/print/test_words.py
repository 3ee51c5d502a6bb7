from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from config.print import load_print_settings
from config.profile import Tier
from config.shifts import load_shifts
from layers.print.fonts import ABSENT, covered, printable
from layers.print.occasion import Occasion
from layers.print.visit_times import visit_times
from layers.print.words import (
    changed_lines,
    day_range,
    mix_lines,
    patrolled_line,
    peak_sentence,
    prompts,
)

FIRST = dt.date(2026, 11, 21)


def test_kinds_are_the_most_frequent_first_and_few_sexual_offences_are_not_named() -> None:
    kinds = {"injury": 9, "serious_injury": 1, "sexual": 2, "other_violence": 1, "robbery": 4}
    assert mix_lines(kinds, monthly=False) == [
        ("assaults with injury", 9), ("other robberies", 4), ("other violent offences", 3),
        ("serious wounding", 1),
    ]  # fmt: skip
    assert ("sexual offences", 3) in mix_lines({"sexual": 3}, monthly=False)
    proxy = mix_lines({"other_violence": 12}, monthly=True)
    assert proxy == [("violence or sexual offence records", 12)]


@given(st.dictionaries(st.sampled_from([tier.value for tier in Tier]), st.integers(0, 99)))
def test_no_kind_is_lost(kinds: dict[str, int]) -> None:
    assert sum(number for _, number in mix_lines(kinds, monthly=False)) == sum(kinds.values())


def test_change_says_rank_and_range_or_why_there_is_none() -> None:
    kept = {"status": "kept", "previous_rank": 4.0, "change_ratio": 1.306, "change_low": 0.9,
            "change_high": 1.8, "change_words": ""}  # fmt: skip
    assert changed_lines(kept, previous="the last list") == [
        "Kept, number 4 last time.",
        "1.31 times as many incidents as before (95% range 0.90 to 1.80).",
    ]
    bare = {"status": None, "previous_rank": None, "change_words": None}
    assert changed_lines(bare, previous="") == ["First list: nothing to compare with."]
    why = {"status": "new", "previous_rank": float("nan"), "change_words": "no earlier list"}
    assert changed_lines(why, previous="x") == ["New on the list.", "No earlier list."]


def test_visits_of_the_last_period_count_policing_days() -> None:
    visits = pd.DataFrame(
        {
            "area_id": ["A", "A", "A", "A", "B"],
            # the small hours belong to the day before; the day itself is not last period's
            "start": ["2026-11-07T05:00", "2026-11-20T23:00", "2026-11-21T02:00",
                      "2026-11-21T09:00", "2026-11-10T12:00"],
            "minutes": [15] * 5,
        }
    )  # fmt: skip
    occasion = Occasion(first=FIRST, visits=visits)
    said = patrolled_line("A", occasion, days=14)
    assert said == "Visited on 1 of the last 14 days (2 visits)."
    assert patrolled_line("C", occasion, days=14) == "No visit recorded here in the last 14 days."
    assert patrolled_line("A", Occasion(first=FIRST), days=14) == ""
    nothing = Occasion(first=FIRST, visits=visits[:0])
    assert (
        patrolled_line("A", nothing, days=14) == "No visit to any place was recorded last period."
    )


def test_peaks_say_what_each_number_is_of() -> None:
    assert peak_sentence("Fri 19:00-03:00 (52%, harm 42%); Sat 01:00-04:00 (9%)") == (
        "Fri 19:00-03:00 (52% of incidents, 42% of the harm); Sat 01:00-04:00 (9% of incidents)"
    )
    assert peak_sentence("no clear peak") == "no clear peak"


def test_prompts_follow_what_happened_and_never_speak_of_kinds_of_people() -> None:
    settings = load_print_settings()
    look, fix = prompts({"robbery": 9, "injury": 1}, settings)
    assert look[0] == settings.prompt[0].look[0]
    assert len(look) <= settings.most_lines
    assert len(fix) <= settings.most_lines
    assert prompts({"robbery": 99, "weapon": 1}, settings)[0] == list(settings.prompt[0].look)
    assert prompts(None, settings)[0]
    # every tier has a prompt, so that no sheet is without
    told = {tier for one in settings.prompt for tier in one.tiers}
    assert told == set(Tier)
    words = " ".join(line for one in settings.prompt for line in (*one.look, *one.fix)).lower()
    assert not any(
        word in words for word in ("male", "youth", "black", "asian", "migrant", "suspect")
    )


def plan() -> pd.DataFrame:
    rows = [
        ("2026-11-21", "A", 1, "15:40", 15), ("2026-11-21", "A", 2, "23:50", 15),
        ("2026-11-21", "A", 10, "01:20", 15), ("2026-11-22", "A", 1, "16:00", 15),
        ("2026-11-21", "B", 0, "", 0),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["date", "area_id", "visit", "start", "minutes"]).astype(str)


def test_visit_times_are_the_days_own_in_order_and_of_the_shift() -> None:
    whole = visit_times("A", Occasion(first=FIRST, schedule=plan()))
    assert whole.times == ("15:40", "23:50", "01:20")
    night = Occasion(first=FIRST, schedule=plan(), shift=load_shifts().named("night"))
    assert visit_times("A", night).times == ("23:50", "01:20")
    assert visit_times(
        "A", Occasion(first=FIRST, day=dt.date(2026, 11, 22), schedule=plan())
    ).times == ("16:00",)


def test_a_place_without_a_visit_gives_no_time_of_any_other_day() -> None:
    control = visit_times("B", Occasion(first=FIRST, schedule=plan()))
    assert (control.times, control.due) == ((), False)
    absent = visit_times("C", Occasion(first=FIRST, schedule=plan()))
    assert (absent.times, absent.due) == ((), False)
    none = visit_times("A", Occasion(first=FIRST))
    assert none.due
    assert "15 minutes each, about every 2 hours" in none.words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Tŵr ŵŷ ŴŶ Môr", "Tŵr ŵŷ ŴŶ Môr"),
        ("w\u0302", "ŵ"),
        ("شارع שדרות Łódź Ω Ж", "شارع שדרות Łódź Ω Ж"),
        ("Dock\x00 Road\x1b\u202e", "Dock Road"),
        ("北京", ABSENT * 2),
        ("a\u200db", "ab"),
    ],
)
def test_what_the_font_has_prints_and_what_it_lacks_is_seen(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(max_size=60))
def test_whatever_is_typed_can_be_printed(text: str) -> None:
    shown = printable(text)
    assert all(one in covered() or one == "\u200b" for one in shown)
    assert "\n" not in shown


def test_a_day_outside_the_period_is_refused() -> None:
    for day in (dt.date(2026, 11, 20), dt.date(2026, 12, 5)):
        with pytest.raises(BadInputError, match="lies outside the period 2026-11-21 to 2026-12-04"):
            Occasion(first=FIRST, day=day)


def test_a_period_names_each_year_once() -> None:
    assert day_range(FIRST, dt.date(2026, 12, 4)) == "21 Nov to 4 Dec 2026"
    assert day_range(dt.date(2026, 12, 24), dt.date(2027, 1, 6)) == "24 Dec 2026 to 6 Jan 2027"
