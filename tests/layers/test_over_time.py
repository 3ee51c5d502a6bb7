from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import h3
import numpy as np
import pytest

from layers.context import Context
from layers.over_time import moving_map
from layers.palette import DISORDER_STEPS, VIOLENCE_STEPS
from spatial.over_time import over_time

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.over_time import OverTime
    from spatial.results import TaskingResult


def unpacked(text: str, kind: str) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(text), dtype=kind)


@pytest.fixture(scope="module")
def counted(saltmere_store: IncidentStore) -> OverTime:
    return over_time(saltmere_store, "ark", study_area=None, resolution=9)


@pytest.fixture(scope="module")
def sent(counted: OverTime, invented_result: TaskingResult) -> dict[str, Any]:
    return moving_map(counted, Context(), invented_result.targets.areas)


def test_what_is_drawn_at_a_step_is_what_its_row_says(sent: dict[str, Any]) -> None:
    violence, disorder = sent["subjects"]
    for subject in (violence, disorder):
        position, month = (
            unpacked(subject["position"], "<u4"), unpacked(subject["month"], "<u2"),
        )  # fmt: skip
        value = unpacked(subject["value"], "<f4").astype(float)
        assert position.max() == subject["cells"] - 1
        for length in subject["lengths"]:
            for first, step in enumerate(length["steps"]):
                here = (month >= first) & (month < first + length["months"])
                said = step["harm"].replace(",", "") if subject["weighed"] else step["incidents"]
                assert value[here].sum() == pytest.approx(float(said), rel=1e-4, abs=0.6)


def test_every_step_names_its_window_and_its_comparison(sent: dict[str, Any]) -> None:
    year, quarter, month = sent["subjects"][0]["lengths"]
    assert [one["months"] for one in (year, quarter, month)] == [12, 3, 1]
    # three years of data: 25 years that end with a month, 13 of them with a year before
    assert len(year["steps"]) == 25
    assert sum(step["before"] is not None for step in year["steps"]) == 13
    last = year["steps"][-1]
    assert last["words"] == "1 Nov 2025 to 31 Oct 2026"
    assert last["against"] == "against the year before, 1 Nov 2024 to 31 Oct 2025"
    assert last["before"] == year["steps"][-13]["incidents"]
    assert quarter["steps"][-1]["against"].endswith("1 Aug 2025 to 31 Oct 2025")
    assert year["steps"][0]["against"].startswith("nothing to compare with")


def test_violence_and_disorder_never_share_a_mark(sent: dict[str, Any]) -> None:
    violence, disorder = sent["subjects"]
    assert not violence["hatch"]
    assert disorder["hatch"]
    for length in violence["lengths"]:
        assert set(length["fills"]) <= set(VIOLENCE_STEPS)
        assert len(length["lower"]) == len(length["fills"]) == len(length["words"])
    for length in disorder["lengths"]:
        assert set(length["fills"]) <= set(DISORDER_STEPS)


def test_cells_lie_where_they_are_and_true_to_size(counted: OverTime, sent: dict[str, Any]) -> None:
    corners = unpacked(sent["subjects"][0]["corners"], "<i4").reshape(-1, 6, 2) / 10
    east, south = sent["size"]
    x, y = corners[..., 0], corners[..., 1]
    # cells of the edge overhang the study area by no more than themselves
    assert x.min() > -400
    assert x.max() < east + 400
    assert y.max() < south + 400
    area = 0.5 * np.abs((x * np.roll(y, -1, 1) - np.roll(x, -1, 1) * y).sum(axis=1))
    true = [h3.cell_area(f"{cell:x}", unit="m^2") for cell in counted.violence.cells.tolist()]
    # the sphere of H3 against a Mercator plane, over a town
    assert np.median(area) == pytest.approx(np.median(true), rel=0.01)


def test_only_so_many_cells_are_sent_the_most_telling_and_the_rest_is_said(
    counted: OverTime, invented_result: TaskingResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.over_time.MOST_CELLS", 20)
    trimmed = moving_map(counted, Context(), invented_result.targets.areas)["subjects"][0]
    assert trimmed["cells"] == 20
    assert trimmed["leftOut"] == len(counted.violence.cells) - 20
    # the rows of the table count every cell, drawn or not
    assert trimmed["lengths"][0]["steps"][-1]["incidents"] == int(
        counted.violence.by_month(counted.violence.incidents)[-12:].sum()
    )
    totals = np.zeros(len(counted.violence.cells))
    np.add.at(totals, counted.violence.position, counted.violence.harm / 1_000)
    drawn = unpacked(trimmed["value"], "<f4").astype(float).sum()
    assert drawn == pytest.approx(np.sort(totals)[-20:].sum(), rel=1e-5)
