from __future__ import annotations

import datetime as dt

import pytest

from config.errors import BadInputError
from layers.print.report import page_blocks, report_pdf
from layers.report.page import report_html
from spatial.report_results import ReportResult
from tests.layers.print.paper import inked_edges, structure, texts

PICTURE = (
    '<svg viewBox="0 0 90 20" width="100%" role="img" aria-label="Two &amp; more" '
    'xmlns="http://www.w3.org/2000/svg"><text x="5" y="12">Patrolled</text></svg>'
)
PAGE = (
    "<!DOCTYPE html><html><head><style>p{color:red}</style></head><body><header>"
    '<h1>Operation &lt;Gull&gt; #1</h1><p class="meta">Before &amp; after.</p>'
    '<div class="verdict"><p class="lead">We cannot tell.</p><p>55 incidents.</p></div></header>'
    f"<main><section><h2>Where</h2><figure>{PICTURE}<figcaption>North is up.</figcaption></figure>"
    '<div class="loud"><ul><li>A loud *note*</li></ul></div>'
    '<div class="hx-rows"><table><thead><tr><th>Of</th><th>Figure</th></tr></thead><tbody>'
    "<tr><td>harm</td><td>21% lower</td></tr><tr><td>incidents</td></tr></tbody></table></div>"
    "</section></main><div>after</div></body></html>"
)


def printed(page: str) -> bytes:
    return report_pdf(
        page.encode(), title="Evaluation", run_id="b172ef4850ed", version="0.1.0",
        of="Operation Gull", data_through=dt.date(2026, 10, 31),
    )  # fmt: skip


def test_a_page_is_read_block_by_block_in_its_order() -> None:
    blocks, drawings = page_blocks(PAGE)
    assert [(one["kind"], one.get("words", ""), one.get("loud")) for one in blocks] == [
        ("title", "Operation <Gull> #1", False),
        ("text", "Before & after.", False),
        ("lead", "We cannot tell.", True),
        ("text", "55 incidents.", True),
        ("part", "Where", False),
        ("figure", "", None),
        ("caption", "North is up.", False),
        ("item", "A loud *note*", True),
        ("table", "", None),
    ]
    assert blocks[5]["alt"] == "Two & more"
    assert list(drawings) == [blocks[5]["file"]]
    assert blocks[8]["head"] == ["Of", "Figure"]
    assert blocks[8]["rows"] == [["harm", "21% lower"], ["incidents", ""]]


def test_a_report_is_set_with_the_same_words_and_the_same_bytes() -> None:
    made = printed(PAGE)
    assert made == printed(PAGE)
    said = " ".join(texts(made)[0].split())
    for words in ("Operation <Gull> #1", "A loud *note*", "21% lower", "run b172ef4850ed"):
        assert words in said
    assert "Do not use after" not in said
    assert "after</div>" not in said
    tags = structure(made)
    assert ("/Figure", "Two & more") in tags
    assert any(tag == "/TH" for tag, _ in tags)


def test_the_stores_own_report_fits_the_page(saltmere_report: ReportResult) -> None:
    made = report_pdf(
        report_html(saltmere_report),
        title="Report",
        run_id=saltmere_report.run_id,
        version=saltmere_report.version,
        of=saltmere_report.study_area.name,
        data_through=dt.date(2026, 10, 31),
    )
    assert inked_edges(made, margin_pt=38.0) == []
    assert "In short" in texts(made)[0]


def test_what_is_no_page_of_ours_is_refused() -> None:
    with pytest.raises(BadInputError, match="does not begin with its title"):
        printed("<html><body>Hello</body></html>")
