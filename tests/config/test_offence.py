"""The offence table: codes, classes and categories to tiers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from config.offence import normalise_ho_code, normalise_prc_class, offence_table
from config.profile import Tier

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
CATEGORIES = {
    "anti-social-behaviour", "bicycle-theft", "burglary", "criminal-damage-arson", "drugs",
    "other-theft", "possession-of-weapons", "public-order", "robbery", "shoplifting",
    "theft-from-the-person", "vehicle-crime", "violent-crime", "other-crime", "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("00501", "005/01"), ("5/1", "005/01"), ("005/01", "005/01"), (" 005 / 01", "005/01"),
        ("501", "005/01"), ("3401", "034/01"), ("195/94", "195/94"), ("tbc", "TBC"), ("", None),
        ("somebody wrote a sentence here", None), ("5", "5"),
    ],
)  # fmt: skip
def test_home_office_codes_have_one_spelling(text: str, code: str | None) -> None:
    assert normalise_ho_code(text) == code


@pytest.mark.parametrize(
    ("text", "prc"),
    [("5d", "5D"), (" 8N ", "8N"), ("08N", "8N"), ("4.1", "4/1"), ("37/2", "37/2"), ("", None)],
)
def test_recorded_crime_classes_have_one_spelling(text: str, prc: str | None) -> None:
    assert normalise_prc_class(text) == prc


@pytest.mark.parametrize(
    ("code", "prc", "tier"),
    [
        ("001/01", None, Tier.HOMICIDE), ("004/01", None, Tier.HOMICIDE),
        ("004/10", None, Tier.HOMICIDE), ("004/04", None, Tier.OTHER),
        ("002/00", None, Tier.ATTEMPTED_HOMICIDE), ("003/02", None, Tier.ATTEMPTED_HOMICIDE),
        ("003/05", None, Tier.ATTEMPTED_HOMICIDE), ("003/01", None, Tier.OTHER_VIOLENCE),
        ("005/01", "5D", Tier.SERIOUS_INJURY), ("005/01", "8S", Tier.SERIOUS_INJURY),
        ("005/11", "5E", Tier.OTHER), ("008/01", "8N", Tier.SERIOUS_INJURY),
        ("008/59", None, Tier.SERIOUS_INJURY), ("008/77", None, Tier.SERIOUS_INJURY),
        ("008/06", "8N", Tier.INJURY), ("008/06", "8S", Tier.INJURY),
        ("008/60", None, Tier.INJURY), ("008/73", "104", Tier.OTHER_VIOLENCE),
        ("008/73", "8T", Tier.INJURY), ("034/01", "34B", Tier.ROBBERY),
        ("008/26", None, Tier.WEAPON), ("081/03", None, Tier.WEAPON),
        ("105/01", None, Tier.OTHER_VIOLENCE), ("036/01", None, Tier.OTHER_VIOLENCE),
        ("019/08", None, Tier.SEXUAL), ("092/70", None, Tier.DRUGS_SUPPLY),
        ("092/61", None, Tier.OTHER), ("125/11", None, Tier.OTHER),
        ("056/01", None, Tier.OTHER_VIOLENCE), ("056/02", None, Tier.OTHER),
        (None, "5D", Tier.SERIOUS_INJURY), (None, "34A", Tier.ROBBERY), (None, "8N", Tier.INJURY),
        ("106/08", None, Tier.OTHER), (None, "106", Tier.OTHER_VIOLENCE),
    ],
)  # fmt: skip
def test_tiers(code: str | None, prc: str | None, tier: Tier) -> None:
    found = offence_table().classify(code, prc, None)
    assert found.tier is tier
    assert found.known


def test_a_category_alone_is_a_proxy() -> None:
    table = offence_table()
    assert table.classify(None, None, "violent-crime").tier is Tier.OTHER_VIOLENCE
    assert table.classify(None, None, "robbery").tier is Tier.ROBBERY
    assert table.classify(None, None, "possession-of-weapons").tier is Tier.WEAPON
    assert table.classify(None, None, "public-order").tier is Tier.OTHER


def test_antisocial_behaviour_is_disorder_and_nothing_else_is() -> None:
    table = offence_table()
    assert table.classify(None, None, "anti-social-behaviour").tier is Tier.DISORDER
    assert table.classify("008/06", None, "anti-social-behaviour").tier is Tier.DISORDER
    assert all(offence.tier is not Tier.DISORDER for offence in table.offences.values())


def test_an_unknown_code_is_said_even_where_the_class_tells_the_tier() -> None:
    table = offence_table()
    assert table.classify("999/99", None, None).tier is Tier.OTHER
    assert not table.classify("999/99", None, None).known
    rescued = table.classify("TBC", "5D", None)
    assert (rescued.tier, rescued.known) == (Tier.SERIOUS_INJURY, False)
    assert not table.classify("008/99", None, None).known


def test_every_row_is_well_formed() -> None:
    for (code, prc), offence in offence_table().offences.items():
        assert code or prc
        assert code in {"", normalise_ho_code(code)} or code.endswith("/*")
        assert prc in {"", normalise_prc_class(prc)}
        assert offence.category in CATEGORIES
        assert offence.title


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the shared reference tables are absent")
def test_it_agrees_with_the_reference_on_categories() -> None:
    table = offence_table()
    with (REFERENCE / "ho_codes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["police_uk_category_derived"]]
    assert len(rows) > 400
    wrong = [
        (row["ho_code"], found.category)
        for row in rows
        if (found := table.classify(row["ho_code"], None, None)).category
        != row["police_uk_category_derived"]
    ]
    assert wrong == []


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the shared reference tables are absent")
def test_no_near_miss_offence_is_in_tier_other() -> None:
    table = offence_table()
    with (REFERENCE / "near_miss.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["ho_code"][:6] for row in csv.DictReader(file) if row["ho_code"][3:4] == "/"}
    # causing danger to road users is on the list for its class alone, at a weight of 10
    lost = {code for code in codes if table.classify(code, None, None).tier is Tier.OTHER}
    assert lost == {"005/11"}
