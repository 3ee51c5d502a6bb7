"""Partner mappings: typed, and refused in one sentence that names file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.partner import FOLDER, load_partner_mapping, partner_names


def test_every_shipped_mapping_says_what_it_counts_and_how_far_to_trust_it() -> None:
    assert partner_names() == ("ambulance", "deaths", "emergency_department")
    for name in partner_names():
        mapping = load_partner_mapping(name)
        assert mapping.kind == mapping.name == name
        assert mapping.counts
        assert mapping.lag_days > 0
        assert mapping.location.precision_m > 0
        assert mapping.confidence.grade in {"high", "medium", "low"}
        assert len(mapping.confidence.reason) > 30


def test_a_mapping_of_ones_own_needs_no_code(tmp_path: Path) -> None:
    text = (FOLDER / "ambulance.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace('name = "ambulance"', 'name = "mine"'), encoding="utf-8")
    assert load_partner_mapping(mine).name == "mine"


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("ambulance", ("lag_days = 7", "lag_days = -1"), "lag_days"),
        ("ambulance", ('grade = "medium"', 'grade = "superb"'), "confidence.grade"),
        ("ambulance", ("precision_m = 100", "precision = 100"), "location.precision"),
        ("ambulance", ('crs = "EPSG:27700"', 'crs = "gridref"'), "grid_reference, not x or y"),
        ("ambulance", ('x = "Easting"\n', ""), "x and y, not grid_reference"),
        ("ambulance", ('category = "Call Category"\n', ""), "go together"),
        ("ambulance", ('"KNIFE" = "blade"', '"KNIFE" = "sword"'), "weapons.KNIFE"),
        ("ambulance", ("%d/%m/%Y %H:%M", "%H:%M"), "must hold a year"),
        ("emergency_department", ('place = "Assault Location"\n', ""), "neither a position nor"),
        ("emergency_department", ("Assault Location", "Patient Address"), "an address"),
        ("emergency_department", ('"Weapon"', '"Patient Name"'), "a name"),
        ("emergency_department", ('"Weapon"', '"Comments"'), "free text"),
    ],
)
def test_a_mistake_is_told_by_file_and_key(
    tmp_path: Path, kind: str, change: tuple[str, str], said: str
) -> None:
    text = (FOLDER / f"{kind}.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"mine\.toml") as caught:
        load_partner_mapping(mine)
    assert said in str(caught.value)
    assert "Mend or remove that key" in str(caught.value)


def test_a_place_may_be_free_text_because_it_is_thrown_away(tmp_path: Path) -> None:
    text = (FOLDER / "emergency_department.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace("Assault Location", "Location free text"), encoding="utf-8")
    assert load_partner_mapping(mine).columns.place == "Location free text"


def test_no_such_kind_lists_those_there_are() -> None:
    with pytest.raises(BadInputError, match="ambulance, deaths, emergency_department"):
        load_partner_mapping("fire_brigade")
