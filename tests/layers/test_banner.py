"""The quality banner goes with the data onto the page and into every file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from layers.banner import banner_html, banner_line
from layers.rows import rows_html
from layers.summary import foot_html, made_html
from layers.targets.files import hotspots_geojson
from layers.targets.manifest import manifest_json
from spatial.incidents.checks.banner import Banner, BannerPart, Grade

if TYPE_CHECKING:
    from spatial.results import TaskingResult

BANNER = Banner(
    (
        BannerPart("data_through", "Data to 31 Oct 2026", Grade.OK),
        BannerPart("flags", "knife <not> recorded for 42%", Grade.POOR),
    )
)


def test_the_grade_is_said_in_words_and_the_text_escaped() -> None:
    for html in (banner_html(BANNER), banner_line(BANNER)):
        assert "poor" in html
        assert "knife &lt;not&gt; recorded for 42%" in html
        assert "<not>" not in html
    assert "<b>knife" in banner_html(BANNER)
    assert "<b>Data to" not in banner_html(BANNER)


def test_the_foot_and_the_method_carry_it(invented_result: TaskingResult) -> None:
    result = replace(invented_result, quality=BANNER)
    assert "Data: poor" in foot_html(result)
    assert "Data to 31 Oct 2026" in foot_html(result)
    assert "knife &lt;not&gt; recorded" in made_html(result)


def test_every_file_carries_it(invented_result: TaskingResult) -> None:
    targets = replace(invented_result.targets, quality=BANNER)
    surface = replace(invented_result.violence, quality=BANNER)
    for said in (
        json.loads(hotspots_geojson(surface))["harmhex"]["quality"],
        json.loads(manifest_json(targets, {}))["quality"],
    ):
        assert said["grade"] == "poor"
        assert said["sentence"] == BANNER.sentence
        assert [part["kind"] for part in said["parts"]] == ["data_through", "flags"]
    bare = json.loads(manifest_json(replace(targets, quality=None), {}))
    assert bare["quality"] is None


def test_rows_are_escaped() -> None:
    html = rows_html(["<i>"], [["=1<b>"], ["two"]])
    assert "<i>" not in html
    assert "=1&lt;b&gt;" in html
    assert html.count("<tr>") == 3
