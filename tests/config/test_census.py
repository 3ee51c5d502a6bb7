"""The census table's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.census import FILE, load_census_rules
from config.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_shipped_groups_are_the_five_of_the_census() -> None:
    rules = load_census_rules()
    assert [group.name for group in rules.groups] == ["asian", "black", "mixed", "white", "other"]
    assert rules.fewest_residents == 10


def test_a_group_named_like_another_column_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "census.toml"
    own.write_text(FILE.read_text(encoding="utf-8").replace('name = "white"', 'name = "decile"'))
    with pytest.raises(BadInputError, match="'decile' is named twice"):
        load_census_rules(own)
