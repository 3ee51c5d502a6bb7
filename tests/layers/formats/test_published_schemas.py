"""XML against its published schema: KML's own, which fastkml carries, and GPX's rules by hand."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from layers.formats.gpx import layer_gpx
from layers.formats.kml import layer_kml, xml_id
from layers.formats.values import clean_text
from layers.targets.files import target_layer
from tests.layers.listed import AWKWARD_NAMES, UNWRITABLE_NAME, target_result

KML = "{http://www.opengis.net/kml/2.2}"
GPX = "{http://www.topografix.com/GPX/1/1}"
# the children that gpx.xsd (GPX 1.1) lets each of our elements have, in its order
ORDER = {
    "gpx": ("metadata", "wpt", "rte", "trk", "extensions"),
    "metadata": ("name", "desc", "author", "copyright", "link", "time", "keywords", "bounds"),
    "wpt": ("ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym",
            "type"),
    "trk": ("name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"),
    "trkseg": ("trkpt", "extensions"),
    "trkpt": (),
}  # fmt: skip
ATTRIBUTES = {
    "gpx": {"version", "creator"},
    "wpt": {"lat", "lon"},
    "trkpt": {"lat", "lon"},
    "bounds": {"minlat", "minlon", "maxlat", "maxlon"},
}
MANY = ("wpt", "rte", "trk", "trkseg", "trkpt", "link")


@pytest.fixture(scope="module")
def kml_schema() -> etree.XMLSchema:
    """The OGC's own schema of KML 2.2."""
    return etree.XMLSchema(etree.parse(str(files("fastkml") / "schema" / "ogckml22.xsd")))


@pytest.mark.parametrize("parts", [False, True])
@pytest.mark.parametrize("names", [(), AWKWARD_NAMES, (UNWRITABLE_NAME,)])
def test_kml_is_valid(kml_schema: etree.XMLSchema, names: tuple[str, ...], *, parts: bool) -> None:
    document = etree.fromstring(layer_kml(target_layer(target_result(names, parts=parts))))
    assert kml_schema.validate(document), kml_schema.error_log
    placemarks = document.findall(f".//{KML}Placemark")
    assert [one.get("id") for one in placemarks] == [
        f"PA-{rank:06X}" for rank in range(1, len(names) + 1)
    ]
    styles = {one.get("id") for one in document.findall(f".//{KML}Style")}
    assert {one.findtext(f"{KML}styleUrl")[1:] for one in placemarks} <= styles
    for ring in document.iter(f"{KML}coordinates"):
        corners = ring.text.split()
        assert corners[0] == corners[-1]
        longitude, latitude = map(float, corners[0].split(","))
        assert 1 < longitude < 2
        assert 53 < latitude < 54


def test_a_description_cannot_become_a_page(kml_schema: etree.XMLSchema) -> None:
    layer = target_layer(target_result(["<script>"]))
    document = etree.fromstring(layer_kml(layer))
    # viewers read the text of a description as HTML, so there it is escaped once more
    said = document.findtext(f"{KML}Document/{KML}description")
    assert "A note &lt;b&gt;." in said
    assert document.findtext(f".//{KML}Placemark/{KML}description") == "3 robberies &amp; more"
    assert kml_schema.validate(document)


@pytest.mark.parametrize("parts", [False, True])
@pytest.mark.parametrize("names", [(), AWKWARD_NAMES, (UNWRITABLE_NAME,)])
def test_gpx_keeps_to_the_rules_of_its_schema(names: tuple[str, ...], *, parts: bool) -> None:
    root = etree.fromstring(layer_gpx(target_layer(target_result(names, parts=parts))))
    assert root.tag == f"{GPX}gpx"
    assert root.get("version") == "1.1"
    for element in root.iter():
        kind = element.tag.removeprefix(GPX)
        children = [child.tag.removeprefix(GPX) for child in element]
        order = ORDER.get(kind, ())
        places = [order.index(child) for child in children]
        assert places == sorted(places), kind
        once = [child for child in children if child not in MANY]
        assert len(once) == len(set(once)), kind
        assert set(element.keys()) == ATTRIBUTES.get(kind, set()), kind
        for axis, most in (("lat", 90), ("lon", 180)):
            for name, text in element.items():
                if name.endswith(axis):
                    assert abs(float(text)) <= most
                    assert "e" not in text.lower()  # xsd:decimal has no exponent
    for number in root.iter(f"{GPX}number"):
        assert int(number.text) > 0


@settings(max_examples=30)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=3))
def test_any_name_gives_files_that_parse_and_hold_it(names: list[str]) -> None:
    layer = target_layer(target_result(names))
    cleaned = [clean_text(name) for name in names]
    kml = etree.fromstring(layer_kml(layer))
    held = kml.findall(f".//{KML}SimpleData[@name='name']")
    assert [one.text or "" for one in held] == cleaned
    gpx = etree.fromstring(layer_gpx(layer))
    titles = [one.text for one in gpx.findall(f"{GPX}wpt/{GPX}name")]
    assert titles == [f"{rank} {name}" for rank, name in enumerate(cleaned, start=1)]


@given(st.text())
def test_clean_text_can_be_written_and_is_clean_for_good(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    cleaned.encode()
    etree.Element("x").text = cleaned  # lxml refuses what XML cannot hold
    assert not set(cleaned) & set("\n\r\t\u202e\u2066")


@pytest.mark.parametrize(
    ("given_id", "written"),
    [("PA-1A", "PA-1A"), ("12 North", "area_12_North"), ("Tŵr", "T_r"), ("", "area_")],
)
def test_ids_are_ids(given_id: str, written: str) -> None:
    assert xml_id(given_id) == written
