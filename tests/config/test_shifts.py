"""Shifts: any set that does not overlap, its gaps said, and midnight crossed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from config.shifts import DAY_HOURS, Shifts, load_shifts


def _shifts(*hours: tuple[int, int], day_starts: int = 6) -> Shifts:
    shift: list[dict[str, Any]] = [
        {"name": f"s{number}", "starts": starts, "ends": ends}
        for number, (starts, ends) in enumerate(hours)
    ]
    return Shifts.model_validate({"day_starts": day_starts, "shift": shift})


def test_the_shipped_shifts_cover_the_day() -> None:
    shifts = load_shifts()
    assert [one.words for one in shifts.shift] == [
        "early shift (06:00-14:00)", "late shift (14:00-22:00)", "night shift (22:00-06:00)",
    ]  # fmt: skip
    assert shifts.gaps == ()
    assert shifts.named("night").hours == (22, 23, 0, 1, 2, 3, 4, 5)
    assert shifts.day_starts == 6


def test_gaps_are_said() -> None:
    assert _shifts((7, 15), (15, 23)).gaps == ("23:00-07:00",)
    assert _shifts((8, 20), (22, 3)).gaps == ("03:00-08:00", "20:00-22:00")
    assert _shifts((19, 7), (7, 19)).gaps == ()
    assert _shifts((0, 12), (12, 24)).gaps == ()


@given(st.lists(st.integers(0, 23), min_size=2, max_size=6, unique=True))
def test_shifts_end_to_end_cover_the_day_once(starts: list[int]) -> None:
    ordered = sorted(starts)
    shifts = _shifts(*zip(ordered, ordered[1:] + ordered[:1], strict=True))
    assert shifts.gaps == ()
    assert sorted(hour for one in shifts.shift for hour in one.hours) == list(range(DAY_HOURS))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("starts = 6\nends = 15", "the shifts 'x' and 'late' share 14:00"),
        ("starts = 12\nends = 12", "starts and ends at the same hour"),
        ("starts = 0\nends = 24", "starts and ends at the same hour"),
        ("starts = 24\nends = 3", "starts"),
        ("starts = 6.5\nends = 14", "starts"),
        ("starts = 6\nends = 14\nhours = 8", "hours"),
    ],
)
def test_bad_shifts_are_refused(tmp_path: Path, text: str, match: str) -> None:
    late = '[[shift]]\nname = "late"\nstarts = 14\nends = 22\n'
    file = tmp_path / "ours.toml"
    file.write_text(f'day_starts = 6\n[[shift]]\nname = "x"\n{text}\n{late}', encoding="utf-8")
    with pytest.raises(BadInputError, match=match):
        load_shifts(file)


def test_a_name_once_and_only_names_that_are_there(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    twice = '[[shift]]\nname = "late"\nstarts = {}\nends = {}\n'
    file.write_text("day_starts = 6\n" + twice.format(1, 2) + twice.format(3, 4), encoding="utf-8")
    with pytest.raises(BadInputError, match="named twice"):
        load_shifts(file)
    with pytest.raises(
        BadInputError, match=r"no shift .lates.\. Choose one of: early, late, night"
    ):
        load_shifts().named("lates")
