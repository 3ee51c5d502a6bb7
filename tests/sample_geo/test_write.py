"""Writing: the committed copy is what the generator writes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sample_geo.awkward import PLANTED
from sample_geo.write import FOLDER, SEED, VERSION, write_sample

if TYPE_CHECKING:
    from pathlib import Path

STEMS = {
    "anniversaries", "barriers", "beats", "boundary", "census", "coastline", "events", "incidents",
    "operation_gull", "operation_gull_areas", "operation_gull_visits", "operation_tern",
    "operation_tern_allocation", "operation_tern_areas", "operation_tern_visits", "parks",
    "partner_ambulance", "partner_deaths", "partner_emergency_department", "partner_licensing",
    "partner_planted", "partner_safeguarding",
    "places", "planted", "population", "risk_factors", "sea", "streets", "tension", "water",
}  # fmt: skip


def test_the_committed_bytes_are_the_generators(redrawn: Path) -> None:
    assert {path.stem for path in redrawn.iterdir()} == STEMS
    assert {path.name for path in redrawn.iterdir()} == {path.name for path in FOLDER.iterdir()}
    differing = [
        p.name for p in redrawn.iterdir() if p.read_bytes() != (FOLDER / p.name).read_bytes()
    ]
    assert differing == [], "raise write.VERSION and write the committed copy anew"


def test_it_stays_under_ten_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 10_000_000


def test_it_says_what_it_is() -> None:
    planted = json.loads((FOLDER / "planted.json").read_text(encoding="utf-8"))
    assert (planted["generator_version"], planted["seed"]) == (VERSION, SEED)
    assert planted["fictional"] is True
    violent = [place for place in planted["hot_places"] if place["serious_violence"]]
    antisocial = [place for place in planted["hot_places"] if place["antisocial_behaviour"]]
    assert len(violent) == 14
    assert len(antisocial) == 15


def test_the_readme_counts_are_the_planted_ones() -> None:
    text = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    written = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", text, flags=re.MULTILINE))
    assert {kind: int(count) for kind, count in written.items()} == PLANTED


@pytest.mark.slow
def test_another_seed_is_another_town(tmp_path: Path) -> None:
    write_sample(tmp_path / "other", seed=5)
    for name, same in (
        ("boundary.geojson", True),
        ("streets.geojson", False),
        ("incidents.csv", False),
    ):
        ours = (tmp_path / "other" / name).read_bytes()
        assert (ours == (FOLDER / name).read_bytes()) is same, name


def test_a_file_in_the_way_is_reported(tmp_path: Path) -> None:
    blocked = tmp_path / "town"
    blocked.write_text("not a folder", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_sample(blocked)
