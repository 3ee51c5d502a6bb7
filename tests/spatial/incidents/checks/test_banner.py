"""The quality banner: its grade, its line, and what a profile and window make of it."""

from __future__ import annotations

import datetime as dt

import pytest

from config.errors import BadInputError
from config.profile import load_profile
from spatial.incidents.checks.banner import Banner, BannerPart, Grade, quality_banner
from spatial.incidents.store import IncidentStore
from spatial.window import Window
from tests.spatial.incidents.planted import each_day, planted

YEAR = Window(dt.date(2025, 1, 1), dt.date(2025, 12, 31))


def _sound() -> list:  # type: ignore[type-arg]
    return [row for month in range(24) for row in each_day(month, 50)]


def test_sound_data_are_ok() -> None:
    banner = quality_banner(planted(_sound()), profile=load_profile("ark"), window=YEAR)
    assert (banner.grade, banner.sentence) == (Grade.OK, "Data to 31 Dec 2025")


def test_the_worst_part_gives_the_grade() -> None:
    parts = tuple(BannerPart("months", grade.value, grade) for grade in Grade)
    assert Banner(parts).grade is Grade.POOR
    assert Banner(parts[:2]).grade is Grade.CARE
    assert Banner(parts[:2]).content == {
        "grade": "care",
        "sentence": "ok \N{MIDDLE DOT} care",
        "parts": [
            {"kind": "months", "grade": "ok", "text": "ok"},
            {"kind": "months", "grade": "care", "text": "care"},
        ],
    }


def test_what_lacks_a_location() -> None:
    rows = _sound() + [row for month in range(24) for row in each_day(month, 5, longitude=None)]
    banner = quality_banner(planted(rows), profile=load_profile("ark"), window=YEAR)
    assert banner.parts[1] == BannerPart("unlocated", "9.1% without location", Grade.CARE)


def test_only_flags_that_the_profile_needs() -> None:
    rows = [row for month in range(24) for row in each_day(month, 30)]
    rows += [row for month in range(24) for row in each_day(month, 20, knife="unknown")]
    store = planted(rows)
    assert quality_banner(store, profile=load_profile("ark"), window=YEAR).grade is Grade.OK
    knife = quality_banner(store, profile=load_profile("community_violence"), window=YEAR)
    assert not [part for part in knife.parts if part.kind == "flags"]
    domestic = [row for month in range(24) for row in each_day(month, 25, domestic="unknown")]
    ark = quality_banner(planted(rows + domestic), profile=load_profile("ark"), window=YEAR)
    assert ark.parts[1] == BannerPart(
        "flags", "domestic not recorded for 33% (left out)", Grade.POOR
    )


def test_months_of_the_window_and_the_one_before() -> None:
    rows = [row for month in range(24) if month not in {7, 14} for row in each_day(month, 50)]
    store = planted(rows)
    assert "2 months missing" in quality_banner(store, window=YEAR).sentence
    late = Window(dt.date(2025, 9, 1), dt.date(2025, 12, 31))
    assert "missing" not in quality_banner(store, window=late).sentence
    short = quality_banner(store, window=Window(dt.date(2025, 3, 1), dt.date(2025, 5, 31)))
    assert short.parts[1] == BannerPart("months", "Mar 2025 missing", Grade.POOR)


def test_a_change_of_recording_matters_inside_what_is_compared() -> None:
    rows = []
    for month in range(24):
        known = 48 if month >= 14 else 25
        rows += each_day(month, known)
        rows += each_day(month, 50 - known, domestic="unknown")
    store = planted(rows)
    changed = "domestic recorded differently from Mar 2025"
    assert changed in quality_banner(store, profile=load_profile("ark"), window=YEAR).sentence
    knife = load_profile("knife_enabled")
    assert changed not in quality_banner(store, profile=knife, window=YEAR).sentence
    after = Window(dt.date(2025, 8, 1), dt.date(2025, 12, 31))
    assert changed not in quality_banner(store, profile=load_profile("ark"), window=after).sentence


def test_a_force_behind_is_named() -> None:
    rows = _sound()
    rows += [row for month in range(20) for row in each_day(month, 50, force="B Police")]
    assert quality_banner(planted(rows)).parts[1] == BannerPart(
        "behind", "B Police only to 31 Aug 2025", Grade.CARE
    )
    early = Window(dt.date(2025, 1, 1), dt.date(2025, 6, 30))
    assert "B Police" not in quality_banner(planted(rows), window=early).sentence


def test_the_sample_town_tells_its_planted_change(saltmere_store: IncidentStore) -> None:
    banner = quality_banner(saltmere_store)
    assert banner.grade is Grade.CARE
    assert "recorded differently in Sep 2024 to Oct 2024" in banner.sentence
    assert quality_banner(saltmere_store) == banner


def test_an_empty_store_has_no_banner() -> None:
    with pytest.raises(BadInputError, match="holds no incidents"):
        quality_banner(IncidentStore(path=planted([]).path, loads=()))
