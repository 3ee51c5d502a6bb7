"""The risk terrain of the sample town: one run, its files, its reasons, its honest validation."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import h3
import numpy as np
import pytest

from config.errors import BadInputError
from layers.risk.files import FACTOR_COLUMNS, risk_files
from sample_geo.ready import DATA
from spatial import risk_report
from spatial.hotspots.concentrated.accuracy import accuracy
from spatial.incidents.store import IncidentStore
from spatial.risk_changes import feature_table, what_would_change
from spatial.risk_exposure import usual_exposure
from spatial.risk_report import factors_near, risk_terrain
from spatial.risk_results import CELL_COLUMNS, RiskRequest, RiskResult
from spatial.risk_terrain.reasons import NOTHING_NEAR
from spatial.risk_validation import chosen_in_expectation
from spatial.window import Window

FILES = (DATA / "places.geojson", DATA / "risk_factors.geojson")
YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
ASKED = RiskRequest(
    "ark",
    YEAR,
    FILES,
    distances_m=(100.0, 200.0),
    kinds=("pub", "takeaway", "club", "post_box", "hospital", "police_station"),
    exposure="none",
    resamples=2,
)


@pytest.fixture(scope="module", name="town")
def _town(saltmere_store: IncidentStore) -> RiskResult:
    return risk_terrain(saltmere_store, ASKED)


def test_what_draws_violence_there_is_found(town: RiskResult) -> None:
    found = {term.factor for term in town.model.terms}
    assert {"pub", "takeaway"} <= found
    # too few to tell anything by
    reasons = {one.factor: one.outcome for one in town.model.tried if one.how == ""}
    assert set(reasons) == {"hospital", "police_station"}
    assert reasons["hospital"].startswith("only 1 feature:")


def test_every_cell_has_its_score_and_its_reason(town: RiskResult) -> None:
    cells = town.cells
    assert tuple(cells.columns) == CELL_COLUMNS
    assert len(cells) == len(town.grid)
    assert cells["risk_score"].min() == 1.0
    assert cells["incidents"].sum() == town.model.fit.incidents
    riskiest = cells.loc[cells["risk_rank"].idxmin()]
    assert riskiest["risk_score"] == cells["risk_score"].max()
    assert " within " in riskiest["why"]
    assert ((cells["why"] == NOTHING_NEAR) == (~town.model.on.any(axis=1))).all()
    assert np.allclose(
        cells["risk_times_harm"],
        cells["risk_score"] * cells["harm_days"],
        rtol=1e-3,
        equal_nan=True,
    )


def test_validation_is_on_months_the_model_had_not_seen(
    town: RiskResult, saltmere_store: IncidentStore
) -> None:
    held = town.validation
    assert held.held_back
    assert held.fitted == Window(dt.date(2025, 11, 1), dt.date(2026, 7, 31))
    assert held.scored == Window(dt.date(2026, 8, 1), dt.date(2026, 10, 31))
    assert held.pai is not None
    assert held.pai > 1
    assert set(held.scores["measure"]) == {"count", "harm"}
    assert {"risk_terrain", "last_year_count", "expected_harm"} <= set(held.scores["method"])
    assert (held.paired["low"] <= held.paired["difference"]).all()
    assert (held.paired["difference"] <= held.paired["high"]).all()
    # last year's hot places are the better guide in the sample town, and the page says so
    assert held.beats is False
    assert "It does not" in held.sentence
    assert any(note.loud and note.text == held.sentence for note in town.notes)
    # a window that ends before the data do is scored on what comes after it
    first = replace(ASKED, window=Window(dt.date(2024, 11, 1), dt.date(2025, 10, 31)), resamples=0)
    after = risk_terrain(saltmere_store, first).validation
    assert not after.held_back
    assert after.scored == YEAR


def test_ties_are_chosen_in_expectation_as_the_accuracy_has_them() -> None:
    rng = np.random.default_rng(0)
    scores, outcome = rng.integers(0, 4, 200).astype(float), rng.poisson(1.0, 200).astype(float)
    for share in (0.01, 0.05, 0.3, 1.0):
        chance = chosen_in_expectation(scores, area_share=share)
        assert chance.sum() == pytest.approx(share * 200)
        held = float(chance @ outcome / outcome.sum())
        wanted = accuracy(scores, outcome, np.ones(200), area_share=share)
        assert held == pytest.approx(wanted.captured)


def test_the_same_run_gives_the_same_files(
    town: RiskResult, saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    moved = []
    for path in FILES:
        moved.append(tmp_path / path.name)
        moved[-1].write_bytes(path.read_bytes())
    again = risk_terrain(saltmere_store, replace(ASKED, factors=tuple(reversed(moved))))
    assert again.run_id == town.run_id
    ours, theirs = risk_files(town), risk_files(again)
    assert ours["factors.csv"] == theirs["factors.csv"]
    assert ours["candidates.csv"] == theirs["candidates.csv"]
    content = json.loads(ours["result.json"])
    assert {"factors", "family", "bic", "pai", "notes"} <= set(content)
    assert {"factor", "kind", "distance_m", "relative_risk", "stability"} <= set(
        content["factors"][0]
    )
    assert (
        ours["factors.csv"].decode("utf-8-sig").splitlines()[0].startswith(",".join(FACTOR_COLUMNS))
    )
    document = json.loads(ours["risk_terrain.geojson"])
    assert document["harmhex"]["cells"] == len(town.grid)
    assert 0 < len(document["features"]) <= len(town.grid)


def test_targets_take_their_factors_from_it(town: RiskResult) -> None:
    riskiest = town.grid.cells[town.cells["risk_score"].idxmax()]
    far = np.array([int(h3.latlng_to_cell(51.5, 0.1, 10), 16)], dtype=np.uint64)
    fine = np.array([int(h3.cell_to_center_child(f"{riskiest:x}", 11), 16)], dtype=np.uint64)
    said = factors_near(town, [np.array([riskiest]), far, fine])
    assert said[0] == said[2]
    assert said[1] == ()
    assert len(said[0]) >= 2
    assert all(" within " in noun and "(x" in noun for noun in said[0])


def test_a_place_taken_away_and_put_back_changes_nothing(town: RiskResult) -> None:
    kind = town.model.terms[0].factor
    first = feature_table(town, kind).iloc[0]
    gone, answer = what_would_change(town, removed=[(kind, int(first["feature"]))])
    assert (gone["times"] < 1).all()
    assert "not what causes harm" in answer.notes[0].text
    moved = (kind, float(first["longitude"]), float(first["latitude"]))
    more, _ = what_would_change(town, added=[moved], removed=[(kind, int(first["feature"]))])
    assert len(more) <= len(gone)
    assert (more["times"].round(6) == 1).all()
    with pytest.raises(BadInputError, match="There is no factor 'casino'"):
        feature_table(town, "casino")
    with pytest.raises(BadInputError, match="is no longitude and latitude"):
        what_would_change(town, added=[(kind, 651_409.0, 313_177.0)])


def test_bad_requests_are_refused_in_one_sentence(saltmere_store: IncidentStore) -> None:
    for change, message in (
        ({"resamples": -1}, "-1 resamples cannot be drawn"),
        ({"seed": -1}, "The seed -1 cannot be used"),
        ({"operationalisations": ("kernel",)}, "'kernel' is no way to look at a factor"),
        ({"distances_m": (0.0,)}, "reaches nothing"),
        ({"exposure": "people.geojson"}, "Exposure 'people.geojson' is not there"),
        ({"kinds": ("casino",)}, "No feature is of the kind 'casino'"),
        ({"window": Window(dt.date(2030, 1, 1), dt.date(2030, 2, 1))}, "No incident of profile"),
    ):
        with pytest.raises(BadInputError, match=message):
            risk_terrain(saltmere_store, replace(ASKED, **change))


def test_exposure_is_said_and_changes_the_run(
    town: RiskResult, saltmere_store: IncidentStore
) -> None:
    lived_in = risk_terrain(
        saltmere_store, replace(ASKED, exposure="residents", resamples=0, kinds=("pub", "club"))
    )
    assert lived_in.run_id != town.run_id
    assert any("in proportion to the people" in note.text for note in lived_in.notes)
    assert any("taken as they are" in note.text for note in town.notes if note.loud)
    assert any("Stability was not measured" in note.text for note in lived_in.notes if note.loud)


@pytest.mark.slow
def test_planted_factors_are_found_unasked_and_decoys_are_not(
    saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # what is found is asked here, and not how it does on later months: that fits everything twice
    monkeypatch.setattr(risk_report, "split_windows", lambda *_: None)
    truth = json.loads((DATA / "planted.json").read_text(encoding="utf-8"))["risk_factors"]
    # nothing but profile and window: the store's own layers, per resident
    found = [
        risk_terrain(saltmere_store, RiskRequest("ark", YEAR, resamples=0, seed=seed))
        for seed in (0, 5)
    ]
    for one in found:
        chosen = {term.factor: term for term in one.model.terms}
        assert {*truth["planted"], "club", "pub", "takeaway"} <= set(chosen)
        assert not set(truth["decoys"]) & set(chosen)
        shop = chosen["betting_shop"].candidate.how
        assert (shop.kind.value, shop.distance_m) == ("proximity", 75.0)
    said = [note.text for note in found[0].notes if note.loud]
    assert any("Nobody asked for it: the store knows its residents" in text for text in said)
    assert any("risk factors and places" in note.text for note in found[0].notes)
    # taken as they are, incidents make decoys look guilty that stand where people are
    plain = risk_terrain(saltmere_store, RiskRequest("ark", YEAR, resamples=0, exposure="none"))
    assert set(truth["decoys"]) & {term.factor for term in plain.model.terms}


def test_a_store_without_layers_of_places_wants_a_file(
    saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IncidentStore, "context_layers", lambda _: {})
    with pytest.raises(BadInputError, match="keeps no layer of places"):
        risk_terrain(saltmere_store, replace(ASKED, factors=()))
    assert usual_exposure(saltmere_store, None) == "none"


def test_antisocial_behaviour_is_modelled_by_itself_and_weighs_nothing(
    saltmere_store: IncidentStore,
) -> None:
    found = risk_terrain(
        saltmere_store, replace(ASKED, profile="asb", resamples=0, kinds=("pub", "takeaway"))
    )
    assert found.cells["harm_days"].isna().all()
    assert set(found.validation.scores["measure"]) == {"count"}
    assert "expected_harm" not in set(found.validation.scores["method"])
