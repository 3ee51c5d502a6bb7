"""One member of an archive: found whole in a folder, or written there whole."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from config.errors import BadInputError

if TYPE_CHECKING:
    from harmhex.police_uk.archives import Archive

# a month of the largest force is some 40 MB; more than this is no month of crimes
_LARGEST: Final = 1 << 30
_CHUNK: Final = 1 << 20


def is_there(path: Path, info: zipfile.ZipInfo) -> bool:
    """Say whether a file has the size and the CRC-32 that the archive states for a member."""
    if not path.is_file() or path.stat().st_size != info.file_size:
        return False
    crc = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
    return crc == info.CRC


def write_member(archive: Archive, info: zipfile.ZipInfo, path: Path) -> None:
    """Unpack a member beside its place, check it, and move it there.

    Raises
    ------
    BadInputError
        The member is locked, beyond any month's size, or not what the archive states.
    """
    if info.flag_bits & 1 or info.file_size > _LARGEST:
        why = "is locked with a password" if info.flag_bits & 1 else "is far too large for a month"
        msg = f"{info.filename} in {archive.name} {why}. Give another archive with --source."
        raise BadInputError(msg)
    if archive.ranged is not None:
        # its header repeats its name, and may carry a little more
        span = info.compress_size + len(info.orig_filename.encode()) + (1 << 10)
        archive.ranged.expect(info.header_offset, info.header_offset + span)
    part = tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115 (moved when whole)
    try:
        with part:
            _unpack(archive, info, part)
        Path(part.name).chmod(0o644)
        Path(part.name).replace(path)
    except BaseException:
        Path(part.name).unlink(missing_ok=True)
        raise


def _unpack(archive: Archive, info: zipfile.ZipInfo, to: IO[bytes]) -> None:
    """Unpack a member; the zip reader checks its CRC-32 at the end."""
    damaged = (
        f"{info.filename} in {archive.name} is damaged: its size or checksum is not what the "
        "archive states. Fetch it again, or give a fresh download with --source."
    )
    size = 0
    try:
        with archive.zip.open(info) as member:
            while chunk := member.read(_CHUNK):
                size += to.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BadInputError(damaged) from error
    if size != info.file_size:
        raise BadInputError(damaged)
