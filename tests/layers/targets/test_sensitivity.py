from __future__ import annotations

import pandas as pd
import pytest

from config.profile import Measure
from layers.targets.sensitivity import sensitivity_html

TABLE = pd.DataFrame(
    [
        ("count", 9, 12, 0.75),
        ("expected harm (CCHI 2020)", 7, 12, 0.583333),
        ("harm, homicide left out (CCHI 2020)", 12, 12, 1.0),
        ("harm (CCHI 2020)", 11, 12, 0.916667),
        ("square root of harm (CCHI 2020)", 8, 12, 0.666667),
        ("harm, homicide left out (CCHI 2024 (workbook))", 10, 12, 0.833333),
    ],
    columns=["variant", "kept", "of", "share"],
)


def test_the_table_says_what_stays_in_plain_words() -> None:
    html = sensitivity_html(TABLE, measure=Measure.HARM)
    # the list itself, 12 of 12, is none of the other ways
    assert "Of 12 places, between 7 and 11 stay" in html
    assert "homicide said but not ranked (as on this page)</th><td>12 of 12</td>" in html
    assert html.count("(as on this page)") == 1
    assert '<th scope="col">CCHI 2020</th><th scope="col">CCHI 2024 (workbook)</th>' in html
    row = html.partition("homicide said but not ranked")[2].partition("</tr>")[0]
    assert "<td>12 of 12</td><td>10 of 12</td>" in row
    row = html.partition("Square root of harm")[2].partition("</tr>")[0]
    assert "<td>8 of 12</td><td>not weighed</td>" in row
    assert "9 of 12" in html.partition("Every incident counts the same")[2]


def test_a_name_in_a_workbook_is_shown_as_written() -> None:
    odd = TABLE.assign(variant=TABLE["variant"].str.replace("CCHI 2020", "<b>mine</b>"))
    assert "<b>mine" not in sensitivity_html(odd, measure=Measure.HARM)


@pytest.mark.parametrize(
    ("measure", "row"),
    [
        (Measure.EXPECTED_HARM, "Expected harm (as on this page)"),
        (Measure.COUNT, "Every incident counts the same (as on this page)"),
    ],
)
def test_the_list_itself_is_named(measure: Measure, row: str) -> None:
    html = sensitivity_html(TABLE, measure=measure)
    assert row in html
    assert html.count("(as on this page)") == 1


def test_an_empty_list_has_nothing_to_compare() -> None:
    for empty in (TABLE.assign(of=0, kept=0), TABLE.head(0)):
        assert "no place on the list" in sensitivity_html(empty, measure=Measure.EXPECTED_HARM)
