"""Typesetting: plain values and drawings through a Typst template into a tagged PDF.

People's text reaches the template as JSON data and is set as text: it is never markup. Nothing is
fetched: fonts are those of `layers.print.fonts`, and templates use no package.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from layers.print.fonts import FAMILY, font_folder, printable_all

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES: Final = ("frame.typ", "sheet.typ", "pack.typ", "tasking.typ", "report.typ", "book.typ")
STANDARD: Final = "ua-1"
_DATA: Final = "data.json"


def pdf(values: Mapping[str, Any], files: Mapping[str, bytes], *, made: dt.date) -> bytes:
    """Set a document.

    Parameters
    ----------
    values
        What it says: plain JSON values; every text in them is made printable first.
    files
        Drawings by the names that the values give.
    made
        The day it carries as its creation date: that of the data, never the clock, so that the same
        values are the same bytes.

    Returns
    -------
    PDF/UA-1: tagged, titled, in British English, with a text for every figure.
    """
    with _project(values, files) as folder:
        stamp = dt.datetime.combine(made, dt.time(12), tzinfo=dt.UTC)
        compiled = typst.compile(
            str(Path(folder) / "book.typ"),
            root=folder,
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            sys_inputs={"data": _DATA, "font": FAMILY},
            format="pdf",
            pdf_standards=[STANDARD],
            timestamp=stamp,
        )
    return bytes(compiled)


def _project(
    values: Mapping[str, Any], files: Mapping[str, bytes]
) -> tempfile.TemporaryDirectory[str]:
    holder = tempfile.TemporaryDirectory(prefix="harmhex-print-")
    folder = Path(holder.name)
    source = package_files("layers.print") / "templates"
    for name in TEMPLATES:
        (folder / name).write_bytes((source / name).read_bytes())
    for name, content in files.items():
        (folder / name).write_bytes(content)
    written = json.dumps(printable_all(dict(values)), ensure_ascii=False, allow_nan=False)
    (folder / _DATA).write_text(written, encoding="utf-8")
    return holder
