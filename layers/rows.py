"""Rows of plain text as an HTML table that wraps: for sentences, which a grid would cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.wording import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def rows_html(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of escaped words, a cell to each; the last column takes the room there is.

    A head without words is no head: a screen reader would announce an empty one at each cell.
    """
    top = "".join(f"<th>{escaped(words)}</th>" if words else "<td></td>" for words in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escaped(words)}</td>' for words in row)}</tr>" for row in rows
    )
    return (
        f'<div class="hx-rows"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
        "</div>"
    )


def legend_key(kind: str, words: str) -> str:
    """Return one line of a legend: the mark of a style class, and its words."""
    return (
        f'<div class="hx-key"><span class="hx-mark {kind}" aria-hidden="true"><i></i></span>'
        f"<span>{escaped(words)}</span></div>"
    )
