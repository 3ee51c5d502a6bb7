"""Grid references: letters and figures to metres, and what is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from config.mapping import FOLDER
from spatial.incidents.load import load_incidents
from spatial.incidents.rows.grid_references import read_references
from spatial.incidents.store import IncidentStore
from spatial.notes import texts
from spatial.projection import grid_reference, national_grid
from tests.spatial.incidents.exports import FORCE_COLUMNS, FORCE_ROW, csv_text, written


def read(*values: str | None) -> list[list[float]]:
    column = pa.array(values, pa.string()).dictionary_encode()
    return np.column_stack(read_references(column)).tolist()


@pytest.mark.parametrize(
    "text", ["TG 2711 7142", "TG27117142", "tg 27117142", "  TG  2711   7142 ", "Tg2711 7142"]
)
def test_however_it_is_written_it_is_one_square(text: str) -> None:
    # TG is 600 km east and 300 km north; eight figures are a square of 10 m, read at its middle
    assert read(text) == [[627_115.0, 371_425.0, 10.0]]


@pytest.mark.parametrize(
    ("text", "square"),
    [
        ("TQ 3 8", [535_000, 185_000, 10_000]),
        ("TQ3080", [530_500, 180_500, 1_000]),
        ("SV 000 000", [50, 50, 100]),
        ("HP 60000 10000", [460_000.5, 1_210_000.5, 1]),
        ("NN 166712 712875", [216_671.25, 771_287.55, 0.1]),
    ],
)
def test_figures_say_how_fine(text: str, square: list[float]) -> None:
    assert read(text)[0] == pytest.approx(square)


@pytest.mark.parametrize(
    "text",
    [
        "", "TG", "TG 271 1714", "TG 2711714", "IG 2711 7142", "TI 2711 7142", "AA 2711 7142",
        "ZZ 2711 7142", "2711 7142", "T 2711 7142", "TG 2711,7142", "unknown", "627110", "TG 2 3 4",
        None,
    ],
)  # fmt: skip
def test_what_is_no_reference_has_no_place(text: str | None) -> None:
    assert np.isnan(read("TG 2711 7142", text)[1]).all()


@given(east=st.integers(0, 699_999), north=st.integers(0, 1_299_999), digits=st.integers(1, 5))
def test_what_is_written_is_read_back(east: int, north: int, digits: int) -> None:
    [(x, y, side)] = read(grid_reference(east, north, digits=digits))
    assert side == 10 ** (5 - digits)
    assert abs(x - east) <= side / 2
    assert abs(y - north) <= side / 2


def export(folder: Path, *references: str) -> Path:
    columns = ["Grid Ref", *(name for name in FORCE_COLUMNS if name not in {"Easting", "Northing"})]
    rows = [
        {**FORCE_ROW, "Incident Number": str(number), "Grid Ref": reference}
        for number, reference in enumerate(references)
    ]
    return written(folder / "a.csv", csv_text(columns, [[row[c] for c in columns] for row in rows]))


def mapping(folder: Path, precision: str = "") -> Path:
    text = (FOLDER / "force_export.toml").read_text("utf-8")
    text = text.replace('x = "Easting"\ny = "Northing"\n', 'grid_reference = "Grid Ref"\n')
    text = text.replace('"Easting", "Northing", ', "")
    text = text.replace('crs = "EPSG:27700"', f'crs = "gridref"\n{precision}')
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_of_references_is_placed_and_says_how_finely(tmp_path: Path) -> None:
    file = export(tmp_path, "TG 2720 7240", "TG272724", "TG2772", "lost", "")
    result = load_incidents([file], tmp_path / "store", mapping=mapping(tmp_path))
    with IncidentStore.open(tmp_path / "store").connect() as connection:
        rows = connection.execute(
            "SELECT longitude, latitude, location_precision_m FROM incidents ORDER BY incident_id"
        ).fetchall()
    x, y = national_grid().forward(*zip(*[row[:2] for row in rows[:3]], strict=True))
    assert x == pytest.approx([627_205, 627_250, 627_500], abs=0.02)
    assert y == pytest.approx([372_405, 372_450, 372_500], abs=0.02)
    assert [row[2] for row in rows] == [10.0, 100.0, 1000.0, None, None]
    assert rows[3][:2] == (None, None)
    assert any("four figures or fewer: 1." in note.text and note.loud for note in result.notes)
    assert any("usable location: 2." in text for text in texts(result.notes))


def test_the_coarser_of_the_two_precisions_holds(tmp_path: Path) -> None:
    file = export(tmp_path, "TG 2720 7240", "TG272724")
    mine = mapping(tmp_path, "precision_m = 50")
    load_incidents([file], tmp_path / "store", mapping=mine)
    with IncidentStore.open(tmp_path / "store").connect() as connection:
        rows = connection.execute(
            "SELECT location_precision_m FROM incidents ORDER BY incident_id"
        ).fetchall()
    assert rows == [(50.0,), (100.0,)]


def test_a_file_without_one_usable_reference_is_refused(tmp_path: Path) -> None:
    file = export(tmp_path, "AA 27 72", "lost")
    with pytest.raises(
        BadInputError, match="no row has a usable location in the column 'Grid Ref'"
    ):
        load_incidents([file], tmp_path / "store", mapping=mapping(tmp_path))
