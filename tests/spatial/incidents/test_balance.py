"""The balance, whatever the input: read = stored + rejected + duplicates."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.incidents.load import load_incidents
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import (
    FORCE_COLUMNS,
    FORCE_ROW,
    POLICE_UK_COLUMNS,
    POLICE_UK_ROW,
    csv_text,
    force_export,
    written,
)

FORCE_ROWS = st.fixed_dictionaries(
    {
        "Incident Number": st.sampled_from(["", "1", "2", "3", " 3 "]),
        "Force": st.sampled_from(["A", "B", ""]),
        "Home Office Code": st.sampled_from(["", "001/01", "00501", "34/1", "TBC", "x" * 30]),
        "From": st.sampled_from(["01/03/2025 10:00", "31/02/2025 10:00", "", "soon"]),
        "To": st.sampled_from(["", "01/03/2025 09:00", "02/03/2025 10:00", "later"]),
        "Easting": st.sampled_from(["627200", "", "0", "x", "530000"]),
        "Knife": st.sampled_from(["Y", "N", "", "?"]),
    }
)
RAGGED = st.sampled_from([["one"], ["x"] * (len(FORCE_COLUMNS) + 1), ["", ""]])
ROW = st.one_of(
    FORCE_ROWS.map(lambda row: [{**FORCE_ROW, **row}[c] for c in FORCE_COLUMNS]), RAGGED
)
GOOD = [FORCE_ROW[column] for column in FORCE_COLUMNS]


@settings(max_examples=60, deadline=None)
@given(tables=st.lists(st.lists(ROW, max_size=12), min_size=1, max_size=3), data=st.data())
@pytest.mark.slow
def test_every_row_is_accounted_for(tables: list[list[list[str]]], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        files = [
            written(Path(folder) / f"{number}.csv", csv_text(FORCE_COLUMNS, [GOOD, *rows]))
            for number, rows in enumerate(tables)
        ]
        first = load_incidents(data.draw(st.permutations(files)), store)
        assert first.read == sum(len(rows) + 1 for rows in tables)
        assert first.read == first.stored + first.rejected + first.duplicates
        opened = IncidentStore.open(store)
        with opened.connect() as connection:
            held, distinct = connection.execute(
                "SELECT count(*), count(DISTINCT (source, force, incident_id)) FROM incidents"
            ).fetchall()[0]
        assert held == distinct == first.stored
        assert sum(opened.loads[0].rejected_by_reason.values()) == first.rejected

        again = load_incidents(files[::-1], store)
        assert (again.stored, again.rejected) == (0, first.rejected)
        assert again.read == first.read == again.rejected + again.duplicates
        assert IncidentStore.open(store).fingerprint == opened.fingerprint


@settings(max_examples=40, deadline=None)
@given(
    tables=st.lists(
        st.lists(st.sampled_from(["0.71", "0.72", ""]), min_size=1, max_size=8),
        min_size=1,
        max_size=3,
    )
)
@pytest.mark.slow
def test_like_rows_keep_the_larger_number(tables: list[list[str]]) -> None:
    # one located row keeps each file from being refused for want of a location
    counts = [Counter([*longitudes, "0.71"]) for longitudes in tables]
    asb = {**POLICE_UK_ROW, "Crime ID": "", "Crime type": "Anti-social behaviour"}
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, longitudes in enumerate(tables):
            rows = [
                [{**asb, "Longitude": longitude}[column] for column in POLICE_UK_COLUMNS]
                for longitude in [*longitudes, "0.71"]
            ]
            path = Path(folder) / f"{number}.csv"
            files.append(written(path, csv_text(POLICE_UK_COLUMNS, rows)))
        result = load_incidents(files, Path(folder) / "store")
    most: Counter[str] = Counter()
    for count in counts:
        most |= count
    assert result.stored == most.total()
    assert result.duplicates == sum(count.total() for count in counts) - most.total()


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(FORCE_ROWS, max_size=15), data=st.data())
@pytest.mark.slow
def test_the_order_of_rows_does_not_change_how_many(
    rows: list[dict[str, str]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))
    results = []
    for order in (rows, shuffled):
        table = [GOOD, *([{**FORCE_ROW, **row}[c] for c in FORCE_COLUMNS] for row in order)]
        with tempfile.TemporaryDirectory() as folder:
            file = written(Path(folder) / "a.csv", csv_text(FORCE_COLUMNS, table))
            result = load_incidents([file], Path(folder) / "store")
        results.append((result.read, result.stored, result.rejected, result.duplicates))
    assert results[0] == results[1]


def test_a_long_row_with_a_quoted_line_break_costs_itself_alone(tmp_path: Path) -> None:
    good = force_export({}, {"Incident Number": "SM/2"})
    ragged = b'"two\nlines",' + force_export({"Incident Number": "SM/3"}).splitlines()[1] + b"\n"
    result = load_incidents([written(tmp_path / "a.csv", good + ragged)], tmp_path / "store")
    assert (result.read, result.stored, result.rejected) == (3, 2, 1)
