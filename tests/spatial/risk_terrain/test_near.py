"""What stands near, saved and read back: the same words, the right list, and none other."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from config.profile import load_profile
from layers.risk.files import risk_files
from spatial.incidents.store import IncidentStore
from spatial.results import TargetRequest
from spatial.risk_report import factors_near
from spatial.risk_results import RiskResult
from spatial.risk_terrain.kept import keep_risk, kept_risk, let_go_risk
from spatial.risk_terrain.near import (
    NEAR_FILE,
    NearFactors,
    near_content,
    near_notes,
    nouns_near,
    read_near,
)
from spatial.run import targets


@pytest.fixture(scope="module", name="near")
def _near(saltmere_risk: RiskResult, tmp_path_factory: pytest.TempPathFactory) -> NearFactors:
    folder = tmp_path_factory.mktemp("risk")
    for name, content in risk_files(saltmere_risk).items():
        (folder / name).write_bytes(content)
    return read_near(folder)


@pytest.fixture(scope="module", name="asked")
def _asked(saltmere_risk: RiskResult) -> TargetRequest:
    return TargetRequest("ark", saltmere_risk.window, resolution=9, places=5)


@given(seed=st.integers(0, 10_000), size=st.integers(0, 12))
def test_what_is_read_back_says_the_same_of_any_area(
    near: NearFactors, saltmere_risk: RiskResult, seed: int, size: int
) -> None:
    rng = np.random.default_rng(seed)
    areas = [rng.choice(saltmere_risk.grid.cells, size, replace=False) for _ in range(3)]
    assert nouns_near(near, areas) == factors_near(saltmere_risk, areas)


def test_a_list_names_what_stands_near_and_nothing_else_of_it_changes(
    near: NearFactors, saltmere_store: IncidentStore, asked: TargetRequest
) -> None:
    plain = targets(saltmere_store, asked)
    named = targets(saltmere_store, asked, risk=near)
    assert named.run_id != plain.run_id
    assert named.areas["area_id"].tolist() == plain.areas["area_id"].tolist()
    whys = named.areas["why"].tolist()
    assert any("; near " in why and " (x" in why for why in whys)
    assert all(
        why == before or why.startswith(f"{before}; near ")
        for why, before in zip(whys, plain.areas["why"], strict=True)
    )
    assert any(near.run_id in note.text and "no cause" in note.text for note in named.notes)
    # nobody chose one: nothing is said, and nothing fitted
    assert not any("; near " in why for why in plain.areas["why"])


def test_one_of_something_else_is_refused_when_given_and_passed_over_when_kept(
    near: NearFactors, saltmere_store: IncidentStore, asked: TargetRequest
) -> None:
    fine = replace(asked, resolution=10)
    for request, message in (
        (fine, "is of resolution 9, and the list of 10"),
        (replace(asked, profile="robbery"), "is of profile 'ark', and not of 'robbery'"),
    ):
        with pytest.raises(BadInputError, match=message):
            targets(saltmere_store, request, risk=near)
    elsewhere = replace(near, area_digest="another", study_area="Bedford")
    with pytest.raises(BadInputError, match="is of study area 'Bedford' as it was"):
        targets(saltmere_store, asked, risk=elsewhere)
    passed = targets(saltmere_store, asked, kept_risk=(elsewhere,))
    assert passed.run_id == targets(saltmere_store, asked).run_id


def test_what_is_unsure_is_named_apart_and_of_no_place(
    saltmere_risk: RiskResult, tmp_path: Path
) -> None:
    model = saltmere_risk.model
    # the strongest was chosen in half of the redraws, the others in all
    terms = [
        replace(term, stability=0.5 if place == 0 else 1.0)
        for place, term in enumerate(model.terms)
    ]
    assert len(terms) > 1
    redrawn = replace(model, terms=tuple(terms), resamples=60)
    (tmp_path / NEAR_FILE).write_bytes(near_content(replace(saltmere_risk, model=redrawn)))
    near = read_near(tmp_path)
    unsure = saltmere_risk.rules.words_of(terms[0].factor)[1]
    assert near.unsure == (unsure,)
    (said,) = nouns_near(near, [saltmere_risk.grid.cells])
    assert len(said) == len(terms) - 1
    assert not any(unsure in noun for noun in said)
    notes = near_notes(near, data_through=near.data_through)
    assert any(f"chose them: {unsure}." in one.text for one in notes)
    assert not any(one.loud for one in notes)


def test_older_data_and_no_redraws_are_said_loudly(near: NearFactors) -> None:
    (unmeasured,) = (
        one.text for one in near_notes(near, data_through=near.data_through) if one.loud
    )
    assert "without redraws of the ground" in unmeasured
    later = near.data_through.replace(year=near.data_through.year + 1)
    _, loud = (one.text for one in near_notes(near, data_through=later) if one.loud)
    assert "rests on data to 31 Oct 2026; the store holds data to 31 Oct 2027" in loud


def test_one_is_kept_a_profile_area_and_resolution(
    saltmere_store: IncidentStore, saltmere_risk: RiskResult, asked: TargetRequest, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(saltmere_store.path, folder)
    assert kept_risk(folder) == ()
    first = keep_risk(folder, saltmere_risk)
    again = keep_risk(folder, saltmere_risk)
    (held,) = kept_risk(folder)
    assert held.digest == first.digest == again.digest
    assert held.fits(load_profile("ark"), saltmere_risk.grid.study_area, 9)
    assert not held.fits(load_profile("robbery"), saltmere_risk.grid.study_area, 9)
    # what is kept beside incidents is no part of them
    store = IncidentStore.open(folder)
    assert store.fingerprint == saltmere_store.fingerprint
    named = targets(store, asked, kept_risk=kept_risk(folder))
    assert any("; near " in why for why in named.areas["why"])
    let_go_risk(folder, saltmere_risk)
    assert kept_risk(folder) == ()


def test_what_is_no_such_file_is_refused_in_one_sentence(near: NearFactors, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="is no folder of a risk terrain"):
        read_near(tmp_path)
    file = tmp_path / NEAR_FILE
    for content in ("{", "[]", '{"form": 2}', json.dumps({"form": 1, "cells": {"8a": [[4]]}})):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(BadInputError, match="cannot be read as the factors"):
            read_near(tmp_path)
    assert near.nouns
