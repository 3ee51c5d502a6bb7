"""Safeguarding by beat: classes alone leave, small numbers are kept back, and a sum gives none."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.context import Context
from layers.deck import Show, tasking_deck
from layers.partners.layer import partner_layers, partner_legend, partner_notes
from layers.partners.safeguarding import safeguarding_rows, shown_beats
from spatial.incidents.store import FileRecord, IncidentStore
from spatial.partners.beats import read_beats
from spatial.partners.standing import StandingLoad, StandingStore
from spatial.partners.standing_counts import BeatNumbers, beat_numbers

if TYPE_CHECKING:
    from spatial.results import TaskingResult


def numbers_of(*numbers: float, total_given: bool = False) -> BeatNumbers:
    load = StandingLoad(
        load_id="0" * 16, kind="safeguarding", source="board", title="Concerns", counts="concerns",
        grade="low", reason="referrals", file=FileRecord("t.csv", "0", len(numbers)),
        read=len(numbers), stored=len(numbers), rejected=0, rejected_by_reason={},
        since=dt.date(2026, 8, 1), through=dt.date(2026, 10, 31), classes=(10, 30),
        total_given=total_given, notes=(),
    )  # fmt: skip
    names = tuple(f"Beat {number}" for number in range(len(numbers)))
    middles = np.column_stack([np.linspace(1.3, 1.4, len(numbers)), np.full(len(numbers), 53.2)])
    return BeatNumbers(load, names, middles, np.array(numbers, dtype=float), (), ())


def test_classes_begin_where_the_mapping_says() -> None:
    shown = shown_beats(numbers_of(0, 2, 3, 9, 10, 29, 30, np.nan), fewest=3)
    assert shown.classes.tolist() == [0, 0, 1, 1, 2, 2, 3, 0]
    assert shown.ranges == ("3 to 9", "10 to 29", "30 or more")
    assert shown.total is None
    # a class that begins below the least number shown is none
    higher = shown_beats(numbers_of(3, 12, 40), fewest=12)
    assert (higher.classes.tolist(), higher.ranges) == ([0, 1, 2], ("12 to 29", "30 or more"))


def test_where_a_total_is_known_a_larger_number_goes_with_the_small_one() -> None:
    # 163 in all: of 2 and 9 kept back together neither can be worked out; of 2 alone it could
    sample = (26, 9, 34, 17, 12, 41, 22, 2)
    assert shown_beats(numbers_of(*sample), fewest=3).classes.tolist() == [2, 1, 3, 2, 2, 3, 2, 0]
    known = shown_beats(numbers_of(*sample, total_given=True), fewest=3)
    assert known.classes.tolist() == [2, 0, 3, 2, 2, 3, 2, 0]
    assert known.total == 163
    # of a number that the partner keeps back, the sum is not known
    hidden = shown_beats(numbers_of(26, np.nan, 34, total_given=True), fewest=3)
    assert hidden.total is None
    # of one beat, the total is its number
    assert shown_beats(numbers_of(2, total_given=True), fewest=3).total is None


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.integers(3, 12), st.booleans())
def test_no_small_number_is_ever_classed(
    numbers: list[int],
    fewest: int,
    total_given: bool,  # noqa: FBT001 (drawn)
) -> None:
    shown = shown_beats(numbers_of(*numbers, total_given=total_given), fewest=fewest)
    for number, found in zip(numbers, shown.classes.tolist(), strict=True):
        assert found == 0 or number >= fewest
        assert found <= len(shown.ranges)
        if not total_given:
            assert (found > 0) is (number >= fewest)


@pytest.fixture(scope="module")
def sample(standing_store: StandingStore) -> BeatNumbers:
    beats = read_beats(IncidentStore.open(standing_store.path).context_layers())
    return beat_numbers(standing_store, "safeguarding partnership", beats=beats)


def test_a_mark_lies_in_its_beat_and_says_a_class_alone(sample: BeatNumbers) -> None:
    rows = safeguarding_rows(sample)
    assert sorted(row["letter"] for row in rows) == ["S2", "S2", "S2", "S2", "S3", "S3"]
    told = json.dumps([layer.data for layer in partner_layers(sample)])
    assert "Fen and Holm, 30 or more" in told
    for name in ("Harbour and Eastcliff", "Marine and Sandling"):
        assert name not in told
    assert ", 41" not in told
    assert "1 Aug 2026 to 31 Oct 2026, confidence low" in told


def test_marks_are_large_enough_to_read_on_a_county(sample: BeatNumbers) -> None:
    near, far = (
        [row["size"] for row in safeguarding_rows(sample, metres_per_pixel=scale)]
        for scale in (1.0, 100.0)
    )
    assert min(near) > 100
    assert min(far) >= 1_300
    # a higher class is larger, so that it can be told without colour
    by_class = sorted((row["letter"], row["size"]) for row in safeguarding_rows(sample))
    assert [size for _, size in by_class] == sorted(size for _, size in by_class)


def test_legend_says_classes_source_period_and_what_a_blank_means(sample: BeatNumbers) -> None:
    said = partner_legend(sample)
    for words in (
        "<b>S1</b>", "3 to 9 in the beat", "10 to 29 in the beat", "30 or more in the beat",
        "No mark: fewer than 3, kept back, or not in the table. All beats: 163.",
        "Numbers, not rates.", "safeguarding partnership, 1 Aug 2026 to 31 Oct 2026",
        "confidence low", "Not in police figures",
    ):  # fmt: skip
        assert words in said
    made = partner_notes(sample)
    assert "a beat without a mark is not a safe one" in made
    assert "whatever the window of the list" in made


def test_nothing_to_show_draws_nothing() -> None:
    assert all(layer.data == [] for layer in partner_layers(numbers_of(0, 1, 2)))
    assert all(layer.data == [] for layer in partner_layers(numbers_of()))


def test_beats_marks_lie_over_the_beats_names_and_under_the_ranks(
    invented_result: TaskingResult, sample: BeatNumbers
) -> None:
    deck = tasking_deck(invented_result, Context(), show=Show(partner=sample), selected=None)
    names = [layer["id"] for layer in json.loads(deck.to_json())["layers"][0]]
    labels = [name for name in names if "label" in name or "names" in name]
    assert labels
    assert max(map(names.index, labels)) < names.index("partner-diamonds")
    assert names.index("partner-letters") < names.index("area-circles")
