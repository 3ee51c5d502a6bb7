"""Assessment documents: sections of answers and open questions, as Markdown and as a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layers.wording import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")
_TO_ANSWER: Final = "To be answered by the force"
_FILLED: Final = "Filled from the run"
_STYLE: Final = """
body{font:16px/1.45 system-ui,'Segoe UI',Arial,sans-serif;color:#0B0C0C;background:#FFF;
max-width:54rem;margin:0 auto;padding:0 1.2rem 2rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;border-top:2px solid #12436D;padding-top:.6rem}
h3{font-size:1rem;margin:1rem 0 .2rem}p{margin:.2rem 0}
.mark{text-align:center;font-weight:700;letter-spacing:.06em;padding:.4rem}
.open{border:1px dashed #505A5F;border-left:6px solid #F46A25;padding:.3rem .8rem;min-height:3rem}
.filled{border-left:6px solid #12436D;padding:.1rem .8rem}
.tag{color:#505A5F;font-size:.85rem}
@media print{h2,h3{break-after:avoid}}
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One field of a document.

    Attributes
    ----------
    title
        The field, with its number where the form has one.
    question
        What the force is to answer; empty where nothing is left to answer.
    facts
        What the run says, a paragraph each; none where it says nothing.
    """

    title: str
    question: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a document."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A form filled as far as a run can fill it.

    Attributes
    ----------
    name
        In file names.
    title
        At the top.
    about
        What the form is, with its source; a paragraph each.
    parts
        Its sections.
    marking
        Top and bottom.
    """

    name: str
    title: str
    about: tuple[str, ...]
    parts: tuple[Part, ...]
    marking: str

    @property
    def open_questions(self) -> int:
        """How many fields wait for an answer."""
        return sum(bool(item.question) for part in self.parts for item in part.items)


def markdown(document: Document) -> bytes:
    """Write a document as Markdown, UTF-8: text of the run is shown as written."""
    return ("\n\n".join(_markdown_blocks(document)) + "\n").encode()


def _markdown_blocks(document: Document) -> Iterator[str]:
    yield f"**{_plain(document.marking)}**"
    yield f"# {_shown(document.title)}"
    yield from map(_plain, document.about)
    for part in document.parts:
        yield f"## {_shown(part.title)}"
        for item in part.items:
            yield f"### {_shown(item.title)}"
            if item.facts:
                yield f"*{_FILLED}:*"
                yield from map(_plain, item.facts)
            if item.question:
                yield f"> **{_TO_ANSWER}:** {_plain(item.question)}"
    yield f"**{_plain(document.marking)}**"


def page(document: Document) -> bytes:
    """Write a document as one HTML page: no script, no address that is opened by itself."""
    mark = f'<div class="mark">{escaped(document.marking)}</div>'
    about = "".join(f'<p class="tag">{escaped(text)}</p>' for text in document.about)
    parts = "".join(
        f"<section><h2>{escaped(part.title)}</h2>{''.join(map(_item, part.items))}</section>"
        for part in document.parts
    )
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escaped(document.title)}</title><style>{_STYLE}</style></head><body>{mark}"
        f"<main><h1>{escaped(document.title)}</h1>{about}{parts}</main>{mark}</body></html>\n"
    ).encode()


def _item(item: Item) -> str:
    facts = "".join(f"<p>{escaped(text)}</p>" for text in item.facts)
    filled = f'<div class="filled"><span class="tag">{_FILLED}</span>{facts}</div>' if facts else ""
    asked = (
        f'<div class="open"><span class="tag">{_TO_ANSWER}</span><p>{escaped(item.question)}</p>'
        "</div>"
        if item.question
        else ""
    )
    return f"<h3>{escaped(item.title)}</h3>{filled}{asked}"


def _plain(text: str) -> str:
    """Return a paragraph that Markdown shows as written: one that begins like a list is none."""
    line = _shown(text)
    return re.sub(r"^(\d+)([.)])(\s)", r"\1\\\2\3", re.sub(r"^([-+])(\s)", r"\\\1\2", line))


def _shown(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))
