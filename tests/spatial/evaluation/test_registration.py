from __future__ import annotations

import datetime as dt

import pytest

from config.operation import Operation, Registered
from config.operation_file import read_operation
from sample_geo.ready import DATA
from spatial.evaluation.registration import late_words, registered_standing, registered_words
from spatial.evaluation_results import CLEAR, SUSPECT, UNKNOWN

GULL = read_operation(DATA / "operation_gull.toml")
EARLY, FIRST, LATE = dt.date(2025, 1, 31), dt.date(2025, 2, 1), dt.date(2025, 2, 3)


def _said(at: dt.date | dt.datetime | None) -> Operation:
    said = None if at is None else Registered(by="Analyst", at=at)
    return GULL.model_copy(update={"registered": said})


@pytest.mark.parametrize(
    ("claimed", "held_since", "standing"),
    [
        # a register knows its own date, whatever the file says
        (EARLY, EARLY, CLEAR),
        (None, FIRST, CLEAR),
        (LATE, EARLY, CLEAR),
        (EARLY, LATE, SUSPECT),
        # a file's word alone clears nothing, and may confess
        (EARLY, None, UNKNOWN),
        (None, None, UNKNOWN),
        (LATE, None, SUSPECT),
    ],
)
def test_only_a_registers_own_date_clears(
    claimed: dt.date | None, held_since: dt.date | None, standing: str
) -> None:
    operation = _said(claimed)
    assert registered_standing(operation, held_since)[0] == standing
    assert bool(late_words(operation, held_since)) == (held_since == LATE)


def test_words_say_who_vouches() -> None:
    assert registered_words(_said(EARLY), None) == (
        "Registered by Analyst on 31 Jan 2025, 1 day before its first day; that is its file's own "
        "word, which nobody checked."
    )
    # the first day itself is not before it
    assert registered_words(_said(dt.datetime(2025, 2, 1, 9, 0)), LATE) == (  # noqa: DTZ001 (as a file may say it)
        "Held as it stands by the register since 3 Feb 2025, 2 days after its first day; its file "
        "says by Analyst on 1 Feb 2025, its first day."
    )
    assert registered_words(_said(None), None) == "Not registered beforehand."
