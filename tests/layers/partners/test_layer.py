"""Partner layers: a shape and a letter of their own, and no small number sent to a browser."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from config.profile import load_profile
from layers import palette
from layers.context import Context
from layers.deck import Show, tasking_deck
from layers.legend import legend_html
from layers.palette import class_breaks
from layers.partners.layer import (
    LETTERS,
    partner_layers,
    partner_legend,
    partner_notes,
    partner_rows,
)
from spatial.hexes.grid import cell_polygons, fill
from spatial.partners.counts import PartnerCounts, count_cells
from tests.layers.invented import BOUNDARY, WINDOW

if TYPE_CHECKING:
    from spatial.partners.store import PartnerStore
    from spatial.results import TaskingResult


@pytest.fixture(scope="module")
def ambulance(partner_store: PartnerStore) -> PartnerCounts:
    grid = fill(BOUNDARY, 9)
    return count_cells(partner_store, "ambulance service", window=WINDOW, grid=grid)


def test_only_cells_with_enough_are_sent(ambulance: PartnerCounts) -> None:
    rows = partner_rows(ambulance)
    assert len(rows) == (ambulance.counts >= 3).sum() > 10
    held = sorted(int(row["tip"].split(": ")[1].split("\n")[0]) for row in rows)
    assert held == sorted(ambulance.counts[ambulance.counts >= 3].tolist())


def test_a_diamond_grows_with_its_number_and_stays_in_its_cell(ambulance: PartnerCounts) -> None:
    rows = partner_rows(ambulance)
    cells = cell_polygons(ambulance.grid.cells[np.isfinite(ambulance.shown)])
    for row, cell in zip(rows, cells, strict=True):
        diamond = shapely.Polygon(row["ring"])
        assert diamond.is_valid
        assert len(row["ring"]) == 5
        assert cell.covers(diamond.centroid)
        assert diamond.area < cell.area
    by_number = sorted((int(r["tip"].split(": ")[1].split("\n")[0]), r["size"]) for r in rows)
    assert [size for _, size in by_number] == sorted(size for _, size in by_number)


def test_every_kind_has_a_letter_of_its_own(partner_store: PartnerStore) -> None:
    kinds = {source.kind for source in partner_store.sources()}
    assert set(LETTERS) == kinds
    assert len(set(LETTERS.values())) == len(kinds)


def test_the_colour_is_no_other_layers_and_carries_its_letter() -> None:
    for other in (*palette.VIOLENCE_STEPS, palette.DISORDER, palette.SELECTED):
        apart = np.abs(np.subtract(palette.rgba(palette.PARTNER)[:3], palette.rgba(other)[:3]))
        assert apart.max() > 40  # and it is a diamond with a letter, where they are hexagons
    ink, ground = palette.lightness(palette.INK), palette.lightness(palette.PARTNER)
    assert (ground + 0.05) / (ink + 0.05) > 4.5  # contrast that can be read


def test_legend_says_source_date_and_confidence(ambulance: PartnerCounts) -> None:
    said = partner_legend(ambulance)
    assert "Ambulance call-outs to assaults: 3 or more in a cell" in said
    assert "Source: ambulance service, data to 30 Oct 2026, confidence medium" in said
    assert "may lack some after 23 Oct 2026" in said
    assert "Not in police figures" in said
    assert "the category what the caller said" in partner_notes(ambulance)


def test_nothing_to_show_is_said(ambulance: PartnerCounts) -> None:
    none = replace(ambulance, counts=np.minimum(ambulance.counts, 2), unlocated=2, coarse=0)
    assert all(layer.data == [] for layer in partner_layers(none))
    assert "no cell has 3 or more in this window" in partner_legend(none)
    assert "in no cell" not in partner_legend(none)


def test_a_strangers_title_is_shown_as_written(ambulance: PartnerCounts) -> None:
    odd = replace(ambulance.source, title="<b>A&E</b>", source="<i>x</i>")
    said = partner_legend(replace(ambulance, source=odd))
    assert "<b>A&E" not in said
    assert "&lt;b&gt;A&amp;E&lt;/b&gt;" in said
    assert "<i>x" not in said


def test_it_lies_on_the_map_and_in_the_legend_only_when_switched_on(
    invented_result: TaskingResult, ambulance: PartnerCounts
) -> None:
    for show in (Show(), Show(partner=ambulance)):
        deck = tasking_deck(invented_result, Context(), show=show, selected=None)
        names = [layer["id"] for layer in json.loads(deck.to_json())["layers"][0]]
        legend = legend_html(
            class_breaks([1, 2, 3]), show=show, cells=9, window=WINDOW, profile=load_profile("ark")
        )
        assert ("partner-diamonds" in names) is (show.partner is not None)
        assert ("hx-partner" in legend) is (show.partner is not None)
    # above the hexes, under the numbers of the patrol areas
    assert names.index("violence-hot") < names.index("partner-diamonds")
    assert names.index("partner-letters") < names.index("area-circles")
