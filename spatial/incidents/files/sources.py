"""Source files: from the paths a person gives to the files that hold incidents."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import Counter
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from config.errors import BadInputError
from spatial.archives import is_hidden, list_members
from spatial.incidents.files.shapes import holds_shapes
from spatial.notes import Note, Notes
from spatial.unpacked import OnDisk, unpacked
from spatial.vectors import LAYER_NAMES, TABLE_LAYERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Stop-and-search records are never an input: they say where police looked, not where harm was.
_NEVER = ("*stop-and-search*", "*stop_and_search*")
_OUTCOMES = ("*-outcomes.csv", "*-outcomes.csv.gz")
# What ambulance and hospital saw is a layer of its own, never an incident: see spatial.partners.
_PARTNERS = ("partner_*",)
# what people record beside the incidents
_RECORDED = (
    "anniversaries.csv", "tension.csv", "operation_*_visits.csv", "operation_*_allocation.csv",
)  # fmt: skip
_BLOCK = 1 << 20
_TABLES = (".xlsx", ".xlsm", ".parquet", ".geoparquet", ".geojson", ".gpkg")
_OLD_WORKBOOKS = (".xls", ".xlsb", ".ods")
_MAPS = (".parquet", ".geoparquet", ".geojson", ".gpkg")
_ZIP = ".zip"
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


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

    @contextlib.contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the content, decompressed, as a stream (see `spatial.unpacked`).

        Raises
        ------
        BadInputError
            It cannot be opened or, while it is read, proves damaged or too large.
        """
        with unpacked(self.name, self.path, self.member) as stream:
            yield stream

    def on_disk(self) -> OnDisk:
        """Return the content, decompressed, as a file of its own, for readers that need a path."""
        return OnDisk(self.name, self.path, self.member, self.suffix)

    def sha256(self) -> str:
        """Return the hash of the content, decompressed, without holding it."""
        digest = hashlib.sha256()
        with self.opened() as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def read_bytes(self) -> bytes:
        """Return the content, decompressed.

        Raises
        ------
        BadInputError
            The file cannot be opened or decompressed.
        """
        with self.opened() as stream:
            return stream.read()


def find_source_files(
    paths: Sequence[Path], *, patterns: Sequence[str] = ()
) -> tuple[tuple[SourceFile, ...], Notes]:
    """List the files of rows behind the paths given: files, zip archives, folders.

    Parameters
    ----------
    paths
        Any number of .csv, .csv.gz, .xlsx, .xlsm, .parquet, .geojson, .gpkg and .zip files, and
        folders (searched to the bottom, archives in them too). Links to folders are not followed.
        Of a folder or archive, map files of areas or lines, or named after a context layer, are no
        incidents and are passed over.
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
        A path does not exist, is of another kind, holds no file of rows, holds stop-and-search
        records, or is an archive that is damaged or not to be trusted (see
        `spatial.archives`).
    """
    found: list[SourceFile] = []
    skipped: Counter[str] = Counter()
    for path in paths:
        _require(path)
        members = list(_members(path))
        kept = [file for file in members if not _matches(file, _NEVER)]
        skipped["stop-and-search"] += len(members) - len(kept)
        if members and not kept:
            msg = (
                f"{shown(path.name)} holds stop-and-search records, which are never used: they say "
                "where police looked, not where people were harmed. Give the crime file instead."
            )
            raise BadInputError(msg)
        if path.is_dir() or path.suffix.lower() == _ZIP:
            partners = [file for file in kept if _matches(file, _PARTNERS)]
            skipped["partners"] += len(partners)
            recorded = [file for file in kept if _matches(file, _RECORDED)]
            skipped["recorded"] += len(recorded)
            kept = [file for file in kept if file not in partners and file not in recorded]
            old = [file for file in kept if file.suffix in _OLD_WORKBOOKS]
            crimes = [file for file in kept if file not in old and not _matches(file, _OUTCOMES)]
            if any(_matches(file, patterns) for file in crimes):
                crimes = [file for file in crimes if _matches(file, patterns)]
            skipped["other"] += len(kept) - len(crimes) - len(old)
            skipped["old"] += len(old)
            kept = [file for file in crimes if not _is_layer(file)]
            skipped["layers"] += sum(
                file.member is not None or file.path.parent != path
                for file in crimes
                if file not in kept
            )
        if not kept:
            msg = (
                f"{shown(path.name)} holds no CSV file of incidents, nor any other file of them. "
                "Give the folder or file that does."
            )
            raise BadInputError(msg)
        found.extend(kept)
    return tuple(sorted(_distinct(found))), _notes(skipped)


def holds_rows(folder: Path) -> bool:
    """Whether a folder holds any file that may hold incidents, beside its map layers."""
    rows = (file for file in _members(folder) if not _matches(file, _PARTNERS + _RECORDED))
    return any(not _is_layer(file) for file in rows)


def _notes(skipped: Counter[str]) -> Notes:
    """Say what was passed over."""
    said = {
        "stop-and-search": "Stop-and-search files, which are never read: {}.",
        "other": "Files skipped that hold no incidents, such as outcomes: {}.",
        "partners": "Partner files (partner_...), which harmhex partner loads: {}.",
        "recorded": "Files of anniversaries, tension and operations, read elsewhere: {}.",
        "layers": "Map layers in an archive or an inner folder, read only when they are named: {}.",
        "old": "Workbooks of old kinds, which are not read: {}. Save them as .xlsx or as CSV.",
    }
    return tuple(
        Note(words.format(f"{skipped[what]:,}"), loud=what in {"layers", "old"})
        for what, words in said.items()
        if skipped[what]
    )


def _require(path: Path) -> None:
    """Refuse what is neither a file nor a folder."""
    try:
        if path.is_file() or path.is_dir():
            return
        there = path.exists() or path.is_symlink()
    except (OSError, ValueError) as error:
        strange = getattr(error, "strerror", None) or "the name cannot be used"
        msg = f"{shown(path.name)} cannot be opened ({strange}). Check that you may read it."
        raise BadInputError(msg) from error
    if there:
        msg = (
            f"{shown(path.name)} is neither a file nor a folder that can be read. Give one that is."
        )
    else:
        msg = f"There is no file or folder {path.name!r}. Check the name and the folder."
    raise BadInputError(msg)


def _members(path: Path) -> Iterator[SourceFile]:
    """Yield the files of one path, whatever they hold."""
    suffix = path.suffix.lower()
    if path.is_dir():
        for inner in _files_below(path):
            name = inner.relative_to(path).as_posix()
            if inner.suffix.lower() == _ZIP:
                yield from _packed(shown(name), inner)
            elif _is_rows(name):
                yield SourceFile(shown(name), inner)
    elif suffix == _ZIP:
        yield from _packed(shown(path.name), path)
    elif suffix in _OLD_WORKBOOKS:
        msg = f"{shown(path.name)} is a {suffix} workbook. Save it as .xlsx, or as CSV UTF-8."
        raise BadInputError(msg)
    elif _is_rows(path.name):
        yield SourceFile(shown(path.name), path)
    else:
        msg = (
            f"{shown(path.name)} is not a .csv, .csv.gz or .zip file, nor a folder, nor one of "
            f"{', '.join(_TABLES)}. Save it as CSV."
        )
        raise BadInputError(msg)


def _packed(name: str, path: Path) -> Iterator[SourceFile]:
    for member in list_members(name, path):
        if _is_rows(member):
            yield SourceFile(shown(f"{name}/{member}"), path, member)


def _files_below(folder: Path) -> list[Path]:
    """List the files of a folder and of those in it; one that may not be opened is an error."""

    def refuse(error: OSError) -> None:
        name = Path(error.filename or folder).name
        msg = (
            f"The folder {name!r} cannot be opened ({error.strerror}). Check that you may read it."
        )
        raise BadInputError(msg) from error

    found = []
    for place, inner, names in os.walk(folder, onerror=refuse):
        inner[:] = [name for name in inner if not is_hidden(name)]
        found += [Path(place) / name for name in names if not is_hidden(name)]
    return sorted(path for path in found if path.is_file())


def _is_rows(name: str) -> bool:
    return name.lower().endswith((".csv", ".csv.gz", *_TABLES, *_OLD_WORKBOOKS))


def _is_layer(file: SourceFile) -> bool:
    """Whether a file of a folder or archive is a map layer and not incidents."""
    named = PurePosixPath(file.member or file.path.name)
    if named.name.casefold() in TABLE_LAYERS:
        return True
    if file.suffix not in _MAPS:
        return False
    stem = named.stem.casefold()
    return stem in LAYER_NAMES or holds_shapes(file)


def shown(name: str) -> str:
    """Return a name without what a terminal would obey or a table cannot hold."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name
    )


def _matches(file: SourceFile, patterns: Sequence[str]) -> bool:
    last = PurePosixPath(file.name.lower()).name
    return any(fnmatchcase(last, pattern) for pattern in patterns)


def _distinct(files: list[SourceFile]) -> list[SourceFile]:
    """Name files apart that share a name: by the folder they lie in, then by number."""
    counts = Counter(file.name for file in files)
    named = [
        replace(file, name=shown(f"{file.path.parent.name}/{file.name}"))
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
