"""The planner's journey: a list, its schedule, and files that other programs read."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from fastkml import KML, Placemark
from fastkml.utils import find_all
from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.watched import WAIT, carried

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.watched import Watched

pytestmark = pytest.mark.browser

GPX = "{http://www.topografix.com/GPX/1/1}"


def test_from_the_list_to_schedule_and_files_in_hand(
    laptop: Watched, app_address: str, tmp_path: Path
) -> None:
    page = laptop.page
    page.goto(f"{app_address}/targets?places=6")
    expect(page.get_by_text("officer-hours").first).to_be_visible(timeout=WAIT)

    page.get_by_text("Schedule", exact=True).first.click()
    page.get_by_role("button", name="Make the schedule").click(timeout=WAIT)
    expect(page.get_by_text("told from chance")).to_be_visible(timeout=WAIT)
    calendar = Calendar.from_ical(carried(page, "iCalendar", tmp_path).read_bytes())
    visits = calendar.walk("VEVENT")
    schedule = carried(page, "CSV", tmp_path).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(schedule)))
    assert visits
    assert all(part.end > part.start for part in visits)
    assert rows

    page.get_by_text("Adopt and files", exact=True).first.click()
    page.get_by_role("button", name="Write the files").click(timeout=WAIT)
    drawn = json.loads(carried(page, "GeoJSON", tmp_path).read_text(encoding="utf-8"))
    names = [item["properties"]["name"] for item in drawn["features"]]
    assert [item["properties"]["rank"] for item in drawn["features"]] == list(range(1, 7))
    kml = KML.parse(carried(page, "KML", tmp_path), strict=False)
    placed = [mark.name or "" for mark in find_all(kml, of_type=Placemark)]
    assert all(any(name in mark for mark in placed) for name in names)
    gpx = ET.fromstring(carried(page, "GPX", tmp_path).read_bytes())  # noqa: S314 (written just now)
    points = [point.findtext(f"{GPX}name") or "" for point in gpx.iter(f"{GPX}wpt")]
    assert all(any(name in point for point in points) for name in names)
    laptop.clean()
