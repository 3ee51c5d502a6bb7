"""Reports on paper: a report's own page, word for word, in the design of the sheets.

The page is read back rather than written a second time, so that paper and screen cannot differ.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

from config.errors import BadInputError
from config.force import load_force
from config.print import load_print_settings
from layers.formats.values import clean_text
from layers.marking import marking_in_force
from layers.print.codes import read_logo
from layers.print.fonts import FAMILY
from layers.print.typeset import pdf
from layers.wording import PRODUCT, run_words
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt

    from spatial.evaluation_results import EvaluationResult

_SVG: Final = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_LABEL: Final = re.compile(r'aria-label="([^"]*)"')
_PICTURE: Final = "picture-"
_TEXT: Final = {"h1": "title", "h2": "part", "h3": "heading", "p": "text", "li": "item",
                "summary": "heading", "figcaption": "caption"}  # fmt: skip
_LOUD: Final = frozenset({"loud", "verdict"})


def evaluation_pdf(result: EvaluationResult, page: bytes) -> bytes:
    """Set an evaluation's page as PDF/UA-1.

    Parameters
    ----------
    result
        The evaluation.
    page
        What :func:`layers.evaluation.report.evaluation_html` wrote of it.
    """
    return report_pdf(
        page,
        title=f"Evaluation, {result.operation.name}",
        run_id=result.run_id,
        version=result.version,
        of=result.operation.name,
        data_through=result.data_through,
    )


def report_pdf(  # noqa: PLR0913 (a page, and what its foot says)
    page: bytes,
    *,
    title: str,
    run_id: str,
    version: str,
    of: str,
    data_through: dt.date,
) -> bytes:
    """Set a report's page as PDF/UA-1: the same page, the same bytes.

    Parameters
    ----------
    page
        HTML that this program wrote: headings, paragraphs, lists, tables, and figures of SVG with
        a label each.
    title, run_id, version, of, data_through
        For the document's properties and the foot of every page.

    Raises
    ------
    BadInputError
        The page is none of this program's.
    """
    blocks, drawings = page_blocks(page.decode("utf-8"))
    if not blocks or blocks[0]["kind"] != "title":
        msg = "The report's page does not begin with its title. Make the report again."
        raise BadInputError(msg)
    marking, logo = marking_in_force(), read_logo(load_print_settings())
    common = {
        "marking": marking.marking,
        "handling": marking.handling,
        "data_through": day_words(data_through),
        "study_area": " · ".join(filter(None, (clean_text(load_force().name), of))),
        "fictional": "",
        "run": run_words(run_id),
        "product": f"{PRODUCT} {version}",
        "use_until": "",
        "logo": None if logo is None else logo[0],
        "date": data_through.isoformat(),
    }
    if logo is not None:
        drawings[logo[0]] = logo[1]
    values = {"title": title, "common": common, "parts": [{"kind": "report", "blocks": blocks}]}
    return pdf(values, drawings, made=data_through)


def page_blocks(page: str) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Return a page's blocks in reading order, and its drawings by file name.

    Returns
    -------
    Blocks of ``kind`` title, part, heading, lead, text, item, caption (``words``, ``loud``), table
    (``head``, ``rows``) or figure (``file``, ``alt``).
    """
    drawings: dict[str, bytes] = {}
    labels: list[str] = []

    def taken(found: re.Match[str]) -> str:
        drawing = found.group()
        label = _LABEL.search(drawing)
        labels.append(html.unescape(label.group(1)) if label else "Figure")
        drawings[f"{_PICTURE}{len(drawings)}.svg"] = _own_font(drawing).encode()
        return f'<img alt="{len(drawings) - 1}">'

    body = page[page.find("<header>") : page.find("</main>")]
    reader = _Page()
    reader.feed(_SVG.sub(taken, body))
    for block in reader.blocks:
        if block["kind"] == "figure":
            number = block["number"]
            block |= {"file": f"{_PICTURE}{number}.svg", "alt": labels[number]}
    return reader.blocks, drawings


def _own_font(drawing: str) -> str:
    # a screen's font is not at hand on paper, and neither is its width
    return drawing.replace(' width="100%"', "").replace("<svg ", f'<svg font-family="{FAMILY}" ', 1)


class _Page(HTMLParser):
    """Gathers blocks; text outside any known block is a paragraph."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[dict[str, Any]] = []
        self._words: list[str] = []
        self._kind = "text"
        self._loud = 0
        self._divisions: list[bool] = []
        self._rows: list[tuple[bool, list[str]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "div":
            self._end()
            loud = bool(_LOUD & set((given.get("class") or "").split()))
            self._divisions.append(loud)
            self._loud += loud
        elif tag in _TEXT:
            self._end()
            lead = tag == "p" and "lead" in (given.get("class") or "").split()
            self._kind = "lead" if lead else _TEXT[tag]
        elif tag == "table":
            self._end()
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append((False, []))
        elif tag in {"td", "th"} and self._rows:
            self._words = []
        elif tag == "img":
            self._end()
            self.blocks.append({"kind": "figure", "number": int(given.get("alt") or 0)})

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._end()
            self._loud -= self._divisions.pop() if self._divisions else False
        elif tag in _TEXT:
            self._end()
        elif tag in {"td", "th"} and self._rows:
            heads, cells = self._rows[-1]
            cells.append(self._said())
            self._rows[-1] = (heads or tag == "th", cells)
        elif tag == "table" and self._rows is not None:
            head = self._rows[0][1] if self._rows and self._rows[0][0] else []
            rows = [cells for _, cells in self._rows[bool(head) :]]
            self._rows = None
            if rows:
                self.blocks.append({"kind": "table", "head": head, "rows": _even(rows, len(head))})

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def _said(self) -> str:
        words = " ".join("".join(self._words).split())
        self._words = []
        return words

    def _end(self) -> None:
        words = self._said()
        if words and self._rows is None:
            self.blocks.append({"kind": self._kind, "words": words, "loud": self._loud > 0})
        self._kind = "text"


def _even(rows: list[list[str]], wide: int) -> list[list[str]]:
    widest = max(wide, *(len(row) for row in rows))
    return [[*row, *[""] * (widest - len(row))] for row in rows]
