"""The return to a funder: added up by hand, blank where unknown, small counts kept back."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInputError
from config.period_return import PeriodKind, ReturnColumn, ReturnLayout, load_return_layout
from config.settings import load_settings
from layers.targets.period_return import period_return, period_return_csv
from register.visits import TABLE_COLUMNS
from spatial.window import Window

AREAS = pd.DataFrame({"area_id": ["PA-1", "PA-2", "PA-3"]})
QUARTER = Window(dt.date(2026, 10, 1), dt.date(2026, 12, 31))
THROUGH = dt.date(2026, 12, 31)
VISITS = pd.DataFrame(
    [
        ("v1", "PA-1", "2026-10-01T00:00", 15, 2, "quiet", "walked"),
        ("v2", "PA-1", "2026-10-31T23:59", 10, 2, "groups drug_dealing", "walked talked"),
        ("v3", "PA-2", "2026-10-07T18:30", 20, 1, "drug_dealing", ""),
        ("v4", "PA-2", "2026-12-07T18:30", 12, 2, "", ""),
        ("v5", "PA-9", "2026-12-08T18:30", 600, 9, "", ""),  # not on the list
        ("v6", "PA-1", "2027-01-01T00:00", 600, 9, "", ""),  # the day after
    ],
    columns=list(TABLE_COLUMNS),
)
OUTCOMES = pd.DataFrame(
    [
        ("ark", "2026-10-04", 3, 100.0), ("ark", "2026-10-20", 2, 20.5),
        ("ark", "2026-11-20", 6, 60.0), ("ark", "2026-12-31", 4, 40.0),
        ("ark", "2026-09-30", 50, 999.0), ("asb", "2026-10-04", 9, None),
        ("asb", "2026-11-04", 1, None), ("asb", "2026-12-04", 2, None),
    ],
    columns=["profile", "date", "incidents", "harm_days"],
)  # fmt: skip


def _layout(*sources: str, period: PeriodKind = PeriodKind.MONTH) -> ReturnLayout:
    columns = tuple(ReturnColumn(heading=source, source=source) for source in sources)
    return ReturnLayout(period=period, fewest_shown=3, columns=columns)


def test_the_shipped_layout_added_up_by_hand() -> None:
    made = period_return(VISITS, AREAS, OUTCOMES, window=QUARTER, data_through=THROUGH)
    assert list(made.table) == [column.heading for column in load_return_layout().columns]
    # October: 15 x 2 + 10 x 2 + 20 x 1 = 70 officer minutes; December 24
    assert made.table["Officer hours"].tolist() == [1.2, 0.0, 0.4]
    assert made.table["Visits"].tolist() == [3, 0, 1]
    assert made.table["Places visited"].tolist() == [2, 0, 1]
    assert made.table["Places on the list"].tolist() == [3, 3, 3]
    assert made.table["Period"].tolist() == ["2026-10", "2026-11", "2026-12"]
    assert made.table["From"].tolist() == ["2026-10-01", "2026-11-01", "2026-12-01"]
    assert made.table["To"].tolist() == ["2026-10-31", "2026-11-30", "2026-12-31"]
    assert made.table["Serious violence at these places"].tolist() == [5, 6, 4]
    assert made.table["Harm at these places (days)"].tolist() == [120.5, 60.0, 40.0]
    # 1 and 2 are small; 3 = 1 + 2 or 2 + 1, so 9 may stay
    assert made.table["Antisocial behaviour at these places"].tolist() == [9, None, None]
    said = " ".join(note.text for note in made.notes)
    assert "not on the list, left out: 1." in said
    assert "outside the days of the return, left out: 1." in said
    assert "A blank is not 0." in said


def test_a_file_has_headings_notes_and_marking() -> None:
    made = period_return(VISITS, AREAS, OUTCOMES, window=QUARTER, data_through=THROUGH)
    rows = list(csv.DictReader(io.StringIO(period_return_csv(made).decode("utf-8-sig"))))
    assert list(rows[0])[-2:] == ["Notes", "Marking"]
    assert rows[1]["Antisocial behaviour at these places"] == ""
    assert rows[0]["Marking"].startswith(load_settings().marking)


def test_what_is_not_known_yet_is_blank_and_said() -> None:
    made = period_return(
        VISITS, AREAS, OUTCOMES, window=QUARTER, data_through=dt.date(2026, 12, 30),
        layout=_layout("incidents:ark", "harm:ark", "visits"),
    )  # fmt: skip
    assert made.table["incidents:ark"].tolist() == [5, 6, None]
    assert made.table["harm:ark"].tolist() == [120.5, 60.0, None]
    assert made.table["visits"].tolist() == [3, 0, 1]
    assert "outcomes after it are blank" in " ".join(note.text for note in made.notes)


def test_harm_is_blank_where_a_count_is_and_where_nothing_weighs_it() -> None:
    small = pd.DataFrame(
        [
            ("ark", "2026-10-04", 1, 365.0),
            ("ark", "2026-11-04", 2, 20.0),
            ("ark", "2026-12-04", 9, 1.0),
        ],
        columns=list(OUTCOMES),
    )
    layout = _layout("incidents:ark", "harm:ark")
    made = period_return(VISITS, AREAS, small, window=QUARTER, data_through=THROUGH, layout=layout)
    assert made.table["incidents:ark"].tolist() == [None, None, 9]
    assert made.table["harm:ark"].tolist() == [None, None, None]
    layout = _layout("harm:asb")
    made = period_return(
        VISITS, AREAS, OUTCOMES, window=QUARTER, data_through=THROUGH, layout=layout
    )
    assert made.table["harm:asb"].tolist() == [None, None, None]


def test_quarters_are_those_of_the_financial_year_and_cut_ones_are_said() -> None:
    window = Window(dt.date(2026, 2, 15), dt.date(2026, 10, 2))
    made = period_return(
        VISITS, AREAS, OUTCOMES, window=window, data_through=THROUGH,
        layout=_layout("period", "first_day", "last_day", "visits", period=PeriodKind.QUARTER),
    )  # fmt: skip
    assert made.table["period"].tolist() == ["2025/26 Q4", "2026/27 Q1", "2026/27 Q2", "2026/27 Q3"]
    assert made.table["first_day"].tolist()[:2] == ["2026-02-15", "2026-04-01"]
    assert made.table["last_day"].tolist()[-2:] == ["2026-09-30", "2026-10-02"]
    assert made.table["visits"].tolist() == [0, 0, 0, 1]
    said = [note.text for note in made.notes]
    assert "The first quarter counts from 15 Feb 2026 only." in said
    assert "The last quarter counts to 2 Oct 2026 only." in said


def test_what_was_seen_and_done_is_tallied() -> None:
    made = period_return(
        VISITS, AREAS, OUTCOMES, window=QUARTER, data_through=THROUGH,
        layout=_layout("seen:drug_dealing", "done:walked", "visit_hours"),
    )  # fmt: skip
    assert made.table["seen:drug_dealing"].tolist() == [2, 0, 0]
    assert made.table["done:walked"].tolist() == [2, 0, 0]
    assert made.table["visit_hours"].tolist() == [0.8, 0.0, 0.2]


def test_no_visits_at_all_is_a_row_of_noughts() -> None:
    made = period_return(
        VISITS.iloc[:0], AREAS, OUTCOMES, window=QUARTER, data_through=THROUGH,
        layout=_layout("hours", "visits", "places", "seen:quiet"),
    )  # fmt: skip
    assert made.table.to_numpy().tolist() == [[0, 0, 0, 0]] * 3


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (
            ("incidents:robbery",),
            "of 'robbery', which were not counted (counted: ark, asb)",
        ),
        (("hoars",), "no source 'hoars'"),
        (("done:flown",), "no visit can say 'done:flown'"),
    ],
)
def test_an_unknown_source_is_one_clear_sentence(sources: tuple[str, ...], words: str) -> None:
    with pytest.raises(BadInputError) as refused:
        period_return(
            VISITS, AREAS, OUTCOMES, window=QUARTER, data_through=THROUGH, layout=_layout(*sources)
        )
    assert words in str(refused.value)


def test_a_table_that_lacks_a_column_is_named() -> None:
    with pytest.raises(BadInputError, match="table of visits has no column 'minutes'"):
        period_return(
            VISITS.drop(columns="minutes"), AREAS, OUTCOMES, window=QUARTER, data_through=THROUGH
        )


@settings(max_examples=40)
@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 800),
    st.sampled_from(list(PeriodKind)),
)  # fmt: skip
def test_periods_hold_every_day_once(first: dt.date, days: int, kind: PeriodKind) -> None:
    window = Window(first, first + dt.timedelta(days=days))
    made = period_return(
        VISITS.iloc[:0], AREAS, OUTCOMES.iloc[:0], window=window, data_through=THROUGH,
        layout=_layout("period", "first_day", "last_day", period=kind),
    ).table  # fmt: skip
    firsts = [dt.date.fromisoformat(day) for day in made["first_day"]]
    lasts = [dt.date.fromisoformat(day) for day in made["last_day"]]
    assert (firsts[0], lasts[-1]) == (window.first, window.last)
    assert [day + dt.timedelta(days=1) for day in lasts[:-1]] == firsts[1:]
    assert made["period"].is_unique
