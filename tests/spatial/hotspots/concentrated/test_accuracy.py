"""PAI, PEI and recapture, in sample and out."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from pathlib import Path

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from config.errors import BadInputError
from spatial.hexes.grid import fill
from spatial.hexes.study_area import StudyArea
from spatial.hotspots.concentrated.accuracy import (
    accuracy,
    in_and_out,
    predicted_over_observed,
    ties_broken_by,
)

CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parent / "published_concentration.json").read_text(encoding="utf-8")
    )
}


def test_three_rows_as_published() -> None:
    case = CASES["pai_3rows"]
    predicted, observed, area = (case["inputs"][key] for key in ("pred", "obs", "area"))
    close = {"abs": case["tolerance"]}
    scored = [accuracy(predicted, observed, area, area_share=chosen / 3) for chosen in (1, 2, 3)]
    assert [one.pai for one in scored] == pytest.approx(case["outputs"]["PAI"], **close)
    assert [one.pei for one in scored] == pytest.approx(case["outputs"]["PEI"], **close)
    np.testing.assert_allclose(
        predicted_over_observed(predicted, observed),
        case["outputs"]["RRI_pred_over_obs"],
        atol=case["tolerance"],
    )


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=2, max_size=6).filter(
        lambda rows: any(later for _, later in rows)
    ),
    st.data(),
)
def test_ties_are_scored_as_every_order_of_them_on_average(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    scores, later = np.array(rows).T
    chosen = data.draw(st.integers(1, len(rows)))
    by_hand = [
        later[list(order[:chosen])].sum()
        for order in itertools.permutations(range(len(rows)))
        if (np.diff(scores[list(order)]) <= 0).all()
    ]
    found = accuracy(scores, later, np.ones(len(rows)), area_share=chosen / len(rows))
    assert found.captured * later.sum() == pytest.approx(np.mean(by_hand))
    assert 0.0 <= found.pei <= 1.0 + 1e-12


def test_out_of_sample_is_less_than_in_sample_where_places_are_only_lucky() -> None:
    rng = np.random.default_rng(4)
    earlier, later = rng.poisson(1.0, (2, 3_000))
    both = in_and_out(earlier, earlier, later, np.ones(3_000), area_share=0.05)
    assert both.in_sample.pei == pytest.approx(1.0)
    assert both.in_sample.pai > 3
    # nothing persists here: places chosen on the first window are worth as much as any
    assert both.out_of_sample.pai == pytest.approx(1.0, abs=0.2)
    assert both.recapture_ratio == pytest.approx(
        both.out_of_sample.captured / both.in_sample.captured
    )


def test_harm_is_scored_like_counts_and_areas_may_differ() -> None:
    # the first place is a quarter of the area and holds 3,000 of 4,000 days: PAI 3
    found = accuracy([9, 1, 0], [3_000, 1_000, 0], [2, 2, 4], area_share=0.25)
    assert (found.pai, found.pei) == (3.0, 1.0)
    # a share that ends inside a place takes so much of it
    assert accuracy([9, 1, 0], [3_000, 1_000, 0], [2, 2, 4], area_share=0.125).captured == 0.375


def test_ties_are_broken_by_something_commoner() -> None:
    robberies, violence = [0, 2, 0, 0, 1], [5, 0, 9, 5, 1]
    assert ties_broken_by(robberies, violence).tolist() == [0, 3, 1, 0, 2]


def test_a_choice_that_held_nothing_has_no_ratio() -> None:
    both = in_and_out([0, 0, 1], [1, 0, 0], [1, 1, 1], np.ones(3), area_share=1 / 3)
    assert both.recapture_ratio is None
    with pytest.raises(BadInputError, match="none of 3 cells holds any"):
        accuracy([1, 2, 3], [0, 0, 0], np.ones(3), area_share=0.5)
    with pytest.raises(ValueError, match="choose more than none"):
        accuracy([1, 2, 3], [1, 0, 0], np.ones(3), area_share=0)


def test_robbery_in_bedfordshire_as_measured_before(shared_data: Path) -> None:
    # METHODS, section 3: last year's count in 1% of the area holds 46.5% of the next quarter's
    # robberies at resolution 9, pooled over four quarters
    boundary = shared_data / "boundaries" / "police_force_areas_dissolved.geojson"
    archive = shared_data / "police_uk" / "bedfordshire-2021-05_2023-04.zip"
    if not (boundary.is_file() and archive.is_file()):
        pytest.skip("Bedfordshire's open data are not beside this checkout")
    features = json.loads(boundary.read_text(encoding="utf-8"))["features"]
    outline = next(f["geometry"] for f in features if "Bedfordshire" in f["properties"]["force"])
    grid = fill(StudyArea("Bedfordshire", shape(outline)), 9)
    with zipfile.ZipFile(archive) as zipped:
        names = [name for name in zipped.namelist() if name.endswith("-street.csv")]
        rows = pd.concat(pd.read_csv(io.BytesIO(zipped.read(name))) for name in names)
    rows = rows[(rows["Crime type"] == "Robbery") & rows["Longitude"].notna()]
    cells = [
        h3_int.latlng_to_cell(*pair, 9)
        for pair in rows[["Latitude", "Longitude"]].itertuples(index=False)
    ]
    position = grid.positions(np.array(cells, dtype=np.uint64))
    month = pd.PeriodIndex(rows["Month"], freq="M")
    first = month.min()
    captured, weights = [], []
    for quarter in range(4):
        now = first + 12 + 3 * quarter
        before = (month >= now - 12) & (month < now) & (position >= 0)
        after = (month >= now) & (month < now + 3) & (position >= 0)
        earlier, later = (
            np.bincount(position[which], minlength=len(grid)) for which in (before, after)
        )
        captured.append(accuracy(earlier, later, np.ones(len(grid)), area_share=0.01).captured)
        weights.append(later.sum())
    assert sum(weights) == pytest.approx(550, abs=5)
    assert np.average(captured, weights=weights) == pytest.approx(0.465, abs=0.01)
