"""Reasons: gravest first, nothing invented, nobody given away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.profile import Measure, Tier
from spatial.targets.reasons import FEWEST_NAMED, why

PLAIN: dict[str, Any] = {"disorder_hot": False, "proxy": False, "measure": Measure.EXPECTED_HARM}


def test_a_sentence_with_everything() -> None:
    said = why(
        {"serious_injury": 2, "robbery": 5, "injury": 11, "other_violence": 3, "weapon": 4},
        disorder_hot=True,
        proxy=False,
        measure=Measure.EXPECTED_HARM,
        one_event=True,
        times="peaks on Friday and Saturday nights",
        repeats="one often follows another within a week and 100 m, last in October",
        trend="rising faster than elsewhere (9 in the first half, 16 in the second)",
        factors=("takeaways", "a bus interchange"),
    )
    assert said == (
        "2 serious woundings, 5 robberies, 11 assaults with injury and 7 other; more than half of "
        "the harm is one event; peaks on Friday and Saturday nights; one often follows another "
        "within a week and 100 m, last in October; rising faster than elsewhere (9 in the first "
        "half, 16 in the second); antisocial behaviour is high here too; near takeaways and a bus "
        "interchange"
    )


def test_nothing_to_say_is_not_said() -> None:
    assert why({"injury": 1}, **PLAIN) == "1 assault with injury"
    assert why({}, **PLAIN) == ""
    # one incident is one event: that needs no saying
    assert why({"injury": 1}, one_event=True, **PLAIN) == "1 assault with injury"


@pytest.mark.parametrize("measure", [*Measure])
def test_a_homicide_is_said_apart(measure: Measure) -> None:
    said = why({"homicide": 1, "injury": 4}, disorder_hot=False, proxy=False, measure=measure)
    used = "ranked as one incident like the others"
    left_out = "not used to rank"
    wanted = left_out if measure in {Measure.HARM, Measure.SQRT_HARM} else used
    assert said == f"4 assaults with injury; 1 homicide, {wanted}"


def test_open_data_is_called_what_it_is() -> None:
    said = why(
        {"robbery": 2, "other_violence": 1}, disorder_hot=False, proxy=True, measure=Measure.COUNT
    )
    assert said == "2 robberies and 1 violence or sexual offence record"


def test_few_sexual_offences_are_not_named() -> None:
    assert why({"sexual": 1, "injury": 2}, **PLAIN) == (
        "2 assaults with injury and 1 other violent offence"
    )
    assert why({"sexual": 2, "other_violence": 5}, **PLAIN) == "7 other violent offences"
    assert why({"sexual": 3, "injury": 2}, **PLAIN) == (
        "2 assaults with injury and 3 sexual offences"
    )


@given(st.dictionaries(st.sampled_from([str(tier) for tier in Tier]), st.integers(0, 40)))
def test_every_incident_is_in_the_sentence_once(numbers: dict[str, int]) -> None:
    said = why(numbers, **PLAIN)
    counted = [int(number) for number in re.findall(r"\d+", said)]
    assert sum(counted) == sum(numbers.values())
    if numbers.get("sexual", 0) < FEWEST_NAMED:
        assert "sexual" not in said
    # the same whatever the order in which they are given
    assert why(dict(reversed(numbers.items())), **PLAIN) == said
