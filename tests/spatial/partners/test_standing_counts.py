"""Counting standing layers: every premises is somewhere, and beats are the store's own."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import shapely

from config.standing import PREMISES_KINDS
from sample_geo.ready import DATA
from spatial.hexes.grid import fill
from spatial.hexes.study_area import StudyArea, read_study_area
from spatial.incidents.store import IncidentStore
from spatial.partners.beats import Beats, read_beats
from spatial.partners.standing import StandingStore
from spatial.partners.standing_counts import (
    beat_numbers,
    count_premises,
    premises_near,
)
from spatial.projection import national_grid

REGISTER, BOARD = "licensing register", "safeguarding partnership"


@pytest.fixture(scope="module")
def borough(standing_store: StandingStore) -> StudyArea:
    (path,) = IncidentStore.open(standing_store.path).study_areas().values()
    return read_study_area(path)


@pytest.fixture(scope="module")
def beats(standing_store: StandingStore) -> Beats:
    return read_beats(IncidentStore.open(standing_store.path).context_layers())


@pytest.mark.parametrize("resolution", [8, 9, 10])
def test_every_premises_is_somewhere(
    standing_store: StandingStore, borough: StudyArea, resolution: int
) -> None:
    counts = count_premises(standing_store, REGISTER, grid=fill(borough, resolution))
    assert counts.total + counts.outside + counts.coarse + counts.unlocated == 171
    assert counts.unlocated == 4
    # known to 50 m, which is finer than any cell
    assert counts.coarse == 0
    assert (counts.late <= counts.counts.sum(axis=1)).all()


def test_kinds_and_late_hours_are_those_of_the_file(
    standing_store: StandingStore, borough: StudyArea
) -> None:
    counts = count_premises(standing_store, REGISTER, grid=fill(borough, 9))
    with (DATA / "partner_licensing.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Easting"]]
    words = {"Public house": "pub", "Nightclub": "club", "Takeaway": "takeaway"}
    words |= {"Off licence": "off_licence", "Hotel": "other"}
    held = Counter(words[row["Premises Type"]] for row in rows)
    assert counts.counts.sum(axis=0).tolist() == [held[kind] for kind in PREMISES_KINDS]
    assert counts.late.sum() == sum(row["Closing"][:2] in {"00", "01", "02", "03", "04"}
                                    for row in rows)  # fmt: skip


def test_a_cell_smaller_than_what_is_known_takes_nothing(
    standing_store: StandingStore, borough: StudyArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = standing_store.rows(standing_store.source(REGISTER))
    column = rows.schema.get_field_index("location_precision_m")
    vague = rows.set_column(column, rows.schema.field(column), [np.full(171, 90, np.float32)])
    monkeypatch.setattr(StandingStore, "rows", lambda *_: vague)
    fine = count_premises(standing_store, REGISTER, grid=fill(borough, 10))
    assert (fine.total, fine.coarse) == (0, 167)
    assert any("less exactly than a cell is wide, in none: 167" in note.text for note in fine.notes)
    assert count_premises(standing_store, REGISTER, grid=fill(borough, 9)).coarse == 0
    box = [shapely.box(1.38, 53.18, 1.41, 53.2)]
    assert premises_near(standing_store, REGISTER, box, within_m=80) is None


def test_by_beat_adds_up_and_says_where_it_is_thin(
    standing_store: StandingStore, borough: StudyArea, beats: Beats
) -> None:
    counts = count_premises(standing_store, REGISTER, grid=fill(borough, 9), beats=beats)
    assert sorted(name for _, name in counts.by_beat) == sorted(beats.names)
    assert sum(number for number, _ in counts.by_beat) == 167
    assert [number for number, _ in counts.by_beat] == sorted(n for n, _ in counts.by_beat)
    said = " ".join(note.text for note in counts.notes)
    least, most = counts.by_beat[0], counts.by_beat[-1]
    assert f"fewest {least[1]} {least[0]}" in said
    assert f"most {most[1]} {most[0]}" in said
    assert "Where the register is thin, it looks quiet" in said
    bare = replace(counts, by_beat=((0, "A"), (3, "B")))
    assert any("no premises at all in 1 of 2 beats" in note.text for note in bare.notes)


def test_near_agrees_with_a_plain_search(standing_store: StandingStore) -> None:
    box = shapely.box(1.385, 53.187, 1.392, 53.191)
    rows = standing_store.rows(standing_store.source(REGISTER)).to_pylist()
    plane = national_grid()
    ground = plane.project(box)
    away = [
        ground.distance(shapely.Point(*plane.forward(row["longitude"], row["latitude"])))
        for row in rows
        if row["longitude"] is not None
    ]
    for within_m in (50, 100, 300):
        near = premises_near(standing_store, REGISTER, [box, box], within_m=within_m)
        assert near is not None
        assert near.tolist() == [sum(metres <= within_m for metres in away)] * 2
        assert near[0] > 5


def test_numbers_come_with_the_stores_beats_as_they_are_now(
    standing_store: StandingStore, beats: Beats
) -> None:
    numbers = beat_numbers(standing_store, BOARD, beats=beats)
    assert dict(zip(numbers.names, numbers.numbers.tolist(), strict=True))["Fen and Holm"] == 41
    assert numbers.numbers.sum() == 163
    assert (numbers.absent, numbers.gone) == ((), ())
    for name, (x, y) in zip(numbers.names, numbers.middles, strict=True):
        assert beats.shapes[beats.names.index(name)].contains(shapely.Point(x, y))
    redrawn = Beats(("Fen and Holm", "New"), ("B6", "B9"), beats.shapes[:2], "x")
    fewer = beat_numbers(standing_store, BOARD, beats=redrawn)
    assert fewer.names == ("Fen and Holm",)
    assert fewer.numbers.tolist() == [41]
    assert fewer.absent == ("New",)
    assert len(fewer.gone) == 7
    none = beat_numbers(standing_store, BOARD, beats=Beats((), (), (), ""))
    assert none.middles.shape == (0, 2)
