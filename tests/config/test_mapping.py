"""Mappings: what a file's columns become."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.harm_scheme import load_harm_scheme
from config.mapping import FOLDER, load_mapping, mapping_names, shipped_mappings


def test_every_shipped_mapping_is_named_as_its_file_and_finds_its_weights() -> None:
    assert mapping_names() == ("force_export", "police_uk")
    for mapping in shipped_mappings():
        assert load_mapping(mapping.name) == mapping
        assert "Cambridge Crime Harm Index, 2020" in load_harm_scheme(mapping.harm).attribution
        assert set(mapping.wanted) <= set(mapping.required)


def test_open_data_weights_do_not_pass_for_the_index() -> None:
    # METHODS, section 1: a violence proxy, never CCHI
    assert "proxy" in load_harm_scheme("police_uk_categories").edition
    assert "CCHI" not in load_harm_scheme("police_uk_categories").edition


def test_no_free_text_is_ever_wanted() -> None:
    wanted = {column for mapping in shipped_mappings() for column in mapping.wanted}
    assert wanted.isdisjoint({"Offence", "Location", "Last outcome category", "Context"})


def trial(folder: Path, *changes: tuple[str, str]) -> Path:
    text = (FOLDER / "force_export.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_users_own_mapping(tmp_path: Path) -> None:
    mine = load_mapping(trial(tmp_path, ('"%d/%m/%Y %H:%M"', '"%Y-%m-%d %H:%M:%S"')))
    assert mine.time.formats == ("%Y-%m-%d %H:%M:%S",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('"%d/%m/%Y %H:%M"', '"%H:%M"'), "must hold a year, a month"),
        (('"%d/%m/%Y %H:%M"', '"%d/%m/%Y %Z"'), "must hold a year, a month"),
        (('crs = "EPSG:27700"', 'crs = "EPSG:3857"'), "mine.toml: location.crs"),
        (('"ASB" = "anti-social-behaviour"', '"ASB" = "Antisocial"'), "mine.toml: categories.ASB"),
        (("[flags]", "[flags]\nmaybe = []"), "mine.toml: flags.maybe: Extra inputs"),
        (("[columns]", "[columns"), "is not readable TOML"),
        (('crs = "EPSG:27700"', 'crs = "gridref"'), "must name grid_reference, not x or y"),
        (('x = "Easting"', 'grid_reference = "Easting"'), "must name x and y, not grid_reference"),
        (('y = "Northing"\n', ""), "must name x and y, not grid_reference"),
        (('"Location Type"', '"Victim Address"'), "by its heading holds an address"),
    ],
)
def test_a_mapping_that_cannot_be_used_names_the_key(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        load_mapping(trial(tmp_path, change))


def test_a_mapping_must_tell_the_offence(tmp_path: Path) -> None:
    path = trial(
        tmp_path,
        ('ho_code = "Home Office Code"\n', ""),
        ('prc_code = "PRC Class"\n', ""),
        ('category = "Incident Type"\n', ""),
    )
    with pytest.raises(BadInputError, match="no offence could be told"):
        load_mapping(path)


def test_a_mapping_of_ones_own_that_is_not_verified_is_read_when_named(tmp_path: Path) -> None:
    mine = load_mapping(
        trial(tmp_path, ('harm = "cchi_2020"', 'harm = "cchi_2020"\nverified = false'))
    )
    assert not mine.verified


def test_an_unknown_name_lists_the_templates_apart() -> None:
    with pytest.raises(BadInputError, match=r"police_uk, a template \(athena_style, connect_style"):
        load_mapping("essex")
