from __future__ import annotations

import json

import numpy as np
import pandas as pd

from layers.targets.compare import coverage_rows
from layers.targets.coverage import IN_SAMPLE, OUT_OF_SAMPLE, coverage_chart

CURVE = pd.DataFrame(
    {
        "places": [1, 2, 3, 4, 5],
        "officer_hours": [46.67, 93.33, 140.0, 186.67, 233.33],
        "share": [0.1, 0.18, 0.22, 0.25, 0.28],
        "held_out_share": [0.07, 0.15, 0.19, np.nan, np.nan],
    }
)


def lines_of(curve: pd.DataFrame) -> dict[str, list[float]]:
    spec = coverage_chart(curve, places=3, harm_words="serious-violence harm")
    json.dumps(spec, allow_nan=False)
    rows = spec["layer"][2]["data"]["values"]
    return {
        line: [row["share"] for row in rows if row["line"] == line]
        for line in (IN_SAMPLE, OUT_OF_SAMPLE)
    }


def test_both_lines_are_drawn_each_as_far_as_it_is_known() -> None:
    assert lines_of(CURVE) == {
        IN_SAMPLE: [0.1, 0.18, 0.22, 0.25, 0.28], OUT_OF_SAMPLE: [0.07, 0.15, 0.19],
    }  # fmt: skip


def test_without_an_earlier_window_one_line_is_drawn_and_named() -> None:
    curve = CURVE.assign(held_out_share=np.nan)
    assert lines_of(curve)[OUT_OF_SAMPLE] == []
    spec = coverage_chart(curve, places=3, harm_words="harm")
    assert spec["layer"][2]["encoding"]["color"]["scale"]["domain"] == [IN_SAMPLE]


def test_the_table_gives_the_list_itself_and_every_fifth() -> None:
    _, rows = coverage_rows(CURVE, places=3)
    assert rows == [
        ("3 places (this list)", "140", "22%", "19%"),
        ("5 places", "233", "28%", "\N{EN DASH}"),
    ]
