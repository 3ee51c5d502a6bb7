"""The dose: shipped values that the trials name, and files that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.dose import FILE, load_dose_rules
from config.errors import BadInputError


def test_the_shipped_dose_is_the_published_one() -> None:
    rules = load_dose_rules()
    # Koper: 10 to 16 minutes, best from 11 to 15, about every two hours; Op Rowan: 14:00-24:00
    assert (rules.fewest_minutes, rules.most_minutes) == (10, 16)
    assert 11 <= rules.minutes <= 15
    assert rules.every_minutes == 120
    assert (rules.from_hour, rules.to_hour) == (14, 24)
    assert rules.least_gap_minutes < rules.every_minutes


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("minutes = 15", "minutes = 0", "minutes"),
        ("fewest_minutes = 10", "fewest_minutes = 20", "more than most_minutes"),
        ("power = 0.8", "power = 80", "power"),
        ("wait_days = 7", "wait_days = 7\nhurry = true", "hurry"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(
    tmp_path: Path, line: str, instead: str, said: str
) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert f"\n{line}\n" in text
    (tmp_path / "dose.toml").write_text(text.replace(f"\n{line}\n", f"\n{instead}\n", 1))
    with pytest.raises(BadInputError, match=said):
        load_dose_rules(tmp_path / "dose.toml")
