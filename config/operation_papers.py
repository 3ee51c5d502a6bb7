"""An operation's papers: its plan and the files that it names, as texts that can be kept whole."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.operation import Operation
from config.operation_file import digest, operation_text, read_operation
from config.toml_file import check_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLAN: Final = "operation.toml"
"""What the plan is called where papers are laid out."""
ENDINGS: Final = (".csv", ".geojson", ".json", ".toml")
"""Files that are text, and so can be kept as it."""
MOST_BYTES: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Papers:
    """An operation as it can be kept in one row and laid out again.

    Attributes
    ----------
    plan
        The TOML, which names its files by their names alone.
    files
        Name and content of each file that it names, in the order of their names.
    digest
        Of all that an evaluation rests on (:func:`config.operation_file.digest`).
    """

    plan: str
    files: tuple[tuple[str, str], ...]
    digest: str


def gather(path: Path) -> Papers:
    """Read an operation's file, and those that it names, as papers.

    Raises
    ------
    BadInputError
        The operation cannot be read (:func:`config.operation_file.read_operation`); a file is no
        text, as a GeoPackage is none; two have one name; or they are too large to be kept.
    """
    said = read_operation(path)
    return papers_of(said)


def papers_of(said: Operation) -> Papers:
    """Return the papers of an operation whose files are named by whole paths."""
    found: dict[str, Path] = {}
    for file in _named(said):
        if found.setdefault(file.name, file) != file:
            msg = f"{file.name}: two files have this name. Give each its own."
            raise BadInputError(msg)
    files = tuple((name, _text(found[name])) for name in sorted(found))
    size = sum(len(content.encode()) for _, content in files)
    if size > MOST_BYTES:
        msg = (
            f"The operation's files hold {size / 1e6:.1f} MB, and {MOST_BYTES / 1e6:.0f} MB are "
            "kept. Leave areas out that are neither patrolled nor compared with."
        )
        raise BadInputError(msg)
    return Papers(operation_text(_by_names(said)), files, digest(said))


def compose(said: Mapping[str, object], files: Mapping[str, str]) -> Papers:
    """Return the papers of an operation that a form says, as its TOML would.

    Parameters
    ----------
    said
        The keys of the TOML; files by their names alone.
    files
        Name to content of each.

    Raises
    ------
    BadInputError
        What is said cannot be read as an operation, or a file cannot be kept.
    """
    # what the form leaves out is left to be missed by its name
    plan = operation_text(check_model(dict(said), Operation, name="The operation"))
    with tempfile.TemporaryDirectory(prefix="harmhex-operation-") as folder:
        lay_out(plan, tuple(files.items()), Path(folder))
        return gather(Path(folder) / PLAN)


def lay_out(plan: str, files: tuple[tuple[str, ...], ...], folder: Path) -> Operation:
    """Write papers into a folder and read the operation from there.

    Raises
    ------
    BadInputError
        A file's name leads out of the folder, or the operation cannot be read.
    """
    for name, content in files:
        check_name(name)
        (folder / name).write_text(content, encoding="utf-8", newline="")
    path = folder / PLAN
    path.write_text(plan, encoding="utf-8", newline="")
    return read_operation(path)


def check_name(name: str) -> None:
    """Refuse a name that is no plain file's name, or of a file that is no text."""
    plain = Path(name).name == name and "\\" not in name and not name.startswith(".")
    if not plain or name == PLAN or Path(name).suffix.lower() not in ENDINGS:
        kinds = ", ".join(ending.removeprefix(".") for ending in ENDINGS)
        msg = f"{name[:80]!r} cannot be kept with an operation. Give a file of {kinds}."
        raise BadInputError(msg)


def _named(said: Operation) -> Iterator[Path]:
    if said.areas.file:
        yield Path(said.areas.file)
    if said.comparators is not None and said.comparators.file:
        yield Path(said.comparators.file)
    if said.crossover is not None:
        yield Path(said.crossover.allocation)
    yield from (Path(one) for one in said.profiles if one.endswith(".toml"))


def _by_names(said: Operation) -> Operation:
    changes: dict[str, object] = {
        "areas": said.areas.model_copy(update={"file": _name(said.areas.file)}),
        "profiles": tuple(_name(one) if one.endswith(".toml") else one for one in said.profiles),
    }
    if said.comparators is not None:
        name = _name(said.comparators.file)
        changes["comparators"] = said.comparators.model_copy(update={"file": name})
    if said.crossover is not None:
        name = _name(said.crossover.allocation)
        changes["crossover"] = said.crossover.model_copy(update={"allocation": name})
    return said.model_copy(update=changes)


def _name(path: str) -> str:
    return Path(path).name if path else ""


def _text(path: Path) -> str:
    check_name(path.name)
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path.name} cannot be read as text ({error}). Save it as UTF-8."
        raise BadInputError(msg) from error
