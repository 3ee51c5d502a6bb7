"""The store's own file: changed key by key, whole or not at all, and read back as it was meant."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.crest import checked_crest
from config.errors import BadInputError
from config.force_file import FILE_NAME, Section
from config.in_force import in_force
from config.reasons import reason_of
from config.settings import load_settings
from config.store_settings import DEFAULT, Change, changed_tables, save_settings
from config.toml_text import toml_text

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_PLAIN = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    _TEXT,
    st.dates(dt.date(1900, 1, 1)),
)
_VALUE = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_TEXT, _VALUE, max_size=5))
def test_what_is_written_reads_back_as_the_same(tables: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(tables, head=("A line", ""))) == tables


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_what_is_no_setting_is_not_written(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        toml_text({"a": value})


def test_changes_are_told_with_old_and_new() -> None:
    tables = {"places": 15, "quality": {"care_rejected": 0.02}}
    found, made = changed_tables(
        tables,
        {
            "places": DEFAULT,
            "quality.care_rejected": 0.02,
            "quality.poor_rejected": DEFAULT,
            "dose.minutes": 12,
        },
    )
    assert found == {"quality": {"care_rejected": 0.02}, "dose": {"minutes": 12}}
    assert made == (Change("places", 15, None), Change("dose.minutes", None, 12))
    assert tables["places"] == 15


def test_a_store_keeps_its_settings_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    assert save_settings(tmp_path, {"places": DEFAULT}) == ()
    assert not file.exists()
    shift = [{"name": "day", "starts": 7, "ends": 19}]
    save_settings(tmp_path, {"places": 15, "shifts.shift": shift, "force.name": 'A "b" é'})
    # by hand meanwhile: another's change stays
    file.write_text(file.read_text(encoding="utf-8").replace("15", "16"), encoding="utf-8")
    save_settings(tmp_path, {"fewest_shown": 5})
    before = file.read_bytes()
    with pytest.raises(BadInputError, match="places is 0"):
        save_settings(tmp_path, {"places": 0, "fewest_shown": 4})
    assert file.read_bytes() == before
    assert tomllib.loads(before.decode()) == {
        "places": 16, "fewest_shown": 5, "force": {"name": 'A "b" é'}, "shifts": {"shift": shift},
    }  # fmt: skip
    with in_force(store=tmp_path):
        assert (load_settings().places, load_settings().fewest_shown) == (16, 5)
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {FILE_NAME, ".settings.lock"}


def test_a_crest_is_kept_beside_the_file(tmp_path: Path) -> None:
    crest = checked_crest(b'<svg xmlns="http://www.w3.org/2000/svg"/>', name="crest.svg")
    save_settings(tmp_path, {"force.crest": crest.file_name}, crest=crest)
    assert (tmp_path / crest.file_name).read_bytes() == crest.content
    with pytest.raises(BadInputError, match=r"'other\.svg' cannot be opened"):
        save_settings(tmp_path, {"force.crest": "other.svg"})


def test_no_store_no_settings(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="does not exist yet"):
        save_settings(tmp_path / "none", {"places": 3})
    assert not (tmp_path / "none").exists()


def test_the_reason_is_the_comment_beside_the_default() -> None:
    top = Section("")
    assert reason_of(top, "places").startswith("Number of places proposed when none is asked for.")
    # the second of two settings that stand together
    assert reason_of(top, "quality.poor_unlocated").startswith("Share of incidents without a")
    assert reason_of(top, "fewest_months").endswith("Source: METHODS section 1.")
    assert "exclusive" not in reason_of(Section("shifts"), "shift")
    assert reason_of(Section("shifts"), "shift").startswith("Name, and the clock hours")
    assert reason_of(top, "plases") == ""
