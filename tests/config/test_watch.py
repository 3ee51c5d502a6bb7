"""The watch list's file: rules in range, codes that exist, series named once."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.offence import offence_table
from config.profile import Family, Tier
from config.watch import FILE, WEEK_DAYS, load_watch_list

WATCHED = load_watch_list()


def test_every_code_is_in_the_offence_table() -> None:
    table = offence_table()
    for series in WATCHED.series:
        assert series.family is Family.SERIOUS_VIOLENCE
        for code in series.ho_codes:
            found = table.classify(code, None, None)
            # a code that nobody classifies would be watched in vain
            assert found.known, code
            assert found.tier in {Tier.SERIOUS_INJURY, Tier.WEAPON}, code
        for prc in (*series.prc_codes, *series.prc_codes_alone):
            assert table.classify(None, prc, None).tier is Tier.WEAPON, prc


def test_the_chance_of_a_span_is_what_the_rules_come_to() -> None:
    rules = WATCHED.rules
    assert rules.chance_per_span == pytest.approx(0.8 / (5 * 26))
    assert all(days % WEEK_DAYS == 0 for days in rules.spans_days)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("spans_days = [28, 91, 364]", "spans_days = [30]", "spans_days"),
        ("spans_days = [28, 91, 364]", "spans_days = []", "spans_days"),
        ("looks_per_year = 26", "looks_per_year = 0", "looks_per_year"),
        ("looks_per_year = 26", "looks = 26", "looks"),
        ('name = "corrosive"', 'name = "knife_homicide"', "'knife_homicide' is named twice"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, old: str, new: str, match: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "watch.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInputError, match=match):
        load_watch_list(file)
