from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from layers.charts.corrections import significance_sentence, strictest_words, surface_sentence
from layers.columns import COLUMNS, columns_of, shown
from layers.findings import basis_html, loud_html, notes_html, sentence_html, why_not_html
from layers.questions import QUESTIONS, method_html, question_named
from spatial.hotspots.calls import calls_by_correction
from spatial.notes import Note
from spatial.report_results import PART_COLUMNS, SECTIONS
from tests.layers.invented import CENTRE, RUN_ID, hotspots, surface

CELLS = surface(family="serious_violence", centre=CENTRE, rings=2, seed=3)
RESULT = hotspots("ark", CELLS)


def test_every_section_of_the_report_has_its_question() -> None:
    names = [question.name for question in QUESTIONS]
    assert set(SECTIONS) < set(names)
    assert len(set(names)) == len(names)
    assert question_named("no such thing").name == names[0]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_method_is_told_in_words_and_in_the_documents(question: object) -> None:
    found = question_named(getattr(question, "name", ""))
    pages = Path(__file__).resolve().parents[2] / "docs" / "methods"
    assert (pages / found.page).is_file()
    said = method_html(found, method="Exactly so")
    assert "How it can mislead" in said
    assert "Method: Exactly so." in said
    assert "predict" not in said.lower()


def test_every_column_of_the_report_has_a_plain_title() -> None:
    used = {
        name for parts in PART_COLUMNS.values() for columns in parts.values() for name in columns
    }
    assert used - set(COLUMNS) <= {"series"}


def test_shares_are_per_cent_on_screen_and_dates_are_words() -> None:
    table = pd.DataFrame(
        {
            "share": [0.125], "tier": ["serious_injury"], "last_event": [dt.date(2026, 7, 30)],
            "event_before": [None], "hot_last": [True], "low": [0.1],
        }
    )  # fmt: skip
    found = shown(table, columns_of(table, low="share")).iloc[0]
    assert found["share"] == 12.5
    assert found["low"] == pytest.approx(10)
    assert found["tier"] == "serious injury"
    assert found["last_event"] == "30 Jul 2026"
    assert found["event_before"] == ""
    assert found["hot_last"] == "yes"


def test_the_surface_in_a_sentence() -> None:
    hot = CELLS["class"].isin(["hot 99", "hot 95"])
    share = CELLS.loc[hot, "incidents"].sum() / CELLS["incidents"].sum()
    said = surface_sentence(RESULT)
    assert said.startswith(f"{hot.sum()} of 3,000 cells are hot spots at 95%")
    assert f"{share:.0%} of the" in said
    none = hotspots("ark", CELLS.assign(**{"class": "none"}))
    assert surface_sentence(none).startswith("No cell of 3,000 is a hot spot")


def test_significance_says_what_chance_alone_calls() -> None:
    z, p = np.full(3_000, 1.0), np.full(3_000, 0.3)
    p[:30], p[:2] = 0.02, 1e-7
    result = replace(RESULT, calls=calls_by_correction(z, p))
    assert significance_sentence(result) == (
        "Without correction 30 cells would be called hot at 95%, where chance alone calls up to "
        "150 hot or cold; corrected, as on the map, 2 remain, and 2 under the strictest rule."
    )


def test_a_floor_that_hides_the_strictest_rule_is_said() -> None:
    calls = calls_by_correction(np.ones(3_000), np.full(3_000, 0.001))
    # 2 x 0.001 x 3,000 is 6: Bonferroni cannot call anything
    said = strictest_words(replace(RESULT, calls=calls))
    assert "The smallest p of any cell shown is 0.001" in said
    small = RESULT.cells.assign(p=1e-9)
    assert strictest_words(replace(RESULT, cells=small, calls=calls)) == ""


def test_what_an_answer_rests_on_is_one_line() -> None:
    said = basis_html(RESULT, run_id=RUN_ID)
    for part in ("Community harm (Ark)", "1 Nov 2025 to 31 Oct 2026", "3,000 cells", RUN_ID[:12]):
        assert part in said
    whole = basis_html(RESULT, run_id=RUN_ID, whole_store=True)
    assert "Whole store, to 31 Oct 2026" in whole
    assert "Ark" not in whole


def test_words_are_shown_as_written() -> None:
    notes = (Note("<b>loud</b>", loud=True), Note("<i>quiet</i>"), Note("<b>loud</b>", loud=True))
    assert loud_html(notes).count("&lt;b&gt;loud") == 1
    assert "quiet" not in loud_html(notes)
    assert "&lt;i&gt;quiet" in notes_html(notes)
    assert loud_html(()) == notes_html(()) == why_not_html(["", ""]) == ""
    assert "<script" not in sentence_html("<script>", "<script>")
