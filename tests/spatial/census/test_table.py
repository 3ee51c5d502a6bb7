"""Census tables: what is read as what, and what is refused."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from config.errors import BadInputError
from sample_geo.ready import DATA
from spatial.census.table import read_census
from spatial.incidents.store import IncidentStore
from spatial.intake import load

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "code,decile,asian,black,mixed,white,other\n"


def _rows(content: bytes) -> list[dict[str, object]]:
    return [feature["properties"] for feature in json.loads(content)["features"]]


def _csv(folder: Path, text: str) -> Path:
    path = folder / "census.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_headings_of_the_office_for_national_statistics_are_read(tmp_path: Path) -> None:
    text = (
        '"mnemonic","IMD Decile","Ethnic group: Total: All usual residents",'
        '"Ethnic group: Asian, Asian British or Asian Welsh",'
        '"Ethnic group: Black, Black British, Black Welsh, Caribbean or African",'
        '"Ethnic group: Mixed or Multiple ethnic groups","Ethnic group: White",'
        '"Ethnic group: Other ethnic group","Ethnic group: White: Irish"\n'
        'E01000001,9,"1,473",140,20,60,1200,53,30\n'
    )
    content, notes = read_census(_csv(tmp_path, text))
    assert _rows(content) == [
        {"code": "E01000001", "decile": 9, "residents": 1473, "asian": 140, "black": 20,
         "mixed": 60, "white": 1200, "other": 53}
    ]  # fmt: skip
    assert not any(note.loud for note in notes)


def test_a_map_file_in_our_words_is_kept_to_the_byte() -> None:
    content, notes = read_census(DATA / "census.geojson")
    assert content == (DATA / "census.geojson").read_bytes()
    assert not notes


def test_deciles_alone_or_some_groups_will_do_and_what_lacks_is_said(tmp_path: Path) -> None:
    content, _ = read_census(_csv(tmp_path, "LSOA21CD,IMD_Decile\nE1,3\nE2,\n"))
    assert _rows(content) == [{"code": "E1", "decile": 3}, {"code": "E2", "decile": None}]
    _, notes = read_census(_csv(tmp_path, "code,white,other\nE1,30,4\n"))
    assert any("no column for Asian" in note.text and note.loud for note in notes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,people\nE1,4\n", "neither a deprivation decile nor a known group"),
        ("decile,white\n1,4\n", "does not say which area"),
        (HEAD + "E1,1,1,1,1,1,1\nE1,1,1,1,1,1,1\n", "'E1' in rows 1 and 2"),
        (HEAD + ",1,1,1,1,1,1\n", "row 1 has no 'code'"),
        (HEAD + "E1,11,1,1,1,1,1\n", "'11' is no decile"),
        (HEAD + "E1,2.5,1,1,1,1,1\n", "'2.5' is no decile"),
        (HEAD + "E1,1,1,many,1,1,1\n", "black 'many' is no number"),
        (HEAD + "E1,1,1,-4,1,1,1\n", "'-4'"),
        (HEAD + "E1,1,1,,1,1,1\n", "some groups and no 'black'"),
        (HEAD, "holds no row"),
        ("", "not a readable CSV"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        read_census(_csv(tmp_path, text))


def test_in_a_folder_or_an_archive_it_is_a_layer_and_never_incidents(tmp_path: Path) -> None:
    _csv(tmp_path, HEAD + "E1,1,1,1,1,1,1\n")
    load([tmp_path], tmp_path / "store")
    store = IncidentStore.open(tmp_path / "store")
    assert set(store.context_layers()) == {"census"}
    assert not store.loads
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("census.csv", HEAD)
    with pytest.raises(BadInputError, match="holds no CSV file of incidents"):
        load([packed], tmp_path / "other")
