"""Mappings of standing layers: typed, and refused in one sentence that names file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.partner import load_partner_mapping
from config.standing import (
    FOLDER,
    is_standing,
    load_standing_mapping,
    of_a_person,
    standing_names,
)


def test_every_shipped_mapping_says_what_it_counts_and_how_far_to_trust_it() -> None:
    assert standing_names() == ("licensing", "safeguarding")
    for name in standing_names():
        mapping = load_standing_mapping(name)
        assert mapping.kind == mapping.name == name
        assert is_standing(name)
        assert mapping.confidence.grade in {"high", "medium", "low"}
        assert len(mapping.confidence.reason) > 30
        assert len(mapping.counts) > 30


def test_no_shipped_mapping_reads_a_name_or_an_address() -> None:
    for name in standing_names():
        wanted = " ".join(load_standing_mapping(name).wanted).casefold()
        assert not any(word in wanted for word in ("name", "address", "holder", "postcode"))


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("licensing", ('"Premises Type"', '"Licence Holder Name"'), "holds a person"),
        ("licensing", ('"Closing"', '"Premises Address"'), "an address"),
        ("licensing", ('kind = "Premises Type"\n', ""), "go together"),
        ("licensing", ('"Takeaway" = "takeaway"', '"Takeaway" = "chippy"'), "kinds.Takeaway"),
        ("licensing", ('x = "Easting"\n', ""), "x and y, not grid_reference"),
        ("licensing", ('crs = "EPSG:27700"\n', ""), "location.crs is not given"),
        ("licensing", ("%d/%m/%Y", "%d/%m"), "must hold a year"),
        ("safeguarding", ("[10, 30]", "[30, 10]"), "classes must rise"),
        ("safeguarding", ("[10, 30]", "[1]"), "classes.0"),
        ("safeguarding", ('"Concerns"', '"ChildName"'), "holds a person"),
        ("safeguarding", ("[columns]", '[columns]\nlongitude = "x"'), "columns.longitude"),
        ("safeguarding", ('grade = "low"', 'grade = "poor"'), "confidence.grade"),
    ],
)
def test_a_mistake_is_told_by_file_and_key(
    tmp_path: Path, kind: str, change: tuple[str, str], said: str
) -> None:
    text = (FOLDER / f"{kind}.toml").read_text(encoding="utf-8")
    assert change[0] in text
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"mine\.toml") as caught:
        load_standing_mapping(mine)
    assert said in str(caught.value)
    assert "Mend or remove that key" in str(caught.value)


def test_records_and_standing_layers_are_told_apart() -> None:
    assert not is_standing("ambulance")
    with pytest.raises(BadInputError, match="'ambulance' is a kind of records"):
        load_standing_mapping("ambulance")
    with pytest.raises(BadInputError, match="no kind of partner file 'licensing'"):
        load_partner_mapping("licensing")
    listed = "ambulance, deaths, emergency_department, licensing, safeguarding"
    with pytest.raises(BadInputError, match=listed):
        is_standing("fire_brigade")
    with pytest.raises(BadInputError, match=r"gone\.toml cannot be opened"):
        is_standing("gone.toml")


def test_numbers_of_people_are_no_person() -> None:
    for heading in ("Children", "Number of adults", "Beat Name", "Premises Type", "Concerns"):
        assert not of_a_person(heading)
    for heading in ("Licence Holder", "DPS", "child_ref", "Surname", "Service User ID"):
        assert of_a_person(heading)
