from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pandas as pd

from layers.summary import foot_html, loud_notes, made_html, summary_html
from spatial.hexes.study_area import StudyArea
from spatial.notes import Note
from spatial.targets.overridden import overrides

if TYPE_CHECKING:
    from spatial.results import TaskingResult


def test_the_sentence_is_marked_in_sample_with_its_held_out_neighbour(
    invented_result: TaskingResult,
) -> None:
    html = summary_html(invented_result)
    assert "6 places hold 37% of serious-violence harm in 1.6% of Invented" in html
    assert "In-sample" in html
    assert "24% out of sample" in html
    assert "1,284 incidents" in html


def test_no_held_out_figure_says_why(invented_result: TaskingResult) -> None:
    note = "The data begin after the window before."
    targets = replace(invented_result.targets, held_out_share=None, held_out_note=note)
    html = summary_html(replace(invented_result, targets=targets))
    assert "Out of sample: not known" in html
    assert note in html


def test_no_place_is_said(invented_result: TaskingResult) -> None:
    targets = replace(invented_result.targets, areas=invented_result.targets.areas.iloc[:0])
    assert "No place to propose" in summary_html(replace(invented_result, targets=targets))


def test_loud_notes_are_beside_the_result_and_all_notes_behind_it(
    invented_result: TaskingResult,
) -> None:
    loud, quiet = invented_result.notes
    assert loud.text in loud_notes(invented_result)
    assert quiet.text not in loud_notes(invented_result)
    assert loud.text in made_html(invented_result)
    assert quiet.text in made_html(invented_result)
    assert loud_notes(replace(invented_result, notes=(quiet,))) == ""


def test_an_account_in_a_note_is_for_who_may_see_the_register(
    invented_result: TaskingResult,
) -> None:
    # the sentence itself is spatial's: it must still be recognised
    outcomes = pd.DataFrame(
        {"outcome": ["not applied"], "areas": ["A1"], "name": [""], "kind": ["remove"],
         "by": ["lead@force.example"], "words": ["A1 is not on the list"]}
    )  # fmt: skip
    draft = SimpleNamespace(wanted=3)
    *_, note = overrides._notes(outcomes, draft)  # type: ignore[arg-type]  # noqa: SLF001 (the sentence, not a copy of it)
    result = replace(invented_result, notes=(note,))
    assert "lead@force.example" in loud_notes(result)
    for said in (loud_notes(result, by_whom=False), made_html(result, by_whom=False)):
        assert "The remove of A1 could not be applied: A1 is not on the list" in said
        assert "lead@force.example" not in said


def test_the_foot_says_what_the_numbers_rest_on(invented_result: TaskingResult) -> None:
    html = foot_html(invented_result)
    for words in ("Data to 31 Oct 2026", "Invented, 3,000 cells", "7f3a91c27f3a", "CCHI 2020"):
        assert words in html


def test_names_and_notes_are_escaped(invented_result: TaskingResult) -> None:
    bad = "<script>alert('x')</script>"
    area = StudyArea(bad, invented_result.study_area.polygon)
    result = replace(invented_result, study_area=area, notes=(Note(bad, loud=True),))
    for html in (
        summary_html(result), foot_html(result), made_html(result), loud_notes(result),
    ):  # fmt: skip
        assert "<script>" not in html
        assert "prediction" not in html.lower()
