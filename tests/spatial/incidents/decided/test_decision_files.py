"""Decision files: decisions out and back in, and files that are refused whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from config.errors import BadInputError
from spatial.incidents.decided.deciding import Asked, decide
from spatial.incidents.decided.decision_files import DECISION_COLUMNS, decisions_csv, read_asked
from spatial.incidents.decided.decisions import (
    DECISIONS_FILE,
    Choice,
    Decision,
    Reason,
    read_decisions,
    write_decisions,
)
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.decided.made import DAY, LISTS, point_of
from tests.spatial.incidents.exports import snapshot, written


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "{}", '{"product": "x", "format": 1}',
        '{"product": "harmhex location decisions", "format": 1, "decisions": [{}]}',
    ],
)  # fmt: skip
def test_damaged_decisions_are_one_sentence(small: Path, text: str) -> None:
    written(small / DECISIONS_FILE, text.encode())
    with pytest.raises(BadInputError, match=f"{DECISIONS_FILE} that cannot be read"):
        IncidentStore.open(small)


def test_decisions_of_a_newer_version_are_not_guessed_at(small: Path) -> None:
    decide(small, [Asked(*point_of(small, "1"), Choice.DROP)], decided_on=DAY)
    document = json.loads((small / DECISIONS_FILE).read_text())
    (small / DECISIONS_FILE).write_text(json.dumps({**document, "format": 2}))
    with pytest.raises(BadInputError, match=r"newer version of Harmhex \(format 2"):
        IncidentStore.open(small)
    move = {**document["decisions"][0], "choice": "move"}
    (small / DECISIONS_FILE).write_text(json.dumps({**document, "decisions": [move]}))
    with pytest.raises(BadInputError, match="cannot be read"):
        IncidentStore.open(small)


@given(LISTS)
def test_decisions_round_trip_through_both_files(
    tmp_path_factory: pytest.TempPathFactory, made: list[Decision]
) -> None:
    folder = tmp_path_factory.mktemp("decisions")
    write_decisions(folder, made)
    kept = read_decisions(folder)
    assert sorted(kept, key=lambda one: one.place) == list(kept)
    assert set(kept) == set(made)
    if made:
        asked = read_asked(written(folder / "d.csv", decisions_csv(made)))
        none = (None, None)
        assert [
            (one.source, *one.point, one.choice, one.reason, one.decided_on, *(one.to or none))
            for one in asked
        ] == [
            (*one.place, one.choice, one.reason, one.decided_on, one.to_longitude, one.to_latitude)
            for one in kept
        ]


HEAD = "longitude,latitude,decision,to_longitude,to_latitude,reason\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no column 'longitude'"),
        (b"\x00\x01\x02", "not a table of text"),
        (b"\xff\xfe\xff", "not text in UTF-8"),
        (b"longitude,latitude,decision\n", "holds no decision"),
        (b"longitude,latitude,decision\n\n , ,\n", "holds no decision"),
        (b"longitude,latitude\n1,2\n", "has no column 'decision'"),
        (b"longitude,latitude,decision,reson\n1,2,drop,x\n", "has a column 'reson'"),
        (b"longitude,latitude,decision,decision\n1,2,drop,drop\n", "has a column twice"),
        (b"longitude,latitude,decision\n1,2\n", "row 2: wrong number of columns"),
        (b"longitude,latitude,decision\n1,2,dropp\n", r"row 2: 'dropp' is no decision .choose one"),
        (b"longitude,latitude,decision\n1,,drop\n", "row 2: latitude '' is no number"),
        (b"longitude,latitude,decision\nnan,2,drop\n", "row 2: longitude 'nan' is no number"),
        (b"longitude,latitude,decision\n1,92,drop\n", "row 2: .* are no point on Earth"),
        (b"longitude,latitude,decision\n0,0,drop\n", "row 2: .* are no point on Earth"),
        (f"{HEAD}1,2,move,1,,\n".encode(), "row 2: to_latitude '' is no number"),
        (f"{HEAD}1,2,drop,,,bank\n".encode(), "row 2: 'bank' is no reason .choose one of police"),
        (b"longitude,latitude,decision,decided_on\n1,2,drop,1/2/26\n", "'1/2/26' is no date"),
        (f'{HEAD}"1,2,drop\n'.encode(), "not readable as CSV"),
        (HEAD.encode() + b"1,2,x,,,\n" * 8, "row 6: .*and 3 more rows"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_whole(
    small: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    before, file = snapshot(small), written(tmp_path / "d.csv", content)
    with pytest.raises(BadInputError, match=said) as caught:
        decide(small, read_asked(file), decided_on=DAY, file=file.name)
    assert str(caught.value).startswith("d.csv")
    assert "\n" not in str(caught.value)
    assert snapshot(small) == before


def test_rows_that_are_about_no_point_are_named(small: Path, tmp_path: Path) -> None:
    (x, y), before = point_of(small, "1"), snapshot(small)
    text = f"{HEAD}{x},{y},drop,,,\n5,50,drop,,,\n{x},{y},move,{y},{x},\n"
    file = written(tmp_path / "d.csv", text.encode())
    with pytest.raises(BadInputError, match=r"^d.csv: row 3: no incident.*; row 4: .*over 25 km"):
        decide(small, read_asked(file), decided_on=DAY, file=file.name)
    assert snapshot(small) == before


def test_a_file_of_a_spreadsheet_is_read(small: Path, tmp_path: Path) -> None:
    x, y = point_of(small, "1")
    text = f"\ufeffDecision;Longitude;Latitude;Reason\r\nDROP;{x};{y};Police_Station\r\n;;;\r\n"
    (asked,) = read_asked(written(tmp_path / "d.csv", text.encode()))
    assert (asked.point, asked.choice, asked.reason) == ((x, y), Choice.DROP, Reason.POLICE_STATION)
    assert (asked.row, asked.waits, asked.decided_on) == (2, False, None)
    (made,) = decide(small, [asked], decided_on=DAY).decisions
    assert (made.source, made.decided_on) == ("force export", DAY)
    header = decisions_csv([made]).decode().splitlines()[0]
    assert header == ",".join(DECISION_COLUMNS)


def test_missing_and_large_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInputError, match=r"There is no file 'no.csv'"):
        read_asked(tmp_path / "no.csv")
    with pytest.raises(BadInputError, match="too large"):
        read_asked(written(tmp_path / "big.csv", b"1" * 2_000_001))
    monkeypatch.setattr("spatial.incidents.decided.decision_files.MOST_DECISIONS", 1)
    with pytest.raises(BadInputError, match="has 2 rows, and at most 1"):
        read_asked(written(tmp_path / "d.csv", f"{HEAD}1,2,drop,,,\n1,3,drop,,,\n".encode()))
