"""The commit: new files and a new manifest, all of them or none."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from config.errors import BadInputError
from spatial.incidents.store import LOCK, MANIFEST, IncidentStore, write_manifest
from spatial.notes import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from spatial.incidents.store import LoadRecord
    from spatial.notes import Notes

Extras = dict[str, bytes]
"""Study areas and context layers: "study_areas/NAME.geojson" or "context/NAME.geojson" to bytes."""

_FOLDERS: Final = ("incidents", "rejected", "duplicates", "ledger", "study_areas", "context")
_EXTRA_FOLDERS: Final = ("study_areas", "context")
_LAYER_NAME: Final = re.compile(r"[^./\\][^/\\]*\.geojson")
WORK: Final = ".work"
"""The folder of a load under way; what a load that was cut off left there is removed."""
_WAIT_SECONDS: Final = 120.0


@contextlib.contextmanager
def locked(path: Path) -> Iterator[IncidentStore]:
    """Hold the store's lock, making the folder if need be; undo that if nothing is committed.

    Yields
    ------
    The store as it stands, empty if it is new.

    Raises
    ------
    BadInputError
        The folder holds something else, cannot be written, or another load holds the lock.
    """
    if path.is_file():
        msg = f"The store {path.name!r} is a file. Give a folder, new or already a store."
        raise BadInputError(msg)
    is_new = not (path / MANIFEST).exists()
    made = _missing_folders(path)
    if is_new and path.is_dir() and not _is_begun(path):
        msg = (
            f"The folder {path.name!r} is not an incident store and is not empty. "
            "Give an empty or new folder for the store."
        )
        raise BadInputError(msg)
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / LOCK, timeout=_WAIT_SECONDS)
        with lock:
            is_new = not (path / MANIFEST).exists()
            try:
                yield IncidentStore(path, ()) if is_new else IncidentStore.open(path)
            finally:
                # only who holds the lock may clear up: it may be another's load that is under way
                if is_new and not (path / MANIFEST).exists():
                    _clear(path, made)
    except Timeout as error:
        msg = f"Another load is writing to the store {path.name!r}. Wait for it and try again."
        raise BadInputError(msg) from error
    except PermissionError as error:
        msg = f"The store {path.name!r} cannot be written. Choose a folder that you may write to."
        raise BadInputError(msg) from error


def _is_begun(path: Path) -> bool:
    """Whether a folder without a manifest is empty, or holds only what a first load leaves."""
    held = {inner.name for inner in path.iterdir()}
    if WORK in held:
        # under way in another process, or cut off between its files and its manifest
        held -= {*_FOLDERS, f".{MANIFEST}.part"}
    return held <= {LOCK, WORK}


def _clear(path: Path, made: Iterable[Path]) -> None:
    """Leave nothing behind of a store that came to nothing."""
    shutil.rmtree(path / WORK, ignore_errors=True)
    # Windows keeps an open file: the next load takes the empty folder and its lock as they are
    with contextlib.suppress(OSError):
        (path / LOCK).unlink(missing_ok=True)
    for folder in made:
        with contextlib.suppress(OSError):
            folder.rmdir()


def commit(
    store: IncidentStore,
    record: LoadRecord | None,
    files: Mapping[str, Callable[[Path], object]],
    extras: Extras,
) -> IncidentStore:
    """Write a load's files and extras, then the manifest that names them.

    Parameters
    ----------
    store
        The store as it stands, locked.
    record
        The load, None where only extras are new.
    files
        Relative name to what writes that file.
    extras
        New study areas and context layers; one of the same name is replaced.

    Returns
    -------
    The store as it is now. Any failure, at any point before the manifest is replaced, removes every
    file that was written and leaves the store as it was.
    """
    held = dict(store.extras)
    writers = dict(files)
    for name, content in extras.items():
        target = held_name(name, content)
        held[name] = target
        if not (store.path / target).exists():
            writers[target] = _writer(content)
    loads = store.loads if record is None else (*store.loads, record)
    renewed = IncidentStore(store.path, loads, held)
    written: list[Path] = []
    made = [folder for folder in _FOLDERS if not (store.path / folder).exists()]
    try:
        for name, write in sorted(writers.items()):
            path = store.path / name
            path.parent.mkdir(exist_ok=True)
            part = path.with_name(f".{path.name}.part")
            written += [part, path]
            write(part)
            part.replace(path)
        write_manifest(renewed)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        for folder in made:
            with contextlib.suppress(OSError):
                (store.path / folder).rmdir()
        raise
    _sweep(renewed)
    return renewed


def withdraw(store: IncidentStore, kept: tuple[LoadRecord, ...]) -> IncidentStore:
    """Replace the manifest by one with fewer loads, then remove the files of the others.

    Parameters
    ----------
    store
        The store as it stands, locked.
    kept
        The loads that stay.

    Returns
    -------
    The store as it is now. A failure before the manifest is replaced leaves it as it was; a file
    that cannot be removed after that is read by nobody, and swept at the next load.
    """
    renewed = IncidentStore(store.path, kept, dict(store.extras))
    write_manifest(renewed)
    _sweep(renewed)
    return renewed


def check_extras(extras: Extras) -> None:
    """Refuse an extra whose name is not FOLDER/NAME.geojson in one of the two folders."""
    for name in extras:
        folder, _, last = name.partition("/")
        if folder not in _EXTRA_FOLDERS or not _LAYER_NAME.fullmatch(last):
            msg = (
                f"The layer {name!r} must be named study_areas/NAME.geojson or "
                "context/NAME.geojson, the name without strokes. Rename it."
            )
            raise BadInputError(msg)


def new_extras(store: IncidentStore, extras: Extras) -> tuple[str, ...]:
    """Return the names of the extras that the store does not hold with this content, sorted."""
    return tuple(
        name
        for name, content in sorted(extras.items())
        if store.extras.get(name) != held_name(name, content)
    )


def extras_notes(store: IncidentStore, names: Iterable[str]) -> Notes:
    """Say which study areas and layers are added, and aloud which replace another.

    Parameters
    ----------
    store
        As it was before.
    names
        What is new: see :func:`new_extras`.
    """
    added: list[str] = []
    notes: list[Note] = []
    for name in names:
        folder, _, file = name.partition("/")
        kind = "study area" if folder == "study_areas" else "layer"
        what = f"{kind} {PurePosixPath(file).stem!r}"
        if name in store.extras:
            sentence = f"{what[:1].upper()}{what[1:]} replaces the one the store held."
            notes.append(Note(sentence, loud=True))
        else:
            added.append(what)
    if added:
        notes.append(Note(f"Added to the store: {', '.join(added)}."))
    return tuple(notes)


def held_name(name: str, content: bytes) -> str:
    """Name the file by its content, so that a new version never overwrites the old."""
    path = PurePosixPath(name)
    digest = hashlib.sha256(content).hexdigest()[:12]
    return str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))


def _writer(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _missing_folders(path: Path) -> list[Path]:
    """List the folders that making the path would make, innermost first."""
    return [folder for folder in (path, *path.parents) if not folder.exists()]


def _sweep(store: IncidentStore) -> None:
    """Remove what no manifest names: replaced layers, and leavings of a load that was cut off."""
    named = {
        f"{folder}/{load.load_id}.csv"
        for folder in ("rejected", "duplicates")
        for load in store.loads
    }
    named |= set(store.files())
    for folder in _FOLDERS:
        for path in (store.path / folder).glob("*"):
            if path.is_file() and f"{folder}/{path.name}" not in named:
                with contextlib.suppress(OSError):
                    path.unlink()
