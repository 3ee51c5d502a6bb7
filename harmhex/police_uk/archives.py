"""The archives: opened at an address or from a saved zip, with what each holds.

An archive is one zip for all forces together, named after its last month and reaching three years
back (https://data.police.uk/about/, read November 2026).
"""

from __future__ import annotations

import re
import zipfile
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

from config.errors import BadInputError
from harmhex.police_uk._remote_file import Patience, Traffic, host_of, open_remote
from harmhex.police_uk.month import Month, read_month
from harmhex.police_uk.ranged_file import RangedFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUBLIC_ARCHIVE: Final = "https://data.police.uk/data/archive"

_STREET: Final = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))-([a-z][a-z-]*)-street\.csv")
_LATEST: Final = "latest"
# an archive reaches three years back, so that any of these may hold a month whose own is gone
_LATER: Final = 35


@dataclass(slots=True)
class Archive:
    """One opened zip: what it holds of every force.

    Attributes
    ----------
    name
        As messages name it.
    zip
        The zip itself.
    members
        Its street-level files, by force and month.
    ranged
        The file beneath, where its members come by range requests.
    """

    name: str
    zip: zipfile.ZipFile
    members: dict[tuple[str, Month], zipfile.ZipInfo]
    ranged: RangedFile | None

    def months(self, force: str) -> set[Month]:
        """Return the months it holds of a force."""
        return {month for held, month in self.members if held == force}

    @property
    def newest(self) -> Month | None:
        """The newest month it holds of any force."""
        return max((month for _, month in self.members), default=None)


def is_address(source: str) -> bool:
    """Say whether a source is an address of a server, rather than a path.

    Raises
    ------
    BadInputError
        It is an address of a kind that is not fetched from.
    """
    parts = urlsplit(source)
    if parts.scheme in {"http", "https"} and parts.hostname:
        return True
    if "://" in source:
        msg = f"--source {source!r} is neither an http address nor a file. Give one of the two."
        raise BadInputError(msg)
    return False


class SavedArchive:
    """A zip that a person downloaded."""

    def __init__(self, source: str) -> None:
        self.path = Path(source)
        self.place = self.path.name
        self._opened = False

    @contextmanager
    def holding(self, _month: Month) -> Iterator[Archive | None]:
        """Open the archive, once: it holds a month or no other does."""
        if self._opened:
            yield None
            return
        self._opened = True
        try:
            file = self.path.open("rb")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            msg = f"--source {self.place!r} cannot be opened ({reason}). Check the path."
            raise BadInputError(msg) from error
        with file, _opened(self.place, file, self.place) as archive:
            yield archive


class ArchiveServer:
    """The archives at one address, each opened when a month needs it."""

    def __init__(
        self,
        source: str,
        patience: Patience,
        traffic: Traffic,
        out: Path,
        tell: Callable[[str], None],
    ) -> None:
        self.base = source.rstrip("/")
        self.place = host_of(source)
        self._patience, self._traffic, self._tell = patience, traffic, tell
        self._aside = next(folder for folder in (out, *out.absolute().parents) if folder.is_dir())
        self._tried: set[str] = set()
        self._newest: Month | None = None

    @contextmanager
    def holding(self, month: Month) -> Iterator[Archive | None]:
        """Open the next archive that may hold a month; None when there is none left."""
        with ExitStack() as stack:
            yield self._next(month, stack)

    def _next(self, month: Month, stack: ExitStack) -> Archive | None:
        later = (str(month.later(step)) for step in range(1, _LATER + 1))
        for name in (str(month), _LATEST, *later):
            # nothing is published after the newest month
            if name in self._tried or (self._newest is not None and month > self._newest):
                continue
            self._tried.add(name)
            archive = self._open(name, stack)
            if archive is not None and name == _LATEST:
                self._newest = archive.newest
            if archive is not None:
                return archive
        return None

    def _open(self, name: str, stack: ExitStack) -> Archive | None:
        self._tell(f"Looking for {name}.zip on {self.place}")
        file = open_remote(
            f"{self.base}/{name}.zip",
            patience=self._patience,
            traffic=self._traffic,
            aside=self._aside,
            tell=self._tell,
        )
        if file is None:
            return None
        stack.enter_context(closing(file))
        return stack.enter_context(_opened(f"{name}.zip", file, self.place))


Shelf = SavedArchive | ArchiveServer


@contextmanager
def _opened(name: str, file: IO[bytes] | RangedFile, place: str) -> Iterator[Archive]:
    """Read a zip's list of members."""
    try:
        opened = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        if isinstance(error, BadInputError):
            raise
        where = "" if place == name else f" from {place}"
        msg = (
            f"{name}{where} is not a zip archive, or is damaged; "
            "check the address or file given with --source, or fetch it again."
        )
        raise BadInputError(msg) from error
    with opened:
        members = {}
        for info in opened.infolist():
            found = _STREET.fullmatch(PurePosixPath(info.filename).name.lower())
            if found is not None and not info.is_dir():
                members[found[2], read_month(found[1], name)] = info
        yield Archive(name, opened, members, file if isinstance(file, RangedFile) else None)
