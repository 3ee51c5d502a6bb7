"""The heat table: numbers, greys and sentences that say the same."""

from __future__ import annotations

import itertools

import pandas as pd

from layers.data.completeness import heat_html, worst_gap
from layers.palette import GAP_STEPS, gap_fill, lightness


def _table(shares: dict[str, list[float]], *, incidents: int = 1000) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "force": "A Police",
                "month": f"2025-{month + 1:02d}",
                "field": field,
                "incidents": incidents,
                "recorded": round(share * incidents),
                "share": share,
            }
            for field, each in shares.items()
            for month, share in enumerate(each)
        ]
    )


def test_a_sudden_gap_is_said_before_a_field_never_recorded() -> None:
    table = _table({"knife": [0.0] * 6, "domestic": [0.98] * 4 + [0.11, 0.98]})
    assert worst_gap(table) == (
        "Worst gap: domestic in May 2025, recorded for 11% of 1,000 incidents, "
        "against 98% in the middle month."
    )
    assert worst_gap(_table({"knife": [0.4] * 6})).startswith("No month stands out")
    assert worst_gap(_table({"knife": [0.5, 0.0, 0.5]}, incidents=10)).startswith("No month")
    assert worst_gap(table.iloc[:0]) == "No incidents."


def test_every_cell_carries_its_number_and_a_gap_its_outline() -> None:
    html = heat_html(_table({"domestic": [0.999, 0.98, 0.98, 0.6, 0.98, 0.001]}))
    assert ">99</td>" in html  # 99.9% is not all
    assert ">1</td>" in html  # nor 0.1% none
    assert 'title="60%: 600 of 1,000"' in html
    assert html.count('<td class="hx-fallen"') == 2
    assert "Jan<br>2025" in html


def test_never_recorded_is_one_line_and_names_are_escaped() -> None:
    html = heat_html(_table({"<b>knife": [0.0] * 3, "location": [1.0] * 3}))
    assert "Never recorded in these months: &lt;b&gt;knife" in html
    assert html.count("<tr>") == 2  # the months, and the location


def test_the_last_months_are_shown_and_the_rest_counted() -> None:
    html = heat_html(_table({"location": [1.0] * 12}), most=10)
    assert "2 earlier months not shown." in html
    assert "Feb<br>" not in html
    assert "Mar<br>2025" in html


def test_greys_keep_the_order() -> None:
    greys = [lightness(fill) for fill in GAP_STEPS]
    assert all(upper - lower > 0.12 for upper, lower in itertools.pairwise(greys))
    assert [gap_fill(share) for share in (1, 0.99, 0.95, 0.8, 0.6, 0.2, 0)] == [
        GAP_STEPS[step] for step in (0, 0, 1, 2, 3, 4, 4)
    ]
    # letters on every fill contrast 4.5 to 1 (WCAG 2.2, AA)
    ink, white = lightness("#0B0C0C"), 1.0
    for grey in greys:
        letters = white if grey < 0.18 else ink
        low, high = sorted((letters, grey))
        assert (high + 0.05) / (low + 0.05) >= 4.5
