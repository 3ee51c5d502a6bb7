"""The Risk terrain page's words and maps: what they say, and what they must not."""

from __future__ import annotations

import json
from dataclasses import replace

import h3
import numpy as np
import pandas as pd
import pytest
import shapely

from layers import palette
from layers.context import Context, read_context
from layers.risk.map import (
    COMBINED,
    FILLS,
    KINDS,
    SCORE,
    drawn_cells,
    risk_classes,
    risk_deck,
    risk_layers,
    risk_legend,
)
from layers.risk.places import (
    OUTSIDE,
    cell_rows,
    place_reasons,
    place_rows,
    positions_of,
    unlisted_cells,
)
from layers.risk.what_if import (
    PlaceChange,
    change_words,
    changed_rows,
    feature_names,
    what_if_deck,
    what_if_legend,
    what_if_sentence,
)
from layers.risk.what_if import place_rows as changed_places
from layers.risk.words import (
    factor_rows,
    fit_words,
    headline,
    paired_rows,
    score_rows,
    steadiness_words,
    tried_table,
    verdict_html,
)
from spatial.hexes.grid import merge_cells
from spatial.incidents.store import IncidentStore
from spatial.risk_changes import feature_table, what_would_change
from spatial.risk_results import RiskResult
from spatial.risk_terrain.reasons import NOTHING_NEAR, risk_reasons
from spatial.risk_terrain.scores import BOTH, HARM, RISK


@pytest.fixture(scope="module", name="ground")
def _ground(saltmere_store: IncidentStore) -> Context:
    return read_context(saltmere_store.context_layers())


@pytest.fixture(scope="module", name="areas")
def _areas(saltmere_risk: RiskResult) -> pd.DataFrame:
    """Two places of finer cells than the model's: the riskiest cell's, and one far from all."""
    cells = saltmere_risk.cells.sort_values(["risk_score", "cell"], ascending=[False, True])
    rows = []
    for rank, cell in enumerate((cells["cell"].iloc[0], cells["cell"].iloc[-1]), start=1):
        held = sorted(h3.cell_to_children(cell, 10))[:3]
        shape = merge_cells(np.array([int(one, 16) for one in held], dtype=np.uint64))
        at = shape.representative_point()
        rows.append((f"P{rank}", rank, f"Place {rank}", " ".join(held), 5, 0.1, at.x, at.y, shape))
    names = [
        "area_id", "rank", "name", "cells", "incidents", "harm_share", "longitude", "latitude",
        "geometry",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def filled(layers: list[object]) -> dict[str, list[dict[str, object]]]:
    return {layer.id: layer.data for layer in layers}  # type: ignore[attr-defined]


def test_the_headline_names_what_is_sure_and_counts_what_is_not(saltmere_risk: RiskResult) -> None:
    model = saltmere_risk.model
    said = headline(saltmere_risk)
    assert said.startswith(f"{len(model.terms)} of 4 kinds of places go with more incidents near")
    strongest = saltmere_risk.rules.words_of(model.terms[0].factor)[1]
    assert f"most of all {strongest} (x{model.terms[0].relative_risk:.1f})" in said
    unsure = replace(model.terms[0], stability=0.5)
    doubted = replace(saltmere_risk, model=replace(model, terms=(unsure, *model.terms[1:])))
    assert strongest not in headline(doubted)
    assert headline(doubted).endswith("1 of them unsure")
    nothing = replace(saltmere_risk, model=replace(model, terms=()))
    assert headline(nothing).startswith("None of the 4 kinds of places tried goes with more")
    assert "expect" not in said
    assert "predict" not in said


@pytest.mark.parametrize(
    ("stability", "same", "resamples", "said"),
    [
        (1.0, 1.0, 60, "60 of 60 redraws: steady"),
        (0.9, 0.5, 60, "54 of 60 redraws, 30 of them this way: steady"),
        (0.4, 0.4, 60, "24 of 60 redraws: unsure, do not rely on it"),
        # four redraws cannot say so
        (1.0, 1.0, 4, "4 of 4 redraws: too few redraws to call it steady"),
        (None, None, 0, "not measured"),
    ],
)
def test_steadiness_is_said_in_redraws(
    saltmere_risk: RiskResult, stability: float, same: float, resamples: int, said: str
) -> None:
    term = replace(saltmere_risk.model.terms[0], stability=stability, same_way=same)
    assert steadiness_words(term, resamples=resamples, rules=saltmere_risk.rules) == said


def test_factors_stand_with_their_numbers_and_no_standard_error(saltmere_risk: RiskResult) -> None:
    head, rows = factor_rows(saltmere_risk)
    assert len(rows) == len(saltmere_risk.model.terms)
    assert not any("error" in word.lower() for word in head)
    for row, term in zip(rows, saltmere_risk.model.terms, strict=True):
        assert len(row) == len(head)
        assert row[1] == f"within {term.candidate.how.distance_m:g} m"
        assert row[2] == f"x{term.relative_risk:.2f}"
        assert row[4] == f"{term.candidate.cells_on:,}"


def test_everything_tried_is_there_with_its_reason(saltmere_risk: RiskResult) -> None:
    table = tried_table(saltmere_risk.model, saltmere_risk.rules)
    assert len(table) == len(saltmere_risk.model.tried)
    assert (table["outcome"] == "kept").sum() == len(saltmere_risk.model.terms)
    assert table["outcome"].str.len().min() > 0
    assert not table["outcome"].str.contains("penalised|BIC|proximity").any()
    assert "BIC" in fit_words(saltmere_risk)


@pytest.mark.parametrize(
    ("beats", "head"),
    [
        (False, "Simpler ways choose places as well or better"),
        (None, "Not tried on later months"),
        (True, ""),
    ],
)
def test_what_later_months_say_stands_out_unless_it_is_good(
    saltmere_risk: RiskResult,
    beats: bool | None,  # noqa: FBT001 (the finding itself)
    head: str,
) -> None:
    said = verdict_html(replace(saltmere_risk.validation, beats=beats, sentence="<b>It held</b>"))
    assert ("hx-loud" in said) == bool(head)
    assert head in said
    assert "&lt;b&gt;It held" in said


def test_each_way_to_choose_stands_beside_the_others(saltmere_risk: RiskResult) -> None:
    found = saltmere_risk.validation
    head, rows = score_rows(found)
    assert head[2:] == ("Incidents held", "PAI", "Harm held", "Harm-PAI")
    first = [row for row in rows if row[0] == "5.0%"]
    assert {row[1] for row in first} >= {"Risk terrain", "Last year's count"}
    own = next(row for row in first if row[1] == "Risk terrain")
    assert own[3] == f"{found.pai:.1f}"
    _, compared = paired_rows(found)
    assert len(compared) == len(found.paired)
    worse = found.paired["difference"].iloc[0] < 0
    assert ("fewer" in compared[0][3]) == worse


def test_five_ordered_classes_darken_and_leave_the_lowest_empty(saltmere_risk: RiskResult) -> None:
    classes = risk_classes(saltmere_risk, fill=SCORE)
    light = [palette.lightness(fill) for fill in classes.fills]
    assert light == sorted(light, reverse=True)
    assert 1 < len(light) <= 5
    drawn = filled(risk_layers(saltmere_risk, fill=SCORE))["risk"]
    cells = saltmere_risk.cells
    above = cells[cells["risk_score"] > cells["risk_score"].min()]
    assert {row["hex"] for row in drawn} == set(above["cell"])
    # the riskiest first, and the darkest
    assert drawn[0]["fill"][:3] == palette.rgba(classes.fills[-1])[:3]
    assert "x" in risk_legend(saltmere_risk, fill=SCORE, places=2)


def test_risk_and_recent_harm_are_told_apart_without_colour(saltmere_risk: RiskResult) -> None:
    combined = drawn_cells(saltmere_risk, fill=COMBINED)
    assert (combined["harm_days"] > 0).all()
    layers = {layer.id: layer for layer in risk_layers(saltmere_risk, fill=KINDS)}
    places = saltmere_risk.cells["place"].value_counts()
    held = {place: layers[f"risk-{at}"] for at, place in enumerate((HARM, RISK, BOTH))}
    for place, layer in held.items():
        assert len(layer.data) == places.get(place, 0)
    # small, outlined, whole: size and outline say it too
    assert held[HARM].coverage < held[BOTH].coverage == 1
    legend = risk_legend(saltmere_risk, fill=KINDS, places=0)
    assert f"<b>{places.get(BOTH, 0):,}</b> high risk and recent harm" in legend


@pytest.mark.parametrize("fill", list(FILLS))
def test_the_map_is_one_document_without_the_internet(
    saltmere_risk: RiskResult, areas: pd.DataFrame, ground: Context, fill: str
) -> None:
    text = risk_deck(saltmere_risk, areas, ground, fill=fill, screen="laptop").to_json()
    assert "http" not in text
    names = [layer["id"] for layer in json.loads(text)["layers"][0]]
    assert len(names) == len(set(names))
    assert "area-circles" in names


def test_places_of_finer_cells_have_the_reasons_of_the_cells_around(
    saltmere_risk: RiskResult, areas: pd.DataFrame
) -> None:
    found = place_reasons(saltmere_risk, areas)
    riskiest = positions_of(saltmere_risk, areas["cells"].iloc[0].split())
    assert found["score"].iloc[0] == pytest.approx(saltmere_risk.model.scores.max())
    (why,) = risk_reasons(saltmere_risk.model, [riskiest], rules=saltmere_risk.rules)
    assert found["why"].iloc[0] == why
    assert found["why"].iloc[1] == NOTHING_NEAR
    # a coarser cell holds the model's
    parent = h3.cell_to_parent(saltmere_risk.cells["cell"].iloc[0], 8)
    assert 0 in positions_of(saltmere_risk, [parent])
    elsewhere = areas.assign(cells=h3.latlng_to_cell(40.0, -74.0, 10))
    outside = place_reasons(saltmere_risk, elsewhere)
    assert set(outside["why"]) == {OUTSIDE}
    assert place_rows(outside, cells=9)[1][0][2] == ""
    rest = unlisted_cells(saltmere_risk, areas, most=5)
    assert areas["cells"].iloc[0].split()[0] not in set(rest["cell"])
    assert h3.cell_to_parent(areas["cells"].iloc[0].split()[0], 9) not in set(rest["cell"])
    assert rest["score"].is_monotonic_decreasing
    assert len(cell_rows(rest)[1]) == 5


def test_a_place_taken_away_or_added_is_said_and_drawn(
    saltmere_risk: RiskResult, areas: pd.DataFrame, ground: Context
) -> None:
    kind = saltmere_risk.model.terms[0].factor
    features = feature_table(saltmere_risk, kind)
    names = feature_names(features)
    assert len(names) == len(features)
    gone = features.iloc[0]
    changes = (
        PlaceChange(kind, gone["longitude"], gone["latitude"], 0, str(gone["name"])),
        PlaceChange(kind, *_lonely(saltmere_risk)),
    )
    said = [change_words(saltmere_risk.rules, one) for one in changes]
    assert said[0].startswith("Without a ")
    assert names[0] in said[0]
    assert "more at" in said[1]
    changed, found = what_would_change(
        saltmere_risk,
        added=[(kind, changes[1].longitude, changes[1].latitude)],
        removed=[(kind, 0)],
    )
    assert "up, to x" in what_if_sentence(saltmere_risk, found)
    assert len(changed_rows(saltmere_risk, changed, most=3)[1]) == min(3, len(changed))
    legend = what_if_legend(found)
    assert "Association, not cause" in legend
    deck = what_if_deck(saltmere_risk, found, changes, areas, ground, screen="wall")
    layers = {one["id"]: one for one in json.loads(deck.to_json())["layers"][0]}
    drawn = sum(len(layers[name]["data"]) for name in ("what-if-up", "what-if-down"))
    assert drawn == len(found.changed)
    assert [mark["mark"] for mark in layers["what-if-marks"]["data"]] == ["x", "+"]
    moved = changed_places(saltmere_risk, found, areas)[1]
    assert {row[1] for row in moved} <= set(areas["name"])


def test_a_change_that_changes_nothing_says_so(saltmere_risk: RiskResult) -> None:
    kind = saltmere_risk.model.terms[0].factor
    one = feature_table(saltmere_risk, kind).iloc[0]
    # another where one stands already
    _, found = what_would_change(saltmere_risk, added=[(kind, one["longitude"], one["latitude"])])
    assert what_if_sentence(saltmere_risk, found).startswith("No cell's score changes")


def _lonely(result: RiskResult) -> tuple[float, float]:
    """Return the middle of a cell of the lowest score."""
    cell = result.cells.sort_values(["risk_score", "cell"])["cell"].iloc[0]
    latitude, longitude = h3.cell_to_latlng(cell)
    assert shapely.Point(longitude, latitude).is_valid
    return longitude, latitude
