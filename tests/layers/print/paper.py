"""Paper read back: pages as text and as grey pictures, and what a screen reader is told."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject


def texts(content: bytes) -> list[str]:
    """The text of each page; a break within a long word is no character."""
    with pypdfium2.PdfDocument(content) as document:
        found = []
        for page in document:
            said = page.get_textpage().get_text_bounded()
            found.append(said.replace("\r\n", "\n").replace("\u200b", ""))
        return found


def grey(content: bytes, page: int, *, scale: float = 2.0) -> NDArray[np.int64]:
    """A page as a grey printer has it: 0 black to 255 white."""
    with pypdfium2.PdfDocument(content) as document:
        image = document[page].render(scale=scale, grayscale=True).to_pil().convert("L")
    return np.asarray(image, dtype=np.int64)


def inked_edges(content: bytes, *, margin_pt: float) -> list[int]:
    """Pages with anything printed within a margin of the left or right edge of the paper."""
    with pypdfium2.PdfDocument(content) as document:
        pages = len(document)
    wide = int(margin_pt)
    found = []
    for page in range(pages):
        shade = grey(content, page, scale=1.0)
        if shade[:, :wide].min() < 250 or shade[:, -wide:].min() < 250:
            found.append(page)
    return found


def structure(content: bytes) -> list[tuple[str, str]]:
    """Every tag in reading order, with its text for those who cannot see it."""
    root = PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]
    return list(_tags(root["/K"]))


def _tags(node: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 (a node of a PDF is anything)
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        for one in node:
            yield from _tags(one)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield str(node["/S"]), str(node.get("/Alt", ""))
        if "/K" in node:
            yield from _tags(node["/K"])
