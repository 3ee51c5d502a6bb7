"""Licensed premises on the map: how many of which kind, and how thin the register may be."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import shapely

from config.profile import load_profile
from config.standing import PREMISES_KINDS
from layers.context import Context
from layers.deck import Show, tasking_deck
from layers.legend import legend_html
from layers.palette import class_breaks
from layers.partners.layer import LETTERS, partner_layers, partner_legend, partner_notes
from layers.partners.premises import KIND_WORDS, LETTER, premises_rows
from layers.partners.safeguarding import LETTER as BEATS_LETTER
from spatial.hexes.grid import cell_polygons, fill
from spatial.partners.standing_counts import PremisesCounts, count_premises
from tests.layers.invented import BOUNDARY, WINDOW

if TYPE_CHECKING:
    from spatial.partners.standing import StandingStore
    from spatial.results import TaskingResult


@pytest.fixture(scope="module")
def premises(standing_store: StandingStore) -> PremisesCounts:
    return count_premises(standing_store, "licensing register", grid=fill(BOUNDARY, 9))


def test_each_cell_says_how_many_of_which_kind(premises: PremisesCounts) -> None:
    rows = premises_rows(premises)
    numbers = premises.counts.sum(axis=1)
    assert len(rows) == (numbers > 0).sum() > 20
    assert sum(int(row["tip"].split(": ")[1].split(" ")[0]) for row in rows) == premises.total
    pubs = PREMISES_KINDS.index("pub")
    place = int(premises.counts[:, pubs].argmax())
    row = rows[int((numbers[:place] > 0).sum())]
    assert f"{premises.counts[place, pubs]} pubs" in row["tip"]
    assert "Source: licensing register, as of 31 Oct 2026, confidence medium" in row["tip"]
    assert {row["letter"] for row in rows} == {"L"}
    assert set(KIND_WORDS) == set(PREMISES_KINDS)


def test_late_hours_are_said_in_a_sergeants_words(premises: PremisesCounts) -> None:
    said = [row["tip"].split("\n")[1] for row in premises_rows(premises)]
    late = [line for line in said if "midnight" in line]
    assert len(late) == (premises.late > 0).sum() > 0
    assert any(line.endswith("close between midnight and 6 am") for line in late)
    assert not any(line.startswith("1 close ") for line in late)


def test_a_diamond_stays_in_its_cell(premises: PremisesCounts) -> None:
    cells = cell_polygons(premises.grid.cells[premises.counts.sum(axis=1) > 0])
    for row, cell in zip(premises_rows(premises), cells, strict=True):
        diamond = shapely.Polygon(row["ring"])
        assert diamond.is_valid
        assert cell.covers(diamond.centroid)
        assert diamond.area < cell.area


def test_letters_are_told_apart() -> None:
    letters = [*LETTERS.values(), LETTER, BEATS_LETTER]
    assert len(set(letters)) == len(letters)


def test_legend_and_notes_say_source_day_confidence_and_thinness(premises: PremisesCounts) -> None:
    said = partner_legend(premises)
    assert "Source: licensing register, as of 31 Oct 2026, confidence medium" in said
    assert f"{premises.total:,} on record here; 4 of the whole register have no exact place" in said
    assert "Where the register is thin, it looks quiet. Not in police figures" in said
    assert "<b>L</b>" in said
    assert "fills it in unevenly" in partner_notes(premises)
    none = replace(premises, counts=premises.counts * 0)
    assert "Licensed premises: none on record here" in partner_legend(none)
    assert all(layer.data == [] for layer in partner_layers(none))


def test_a_strangers_title_is_shown_as_written(premises: PremisesCounts) -> None:
    odd = replace(premises, source=replace(premises.source, title="<b>Pubs", source="<i>x"))
    assert "&lt;b&gt;Pubs" in partner_legend(odd)
    assert "<i>x" not in partner_legend(odd)


def test_it_lies_on_the_map_and_in_the_legend_only_when_switched_on(
    invented_result: TaskingResult, premises: PremisesCounts
) -> None:
    for show in (Show(), Show(partner=premises)):
        deck = tasking_deck(invented_result, Context(), show=show, selected=None)
        names = [layer["id"] for layer in json.loads(deck.to_json())["layers"][0]]
        legend = legend_html(
            class_breaks([1, 2, 3]), show=show, cells=9, window=WINDOW, profile=load_profile("ark")
        )
        assert ("partner-diamonds" in names) is (show.partner is not None)
        assert ("hx-partner" in legend) is (show.partner is not None)
