"""Source files: from the paths a person gives to the files that hold incidents."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from config.errors import BadInputError
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Stop-and-search records are never an input: they say where police looked, not where harm was.
_NEVER = ("*stop-and-search*", "*stop_and_search*")
_OUTCOMES = ("*-outcomes.csv", "*-outcomes.csv.gz")
_TABLES = (".xlsx", ".xlsm", ".parquet", ".geoparquet", ".geojson", ".gpkg")
_OLD_WORKBOOKS = (".xls", ".xlsb", ".ods")
_WORKBOOKS = frozenset({".xlsx", ".xlsm", *_OLD_WORKBOOKS})
_MOST_BYTES = 16 << 30
"""No file is read that unpacks to more: an archive may be made to fill a machine's memory."""


@dataclass(frozen=True, order=True, slots=True)
class SourceFile:
    """One file of rows, on its own, compressed, or inside a zip archive.

    Attributes
    ----------
    name
        As reports name it: the file's name, its path inside the folder given, or
        "archive.zip/member.csv". Never a path of the machine.
    path, member
        Where it is; the member is None outside an archive.
    """

    name: str
    path: Path
    member: str | None = None

    @property
    def suffix(self) -> str:
        """Return the ending of the file's own name, in lower case."""
        return PurePosixPath(self.member or self.path.name).suffix.lower()

    def read_bytes(self) -> bytes:
        """Return the content, decompressed.

        Raises
        ------
        BadInputError
            The file cannot be opened or decompressed.
        """
        try:
            if self.member is not None:
                with zipfile.ZipFile(self.path) as archive:
                    self._check_size(archive.getinfo(self.member).file_size)
                    return archive.read(self.member)
            if self.suffix == ".gz":
                with gzip.open(self.path) as packed:
                    data = packed.read(_MOST_BYTES + 1)
                self._check_size(len(data))
                return data
            return self.path.read_bytes()
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
            msg = f"{self.name} is damaged and cannot be unpacked. Fetch or export it again."
            raise BadInputError(msg) from error
        except RuntimeError as error:
            msg = f"{self.name} is locked with a password. Unpack it and give the CSV files."
            raise BadInputError(msg) from error
        except OSError as error:
            msg = f"{self.name} cannot be opened ({error.strerror}). Check that you may read it."
            raise BadInputError(msg) from error

    def _check_size(self, size: int) -> None:
        if size > _MOST_BYTES:
            msg = (
                f"{self.name} unpacks to more than {_MOST_BYTES / 1e9:.0f} GB. If it is truly so "
                "large, split it by year."
            )
            raise BadInputError(msg)


def find_source_files(
    paths: Sequence[Path], *, patterns: Sequence[str] = ()
) -> tuple[tuple[SourceFile, ...], Notes]:
    """List the files of rows behind the paths given: files, zip archives, folders.

    Parameters
    ----------
    paths
        Any number of .csv, .csv.gz, .xlsx, .xlsm, .parquet, .geojson, .gpkg and .zip files, and
        folders (searched to the bottom). Of folders and archives only CSV files are read.
    patterns
        File-name patterns of members that hold incidents. Where any member of a folder or archive
        matches one, the members that match none are skipped, and a note says how many.

    Returns
    -------
    The files, sorted by name, so that the order they were given in changes nothing; and what was
    skipped.

    Raises
    ------
    BadInputError
        A path does not exist, is of another kind, holds no CSV, or holds stop-and-search records.
    """
    found: list[SourceFile] = []
    skipped: Counter[str] = Counter()
    for path in paths:
        if not path.exists():
            msg = f"There is no file or folder {path.name!r}. Check the name and the folder."
            raise BadInputError(msg)
        members = list(_members(path))
        kept = [file for file in members if not _matches(file, _NEVER)]
        skipped["stop-and-search"] += len(members) - len(kept)
        if members and not kept:
            msg = (
                f"{path.name} holds stop-and-search records, which are never used: they show where "
                "police looked, not where people were harmed. Give the crime file instead."
            )
            raise BadInputError(msg)
        if path.is_dir() or path.suffix.lower() == ".zip":
            crimes = [file for file in kept if not _matches(file, _OUTCOMES)]
            if any(_matches(file, patterns) for file in crimes):
                crimes = [file for file in crimes if _matches(file, patterns)]
            skipped["other"] += len(kept) - len(crimes)
            kept = crimes
        if not kept:
            msg = f"{path.name} holds no CSV file of incidents. Give the folder or file that does."
            raise BadInputError(msg)
        found.extend(kept)
        skipped["workbooks"] += _workbooks_in(path)
    said = {
        "Stop-and-search files, which are never read": skipped["stop-and-search"],
        "Files skipped that hold no incidents, such as outcomes": skipped["other"],
    }
    notes = [Note(f"{words}: {number:,}.") for words, number in said.items() if number]
    if skipped["workbooks"]:
        text = "Workbooks in a folder or archive, which are read only when they are named"
        notes.append(Note(f"{text}: {skipped['workbooks']:,}.", loud=True))
    return tuple(sorted(_distinct(found))), tuple(notes)


def _members(path: Path) -> Iterator[SourceFile]:
    """Yield the files of one path, whatever they hold."""
    suffix = path.suffix.lower()
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and _is_csv(inner.name):
                yield SourceFile(inner.relative_to(path).as_posix(), inner)
    elif suffix == ".zip":
        try:
            with zipfile.ZipFile(path) as archive:
                names = [item.filename for item in archive.infolist() if not item.is_dir()]
        except (zipfile.BadZipFile, OSError) as error:
            msg = f"{path.name} is not a zip archive that can be opened. Fetch or export it again."
            raise BadInputError(msg) from error
        for name in sorted(names):
            hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
            if not hidden and name.lower().endswith(".csv"):
                yield SourceFile(f"{path.name}/{name}", path, name)
    elif suffix in _OLD_WORKBOOKS:
        msg = f"{path.name} is a {suffix} workbook. Save it as .xlsx, or as CSV UTF-8."
        raise BadInputError(msg)
    elif _is_csv(path.name) or suffix in _TABLES:
        yield SourceFile(path.name, path)
    else:
        msg = (
            f"{path.name} is not a .csv, .csv.gz or .zip file, nor a folder, nor one of "
            f"{', '.join(_TABLES)}. Save it as CSV."
        )
        raise BadInputError(msg)


def _workbooks_in(path: Path) -> int:
    """Count the workbooks of a folder or archive."""
    if path.is_dir():
        names = [inner.name for inner in path.rglob("*")]
    elif path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    else:
        names = []
    # "~$" marks the lock of a workbook that somebody has open
    return sum(
        PurePosixPath(name).suffix.lower() in _WORKBOOKS and "~$" not in name for name in names
    )


def _is_csv(name: str) -> bool:
    return not name.startswith(".") and name.lower().endswith((".csv", ".csv.gz"))


def _matches(file: SourceFile, patterns: Sequence[str]) -> bool:
    last = PurePosixPath(file.name.lower()).name
    return any(fnmatchcase(last, pattern) for pattern in patterns)


def _distinct(files: list[SourceFile]) -> list[SourceFile]:
    """Name files apart that share a name: by the folder they lie in, then by number."""
    counts = Counter(file.name for file in files)
    named = [
        replace(file, name=f"{file.path.parent.name}/{file.name}")
        if counts[file.name] > 1
        else file
        for file in files
    ]
    seen: Counter[str] = Counter()
    distinct = []
    for file in named:
        seen[file.name] += 1
        number = seen[file.name]
        distinct.append(replace(file, name=f"{file.name} ({number})") if number > 1 else file)
    return distinct
