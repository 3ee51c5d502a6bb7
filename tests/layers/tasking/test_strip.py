from __future__ import annotations

import datetime as dt

from layers.overlays import Mark
from layers.summary import made_html, summary_html
from layers.tasking.strip import area_said, due_said, fixed_said, signed
from spatial.area_change import AreaChange
from spatial.hotspots.changed.comparison import Comparison
from spatial.results import TaskingResult
from spatial.window import Window, year_to

NOW = year_to(dt.date(2026, 10, 31))


def change(**facts: object) -> AreaChange:
    told: dict[str, object] = {
        "now": 1_882, "before": 1_896, "ratio": 0.9926, "low": 0.9308, "high": 1.0585,
        "verdict": "no clear change",
        "comparison": Comparison(NOW, NOW.before(), same_season=True, notes=()),
    }  # fmt: skip
    return AreaChange(**(told | facts))  # type: ignore[arg-type]


def mark(letter: str) -> Mark:
    return Mark(letter, letter, (1.4, 53.2), 0, None, "words", "tip", 0, (0.0,))  # type: ignore[arg-type]


def test_a_change_is_said_with_its_interval_counts_and_verdict() -> None:
    answer, words = area_said(change(), area="Saltmere")
    assert answer == "\N{MINUS SIGN}1% (\N{MINUS SIGN}7% to +6%)"
    assert words == "incidents in Saltmere: 1,896 the year before, 1,882 now; no clear change"
    assert "Saltmere as a whole" in area_said(change(), area="Saltmere", places_too=True)[1]


def test_another_season_is_said() -> None:
    before = Window(dt.date(2025, 5, 1), dt.date(2025, 10, 31))
    now = Window(dt.date(2025, 11, 1), dt.date(2026, 4, 30))
    said = area_said(
        change(comparison=Comparison(now, before, same_season=False, notes=())), area="X"
    )
    assert "1 May 2025 to 31 Oct 2025, another season" in said[1]
    assert "the year before" not in said[1]


def test_what_had_nothing_before_has_no_percentage() -> None:
    answer, _ = area_said(change(ratio=None, low=None, high=None, before=0), area="X")
    assert answer == "Change: not known"


def test_the_places_of_an_earlier_list_are_named() -> None:
    row = {
        "change_ratio": 1.0026, "change_low": 0.909, "change_high": float("inf"), "before": 780,
        "now": 782, "verdict": "no clear change",
    }  # fmt: skip
    answer, words = fixed_said(row, called="The list of 3 Nov 2025")
    assert answer == "0% (\N{MINUS SIGN}9% to no limit)"
    assert words == (
        "incidents in the places of the list of 3 Nov 2025: 780 before, 782 now; no clear change"
    )
    assert signed(0.001) == "\N{MINUS SIGN}100%"


def test_overlays_are_counted_by_kind_and_silence_is_no_all_clear() -> None:
    answer, words = due_said([mark("T"), mark("A"), mark("E"), mark("A")], days=28)
    assert answer == "2 anniversaries, 1 event, 1 tension"
    assert "next 28 days" in words
    nothing, silence = due_said([], days=28)
    assert nothing == "Nothing due"
    assert "what is not entered is not known" in silence


def test_the_strip_has_a_box_for_each_answer_in_its_order(invented_result: TaskingResult) -> None:
    html = summary_html(
        invented_result,
        held_out=("31% out of sample", "27 to 36%"),
        change=("+9% (0% to +18%)", "incidents"),
        delivered=("53 of 60 patrol hours", "delivered"),
        due=("1 <event>", "near a place"),
    )
    order = ["of serious-violence harm in", "31% out of sample", "+9% (0% to +18%)",
             "A first list", "53 of 60 patrol hours", "1 &lt;event&gt;"]  # fmt: skip
    places = [html.index(words) for words in order]
    assert places == sorted(places)
    assert html.count("hx-box") == 6
    assert "24% out of sample" not in html
    assert "31% of what came next" in made_html(invented_result, held_out="31% of what came next")
