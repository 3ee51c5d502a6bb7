"""Unpacked: a file's content as a stream, whatever it was packed in, never more than is safe."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import lzma
import shutil
import tempfile
import weakref
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

MOST_BYTES: Final = 16 << 30
"""No file is read that unpacks to more: an archive may be made to fill a machine."""
MOST_TIMES: Final = 1_000
"""No file of more than `LEAST_SUSPECT` bytes is read that is packed tighter than this."""
LEAST_SUSPECT: Final = 1 << 30
_BLOCK: Final = 1 << 20
_DAMAGE: Final = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError)
_LOCKED: Final = 0x1  # the general purpose flag of a member that is encrypted


@contextlib.contextmanager
def unpacked(name: str, path: Path, member: str | None = None) -> Iterator[BinaryIO]:
    """Open a file, a gzip file (by its ending) or a member of a zip archive.

    Parameters
    ----------
    name
        As messages name it.
    path, member
        Where it is; the member is None outside an archive.

    Yields
    ------
    A buffered stream of the content, decompressed. Only a plain file can be rewound.

    Raises
    ------
    BadInputError
        It cannot be opened; or, while it is read, it proves damaged, or grows past `MOST_BYTES`, or
        to more than `MOST_TIMES` its packed size and `LEAST_SUSPECT` bytes. Bytes are counted as
        they come: what an archive says of its sizes is not believed.
    """
    ending = PurePosixPath(member or path.name).suffix.lower()
    with contextlib.ExitStack() as stack:
        with _said(name):
            if member is not None:
                archive = stack.enter_context(zipfile.ZipFile(path))
                about = archive.getinfo(member)
                if about.flag_bits & _LOCKED:
                    msg = f"{name} is locked with a password. Unpack it and give the files."
                    raise BadInputError(msg)
                inner = cast("BinaryIO", stack.enter_context(archive.open(about)))
                packed: int | None = about.compress_size
            else:
                inner = cast("BinaryIO", stack.enter_context(path.open("rb", buffering=0)))
                packed = path.stat().st_size if ending == ".gz" else None
            if ending == ".gz":
                inner = cast("BinaryIO", stack.enter_context(gzip.open(inner)))
        raw = _Counted(name, inner, packed)
        yield stack.enter_context(io.BufferedReader(raw, _BLOCK))


class OnDisk:
    """A file's content at a path of its own, for readers that need one.

    A plain file is read where it lies. Anything packed is unpacked into a private temporary folder,
    which goes when this object does.
    """

    __slots__ = ("__weakref__", "path", "sha256")

    def __init__(self, name: str, path: Path, member: str | None, ending: str) -> None:
        """Put the content on disk under a name with this ending, and hash it."""
        digest = hashlib.sha256()
        if member is None and path.suffix.lower() != ".gz":
            self.path = path
            with unpacked(name, path) as stream:
                for block in _blocks(stream):
                    digest.update(block)
        else:
            folder = tempfile.mkdtemp(prefix="harmhex-")
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            self.path = Path(folder) / f"unpacked{ending}"
            with unpacked(name, path, member) as stream, self._new(name) as copy:
                for block in _blocks(stream):
                    digest.update(block)
                    self._put(name, copy, block)
        self.sha256 = digest.hexdigest()

    def _new(self, name: str) -> BinaryIO:
        try:
            # unbuffered, so that a full disk shows where it is written to
            return cast("BinaryIO", self.path.open("xb", buffering=0))
        except OSError as error:
            raise BadInputError(_no_room(name)) from error

    @staticmethod
    def _put(name: str, copy: BinaryIO, block: bytes) -> None:
        left = memoryview(block)
        try:
            while left:
                left = left[copy.write(left) :]
        except OSError as error:
            raise BadInputError(_no_room(name)) from error


class _Counted(io.RawIOBase):
    """A stream that stops at the limits, and says what is wrong with a file in one sentence."""

    def __init__(self, name: str, inner: BinaryIO, packed: int | None) -> None:
        super().__init__()
        self._name, self._inner, self._packed = name, inner, packed
        self._most = MOST_BYTES
        if packed is not None:
            self._most = min(MOST_BYTES, max(LEAST_SUSPECT, packed * MOST_TIMES))
        self._count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._packed is None and self._inner.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if not self.seekable():
            raise io.UnsupportedOperation
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell() if self._packed is None else self._count

    def readinto(self, buffer: WriteableBuffer) -> int:
        with _said(self._name):
            length: int = self._inner.readinto(buffer)  # type: ignore[attr-defined]
        self._count += length
        if self._packed is not None and self._count > self._most:
            raise BadInputError(self._too_much())
        return length

    def _too_much(self) -> str:
        if self._most == MOST_BYTES:
            return (
                f"{self._name} unpacks to more than {MOST_BYTES / 1e9:.0f} GB. If it is truly so "
                "large, split it by year."
            )
        return (
            f"{self._name} unpacks to more than {MOST_TIMES:,} times its size, as no export does. "
            "Unpack it yourself, look at it, and give the file."
        )


@contextlib.contextmanager
def _said(name: str) -> Iterator[None]:
    """Turn what is wrong with a file into one sentence."""
    try:
        yield
    except BadInputError:
        raise
    except NotImplementedError as error:
        msg = f"{name} is packed in a way that is not known here. Unpack it and give the files."
        raise BadInputError(msg) from error
    except RuntimeError as error:
        msg = f"{name} is locked with a password. Unpack it and give the files."
        raise BadInputError(msg) from error
    except (*_DAMAGE, KeyError, ValueError) as error:
        msg = f"{name} is damaged and cannot be unpacked. Fetch or export it again."
        raise BadInputError(msg) from error
    except OSError as error:
        msg = f"{name} cannot be opened ({error.strerror}). Check that you may read it."
        raise BadInputError(msg) from error


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _no_room(name: str) -> str:
    return f"There is no room to unpack {name} in the temporary folder. Make room and try again."
