"""What a DBF can hold: names of ten characters, each once, and text of 254 bytes."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
from hypothesis import given
from hypothesis import strategies as st

from layers.formats.narrow_columns import MOST_BYTES, narrow_text, short_names
from layers.targets.files import FORMATS, target_files
from spatial.results import TARGET_COLUMNS
from tests.layers.listed import target_result


def test_known_columns_have_names_that_can_be_read() -> None:
    names = short_names(TARGET_COLUMNS)
    assert names["expected_harm"] == "exp_harm"
    assert names["area_id"] == "area_id"
    assert names["data_through"] == "data_thru"


@given(st.lists(st.text(st.characters(codec="ascii", min_codepoint=48), min_size=1), unique=True))
def test_names_are_short_and_never_one_for_two(columns: list[str]) -> None:
    names = short_names(columns)
    assert list(names) == columns
    assert all(len(name) <= 10 for name in names.values())
    assert len({name.casefold() for name in names.values()}) == len(columns)


def test_alike_names_are_numbered() -> None:
    names = short_names(["expected_harm_low", "expected_harm_high", "EXPECTED_H"])
    assert list(names.values()) == ["expected_h", "expected_2", "EXPECTED_3"]


@given(st.text(max_size=400))
def test_text_fits_and_is_whole_where_it_did(text: str) -> None:
    cut = narrow_text(text)
    assert len(cut.encode()) <= MOST_BYTES
    if len(text.encode()) <= MOST_BYTES:
        assert cut == text
    else:
        assert cut.endswith("...")
        assert text.startswith(cut[:-3])


def test_long_text_is_cut_between_words_without_a_warning(tmp_path: Path) -> None:
    long = "Tŵr y Môr, " * 40
    files = target_files(target_result([long]), formats=FORMATS)
    for name, inside in (("targets_shapefile.zip", "shp"), ("targets_mapinfo.zip", "tab")):
        (tmp_path / name).write_bytes(files[name])
        [held] = gpd.read_file(f"/vsizip/{tmp_path / name}/targets.{inside}")["name"]
        assert held == narrow_text(long.strip())
        assert held.endswith(("Tŵr...", "y...", "Môr,..."))
