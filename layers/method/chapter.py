"""A chapter of a page to read, and the small pieces of HTML it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layers.wording import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# an id such as "after" is a word of the browser's own, which its cleaning of HTML takes out
_PREFIX: Final = "part-"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter.

    Attributes
    ----------
    anchor
        Its name in links within the page: small letters and hyphens.
    title
        As read, unescaped.
    body
        HTML of our own, every word in it escaped.
    """

    anchor: str
    title: str
    body: str


def words(*paragraphs: str) -> str:
    """Return paragraphs."""
    return "".join(f"<p>{escaped(text)}</p>" for text in paragraphs)


def head(title: str) -> str:
    """Return a heading within a chapter."""
    return f"<h3>{escaped(title)}</h3>"


def points(*items: str) -> str:
    """Return a list; what stands before the first full stop of an item marked ``*`` is bold.

    ``*Title.* rest`` makes the title bold: nothing else is interpreted.
    """
    return f"<ul>{''.join(f'<li>{_item(text)}</li>' for text in items)}</ul>"


def terms(pairs: Mapping[str, str]) -> str:
    """Return a list of words and what they mean."""
    parts = (f"<dt>{escaped(term)}</dt><dd>{escaped(text)}</dd>" for term, text in pairs.items())
    return f"<dl>{''.join(parts)}</dl>"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str) -> str:
    """Return a table; the first cell of each row names it."""
    top = "".join(f'<th scope="col">{escaped(text)}</th>' for text in columns)
    body = "".join(
        f'<tr><th scope="row">{escaped(row[0])}</th>'
        f"{''.join(f'<td>{escaped(text)}</td>' for text in row[1:])}</tr>"
        for row in rows
    )
    return (
        f'<div class="hx-wide" role="region" tabindex="0" aria-label="{escaped(caption)}">'
        f'<table><caption class="hx-caption">{escaped(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def chapters_html(chapters: Sequence[Chapter], *, label: str) -> str:
    """Return the table of contents and the chapters, one after another."""
    links = "".join(
        f'<li><a href="#{_PREFIX}{escaped(one.anchor)}">{escaped(one.title)}</a></li>'
        for one in chapters
    )
    parts = "".join(
        f'<section aria-labelledby="{_PREFIX}{escaped(one.anchor)}">'
        f'<h2 id="{_PREFIX}{escaped(one.anchor)}">{escaped(one.title)}</h2>{one.body}</section>'
        for one in chapters
    )
    return (
        f'<div class="hx-read"><nav aria-label="{escaped(label)}"><ol>{links}</ol></nav>'
        f'<div class="hx-text">{parts}</div></div>'
    )


def _item(text: str) -> str:
    if not text.startswith("*"):
        return escaped(text)
    title, _, rest = text[1:].partition("*")
    return f"<b>{escaped(title)}</b>{escaped(rest)}"
