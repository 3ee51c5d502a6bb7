"""Times: shapes, reasons and spans."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from config.errors import BadInputError
from spatial.incidents.rows.times import read_dates, shown, spans


def read(values: list[str | None], formats: tuple[str, ...]) -> tuple[list[str], list[str]]:
    column = pa.array(values, pa.string()).dictionary_encode()
    rows = np.arange(2, 2 + len(values))
    dates = read_dates(column, formats, rows=rows, file="a.csv", name="From")
    return dates.seconds.astype(str).tolist(), dates.reasons.tolist()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("%d/%m/%Y %H:%M", "1/3/2025 09:05"),
        ("%Y-%m-%dT%H:%M:%S", "2025-03-01T09:05:00"),
        ("%d %b %Y %H:%M", "01 MAR 2025 09:05"),
        ("%d %B %Y %H:%M", "1 March 2025 09:05"),
        ("%d-%b-%y %H:%M", "01-Mar-25 09:05"),
        ("%m/%d/%Y %H:%M", "03/01/2025 09:05"),
        ("%Y-%m-%d %H:%M:%S", "2025-03-01 09:05:00.000"),
    ],
)
def test_every_way_of_writing_one_moment(written: str, text: str) -> None:
    assert read([text], (written,)) == (["2025-03-01T09:05:00"], [""])


def test_a_well_formed_date_that_is_none_costs_its_row() -> None:
    values = [
        "29/02/2024", "29/02/2025", "31/04/2025", "00/13/2025", "01/01/1989", "31/12/2100", " ",
        None, "soon",
    ]  # fmt: skip
    seconds, reasons = read(values, ("%d/%m/%Y",))
    assert seconds[0] == "2024-02-29T00:00:00"
    assert seconds[5] == "2100-12-31T00:00:00"
    assert reasons == [
        "", "date impossible", "date impossible", "date impossible", "date impossible", "",
        "date missing", "date missing", "date not readable",
    ]  # fmt: skip


def test_two_formats_in_one_column_are_refused_even_if_both_are_declared() -> None:
    with pytest.raises(BadInputError, match="'From' holds dates in 2 formats: dd/mm/yyyy, such as"):
        read(["01/03/2025", "2025-03-01"], ("%d/%m/%Y", "%Y-%m-%d"))


def test_either_declared_format_will_do_for_a_whole_file() -> None:
    formats = ("%d/%m/%Y", "%Y-%m-%d")
    assert read(["2025-03-01"], formats)[0] == ["2025-03-01T00:00:00"]
    assert read(["01/03/2025"], formats)[0] == ["2025-03-01T00:00:00"]


def test_a_coarse_date_lasts_to_the_end_of_its_unit() -> None:
    start = np.array(["2024-02-01T00:00:00", "2023-02-01T00:00:00"], dtype="datetime64[s]")
    first, last, _ = spans(start, None, "month")
    assert first.astype(str).tolist() == ["2024-02-01T00:00:00", "2023-02-01T00:00:00"]
    assert last.astype(str).tolist() == ["2024-02-29T23:59:59", "2023-02-28T23:59:59"]
    _, last, _ = spans(start[:1], start[:1] + np.timedelta64(86_400, "s"), "day")
    assert last.astype(str).tolist() == ["2024-02-02T23:59:59"]


def test_an_end_before_its_start_is_dropped_and_one_at_its_start_is_not() -> None:
    start = np.array(["2025-03-01T10:00", "2025-03-01T10:00"], dtype="datetime64[s]")
    end = np.array(["2025-03-01T09:59", "2025-03-01T10:00"], dtype="datetime64[s]")
    _, last, backwards = spans(start, end, "minute")
    assert backwards.tolist() == [True, False]
    assert last.astype(str).tolist() == ["NaT", "2025-03-01T10:00:00"]


def test_formats_are_shown_in_plain_words() -> None:
    assert shown("%d/%m/%Y %H:%M") == "dd/mm/yyyy HH:MM"
