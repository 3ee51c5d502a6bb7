"""Expected harm of a subject, on the sample town: what it reads, what ranks by it, what it says."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import h3.api.basic_int as h3_int
import numpy as np
import pytest

from config.errors import BadInputError
from config.profile import Measure, load_profile
from sample_geo.ready import DATA
from spatial.expected import expect_harm
from spatial.hotspots.expected.expected_harm import PARTS
from spatial.incidents.store import IncidentStore
from spatial.places import ranked_places
from spatial.projection import national_grid
from spatial.results import HotspotRequest, TargetRequest, TaskingRequest
from spatial.run import hotspots, targets, tasking
from spatial.scene import Scene, Subject, count_subject, open_scene
from spatial.window import Window

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
ARK = TargetRequest("ark", YEAR, places=12)


def _subject(store: IncidentStore, profile: str, window: Window, resolution: int = 10) -> Subject:
    return count_subject(open_scene(store, None, resolution), load_profile(profile), window)


def _replaced(scene: Scene, rows: str) -> None:
    scene.connection.execute("ALTER VIEW incidents RENAME TO as_loaded")
    scene.connection.execute(f"CREATE VIEW incidents AS {rows}")


@pytest.mark.slow
def test_every_feature_of_violence_has_it_and_disorder_never(saltmere_store: IncidentStore) -> None:
    cells = hotspots(saltmere_store, HotspotRequest("ark", YEAR)).cells
    assert cells["expected_harm"].notna().all()
    assert (cells["expected_harm"] > 0).all()
    page = tasking(saltmere_store, TaskingRequest("ark", YEAR))
    assert page.violence.cells["expected_harm"].notna().all()
    assert page.disorder.cells["expected_harm"].isna().all()
    listed = targets(saltmere_store, replace(ARK, profile="asb")).areas
    for column in ("expected_harm", "expected_low", "expected_high", "chance_in_top", "rests_on"):
        assert listed[column].isna().all()


def test_the_future_tells_the_past_nothing(saltmere_store: IncidentStore) -> None:
    earlier = _subject(saltmere_store, "ark", YEAR.before())
    places = ranked_places(earlier, 12)
    # all that happened later is gone, and a town's worth of violence stands in its place
    blind = open_scene(saltmere_store, None, 10)
    _replaced(
        blind,
        "SELECT * FROM as_loaded WHERE occurred_from < DATE '2025-11-01' UNION ALL "
        "SELECT * REPLACE (occurred_from + INTERVAL 400 DAY AS occurred_from) FROM as_loaded "
        "WHERE occurred_from < DATE '2025-11-01' AND occurred_from >= DATE '2024-11-01'",
    )
    unknowing = count_subject(blind, earlier.profile, earlier.window)
    mine, theirs = expect_harm(earlier), expect_harm(unknowing)
    assert mine is not None
    assert theirs is not None
    np.testing.assert_array_equal(mine.harm_days, theirs.harm_days)
    for one, other in zip(places.areas, ranked_places(unknowing, 12).areas, strict=True):
        np.testing.assert_array_equal(one, other)


def test_antisocial_behaviour_tells_it_nothing_unless_a_force_says_so(
    saltmere_store: IncidentStore,
) -> None:
    subject = _subject(saltmere_store, "ark", YEAR)
    found = expect_harm(subject)
    assert found is not None
    assert any(
        "Not read as related crime" in n.text and "antisocial" in n.text for n in found.notes
    )
    quiet = open_scene(saltmere_store, None, 10)
    _replaced(quiet, "SELECT * FROM as_loaded WHERE tier <> 'disorder'")
    without = expect_harm(count_subject(quiet, subject.profile, YEAR))
    assert without is not None
    np.testing.assert_allclose(found.harm_days, without.harm_days, rtol=1e-12)
    settings = subject.scene.settings.model_copy(update={"untelling": ()})
    told = expect_harm(replace(subject, scene=replace(subject.scene, settings=settings)))
    assert told is not None
    assert not np.allclose(told.harm_days, found.harm_days, rtol=1e-3)


def test_months_without_data_are_not_quiet_months(saltmere_store: IncidentStore) -> None:
    beyond = _subject(saltmere_store, "ark", Window(YEAR.first, dt.date(2027, 6, 30)))
    found, plain = expect_harm(beyond), expect_harm(_subject(saltmere_store, "ark", YEAR))
    assert found is not None
    assert plain is not None
    np.testing.assert_array_equal(found.harm_days, plain.harm_days)
    assert any("the part of the window that the data reach" in note.text for note in found.notes)


def test_one_homicide_in_a_quiet_cell_makes_no_target(saltmere_store: IncidentStore) -> None:
    subject = _subject(saltmere_store, "ark", YEAR)
    found = expect_harm(subject)
    assert found is not None
    quiet = int(np.argmin(found.harm_days))
    places = ranked_places(subject, 40).areas
    cell = int(subject.scene.grid.cells[quiet])
    scene = open_scene(saltmere_store, None, 10)
    # one robbery of the town becomes a murder, there
    _replaced(
        scene,
        f"""
        SELECT * FROM as_loaded WHERE incident_id <> (SELECT min(incident_id) FROM as_loaded
            WHERE {subject.condition} AND tier = 'robbery' AND h3_10 IS NOT NULL
            AND occurred_from >= DATE '2026-01-01')
        UNION ALL
        SELECT * REPLACE ({cell}::UBIGINT AS h3_10, 'homicide' AS tier, 5475.0 AS harm_days)
        FROM as_loaded WHERE incident_id = (SELECT min(incident_id) FROM as_loaded
            WHERE {subject.condition} AND tier = 'robbery' AND h3_10 IS NOT NULL
            AND occurred_from >= DATE '2026-01-01')
        """,
    )
    fatal = count_subject(scene, subject.profile, YEAR)
    assert fatal.counts.harm[quiet] >= 5_475_000
    after = expect_harm(fatal)
    assert after is not None
    # raw harm would put the cell first; it stays far from the least of the places
    least = min(after.harm_days[area].sum() for area in places)
    assert after.harm_days[quiet] < 0.1 * least
    assert not any(quiet in area for area in ranked_places(fatal, 40).areas)
    assert any("homicide" in note.text for note in after.notes)


@pytest.mark.parametrize("profile", ["ark", "near_miss", "violence_proxy"])
def test_the_planted_hot_places_are_found_at_least_as_well_as_by_harm(
    saltmere_store: IncidentStore, profile: str
) -> None:
    planted = json.loads((DATA / "planted.json").read_text(encoding="utf-8"))["hot_places"]
    hot = [place for place in planted if place["serious_violence"]]
    subject = _subject(saltmere_store, profile, YEAR)
    discs = []
    for place in hot:
        longitude, latitude = national_grid().inverse(place["easting"], place["northing"])
        cell = h3_int.latlng_to_cell(float(latitude), float(longitude), 10)
        discs.append(np.array(sorted(h3_int.grid_disk(cell, 1)), dtype=np.uint64))

    def found(measure: Measure) -> int:
        held = subject.scene.grid.cells[ranked_places(subject, 20, measure=measure).positions]
        return sum(bool(np.isin(disc, held).any()) for disc in discs)

    assert found(Measure.EXPECTED_HARM) >= found(Measure.HARM)
    assert found(Measure.EXPECTED_HARM) >= len(hot) - 2


@pytest.mark.slow
def test_the_measure_ranks_and_is_part_of_the_run(saltmere_store: IncidentStore) -> None:
    plain = targets(saltmere_store, ARK)
    assert plain.measure is Measure.EXPECTED_HARM
    others = (Measure.COUNT, Measure.HARM, Measure.SQRT_HARM)
    results = {
        measure: targets(saltmere_store, replace(ARK, measure=measure)) for measure in others
    }
    results[Measure.EXPECTED_HARM] = plain
    assert len({result.run_id for result in results.values()}) == len(Measure)
    by_count = results[Measure.COUNT].areas
    assert by_count["incidents"].is_monotonic_decreasing
    assert results[Measure.HARM].areas["area_id"].tolist() != plain.areas["area_id"].tolist()
    for result in results.values():
        areas = result.areas
        # what is expected stands beside every list, whatever ranked it
        assert (areas["expected_low"] < areas["expected_harm"]).all()
        assert (areas["expected_harm"] < areas["expected_high"]).all()
        assert areas["chance_in_top"].between(0, 1).all()
        assert result.held_out_share is not None
    chance = plain.areas["chance_in_top"]
    assert chance.iloc[0] > 0.9
    assert chance.iloc[0] > chance.iloc[-1]
    # the share stays that of what happened
    assert plain.areas["harm_share"].sum() == pytest.approx(plain.harm_share, abs=1e-5)
    with pytest.raises(BadInputError, match="'harm' cannot rank places of profile 'asb'"):
        targets(saltmere_store, replace(ARK, profile="asb", measure=Measure.HARM))


def test_an_area_expects_what_its_cells_do(saltmere_store: IncidentStore) -> None:
    subject = _subject(saltmere_store, "ark", YEAR)
    found = expect_harm(subject)
    assert found is not None
    np.testing.assert_allclose(sum(found.parts[part] for part in PARTS), found.harm_days)
    areas = targets(saltmere_store, ARK).areas
    ranked = ranked_places(subject, 12, expected=found).areas
    np.testing.assert_allclose(
        areas["expected_harm"].to_numpy(float),
        [found.harm_days[area].sum() for area in ranked],
        atol=0.051,
    )
    assert areas["rests_on"].str.contains(r"\(\d+%\)").all()


@pytest.mark.parametrize("profile", ["homicide", "near_miss", "robbery"])
@pytest.mark.parametrize(
    "window", [YEAR, Window(dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
               Window(dt.date(2026, 3, 5), dt.date(2026, 4, 20))], ids=["year", "month", "odd"]
)  # fmt: skip
def test_rare_profiles_and_short_windows_have_figures_and_say_what_they_rest_on(
    saltmere_store: IncidentStore, profile: str, window: Window
) -> None:
    subject = _subject(saltmere_store, profile, window)
    found = expect_harm(subject)
    if not subject.counts.harm.any():
        assert found is None
        return
    assert found is not None
    assert np.isfinite(found.harm_days).all()
    np.testing.assert_allclose(found.harm_days.sum(), subject.counts.harm.sum() / 1000, rtol=0.02)
    if window != YEAR:
        assert any(note.loud and "needed" in note.text for note in found.notes)


def test_homicide_is_placed_by_other_violence(saltmere_store: IncidentStore) -> None:
    subject = _subject(saltmere_store, "homicide", Window(dt.date(2023, 11, 1), YEAR.last))
    found = expect_harm(subject)
    assert found is not None
    assert [tier.method for tier in found.tiers] == ["borrowed"]
    violence = _subject(saltmere_store, "violence_proxy", Window(dt.date(2023, 11, 1), YEAR.last))
    busy = np.argsort(-violence.counts.incidents)[:50]
    where = found.harm_days[subject.counts.incidents > 0]
    assert found.harm_days[busy].mean() > 5 * found.harm_days.mean()
    assert where.max() < found.harm_days.max()


def test_harm_that_nobody_weighed_is_ranked_by_count(saltmere_store: IncidentStore) -> None:
    scene = open_scene(saltmere_store, None, 10)
    _replaced(scene, "SELECT * REPLACE (CAST(NULL AS DOUBLE) AS harm_days) FROM as_loaded")
    subject = count_subject(scene, load_profile("ark"), YEAR)
    assert expect_harm(subject) is None
    ranked = ranked_places(subject, 5)
    assert ranked.measure is Measure.COUNT
    assert len(ranked.areas) == 5
    assert any(note.loud and "ranked by their incidents" in note.text for note in ranked.notes)
