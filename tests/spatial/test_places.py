"""Places: barriers, separation, drawn areas and the curve, on the sample town."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from config.dose import load_dose_rules
from config.profile import Measure, load_profile
from spatial.expected import expect_harm
from spatial.hexes.gravest import gravest_harm
from spatial.incidents.store import IncidentStore
from spatial.places import area_rules, coverage, place_figures, ranked_places, walked
from spatial.scene import Subject, count_subject, open_scene
from spatial.targets.areas.drawn import read_drawn
from spatial.targets.budget import dose_of
from spatial.targets.expected import expect_in_areas
from spatial.window import Window

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))


@pytest.fixture(scope="module")
def subject(saltmere_store: IncidentStore) -> Subject:
    return count_subject(open_scene(saltmere_store, None, 10), load_profile("ark"), YEAR)


def test_no_place_lies_across_the_river(subject: Subject) -> None:
    near, notes = walked(subject.scene, area_rules(subject, Measure.HARM))
    assert near is not None
    assert "No patrol area lies across a barrier" in notes[0].text
    ranked = ranked_places(subject, 30, measure=Measure.HARM)
    assert notes[0] in ranked.notes
    for area in ranked.areas:
        cells = set(area.tolist())
        reached, front = set(), [int(area[0])]
        while front:
            cell = front.pop()
            reached.add(cell)
            front += [c for c in near.of(cell) if c in cells and c not in reached]
        assert reached == cells


def test_single_cells_may_hold_a_barrier(saltmere_store: IncidentStore) -> None:
    coarse = count_subject(open_scene(saltmere_store, None, 9), load_profile("ark"), YEAR)
    near, notes = walked(coarse.scene, area_rules(coarse, Measure.HARM))
    assert near is None
    assert "may run through it" in notes[0].text


def test_the_setting_keeps_places_apart(subject: Subject) -> None:
    settings = subject.scene.settings.model_copy(update={"separation_m": 500.0})
    far = replace(subject, scene=replace(subject.scene, settings=settings))
    ranked = ranked_places(far, 8, measure=Measure.HARM)
    assert len(ranked.areas) == 8
    assert any("at least 500 m apart" in note.text for note in ranked.notes)


def test_the_curve_of_the_sample_town(subject: Subject) -> None:
    earlier = count_subject(subject.scene, subject.profile, YEAR.before())
    dose = dose_of(load_dose_rules(), travel_minutes=5, days=14)
    ranked = ranked_places(subject, 30, measure=Measure.HARM)
    chosen = ranked_places(earlier, 20, measure=Measure.HARM)
    curve = coverage(subject, ranked, dose=dose, earlier=chosen)
    assert curve["places"].tolist() == list(range(1, 31))
    assert (curve["share"].diff().dropna() >= 0).all()
    harm = subject.counts.harm
    assert curve["share"].iloc[-1] == pytest.approx(harm[ranked.positions].sum() / harm.sum())
    held = harm[chosen.positions].sum() / harm.sum()
    assert curve["held_out_share"].iloc[19] == pytest.approx(held)
    assert curve["held_out_share"].iloc[20:].isna().all()
    # places chosen on these very incidents hold more of them than places chosen before
    assert curve["share"].iloc[19] > held


def test_beats_as_places(subject: Subject) -> None:
    beats = subject.scene.store.context_layers()["beats"]
    drawn = read_drawn(beats, study_area=subject.scene.grid.study_area)
    expected = expect_harm(subject)
    assert expected is not None
    ranked = ranked_places(subject, 3, expected=expected, drawn=drawn, rivals=2)
    assert ranked.drawn is not None
    figures = place_figures(subject, ranked)
    assert len(figures.tiers) == 3
    assert sum(figures.tiers[0].values()) == figures.incidents[0]
    # beats cover the town: of what is expected in it nothing is lost, and nothing counts twice
    everywhere = ranked_places(subject, len(drawn), expected=expected, drawn=drawn)
    together = expect_in_areas(expected, everywhere).harm_days.sum()
    assert together <= expected.harm_days.sum() * (1 + 1e-9)
    assert together >= 0.9 * expected.harm_days.sum()
    # the same beats on the window before, measured on this one
    earlier = count_subject(subject.scene, subject.profile, YEAR.before())
    before = ranked_places(earlier, 8, measure=Measure.HARM, drawn=drawn)
    dose = dose_of(load_dose_rules(), travel_minutes=5, days=14)
    curve = coverage(subject, everywhere, dose=dose, earlier=before)
    assert curve["held_out_share"].iloc[-1] == pytest.approx(curve["share"].iloc[-1])


def test_the_gravest_incident_of_each_cell(subject: Subject) -> None:
    gravest = gravest_harm(
        subject.scene.connection, subject.condition, window=YEAR, grid=subject.scene.grid
    )
    assert (gravest <= subject.counts.harm).all()
    one = subject.counts.incidents - subject.counts.without_weight == 1
    np.testing.assert_array_equal(gravest[one], subject.counts.harm[one])
