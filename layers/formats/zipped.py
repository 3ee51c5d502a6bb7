"""A zip that repeats to the byte: fixed dates and rights, nothing squeezed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_RIGHTS: Final = 0o644 << 16


def zipped(files: Mapping[str, bytes], *, comment: str = "") -> bytes:
    """Return a zip of files in their order, the same bytes on every machine.

    Nothing is compressed, because compression libraries differ; the comment is cut at 65,535 bytes.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression=zipfile.ZIP_STORED) as archive:
        archive.comment = comment.encode()[: zipfile.ZIP_MAX_COMMENT]
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=_EARLIEST)
            entry.create_system, entry.external_attr = _UNIX, _RIGHTS
            archive.writestr(entry, content)
    return written.getvalue()
