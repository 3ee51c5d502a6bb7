from __future__ import annotations

import numpy as np
import pytest

from layers.hexes import cell_words, hot_cells, violence_classes, violence_layers
from tests.layers import invented


def test_only_hot_spots_are_filled_strongly(invented_result: object) -> None:
    cells = invented_result.violence.cells  # type: ignore[attr-defined]
    quiet, hot = violence_layers(cells, classes=violence_classes(cells), ranks={})
    assert {row["hex"] for row in hot.data} == set(hot_cells(cells)["cell"])
    assert min(row["fill"][3] for row in hot.data) > 200
    assert max(row["fill"][3] for row in quiet.data) < 200
    # by size too, so that a photocopy tells them apart
    assert quiet.coverage < 0.75 < hot.coverage
    with_incident = set(cells.loc[cells["incidents"] > 0, "cell"])
    assert {row["hex"] for row in quiet.data} == with_incident - set(hot_cells(cells)["cell"])


def test_more_harm_is_never_a_lighter_class(invented_result: object) -> None:
    cells = hot_cells(invented_result.violence.cells)  # type: ignore[attr-defined]
    classes = violence_classes(cells).of(cells["harm_days"])
    order = np.argsort(cells["harm_days"].to_numpy())
    assert (np.diff(np.array(classes)[order]) >= 0).all()


def test_cells_know_their_patrol_area() -> None:
    cells = invented.surface(
        family="serious_violence", centre=invented.CENTRE, rings=2, seed=5, places=1
    )
    layers = violence_layers(
        cells, classes=violence_classes(cells), ranks={invented.CENTRE: (3, "SAL-003")}
    )
    found = [row for layer in layers for row in layer.data if row["hex"] == invented.CENTRE]
    assert found[0]["area_id"] == "SAL-003"
    assert found[0]["tip"].endswith("In patrol area 3")


@pytest.mark.parametrize(
    ("harm", "words"),
    [(547.5, "1 incident, 548 harm days\nHot spot (99%, corrected)"),
     (np.nan, "1 incident, no harm weight\nHot spot (99%, corrected)")],
)  # fmt: skip
def test_words_of_a_cell(harm: float, words: str) -> None:
    assert cell_words({"incidents": 1, "harm_days": harm, "class": "hot 99"}) == words
