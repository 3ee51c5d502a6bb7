from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from config.errors import BadInputError
from layers.context import Context
from layers.deck import (
    PANES,
    Show,
    cell_ranks,
    first_view,
    not_drawn,
    require_sendable,
    tasking_deck,
)
from layers.palette import rgba

if TYPE_CHECKING:
    from spatial.results import TaskingResult


def layers_of(result: TaskingResult, show: Show, selected: str | None = None) -> dict[str, Any]:
    document = json.loads(tasking_deck(result, Context(), show=show, selected=selected).to_json())
    return {layer["id"]: layer for layer in document["layers"][0]}


def test_nothing_on_the_map_is_fetched(invented_result: TaskingResult) -> None:
    text = tasking_deck(invented_result, Context(), show=Show(), selected=None).to_json()
    assert "http" not in text
    document = json.loads(text)
    # Streamlit asks a tile server for its default style unless it finds pydeck's mark for "none"
    assert document["mapStyle"] == "__MAP_STYLE__"
    assert "mapProvider" not in document


@pytest.mark.parametrize(
    ("show", "gone"),
    [
        (Show(violence=False), "violence-hot"),
        (Show(disorder=False), "disorder-hatch"),
    ],
)
def test_a_layer_switched_off_is_not_sent(
    invented_result: TaskingResult, show: Show, gone: str
) -> None:
    assert gone in layers_of(invented_result, Show())
    assert gone not in layers_of(invented_result, show)


def test_areas_switched_off_leave_no_trace(invented_result: TaskingResult) -> None:
    layers = layers_of(invented_result, Show(areas=False))
    assert layers["area-line"]["data"] == []
    assert all("area_id" not in row for row in layers["violence-hot"]["data"])


def test_the_selected_area_is_plum_and_drawn_above(invented_result: TaskingResult) -> None:
    chosen = invented_result.targets.areas["area_id"].iloc[2]
    layers = layers_of(invented_result, Show(), chosen)
    assert [row["area_id"] for row in layers["selected-circles"]["data"]] == [chosen]
    assert chosen not in [row["area_id"] for row in layers["area-circles"]["data"]]
    assert layers["selected-line"]["getColor"] == rgba("#801650")
    order = list(layers)
    assert order.index("selected-line") > order.index("area-line")
    assert order.index("area-surfaces") < order.index("violence-hot")


def test_every_pickable_row_has_its_words(invented_result: TaskingResult) -> None:
    layers = layers_of(invented_result, Show(), "SAL-001")
    for layer in layers.values():
        if layer.get("pickable"):
            assert all(row["tip"] for row in layer["data"])


def test_ranks_cover_every_cell_of_every_area(invented_result: TaskingResult) -> None:
    areas = invented_result.targets.areas
    ranks = cell_ranks(areas)
    assert len(ranks) == areas["cells"].str.split().str.len().sum()
    assert {rank for rank, _ in ranks.values()} == set(areas["rank"])


def test_the_view_fits_and_a_smaller_pane_sees_no_less(invented_result: TaskingResult) -> None:
    polygon = invented_result.study_area.polygon
    wall = first_view(polygon, pane=PANES["wall"])
    laptop = first_view(polygon, pane=PANES["laptop"])
    assert (wall.longitude, wall.latitude) == (1.4, 53.2)
    assert laptop.zoom < wall.zoom
    # 0.08 degrees of longitude take 512 * 2**zoom * 0.08 / 360 pixels
    assert 512 * 2**wall.zoom * 0.08 / 360 <= PANES["wall"][0] * 1.01


def test_two_way_takes_the_place_of_the_amounts(invented_result: TaskingResult) -> None:
    layers = layers_of(invented_result, Show(two_way=True))
    assert layers["two-way-violence-only"]["data"]
    assert "violence-hot" not in layers
    # it needs both: of one alone the amounts are shown
    assert "violence-hot" in layers_of(invented_result, Show(two_way=True, disorder=False))


def test_a_map_too_large_draws_the_most_telling_cells_and_says_so(
    invented_result: TaskingResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = layers_of(invented_result, Show())
    hot, quiet = len(whole["violence-hot"]["data"]), len(whole["violence-quiet"]["data"])
    assert not_drawn(invented_result, Show()) == ""
    monkeypatch.setattr("layers.deck.MOST_CELLS", hot + 5)
    layers = layers_of(invented_result, Show())
    assert len(layers["violence-hot"]["data"]) == hot
    assert len(layers["violence-quiet"]["data"]) == 5
    assert f"The {quiet - 5} cells" in not_drawn(invented_result, Show())
    assert not_drawn(invented_result, Show(violence=False)) == ""


def test_a_map_larger_than_a_message_is_refused_in_one_sentence(
    invented_result: TaskingResult,
) -> None:
    deck = tasking_deck(invented_result, Context(), show=Show(), selected=None)
    require_sendable(deck, most_mb=200)
    with pytest.raises(BadInputError, match=r"one message .* Choose a wider detail"):
        require_sendable(deck, most_mb=0.001)
