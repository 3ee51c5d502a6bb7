"""Selection: who belongs to a profile, and who is left out only for want of a flag."""

from __future__ import annotations

import itertools
from pathlib import Path

import duckdb
import pytest

from config.profile import FlagRule, Profile, load_profile, profile_names
from spatial.incidents.load import load_incidents
from spatial.incidents.select import profile_condition, untested_condition
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
