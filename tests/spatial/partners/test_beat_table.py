"""Tables by beat: numbers kept by beat, and everything finer refused before it is kept."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from config.errors import BadInputError
from config.standing import FOLDER
from spatial.intake import load
from spatial.partners.beats import read_beats
from spatial.partners.standing import StandingStore
from spatial.partners.standing_load import load_standing
from tests.spatial.incidents.exports import csv_text, force_export, snapshot, written

HEADER = ("Beat", "Concerns", "From", "To")
PERIOD = ("01/08/2026", "31/10/2026")


def store_with_beats(folder: Path, *beats: tuple[str, str, float]) -> Path:
    """A store of one incident and square beats, each (name, code, west)."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "code": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x, 53.1], [x + 0.1, 53.1], [x + 0.1, 53.3], [x, 53.3], [x, 53.1]]
                ],
            },
        }
        for name, code, x in beats
    ]
    (folder / "given").mkdir()
    text = json.dumps({"type": "FeatureCollection", "features": features})
    if features:
        (folder / "given" / "beats.geojson").write_text(text, encoding="utf-8")
    (folder / "given" / "a.csv").write_bytes(force_export({}))
    load([folder / "given"], folder / "store")
    return folder / "store"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_with_beats(
        tmp_path_factory.mktemp("empty"), ("West End", "B1", 1.3), ("East End", "B2", 1.4),
        ("Far End", "B3", 1.5),
    )  # fmt: skip


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty, tmp_path / "store"))


def table(folder: Path, *rows: tuple[str, str], header: tuple[str, ...] = HEADER) -> Path:
    lines = [(*row, *PERIOD, *("x" for _ in header[4:])) for row in rows]
    return written(folder / "table.csv", csv_text(header, lines))


def numbers_of(store: Path) -> dict[str, int | None]:
    standing = StandingStore.open(store)
    (load_,) = standing.current()
    rows = standing.rows(load_).to_pylist()
    return {row["beat"]: row["number"] for row in rows}


def test_beats_are_found_by_name_or_code_in_any_case(store: Path, tmp_path: Path) -> None:
    file = table(tmp_path, ("b1", "12"), (" east  END ", "0"), ("B3", "2.0"))
    result = load_standing([file], store, kind="safeguarding")
    assert (result.read, result.stored, result.rejected) == (3, 3, 0)
    assert numbers_of(store) == {"West End": 12, "East End": 0, "Far End": 2}
    (held,) = StandingStore.open(store).current()
    assert (held.since, held.through) == (dt.date(2026, 8, 1), dt.date(2026, 10, 31))
    assert not held.total_given


def test_every_row_is_accounted_for_and_unknown_beats_are_named(
    store: Path, tmp_path: Path
) -> None:
    rows = [("B1", "12"), ("Harbour", "4"), ("B2", "many"), ("B3", "<5"), ("Total", "31")]
    result = load_standing([table(tmp_path, *rows)], store, kind="safeguarding")
    assert (result.read, result.stored, result.rejected) == (5, 2, 3)
    said = [note.text for note in result.notes]
    assert "Rows that name no beat of the store: 1: 'Harbour' (row 3). Left out." in said
    assert any("no whole number: 1 (the first is row 4)" in text for text in said)
    assert any("the table says nothing: 1: 'East End'" in text for text in said)
    assert numbers_of(store) == {"West End": 12, "Far End": None}
    assert result.rejected_file is not None
    lines = result.rejected_file.read_text(encoding="utf-8").splitlines()
    assert lines == [
        "file,row,reason", "table.csv,3,beat not in the store", "table.csv,4,number not readable",
        "table.csv,6,total of the table",
    ]  # fmt: skip


@pytest.mark.parametrize(("total", "warns"), [("20", False), ("25", True)])
def test_a_total_is_held_against_its_rows(
    store: Path,
    tmp_path: Path,
    total: str,
    warns: bool,  # noqa: FBT001 (a case)
) -> None:
    file = table(tmp_path, ("B1", "12"), ("B2", "3"), ("B3", "5"), ("All beats", total))
    result = load_standing([file], store, kind="safeguarding")
    assert any("not the sum of its beats" in note.text for note in result.notes) is warns
    assert StandingStore.open(store).current()[0].total_given


@pytest.mark.parametrize(
    ("word", "what"),
    [
        ("SS1 2AB", "a postcode"),
        ("ss12ab", "a postcode"),
        ("E01021988", "the code of an LSOA"),
        ("W00001234", "the code of an LSOA or output area"),
        ("TG 2711 7142", "a grid reference"),
        ("53.19, 1.39", "a pair of coordinates"),
        ("12 Albion Street", "an address"),
        ("Flat 3, Abbey Court", "an address"),
    ],
)
def test_anything_finer_than_a_beat_is_refused_and_not_repeated(
    store: Path, tmp_path: Path, word: str, what: str
) -> None:
    before = snapshot(store)
    with pytest.raises(BadInputError, match="can be somebody's home") as caught:
        load_standing([table(tmp_path, ("B1", "12"), (word, "1"))], store, kind="safeguarding")
    assert f"row 3 holds {what}" in str(caught.value)
    assert word not in str(caught.value)
    assert snapshot(store) == before


@pytest.mark.parametrize(
    "heading",
    ["Longitude", "lat", "Easting", "Postcode", "LSOA21CD", "lsoa_code", "Home Address", "UPRN",
     "Grid Ref", "Child Surname", "NHS Number", "DOB", "Street"],
)  # fmt: skip
def test_a_column_of_anything_finer_is_refused_though_it_is_not_asked_for(
    store: Path, tmp_path: Path, heading: str
) -> None:
    file = table(tmp_path, ("B1", "12"), header=(*HEADER, heading))
    with pytest.raises(BadInputError, match=f"column '{heading}' holds") as caught:
        load_standing([file], store, kind="safeguarding")
    assert "Send beat, number and period alone" in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("B1", "1"), ("West End", "2")], "row 3 names the beat 'West End' again, after row 2"),
        ([("Harbour", "1")], "no row with a number names a beat of the store"),
        ([("B1", "lots")], "no row with a number names a beat of the store"),
        ([], "has column names but no rows"),
    ],
)
def test_a_mistake_is_one_sentence(
    store: Path, tmp_path: Path, rows: list[tuple[str, str]], said: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        load_standing([table(tmp_path, *rows)], store, kind="safeguarding")
    assert said in str(caught.value)


def test_one_period_a_file_the_right_way_round(store: Path, tmp_path: Path) -> None:
    text = "Beat,Concerns,From,To\nB1,4,{},31/10/2026\nB2,4,01/08/2026,31/10/2026\n"
    for first, said in (
        ("01/07/2026", "'From' holds 2 dates, another from row 3 on"),
        ("soon", "row 2 holds no date in the column 'From'"),
    ):
        file = tmp_path / "period.csv"
        file.write_text(text.format(first), encoding="utf-8")
        with pytest.raises(BadInputError, match=said):
            load_standing([file], store, kind="safeguarding")
    # a blank period is the others'
    file.write_text(text.format(""), encoding="utf-8")
    assert load_standing([file], store, kind="safeguarding").stored == 2
    file.write_text("Beat,Concerns,From,To\nB1,4,2026-10-31,2026-08-01\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="ends on 2026-08-01, before it begins on 2026-10-31"):
        load_standing([file], store, kind="safeguarding")


def test_map_files_dates_and_small_areas_called_beats_are_refused(
    store: Path, tmp_path: Path
) -> None:
    (tmp_path / "x.geojson").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInputError, match="is a map file"):
        load_standing([tmp_path / "x.geojson"], store, kind="safeguarding")
    with pytest.raises(BadInputError, match="--as-of is for a register"):
        load_standing(
            [table(tmp_path, ("B1", "1"))], store, kind="safeguarding", as_of=dt.date(2026, 1, 1)
        )
    small = store_with_beats(tmp_path, ("Southend 001A", "E01015855", 1.3))
    with pytest.raises(BadInputError, match="store's beats are small areas"):
        load_standing([table(tmp_path, ("E01015855", "1"))], small, kind="safeguarding")


def test_a_store_without_beats_says_so(tmp_path: Path) -> None:
    bare = store_with_beats(tmp_path)
    with pytest.raises(BadInputError, match="keeps no beats"):
        load_standing([table(tmp_path, ("B1", "1"))], bare, kind="safeguarding")


def test_the_column_of_beats_may_be_headed_name(store: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    text = (FOLDER / "safeguarding.toml").read_text(encoding="utf-8")
    mine.write_text(text.replace('beat = "Beat"', 'beat = "Name"'), encoding="utf-8")
    file = table(tmp_path, ("B1", "7"), header=("Name", *HEADER[1:]))
    assert load_standing([file], store, kind=mine).stored == 1


def test_a_name_that_is_anothers_code_is_ambiguous(tmp_path: Path) -> None:
    twice = store_with_beats(tmp_path, ("North", "South", 1.3), ("South", "N", 1.4))
    with pytest.raises(BadInputError, match="'North' and 'South' both answer to 'South'"):
        load_standing([table(tmp_path, ("South", "1"))], twice, kind="safeguarding")


def test_a_beat_in_two_parts_is_one(tmp_path: Path) -> None:
    parts = store_with_beats(tmp_path, ("Quay", "Q", 1.3), ("Quay", "Q", 1.5), ("Hill", "", 1.7))
    beats = read_beats({"beats": next(parts.rglob("beats*.geojson"))})
    assert (beats.names, beats.codes) == (("Hill", "Quay"), ("", "Q"))
    assert beats.shapes[1].area == pytest.approx(0.04)
    assert beats.find("hill") == 0
    assert beats.find("") is None
