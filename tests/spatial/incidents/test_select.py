"""Selection: who belongs to a profile, and who is left out only for want of a flag."""

from __future__ import annotations

import itertools
from pathlib import Path

import duckdb
import pytest

from config.profile import FlagRule, Profile, load_profile, profile_names
from spatial.incidents.load import load_incidents
from spatial.incidents.schema import FLAGS
from spatial.incidents.select import (
    assumed_condition,
    needed_words,
    profile_condition,
    too_early_condition,
    untested_condition,
)
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import force_export, written

WORDS = ("true", "false", "unknown")


def profile(**changes: object) -> Profile:
    plain: dict[str, object] = {
        "name": "trial", "title": "Trial", "description": "For the test.", "source": "test",
        "family": "serious_violence", "tiers": ("injury",),
    }  # fmt: skip
    return Profile.model_validate({**plain, **changes})


def answers(chosen: Profile, rows: list[dict[str, str | None]]) -> list[tuple[bool, bool]]:
    columns = ("tier", "ho_code", "category", "domestic", "public_place", "knife")
    values = ", ".join(
        "(" + ", ".join("NULL" if (v := row.get(c)) is None else f"'{v}'" for c in columns) + ")"
        for row in rows
    )
    query = (
        f"SELECT {profile_condition(chosen)}, {untested_condition(chosen)} "
        f"FROM (VALUES {values}) AS incidents({', '.join(columns)})"
    )
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def test_flags_are_three_valued() -> None:
    chosen = profile(
        flags={"domestic": FlagRule(must_be=False), "public_place": FlagRule(must_be=True)}
    )
    pairs = list(itertools.product(WORDS, WORDS))
    rows: list[dict[str, str | None]] = [
        {"tier": "injury", "domestic": domestic, "public_place": place} for domestic, place in pairs
    ]
    found = dict(zip(pairs, answers(chosen, rows), strict=True))
    assert [pair for pair, (belongs, _) in found.items() if belongs] == [("false", "true")]
    # left out for want of a flag: nothing speaks against them
    assert [pair for pair, (_, untested) in found.items() if untested] == [
        ("false", "unknown"),
        ("unknown", "true"),
        ("unknown", "unknown"),
    ]


def test_a_profile_may_take_the_unknown_in() -> None:
    chosen = profile(flags={"knife": FlagRule(must_be=True, unknown="include")})
    rows: list[dict[str, str | None]] = [{"tier": "injury", "knife": word} for word in WORDS]
    assert answers(chosen, rows) == [(True, False), (False, False), (True, False)]


def test_codes_classes_and_exclusions() -> None:
    chosen = profile(
        tiers=(),
        ho_codes=("034/*", "008/01"),
        exclude_ho_codes=("034/02",),
        categories=("robbery",),
    )
    rows: list[dict[str, str | None]] = [
        {"ho_code": "034/01"}, {"ho_code": "034/02"}, {"ho_code": "008/01"}, {"ho_code": "008/06"},
        {"category": "robbery"}, {},
    ]  # fmt: skip
    assert [belongs for belongs, _ in answers(chosen, rows)] == [
        True, False, True, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("name", profile_names())
def test_every_shipped_profile_can_be_asked_of_a_store(tmp_path: Path, name: str) -> None:
    load_incidents([written(tmp_path / "a.csv", force_export({}))], tmp_path / "store")
    chosen = load_profile(name)
    with IncidentStore.open(tmp_path / "store").connect() as connection:
        query = f"SELECT {profile_condition(chosen)}, {untested_condition(chosen)} FROM incidents"
        [(belongs, untested)] = connection.execute(query).fetchall()
    assert isinstance(belongs, bool)
    assert isinstance(untested, bool)


COLUMNS = (
    "tier", "ho_code", "prc_code", "category", "occurred_from", *FLAGS, "relationship",
    "victim_age_band",
)  # fmt: skip
USUAL = {
    "tier": "injury", "ho_code": "008/06", "prc_code": "8N", "category": "violent-crime",
    "occurred_from": "2025-03-01", "domestic": "false", "public_place": "true", "knife": "false",
    "firearm": "false", "weapon": "false", "relationship": "stranger", "victim_age_band": "18-24",
}  # fmt: skip


def tallies(name: str, *changes: dict[str, str | None]) -> list[str]:
    """Say of each incident: in, assumed (in), untested, early, or out; never two that clash."""
    chosen = load_profile(name)
    asked = [
        profile_condition(chosen), assumed_condition(chosen), untested_condition(chosen),
        too_early_condition(chosen),
    ]  # fmt: skip
    values = ", ".join(
        "("
        + ", ".join("NULL" if (v := {**USUAL, **change}[c]) is None else f"'{v}'" for c in COLUMNS)
        + ")"
        for change in changes
    )
    query = (
        f"SELECT {', '.join(asked)} FROM (SELECT * REPLACE (CAST(occurred_from AS TIMESTAMP) AS "
        f"occurred_from) FROM (VALUES {values}) AS rows({', '.join(COLUMNS)}))"
    )
    with duckdb.connect() as connection:
        rows = connection.execute(query).fetchall()
    words = {
        (True, False, False, False): "in", (True, True, False, False): "assumed",
        (False, False, True, False): "untested", (False, False, False, True): "early",
        (False, False, False, False): "out",
    }  # fmt: skip
    return [words[row] for row in rows]


def test_near_misses() -> None:
    def wounding(code: str | None, prc: str | None = None) -> dict[str, str | None]:
        return {"tier": "serious_injury", "ho_code": code, "prc_code": prc}

    assert tallies(
        "near_miss", wounding("005/01", "5D"), wounding("005/01", "8S"), wounding("008/01", "8N"),
        {"tier": "other_violence", "ho_code": "056/01", "category": "criminal-damage-arson"},
        {"tier": "other", "ho_code": "005/11", "prc_code": "5E"}, wounding(None, "5E"),
        wounding("008/59"), wounding(None, "8N"), {},
    ) == ["in", "in", "in", "in", "out", "in", "out", "out", "out"]  # fmt: skip


def test_robbery_is_a_near_miss_only_with_a_weapon() -> None:
    robbery = {"tier": "robbery", "ho_code": "034/01", "prc_code": "34B"}
    assert tallies(
        "near_miss",
        {**robbery, "tier": "weapon_robbery", "knife": "true"},
        robbery,
        {**robbery, "knife": "unknown"},
        {**robbery, "weapon": "unknown", "firearm": "unknown"},
        # assault with intent to rob is a candidate, switched off
        {**robbery, "tier": "weapon_robbery", "ho_code": "034/02", "knife": "true"},
        {**robbery, "ho_code": "034/02", "knife": "unknown"},
    ) == ["in", "out", "untested", "untested", "out", "out"]
    # a profile that takes robbery as it comes leaves nothing untested
    assert tallies("robbery", {**robbery, "knife": "unknown"}) == ["in"]


def test_a_code_counts_from_its_first_day() -> None:
    choked = {"tier": "serious_injury", "ho_code": "008/77", "prc_code": None}
    assert tallies(
        "near_miss", {**choked, "occurred_from": "2022-06-06 23:59:00"},
        {**choked, "occurred_from": "2022-06-07"}, {"occurred_from": "2022-06-06"},
    ) == ["early", "in", "out"]  # fmt: skip


def test_community_violence() -> None:
    robbery = {"tier": "robbery", "ho_code": "034/01"}
    assert tallies(
        "community_violence", {}, {"domestic": "true"}, {"domestic": "unknown"},
        {"relationship": "family"}, {"relationship": "partner"}, {"relationship": "acquaintance"},
        {"relationship": "unknown"}, {"victim_age_band": "0-14"}, {"victim_age_band": "15-17"},
        {"victim_age_band": "65+"}, {"victim_age_band": "unknown"},
        {"relationship": "unknown", "victim_age_band": "65+"},
        {"relationship": "unknown", "domestic": "unknown"},
        {**robbery, "prc_code": "34B"}, {**robbery, "prc_code": "34A"},
        {**robbery, "prc_code": None}, {"tier": "drugs_supply", "ho_code": "092/70"},
        {"tier": "serious_injury", "ho_code": "005/01", "prc_code": "5D"},
        {"ho_code": "008/21"},
    ) == [
        "in", "out", "untested", "out", "out", "in", "assumed", "out", "in", "out", "assumed",
        "out", "untested", "in", "out", "in", "out", "in", "out",
    ]  # fmt: skip


def test_knife_enabled_is_the_flag_on_seven_offences() -> None:
    armed = {"knife": "true"}
    seven: list[dict[str, str | None]] = [
        {}, {"tier": "serious_injury", "ho_code": "005/01"}, {"tier": "robbery"},
        {"tier": "other_violence", "ho_code": "003/01"}, {"tier": "homicide", "ho_code": "001/01"},
        {"tier": "attempted_homicide", "ho_code": "002/00"},
        {"tier": "sexual", "ho_code": "019/08"}, {"tier": "sexual", "ho_code": "020/01"},
        {"ho_code": None, "prc_code": "17A"},
    ]  # fmt: skip
    assert tallies("knife_enabled", *({**one, **armed} for one in seven)) == ["in"] * len(seven)
    assert tallies("knife_enabled", *seven) == ["out"] * len(seven)
    unknown = {"knife": "unknown"}
    assert tallies("knife_enabled", *({**one, **unknown} for one in seven)) == ["untested"] * 9
    others: list[dict[str, str | None]] = [
        {"tier": "other_violence", "ho_code": "105/01"}, {"tier": "weapon", "ho_code": "008/26"},
        {"tier": "sexual", "ho_code": "088/09"},
        {"tier": "attempted_homicide", "ho_code": "003/02"},
    ]  # fmt: skip
    assert tallies("knife_enabled", *({**one, **armed} for one in others)) == ["out"] * 4


def test_homicide() -> None:
    assert tallies(
        "homicide", {"tier": "homicide", "ho_code": "004/01"},
        {"tier": "homicide", "ho_code": None, "prc_code": "1"},
        {"tier": "homicide", "ho_code": "004/10"}, {"tier": "attempted_homicide"},
    ) == ["in", "in", "out", "out"]  # fmt: skip


def test_what_is_asked_for_is_named() -> None:
    near_miss, community = load_profile("near_miss"), load_profile("community_violence")
    assert needed_words(near_miss, included=False) == "weapon"
    assert needed_words(community, included=False) == "domestic"
    assert needed_words(community, included=True) == "relationship or victim age"


def test_classes_count_with_a_code_or_without() -> None:
    chosen = profile(tiers=(), prc_codes=("34B",), prc_codes_alone=("5D",))
    query = (
        f"SELECT {profile_condition(chosen)} FROM (VALUES ('034/01', '34B'), (NULL, '34B'), "
        "('005/01', '5D'), (NULL, '5D'), (NULL, NULL)) AS rows(ho_code, prc_code)"
    )
    with duckdb.connect() as connection:
        found = [row[0] for row in connection.execute(query).fetchall()]
    assert found == [True, True, False, True, False]
