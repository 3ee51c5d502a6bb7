from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.palette import DISORDER, lightness
from layers.two_way import FILLS, reading_counts, two_way_cells, two_way_key, two_way_map_layers

if TYPE_CHECKING:
    from spatial.results import TaskingResult


def table(*rows: tuple[str, int, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["cell", "incidents", "class"])


VIOLENCE = table(("a", 5, "hot 99"), ("b", 4, "hot 95"), ("c", 1, "none"), ("e", 0, "cold 95"))
DISORDER_CELLS = table(("a", 9, "hot 95"), ("d", 7, "hot 99"), ("c", 2, "hot 90"))


def test_every_cell_of_either_has_its_reading() -> None:
    found = two_way_cells(VIOLENCE, DISORDER_CELLS).set_index("cell")
    # c: 90% is not hot, on either side; e: cold is not hot
    assert found["reading"].to_dict() == {
        "a": "both", "b": "violence only", "c": "neither", "d": "disorder only", "e": "neither",
    }  # fmt: skip
    assert found.loc["d", "violence"] == 0
    assert found.loc["b", "disorder"] == 0


def test_the_readings_count_the_cells_without_an_incident_too() -> None:
    counts = reading_counts(two_way_cells(VIOLENCE, DISORDER_CELLS), n_cells=100)
    assert counts == {"both": 1, "violence only": 1, "disorder only": 1, "neither": 97}
    key = two_way_key(counts)
    assert ">97</b>" in key
    assert key.count("<td><span") == 4


def test_the_four_kinds_differ_in_lightness_and_hatch(invented_result: TaskingResult) -> None:
    # 3:1, as WCAG asks of marks: the hatch upon the fill where both are, and the two fills
    darker, hatch = lightness(FILLS["both"]), lightness(DISORDER)
    assert (hatch + 0.05) / (darker + 0.05) > 3
    assert (lightness(FILLS["violence only"]) + 0.05) / (darker + 0.05) > 1.7
    cells = two_way_cells(invented_result.violence.cells, invented_result.disorder.cells)
    taken = str(cells.loc[cells["reading"] == "both", "cell"].iloc[0])
    layers = {layer.id: layer for layer in two_way_map_layers(cells, ranks={taken: (3, "SAL-003")})}
    drawn = {
        reading: {row["hex"] for row in layers[f"two-way-{name}"].data}
        for reading, name in (
            ("both", "both"), ("violence only", "violence-only"), ("disorder only", "disorder"),
        )
    }  # fmt: skip
    for reading, hexes in drawn.items():
        assert hexes == set(cells.loc[cells["reading"] == reading, "cell"]), reading
    (picked,) = [row for row in layers["two-way-both"].data if row["hex"] == taken]
    assert picked["area_id"] == "SAL-003"
    assert picked["tip"].endswith("In patrol area 3")
