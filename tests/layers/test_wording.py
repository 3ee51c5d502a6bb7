from __future__ import annotations

import datetime as dt

import pytest

from layers import wording
from spatial.window import Window


def test_dates_and_windows() -> None:
    window = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    assert wording.length_words(window) == "12 months"
    assert wording.length_words(Window(dt.date(2026, 2, 1), dt.date(2026, 2, 28))) == "1 month"
    assert wording.length_words(Window(dt.date(2026, 2, 1), dt.date(2026, 2, 14))) == "14 days"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0%"), (0.0004, "under 0.1%"), (0.016, "1.6%"), (0.0994, "9.9%"), (0.0996, "10%"),
        (0.372, "37%"), (1.0, "100%"),
    ],
)  # fmt: skip
def test_percent(share: float, words: str) -> None:
    assert wording.percent(share) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(2.5, "2.5"), (10, "10"), (9_999, "9,999"), (12_000, "12k"), (2.5e6, "2.5m")],
)
def test_short_number(value: float, words: str) -> None:
    assert wording.short_number(value) == words


def test_sentence_says_harm_or_says_incidents() -> None:
    known = {
        "incidents_share": 0.31, "area_share": 0.016, "study_area": "Saltmere",
        "harm_words": "serious-violence harm",
    }  # fmt: skip
    assert (
        wording.share_sentence(places=12, harm_share=0.37, **known)
        == "12 places hold 37% of serious-violence harm in 1.6% of Saltmere"
    )
    assert (
        wording.share_sentence(places=1, harm_share=None, **known)
        == "1 place holds 31% of incidents in 1.6% of Saltmere"
    )


def test_names_are_data_not_markup() -> None:
    assert "<" not in wording.escaped("<b>Fish & \"Chips\"</b> 'n' more")
    assert wording.escaped("O'Shea & Co") == "O&#x27;Shea &amp; Co"
