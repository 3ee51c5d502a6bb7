"""Kept layers: written as before, drawn once, and never another result's."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pydeck.bindings.json_tools import default_serialize

from layers import kept_layers
from layers.context import Context
from layers.deck import Show, tasking_deck
from layers.kept_layers import made_once

if TYPE_CHECKING:
    import pytest

    from spatial.results import TaskingResult


def _layers(result: TaskingResult, context: Context, selected: str | None) -> dict[str, Any]:
    deck = tasking_deck(result, context, show=Show(), selected=selected)
    return {layer.id: layer for layer in deck.layers[0]}


def test_the_document_is_byte_for_byte_what_is_written_at_once(
    invented_result: TaskingResult,
) -> None:
    ids = invented_result.targets.areas["area_id"].tolist()
    for show in (Show(), Show(two_way=True), Show(areas=False), Show(violence=False)):
        for selected in (ids[0], ids[1], None):
            deck = tasking_deck(invented_result, Context(), show=show, selected=selected)
            at_once = json.dumps(
                deck, sort_keys=True, default=default_serialize, separators=(",", ":")
            )
            assert deck.to_json() == at_once


def test_a_selection_draws_nothing_anew_but_outlines_and_circles(
    invented_result: TaskingResult,
) -> None:
    context, ids = Context(), invented_result.targets.areas["area_id"].tolist()
    one = _layers(invented_result, context, ids[0])
    other = _layers(invented_result, context, ids[1])
    anew = {name for name in one if one[name] is not other[name]}
    assert anew == {
        f"{whose}-{part}"
        for whose in ("area", "selected")
        for part in ("halo", "line", "circles", "numbers")
    }


def test_another_result_of_the_same_run_id_is_drawn_for_itself(
    invented_result: TaskingResult,
) -> None:
    context = Context()
    whole = _layers(invented_result, context, None)
    fewer = replace(invented_result.violence, cells=invented_result.violence.cells.head(3))
    other = _layers(replace(invented_result, violence=fewer), context, None)
    drawn = [len(found["violence-hot"].data) + len(found["violence-quiet"].data)
             for found in (whole, other)]  # fmt: skip
    assert drawn[1] <= 3 < drawn[0]


def test_what_is_kept_is_bounded_and_held_on_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_layers, "_MOST", 2)
    things = [[number] for number in range(5)]
    made: list[list[int]] = [
        made_once("thing", thing, make=partial(list, thing)) for thing in things
    ]
    assert made_once("thing", things[4], make=list) is made[4]
    assert made_once("another thing", things[4], make=lambda: ["new"]) == ["new"]
    # let go of, and made anew
    assert made_once("thing", things[0], make=lambda: ["anew"]) == ["anew"]
