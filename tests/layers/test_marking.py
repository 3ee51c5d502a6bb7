"""Names of files begin with their marking, and every system takes them."""

from __future__ import annotations

import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from config.settings import load_settings
from layers.marking import download_name, marking_in_force

LAST = dt.date(2026, 10, 31)


def test_a_name_says_marking_place_day_and_run() -> None:
    made = download_name(
        "targets.csv", "OFFICIAL-SENSITIVE", study_area="Saltmere", last=LAST, run_id="81be8f95cb0c"
    )
    assert made == "OFFICIAL-SENSITIVE_saltmere_targets_2026-10-31_81be8f95cb0c.csv"


def test_the_marking_is_the_setting_and_stands_once() -> None:
    marking = load_settings().marking
    once = download_name("rejected_ab12.csv")
    assert once == f"{marking}_rejected_ab12.csv"
    assert download_name(once) == once
    assert download_name("a.tar.gz", "OFFICIAL: SENSITIVE - LOCSEN") == (
        "OFFICIAL-SENSITIVE-LOCSEN_a.tar.gz"
    )


def test_letters_of_other_scripts_and_paths_do_no_harm() -> None:
    assert download_name("Môr & Tŵr.csv", "OFFICIAL") == "OFFICIAL_Mor-Twr.csv"
    assert download_name("../../etc/passwd", "OFFICIAL") == "OFFICIAL_passwd"
    assert download_name("א.csv", "OFFICIAL") == "OFFICIAL.csv"


def test_what_is_cut_is_never_marking_run_or_ending() -> None:
    made = download_name("x" * 300 + ".geojson", "OFFICIAL", last=LAST, run_id="abc")
    assert len(made) == 120
    assert made.startswith("OFFICIAL_xxx")
    assert made.endswith("x_2026-10-31_abc.geojson")


@given(name=st.text(min_size=1, max_size=200), area=st.text(max_size=200))
def test_any_name_is_safe_short_and_marked(name: str, area: str) -> None:
    made = download_name(name, "OFFICIAL", study_area=area, run_id="abc")
    assert re.fullmatch(r"OFFICIAL[A-Za-z0-9_.-]*", made)
    assert len(made) <= 120
    assert "_abc" in made


def test_the_line_holds_both() -> None:
    marking = marking_in_force()
    assert marking.line == f"{load_settings().marking}. {load_settings().handling}"
