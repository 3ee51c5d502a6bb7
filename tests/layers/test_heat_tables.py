from __future__ import annotations

import re

import numpy as np
import pandas as pd

from layers import palette
from layers.charts.near_repeat import near_repeat_html
from layers.charts.week import week_html

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def hours() -> pd.DataFrame:
    incidents = np.ones(168)
    incidents[0] = 40.0
    share = incidents / incidents.sum()
    return pd.DataFrame(
        {
            "day": np.repeat(DAYS, 24),
            "hour": np.tile((np.arange(24) + 6) % 24, 7),
            "incidents": incidents,
            "share": share,
            "times_even": share * 168,
        }
    )


def test_the_week_begins_at_six_and_marks_midnight() -> None:
    said = week_html(hours())
    heads = re.findall(r'scope="col">(\d\d)<', said)
    assert heads[0] == "06"
    assert heads[-1] == "05"
    assert len(heads) == 24
    # the head and seven days
    assert said.count('class="hx-midnight"') == 8
    assert said.count('scope="row"') == 7
    assert "Mon, 06:00 to 06:59: 40 incidents" in said


def test_the_shade_says_times_an_even_spread() -> None:
    said = week_html(hours())
    # 40 of 207 in one hour is 32 times even, the others 0.8 times
    assert said.count(f"background:{palette.VIOLENCE_STEPS[4]};color:{palette.WHITE}") == 1
    assert said.count(f"background:{palette.VIOLENCE_STEPS[1]};color:inherit") == 167


def test_disorders_week_has_its_own_hue() -> None:
    said = week_html(hours(), disorder=True)
    assert not any(step in said for step in palette.VIOLENCE_STEPS)


def test_near_repeats_outline_what_is_more_than_chance() -> None:
    table = pd.DataFrame(
        [
            ("same point", "same day", 12, 3.0, 4.0, 0.001),
            ("same point", "1 to 7 days", 1, 0.0, np.nan, 1.0),
            ("under <100> m", "same day", 2, 4.0, 0.5, 1.0),
            ("under <100> m", "1 to 7 days", 5, 4.0, 1.25, 0.4),
        ],
        columns=["distance", "time", "observed", "expected", "ratio", "p_adjusted"],
    )
    said = near_repeat_html(table)
    assert said.count('<td class="hx-fallen"') == 1
    assert "4.00\N{MULTIPLICATION SIGN}" in said
    assert "5 pairs, chance 4" in said
    # no pair by chance is no ratio
    assert "\N{EN DASH}</b>" in said
    assert "under &lt;100&gt; m" in said
