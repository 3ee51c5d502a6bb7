"""Archives: the members of a zip that may be read, and those that no export would hold."""

from __future__ import annotations

import re
import stat
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

_DRIVE: Final = re.compile(r"^[A-Za-z]:")


def list_members(name: str, path: Path) -> tuple[str, ...]:
    """List the files of a zip archive, but for hidden ones, sorted.

    Parameters
    ----------
    name, path
        As messages name it, and where it is.

    Returns
    -------
    Member names as the archive writes them. What a Macintosh adds (``__MACOSX``, names that begin
    with a dot) and the locks of open workbooks (``~$``) are left out.

    Raises
    ------
    BadInputError
        It is no zip archive, or holds a name that points outside it, a link, one name twice, or
        another archive. Nothing is ever unpacked under a member's name; but an archive with such a
        name was made to be, and its content is not to be trusted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [item for item in archive.infolist() if not item.is_dir()]
    except OSError as error:
        msg = f"{name} cannot be opened ({error.strerror}). Check that you may read it."
        raise BadInputError(msg) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, IndexError) as error:
        msg = f"{name} is not a zip archive that can be opened. Fetch or export it again."
        raise BadInputError(msg) from error
    seen: set[str] = set()
    for item in found:
        member = item.filename
        parts = PurePosixPath(member.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or _DRIVE.match(member):
            msg = (
                f"{name} holds a file named {member!r}, which points outside the archive, as no "
                "export does. Give the files of an archive you can trust."
            )
            raise BadInputError(msg)
        if is_hidden(member):
            continue
        if stat.S_ISLNK(item.external_attr >> 16):
            msg = f"{name} holds {member!r}, a link to another file. Pack the file itself."
            raise BadInputError(msg)
        if member in seen:
            msg = (
                f"{name} holds {member!r} twice, so that it is unclear which to read. Pack it again"
                " with one of them."
            )
            raise BadInputError(msg)
        if parts.suffix.lower() == ".zip":
            msg = (
                f"{name} holds another archive, {member!r}, which is not opened. Unpack it and "
                "give its files."
            )
            raise BadInputError(msg)
        seen.add(member)
    return tuple(sorted(seen))


def is_hidden(name: str) -> bool:
    """Whether a path is one that a system keeps for itself, not a person's file."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "__MACOSX", "~$")) for part in parts)
