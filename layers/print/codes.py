"""Codes: a QR code to the form in which a visit is recorded, and the force's logo."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

import segno
from PIL import Image, UnidentifiedImageError

from config.crest import load_crest
from config.errors import BadInputError

if TYPE_CHECKING:
    from config.print import PrintSettings

_FORMATS: Final = {"PNG": ".png", "JPEG": ".jpg"}
_MOST_BYTES: Final = 2_000_000
_BORDER: Final = 4
"""Modules of white that ISO/IEC 18004 wants round a code."""


def form_code(settings: PrintSettings, area_id: str) -> tuple[str, bytes] | None:
    """Return the address of a place's form and its QR code as SVG; None where none is set.

    Error correction M: a creased sheet still scans.
    """
    if not settings.form_url:
        return None
    address = settings.form_url.replace("{area_id}", quote(area_id, safe=""))
    stream = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(stream, kind="svg", border=_BORDER, xmldecl=True, svgns=True, nl=False)
    return address, stream.getvalue()


def read_logo(settings: PrintSettings) -> tuple[str, bytes] | None:
    """Return the logo's name for the template and its bytes: the force's crest where none is set.

    None where there is neither.

    Raises
    ------
    BadInputError
        The file cannot be opened, is too large, or is no PNG, JPEG or SVG.
    """
    if not settings.logo:
        crest = load_crest()
        return None if crest is None else (f"logo{crest.ending}", crest.content)
    path = Path(settings.logo)
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = (
            f"The logo {path.name!r} cannot be opened ({(error.strerror or 'no reason').lower()}). "
            "Mend logo in the print settings, or leave it empty."
        )
        raise BadInputError(msg) from error
    ending = _svg(content) or _raster(content)
    if not ending or len(content) > _MOST_BYTES:
        why = "is larger than 2 MB" if ending else "is no image"
        msg = (
            f"The logo {path.name!r} {why}. Give a PNG, JPEG or SVG file under logo in the print "
            "settings, or leave it empty."
        )
        raise BadInputError(msg)
    return f"logo{ending}", content


def _svg(content: bytes) -> str:
    head = content[:400].lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head.startswith(b"<"):
        return ""
    try:
        # the force's own file, named in its own settings
        root = ET.fromstring(content)  # noqa: S314
    except ET.ParseError:
        return ""
    return ".svg" if root.tag.rsplit("}")[-1] == "svg" else ""


def _raster(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            return _FORMATS.get(image.format or "", "")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return ""
