"""The crest: a small picture that runs and fetches nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from config.crest import MOST_BYTES, checked_crest, load_crest
from config.errors import BadInputError
from config.force_file import Origin, held, said_in

_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def _svg(inside: str) -> bytes:
    return f"{_HEAD}{inside}</svg>".encode()


def _png(wide: int, high: int) -> bytes:
    stream = io.BytesIO()
    Image.new("1", (wide, high)).save(stream, "PNG")
    return stream.getvalue()


def test_plain_pictures_are_taken_and_told_by_their_content() -> None:
    png = checked_crest(_png(40, 48), name="crest.svg")
    assert (png.ending, png.mime) == (".png", "image/png")
    plain = '<!-- drawn --><g id="a"/><use xlink:href="#a"/><path fill="url(#a)" d="M0 0h9"/>'
    svg = checked_crest(_svg(plain), name="crest.png")
    assert (svg.ending, svg.mime) == (".svg", "image/svg+xml")
    assert svg.file_name != checked_crest(_svg(plain + " "), name="x").file_name


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (_svg("<script>alert(1)</script>"), "holds <script>"),
        (_svg("<SCRIPT/>"), "holds <script>"),
        (_svg('<x:script xmlns:x="http://www.w3.org/2000/svg"/>'), "holds <script>"),
        (_svg('<path onload="alert(1)"/>'), "the event 'onload'"),
        (_svg('<a xlink:href="javascript:alert(1)"><path/></a>'), "outside itself"),
        (_svg('<image href="https://elsewhere.example/a.png"/>'), "outside itself"),
        (_svg('<image href="data:image/svg+xml;base64,AAAA"/>'), "outside itself"),
        (_svg("<style>@import url(https://elsewhere.example/a.css)</style>"), "outside itself"),
        (_svg('<path style="fill:url( https://elsewhere.example )"/>'), "outside itself"),
        (_svg("<foreignObject><p/></foreignObject>"), "holds <foreignobject>"),
        (_svg('<set attributeName="href" to="javascript:alert(1)"/>'), "holds <set>"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + _svg("&a;"), "document type"),
        (_svg("<path>"), "a damaged SVG"),
        (b"<html><svg/></html>", "neither PNG nor SVG"),
        (b"GIF89a", "neither PNG nor SVG"),
        (b"", "neither PNG nor SVG"),
        (_png(3001, 1), "3,001 pixels"),
        (_png(9, 9)[:12], "a damaged PNG"),
        (_svg(" " * MOST_BYTES), "larger than 300 kB"),
    ],
)
def test_what_may_run_fetch_or_swell_is_refused(content: bytes, match: str) -> None:
    with pytest.raises(BadInputError, match=match) as refused:
        checked_crest(content, name="crest.svg")
    assert str(refused.value).startswith("The crest 'crest.svg' ")


def test_the_path_begins_at_the_folder_of_the_settings(tmp_path: Path) -> None:
    assert load_crest() is None
    file = said_in({"force": {"crest": "ours.svg"}}, Origin.STORE, tmp_path / "settings.toml")
    with held(file), pytest.raises(BadInputError, match=r"'ours\.svg' cannot be opened"):
        load_crest()
    (tmp_path / "ours.svg").write_bytes(_svg("<path/>"))
    with held(file):
        found = load_crest()
        assert found is not None
        assert found.content == _svg("<path/>")
        (tmp_path / "ours.svg").write_bytes(_svg("<script/>"))
        with pytest.raises(BadInputError, match="holds <script>"):
            load_crest()
