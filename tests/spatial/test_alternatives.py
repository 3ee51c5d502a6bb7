"""Weights chosen per run, and what the list would be under others, on the sample town."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from config.errors import BadInputError
from config.profile import Measure, load_profile
from spatial.alternatives import alternative_values
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.results import HotspotRequest, TargetRequest, TaskingRequest
from spatial.run import hotspots, sensitivity, targets, tasking
from spatial.scene import count_subject, open_scene
from spatial.window import Window
from tests.spatial.incidents.exports import police_uk, written

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
ALL = Window(dt.date(2023, 11, 1), dt.date(2026, 10, 31))
ARK = TargetRequest("ark", YEAR)
CSS = "ONS CSS 2019-09/2016-11"


def test_other_weights_change_harm_and_nothing_else(saltmere_store: IncidentStore) -> None:
    stored = hotspots(saltmere_store, HotspotRequest("ark", YEAR))
    other = hotspots(saltmere_store, HotspotRequest("ark", YEAR, weights="ons_css"))
    assert other.run_id != stored.run_id
    # what is shown may differ (a cell can be hot on harm without an incident), what is counted not
    counted = [
        result.cells[result.cells["incidents"] > 0].set_index("cell")["incidents"]
        for result in (stored, other)
    ]
    assert counted[0].equals(counted[1])
    assert other.cells["harm_days"].sum() > 2 * stored.cells["harm_days"].sum()
    loud = [note.text for note in other.notes if note.loud]
    assert any(text.startswith(f"Harm by ONS Crime Severity Score ({CSS})") for text in loud)
    assert any("Open Government Licence" in note.text for note in other.notes)
    assert not any("Harm by" in note.text for note in stored.notes)


@pytest.mark.slow
def test_the_same_weights_by_name_or_file_are_the_same_run(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    folder = Path(__file__).parents[2] / "config" / "harm"
    for name in ("ons_css.toml", "ons_css.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    named = targets(saltmere_store, replace(ARK, weights="ons_css"))
    filed = targets(saltmere_store, replace(ARK, weights=str(tmp_path / "ons_css.toml")))
    assert named.run_id == filed.run_id
    (tmp_path / "ons_css.csv").write_bytes((folder / "ons_css.csv").read_bytes() + b"\n")
    changed = tmp_path / "changed.toml"
    changed.write_bytes((folder / "ons_css.toml").read_bytes() + b"\n# a word\n")
    assert targets(saltmere_store, replace(ARK, weights=str(changed))).run_id != named.run_id


def test_stored_weights_by_name_give_the_stored_figures(saltmere_store: IncidentStore) -> None:
    stored = targets(saltmere_store, ARK)
    named = targets(saltmere_store, replace(ARK, weights="cchi_2020"))
    columns = ["area_id", "rank", "incidents", "harm_days", "harm_share"]
    assert named.areas[columns].equals(stored.areas[columns])
    assert named.harm_share == stored.harm_share
    assert named.held_out_share == stored.held_out_share


@pytest.mark.slow
def test_the_tasking_page_says_whose_weights(saltmere_store: IncidentStore) -> None:
    stored = tasking(saltmere_store, TaskingRequest("ark", YEAR))
    assert stored.harm_edition == "CCHI 2020"
    other = tasking(saltmere_store, TaskingRequest("ark", YEAR, weights="ons_css"))
    assert other.harm_edition == CSS
    assert "Office for National Statistics" in other.harm_sources[0]
    assert len(other.harm_sources) == 1
    # cells are tested on counts, whatever the weights
    assert other.violence.cells["class"].equals(stored.violence.cells["class"])


def test_antisocial_behaviour_has_no_weight_under_any_scheme(saltmere_store: IncidentStore) -> None:
    result = hotspots(saltmere_store, HotspotRequest("asb", YEAR, weights="ons_css"))
    assert result.cells["harm_days"].isna().all()
    assert not any("Harm by" in note.text for note in result.notes)
    table = sensitivity(saltmere_store, replace(ARK, profile="asb"))
    assert table.to_dict("records") == [{"variant": "count", "kept": 20, "of": 20, "share": 1.0}]


@pytest.mark.slow
def test_the_table_of_other_weights(saltmere_store: IncidentStore) -> None:
    table = sensitivity(saltmere_store, ARK).set_index("variant")
    transforms = (
        "expected harm", "harm, homicide left out", "harm", "square root of harm",
        "harm, homicide weighed as attempted murder",
    )  # fmt: skip
    assert table.index.tolist() == [
        "count", *(f"{name} ({label})" for label in ("CCHI 2020", CSS) for name in transforms)
    ]  # fmt: skip
    assert (table["of"] == 20).all()
    # the first transform is how the list was made
    assert table.loc["expected harm (CCHI 2020)", "kept"] == 20
    assert table.loc["harm, homicide left out (CCHI 2020)", "kept"] < 20
    assert table.loc["count", "kept"] < 20
    assert table["share"].between(0, 1).all()
    # asked under the other scheme, that one comes first, and keeps its own list
    under_css = replace(ARK, weights="ons_css", places=30)
    other = sensitivity(saltmere_store, under_css).set_index("variant")
    assert other.index[1] == f"expected harm ({CSS})"
    assert other["kept"].iloc[1] == 30
    assert other.loc["expected harm (CCHI 2020)", "kept"] < 30
    # ranked in another way, that row is the list
    for measure, row in (
        (Measure.HARM, "harm, homicide left out (CCHI 2020)"),
        (Measure.SQRT_HARM, "square root of harm, homicide left out (CCHI 2020)"),
        (Measure.COUNT, "count"),
    ):
        asked = sensitivity(saltmere_store, replace(ARK, measure=measure)).set_index("variant")
        assert asked.loc[row, "kept"] == 20
        assert asked.loc["expected harm (CCHI 2020)", "kept"] < 20
    with pytest.raises(BadInputError, match="places is 0"):
        sensitivity(saltmere_store, replace(ARK, places=0))


def test_a_capped_homicide_weighs_no_more_than_an_attempt(saltmere_store: IncidentStore) -> None:
    scene = open_scene(saltmere_store, None, 10)
    subject = count_subject(scene, load_profile("homicide"), ALL)
    values = alternative_values(subject, Measure.HARM)
    homicides = subject.counts.incidents
    assert homicides.sum() > 0
    raw = values["harm (CCHI 2020)"]
    capped = values["harm, homicide weighed as attempted murder (CCHI 2020)"]
    assert (values["harm, homicide left out (CCHI 2020)"] == 0).all()
    # murder 5,475 days comes down to 3,285; manslaughter stays at 730
    rows = scene.connection.execute(
        "SELECT harm_days, count(*) FROM incidents WHERE tier = 'homicide' AND h3_10 IS NOT NULL "
        "GROUP BY 1"
    ).fetchall()
    assert raw.sum() == sum(days * n for days, n in rows) * 1000
    assert capped.sum() == sum(min(days, 3285) * n for days, n in rows) * 1000
    assert capped.sum() < raw.sum()
    assert (capped <= raw).all()
    assert np.array_equal(capped > 0, raw > 0)


def test_weights_that_weigh_nothing_are_refused(tmp_path: Path) -> None:
    rows = [{"Crime ID": f"a{n}", "Month": f"2025-0{n}"} for n in range(1, 7)]
    load([written(tmp_path / "2025-street.csv", police_uk(*rows))], tmp_path / "store")
    store = IncidentStore.open(tmp_path / "store")
    window = Window(dt.date(2025, 1, 1), dt.date(2025, 6, 30))
    request = TargetRequest(
        "violence_proxy", window, study_area="ever-incident", resolution=9, weights="ons_css"
    )
    with pytest.raises(BadInputError, match=r"weighs none of the 6 incidents .* Home Office code"):
        targets(store, request)
    # unasked, open data's own weights stand, and no scheme of offences can be tried beside them
    table = sensitivity(store, replace(request, weights=None))
    assert table["variant"].str.contains("CSS").sum() == 0
    assert table["kept"].tolist() == [1] * len(table)


def test_a_break_in_the_series_is_said_aloud(saltmere_store: IncidentStore) -> None:
    def breaks(first: dt.date) -> list[bool]:
        window = Window(first, dt.date(2026, 10, 31))
        notes = hotspots(saltmere_store, HotspotRequest("near_miss", window)).notes
        return [
            note.loud for note in notes if "008/77 and 008/78 exist from 7 Jun 2022" in note.text
        ]

    # three years reach back to 1 November 2020 for the comparison; one year does not
    assert breaks(dt.date(2023, 11, 1)) == [True]
    assert breaks(dt.date(2025, 11, 1)) == []


def test_what_a_profile_took_in_is_said_aloud(saltmere_store: IncidentStore) -> None:
    notes = hotspots(saltmere_store, HotspotRequest("community_violence", YEAR)).notes
    loud = [note.text for note in notes if note.loud]
    assert any("counted although relationship or victim age is not recorded" in t for t in loud)
    assert any("left out because domestic is not recorded" in text for text in loud)
