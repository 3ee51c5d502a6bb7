"""Names of places, brought down to their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.partners.names import plain_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Neptune's", "THE NEPTUNES NIGHTCLUB"),
        ("High Street", "outside high st."),
        ("St John's Road", "Saint Johns Rd"),
        ("Hope and Anchor", "hope & anchor pub"),
        ("Café Zoë", "cafe zoe"),
        ("Albion Street / Derby Road", "Albion St, Derby Rd"),
        ("Cross Keys", "Cross Key (public house)"),
        ("Gas Street", "gas st"),
    ],
)
def test_ways_to_write_one_name(one: str, other: str) -> None:
    assert plain_name(one).words == plain_name(other).words


@pytest.mark.parametrize(
    ("one", "other"),
    [("Albion Street", "Albion Road"), ("Ship", "Ship and Star"), ("Bass", "Bas")],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert plain_name(one).words != plain_name(other).words


@pytest.mark.parametrize(
    "text",
    ["home", "own home", "My friend's house", "12 Albion Street", "12a Albion St, Saltmere",
     "flat, High Street", "home address", "at home, bedroom"],
)  # fmt: skip
def test_homes_are_known(text: str) -> None:
    assert plain_name(text).is_home


@pytest.mark.parametrize("text", ["Cellar 29", "High Street", "The Ice House", "Town Hall", "29"])
def test_and_other_places_are_no_homes(text: str) -> None:
    assert not plain_name(text).is_home


def test_a_word_for_a_venue_is_kept_where_nothing_else_is() -> None:
    assert plain_name("The Club").words == ("club",)
    assert plain_name("").words == plain_name("?!").words == ()


@given(st.text(max_size=60))
def test_any_text_comes_down_to_plain_words(text: str) -> None:
    words = plain_name(text).words
    assert all(word.isascii() and word.isalnum() for word in words)
    # case, blanks and punctuation around it change nothing
    assert plain_name(f"  {text}!  ").words == words
