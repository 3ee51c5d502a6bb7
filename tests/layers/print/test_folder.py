from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.errors import BadInputError
from config.print import load_print_settings
from layers.print.codes import form_code, read_logo
from layers.print.folder import read_targets_folder
from layers.print.occasion import read_schedule, read_what3words
from tests.layers.print.conftest import Edit


def test_a_folder_is_read_as_it_was_written(targets_folder: Path) -> None:
    found = read_targets_folder(targets_folder)
    assert found.patrol.areas["rank"].tolist() == [1, 2, 3]
    assert (found.previous, found.version_note, found.drawn) == ("", "", False)
    assert found.dropped.empty


@pytest.mark.parametrize(
    ("member", "value", "sentence"),
    [
        ("version", "99.0.0", "made by version 99.0.0, newer than this"),
        ("window", ["soon"], "does not hold a list as harmhex targets writes it"),
    ],
)
def test_a_folder_of_another_kind_is_one_sentence(
    edited: Callable[[Edit], Path], member: str, value: object, sentence: str
) -> None:
    def change(_areas: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest[member] = value

    with pytest.raises(BadInputError, match=sentence):
        read_targets_folder(edited(change))


def test_an_older_version_prints_and_says_so(edited: Callable[[Edit], Path]) -> None:
    def change(_areas: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["version"] = "0.0.9"

    assert (
        "made by version 0.0.9 and printed by" in read_targets_folder(edited(change)).version_note
    )


def test_an_area_without_outline_or_a_missing_column_is_named(
    edited: Callable[[Edit], Path],
) -> None:
    def bare(areas: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
        areas[1]["geometry"] = None
        areas[1]["properties"]["name"] = "Quay Street"

    with pytest.raises(BadInputError, match="has no outline for 'Quay Street'"):
        read_targets_folder(edited(bare))

    def narrow(areas: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
        for one in areas:
            del one["properties"]["peak_windows"]

    with pytest.raises(BadInputError, match="has no column 'peak_windows'"):
        read_targets_folder(edited(narrow))


def test_changed_areas_and_missing_files_are_refused(targets_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"holds no manifest\.json"):
        read_targets_folder(tmp_path)
    for one in targets_folder.iterdir():
        (tmp_path / one.name).write_bytes(one.read_bytes())
    areas = tmp_path / "targets.geojson"
    areas.write_bytes(areas.read_bytes() + b"\n")
    with pytest.raises(BadInputError, match="somebody changed it"):
        read_targets_folder(tmp_path)


def test_a_code_holds_the_places_own_address_and_nothing_else() -> None:
    settings = load_print_settings()
    assert form_code(settings, "PA-1") is None
    named = settings.model_copy(update={"form_url": "https://f.example/v?a={area_id}&x=1"})
    found = form_code(named, "PA/1 &")
    assert found is not None
    assert found[0] == "https://f.example/v?a=PA%2F1%20%26&x=1"
    assert found[1].startswith(b"<?xml")
    assert form_code(named, "PA-2") != found


def test_a_logo_is_told_by_its_content(tmp_path: Path) -> None:
    settings = load_print_settings()
    assert read_logo(settings) is None
    drawn = tmp_path / "crest.txt"
    drawn.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    found = read_logo(settings.model_copy(update={"logo": str(drawn)}))
    assert found is not None
    assert found[0] == "logo.svg"
    for content in (b"", b"<html></html>", b"\x89PNG broken"):
        drawn.write_bytes(content)
        with pytest.raises(BadInputError, match=r"The logo 'crest\.txt' is no image"):
            read_logo(settings.model_copy(update={"logo": str(drawn)}))
    with pytest.raises(BadInputError, match=r"The logo 'gone\.png' cannot be opened"):
        read_logo(settings.model_copy(update={"logo": str(tmp_path / "gone.png")}))


def test_tables_beside_the_list_name_what_they_lack(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("date,area_id\n2026-11-21,A\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="has no column 'visit', so it is no schedule"):
        read_schedule(file)
    with pytest.raises(BadInputError, match="has no column 'what3words'"):
        read_what3words(file)
    with pytest.raises(BadInputError, match="cannot be opened"):
        read_schedule(tmp_path / "none.csv")
    file.write_text("area_id,what3words\nA,filled.count.soap\n", encoding="utf-8")
    assert read_what3words(file) == {"A": "filled.count.soap"}
