"""Profiles: the shipped ones say what their sources say, and a bad one says what to mend."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import get_args

import pytest

from config.errors import BadInputError
from config.profile import AgeBand, Family, Profile, load_profile, profile_names, profile_title
from spatial.incidents.rows.flags import AGE_BANDS

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
PLAIN = """\
name = "mine"
title = "Mine"
description = "For the test."
family = "serious_violence"
source = "test"
"""


def written(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(PLAIN + text, "utf-8")
    return str(path)


def test_what_ships() -> None:
    assert set(profile_names()) == {
        "ark", "asb", "community_violence", "homicide", "knife_enabled", "near_miss", "robbery",
        "violence_proxy",
    }  # fmt: skip
    for name in profile_names():
        profile = load_profile(name)
        assert profile.name == name
        assert (profile.family is Family.ANTISOCIAL_BEHAVIOUR) == (name == "asb")
        assert "http" not in profile.source


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the shared reference tables are absent")
def test_near_misses_are_those_of_the_reference() -> None:
    with (REFERENCE / "near_miss.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["role"].startswith("near_miss")]
    set_aside = ("candidate", "minor variant", "low weight")
    wanted = {
        row["ho_code"][:6]
        for row in rows
        if not any(word in row["role"] for word in set_aside)
        # robbery is taken by its tier, only where a weapon flag is true
        and not row["offence"].startswith("Robbery")
    }
    near_miss = load_profile("near_miss")
    assert set(near_miss.ho_codes) == wanted
    assert [tier.value for tier in near_miss.tiers] == ["weapon_robbery"]
    # candidates are named in the file, as switches
    text = (Path(__file__).parents[2] / "config/profiles/near_miss.toml").read_text("utf-8")
    for row in rows:
        if "candidate" in row["role"]:
            assert row["ho_code"] in text


def test_strangulation_counts_from_the_day_it_became_an_offence() -> None:
    assert load_profile("near_miss").valid_from == {
        "008/77": dt.date(2022, 6, 7),
        "008/78": dt.date(2022, 6, 7),
    }


def test_age_bands_are_those_of_the_store() -> None:
    assert get_args(AgeBand) == AGE_BANDS


def test_a_users_own_profile_needs_no_code(tmp_path: Path) -> None:
    text = """\
ho_codes = ["008/*"]
prc_codes = ["34B", "4/1"]
exclude_prc_codes = ["8S"]
valid_from = { "008/77" = 2022-06-07 }
relationship = { exclude = ["partner"], unknown = "include" }
[victim_age_band]
exclude = ["0-14"]
"""
    profile = load_profile(written(tmp_path, text))
    assert profile.prc_codes == ("34B", "4/1")
    assert profile.victim_age_band is not None
    assert profile.victim_age_band.unknown == "exclude"


def test_a_key_that_is_not_used_leaves_the_hash_alone() -> None:
    plain = Profile(
        name="mine", title="M", description="D", family=Family.SERIOUS_VIOLENCE, source="S",
        ho_codes=("001/01",),
    )  # fmt: skip
    assert set(plain.content) == {
        "name", "title", "description", "family", "tiers", "ho_codes", "exclude_ho_codes",
        "categories", "flags", "harm_words", "notes", "source",
    }  # fmt: skip
    changed = plain.model_copy(update={"exclude_prc_codes": ("34A",)})
    assert changed.content["exclude_prc_codes"] == ["34A"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"mine\.toml: the file: .*lists no tiers, ho_codes"),
        ('tiers = ["murder"]', r"mine\.toml: tiers\.0: .*given 'murder'\)\. Mend or remove"),
        ('ho_codes = ["5/1"]', r"mine\.toml: ho_codes\.0: .*given '5/1'"),
        ('prc_codes = ["4.1"]', r"mine\.toml: prc_codes\.0: .*given '4\.1'"),
        ('prc_codes = ["5D\') OR (true"]', r"mine\.toml: prc_codes\.0"),
        ('tiers = ["robbery"]\ncolour = "red"', r"mine\.toml: colour: .*not permitted"),
        ('tiers = ["robbery"]\n[relationship]\nexclude = ["cousin"]', r"relationship\.exclude\.0"),
        ('tiers = ["robbery"]\n[relationship]\nexclude = []', r"relationship\.exclude"),
        (
            'tiers = ["robbery"]\n[victim_age_band]\nexclude = ["65"]',
            r"victim_age_band\.exclude\.0",
        ),
        ('tiers = ["robbery"]\n[valid_from]\n"008/*" = 2022-06-07', r"valid_from\.008/\*"),
        ('tiers = ["robbery"]\n[valid_from]\n"008/77" = "June"', r"valid_from\.008/77"),
        ("tiers = [", r"mine\.toml is not readable TOML"),
    ],
)
def test_a_profile_that_cannot_be_used_names_file_key_and_remedy(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        load_profile(written(tmp_path, text))


def test_a_title_is_the_profiles_or_the_word_that_was_kept() -> None:
    assert profile_title("ark") == load_profile("ark").title != "ark"
    assert profile_title("shipped_once") == "shipped_once"
    assert not profile_title("")
