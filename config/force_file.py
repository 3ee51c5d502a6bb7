"""A force's own settings: one partial TOML file, laid over the defaults of every section."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from config.errors import BadInputError
from config.refusal import allowed, no_such_setting, refusal, written
from config.toml_file import read_model, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Model = TypeVar("_Model", bound=BaseModel)

SHIPPED_FOLDER: Final = Path(__file__).parent
FILE_NAME: Final = "settings.toml"
"""A force's own file, where it lies in the store's folder."""
SECTION_NAMES: Final = (
    "basemap", "dose", "force", "period_return", "periods", "print", "register", "risk_terrain",
    "shifts", "watch",
)  # fmt: skip
"""Tables of a force's file, each laid over the shipped file of its name; what stands in none of
them is laid over the shipped ``settings.toml``."""


class Origin(StrEnum):
    """Where the settings in force come from."""

    SHIPPED = "shipped"
    STORE = "store"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Section:
    """One shipped file of settings: its table's name in a force's file, empty for the top level."""

    name: str

    @property
    def shipped(self) -> Path:
        """The file of its defaults and their reasons."""
        return SHIPPED_FOLDER / f"{self.name or 'settings'}.toml"


@dataclass(frozen=True, slots=True)
class ForceFile:
    """A force's own settings as they were read; not yet checked.

    Attributes
    ----------
    origin
        Nobody's own, the store's file, or a file that was named when the program was started.
    path
        The file; None where there is none.
    digest
        Hash of what it says: equal digests give equal settings.
    tables
        What it says, as TOML was read.
    """

    origin: Origin
    path: Path | None
    digest: str
    tables: Mapping[str, Any] = field(compare=False)

    @property
    def name(self) -> str:
        """What messages call it."""
        return FILE_NAME if self.path is None else self.path.name

    @property
    def folder(self) -> Path:
        """Where relative paths in it begin."""
        return Path() if self.path is None else self.path.parent

    def table(self, section: Section) -> dict[str, Any]:
        """Return what it says of a section.

        Raises
        ------
        BadInputError
            The section is no table.
        """
        if not section.name:
            return {key: value for key, value in self.tables.items() if key not in SECTION_NAMES}
        said = self.tables.get(section.name, {})
        if not isinstance(said, dict):
            msg = (
                f"{self.name}: {section.name} is {said!r}, where a table has to stand. Write "
                f"[{section.name}] on a line of its own, and its settings below."
            )
            raise BadInputError(msg)
        return said


SHIPPED: Final = ForceFile(Origin.SHIPPED, None, "shipped", {})
"""No file of a force's own: every setting at its default."""


class _Process:
    """What is in force in this process, for threads that hold nothing else."""

    now: ForceFile = SHIPPED


_HELD: ContextVar[ForceFile | None] = ContextVar("harmhex_settings", default=None)


def force_file() -> ForceFile:
    """Return the file whose settings are in force: what this thread holds, else the process's."""
    return _HELD.get() or _Process.now


def settings_key() -> str:
    """Return what stands for the settings in force in the key of a cache."""
    return force_file().digest


def put(file: ForceFile) -> None:
    """Put a checked file in force for the whole process; a door's to call.

    Threads that hold a file keep it, so that no result is made of two settings.
    """
    _Process.now = file


def hold(file: ForceFile) -> None:
    """Keep to one file in this thread from here on, whatever is put in force meanwhile."""
    _HELD.set(file)


@contextlib.contextmanager
def held(file: ForceFile) -> Iterator[None]:
    """Keep to one file in this thread for a while."""
    token = _HELD.set(file)
    try:
        yield
    finally:
        _HELD.reset(token)


def read_force_file(path: Path, origin: Origin) -> ForceFile:
    """Read a force's file as it is; :func:`config.in_force.checked` says whether it will do.

    Raises
    ------
    BadInputError
        It cannot be opened or is no TOML.
    """
    return said_in(read_table(path), origin, path)


def said_in(tables: Mapping[str, Any], origin: Origin, path: Path | None) -> ForceFile:
    """Make a force's file of its content, as if it had been read from ``path``."""
    text = json.dumps(tables, sort_keys=True, default=str)
    # a relative path in it means something else in another folder
    where = "" if path is None else str(path.resolve().parent)
    digest = hashlib.sha256(f"{where}\n{text}".encode()).hexdigest()[:16]
    return ForceFile(origin, path, digest, tables)


def read_section(section: Section, model: type[_Model], *, file: Path | None = None) -> _Model:
    """Read a section: the shipped defaults, and over them what the force's file in force says.

    Parameters
    ----------
    section, model
        Which settings, and what they must be.
    file
        A file that holds every key of the section, read in place of both.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    if file is not None:
        return read_model(file, model)
    found = _read(section, model, force_file())
    assert isinstance(found, model)  # noqa: S101 (the cache knows no types)
    return found


def shipped_table(section: Section) -> dict[str, Any]:
    """Return the defaults of a section."""
    return read_table(section.shipped)


def laid_over(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay tables over tables key by key; a list counts as a whole."""
    found = dict(defaults)
    for key, value in own.items():
        under = found.get(key)
        both = isinstance(under, dict) and isinstance(value, dict)
        found[key] = laid_over(under, value) if both else value  # type: ignore[arg-type]
    return found


@lru_cache(maxsize=128)
def _read(section: Section, model: type[BaseModel], file: ForceFile) -> BaseModel:
    own = file.table(section)
    if not section.name:
        _require_known(own, model, file)
    defaults = shipped_table(section)
    for path, value in _odd(own, defaults, (section.name,) if section.name else ()):
        wanted = allowed(model, path[1:] if section.name else path) or "a plain value"
        msg = (
            f"{file.name}: {written(path)} is {value!r}: it must be {wanted}. Mend it, or leave it "
            "out for the default."
        )
        raise BadInputError(msg)
    try:
        return model.model_validate(laid_over(defaults, own))
    except ValidationError as error:
        raise BadInputError(refusal(error, model, name=file.name, section=section.name)) from error


def _odd(
    own: Mapping[str, Any], defaults: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], object]]:
    """Give what TOML can write and a model would take for a number: true, infinity, no number."""
    for key, value in own.items():
        default = defaults.get(key)
        if isinstance(value, dict):
            yield from _odd(value, default if isinstance(default, dict) else {}, (*path, key))
        elif _is_odd(value, default):
            yield (*path, key), value


def _is_odd(value: object, default: object) -> bool:
    if isinstance(value, bool):
        return default is not None and not isinstance(default, bool)
    return isinstance(value, float) and not math.isfinite(value)


def _require_known(own: Mapping[str, Any], model: type[BaseModel], file: ForceFile) -> None:
    # the top level: a name may be meant for a setting or for a section
    known = (*model.model_fields, *SECTION_NAMES)
    for key in own:
        if key not in known:
            raise BadInputError(no_such_setting(key, known, name=file.name))
