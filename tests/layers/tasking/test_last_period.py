from __future__ import annotations

from dataclasses import replace

import pandas as pd

from layers.context import Context
from layers.deck import Show, tasking_deck
from layers.legend import legend_html
from layers.palette import class_breaks
from layers.tasking.last_period import last_period_layers, last_period_legend
from spatial.results import TargetResult
from spatial.targets.kept.previous import PreviousList, previous_list
from tests.layers import invented


def compared() -> tuple[TargetResult, PreviousList]:
    found = invented.tasking_result(count=4).targets
    areas = found.areas.assign(status=["kept", "new", "moved", "added"])
    # an earlier list that had the first, and one that is gone
    gone = invented.tasking_result(count=6).targets.areas.iloc[5]
    listed = pd.DataFrame({
        "area_id": ["SAL-001", "SAL-GONE"], "name": ["First", "Gone"], "rank": [1, 2],
        "cells": [areas["cells"].iloc[0], gone["cells"]],
    })  # fmt: skip
    dropped = pd.DataFrame({
        "area_id": ["SAL-GONE"], "name": ["Gone"], "previous_rank": [2],
        "reason": ["ranked 15 now"], "cells": [gone["cells"]],
    })  # fmt: skip
    previous = previous_list(listed, called="The list of 6 Nov 2026")
    return replace(found, areas=areas, dropped=dropped, previous=previous.called), previous


def test_dropped_places_are_dashed_where_they_lay_and_all_carry_their_letter() -> None:
    targets, previous = compared()
    layers = {layer.id: layer for layer in last_period_layers(targets, previous)}
    line = layers["dropped-line"]
    assert len(line.data) == 1
    assert line.get_dash_array == [3, 2]
    assert [row["letter"] for row in layers["status-letters"].data] == ["K", "N", "M", "A", "D"]
    (mark,) = layers["dropped-marks"].data
    assert mark["tip"] == "Dropped: Gone\nWas 2; ranked 15 now"
    legend = last_period_legend(targets)
    assert legend.index("kept from") < legend.index("new on the") < legend.index("dropped since")


def test_the_map_and_its_legend_show_it_only_when_asked() -> None:
    targets, previous = compared()
    result = replace(invented.tasking_result(count=4), targets=targets)

    def drawn(show: Show) -> set[str]:
        deck = tasking_deck(result, Context(), show=show, selected=None)
        return {layer.id for layer in deck.layers[0]}

    def said(show: Show) -> str:
        return legend_html(
            class_breaks(range(1, 100)), show=show, cells=9, window=targets.window,
            profile=targets.profile, targets=targets,
        )  # fmt: skip

    assert "dropped-line" not in drawn(Show())
    assert "dropped since" not in said(Show())
    with_it = Show(last_period=previous)
    assert {"dropped-line", "status-letters"} <= drawn(with_it)
    assert "dropped since" in said(with_it)
