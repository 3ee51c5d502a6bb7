"""An operation's TOML file: read, written, and sealed by a digest of everything it rests on."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any, Final, TypeVar

from config.errors import BadInputError
from config.operation import Areas, Operation
from config.operation_rules import checked
from config.toml_file import check_model, read_table

_Areas = TypeVar("_Areas", bound=Areas)

_TABLE: Final = ".csv"
_GEOJSON: Final = frozenset({".geojson", ".json"})
_ORDER: Final = (
    "name", "design", "first_date", "last_date", "weekdays", "start", "end", "day_starts",
    "profiles", "buffer_m", "buffers_m", "order", "run_id", "remark",
)  # fmt: skip
_TABLES: Final = ("areas", "comparators", "crossover", "starts", "selection", "baseline",
                  "registered")  # fmt: skip


def read_operation(path: Path) -> Operation:
    """Read an operation; paths in it come back whole, resolved beside its own file.

    Raises
    ------
    BadInputError
        The file, or one it names, cannot be opened; a key is unknown, missing or out of range; or
        keys do not fit together (no time before, an area both patrolled and compared with, ...).
        The message names file, key and remedy.
    """
    said = check_model(read_table(path), Operation, name=path.name)
    folder, name = path.resolve().parent, path.name
    changes: dict[str, Any] = {
        "areas": _resolved(said.areas, folder, name=name, key="areas"),
        "profiles": tuple(
            _beside(one, folder, name=name, key="profiles") if one.endswith(".toml") else one
            for one in said.profiles
        ),
    }
    if said.comparators is not None:
        changes["comparators"] = _resolved(said.comparators, folder, name=name, key="comparators")
    if said.crossover is not None:
        whole = _beside(said.crossover.allocation, folder, name=name, key="crossover.allocation")
        changes["crossover"] = said.crossover.model_copy(update={"allocation": whole})
    found = said.model_copy(update=changes)
    checked(found, name=path.name)
    _check_starts(found, name=path.name)
    return found


def area_ids(areas: Areas) -> tuple[str, ...]:
    """Return the ids of an operation's areas, looked up in their file where it lists none.

    Raises
    ------
    BadInputError
        The file holds no ``area_id``, holds one twice, or lacks one that is named.
    """
    if areas.cells or not areas.file:
        return areas.named
    path = Path(areas.file)
    suffix = path.suffix.lower()
    if suffix not in {_TABLE, *_GEOJSON}:
        if areas.ids:
            return areas.ids
        msg = f"{path.name}: only CSV and GeoJSON list their areas. Name them as areas.ids."
        raise BadInputError(msg)
    there = _ids_of_table(path) if suffix == _TABLE else _ids_of_geojson(path)
    if not there or not all(there):
        msg = f"{path.name}: holds no area_id, or one that is empty. Give every area an area_id."
        raise BadInputError(msg)
    if len(set(there)) < len(there):
        twice = next(one for one in there if there.count(one) > 1)
        msg = f"{path.name}: area_id: {twice!r} stands twice. Give every area its own."
        raise BadInputError(msg)
    missing = [one for one in areas.ids if one not in there]
    if missing:
        msg = f"{path.name}: area_id: {missing[0]!r} is named and is not there. Mend areas.ids."
        raise BadInputError(msg)
    return areas.ids or tuple(there)


def digest(operation: Operation) -> str:
    """Return the hash of everything an evaluation of the operation rests on.

    The content of the files it names counts, not their paths. Who registered it and when, the run
    and the remark do not: the same digest before and after outcomes are computed shows that nothing
    was changed once they were known.
    """
    content = operation.model_dump(mode="json", exclude={"registered", "run_id", "remark"})
    if content["order"] is None:
        # operations registered before there was such a key keep their digest
        del content["order"]
    for key in ("areas", "comparators"):
        if content[key] and content[key]["file"]:
            content[key]["file"] = _hash(Path(content[key]["file"]))
    if content["crossover"]:
        content["crossover"]["allocation"] = _hash(Path(content["crossover"]["allocation"]))
    content["profiles"] = [
        _hash(Path(one)) if one.endswith(".toml") else one for one in content["profiles"]
    ]
    line = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def operation_text(operation: Operation, *, folder: Path | None = None) -> str:
    """Write an operation as TOML that `read_operation` reads back to the same.

    ``folder`` is where the file will stand: what it names there is written by its name alone.
    """
    said = operation.model_dump(exclude_defaults=True)
    _shorten(said, None if folder is None else folder.resolve())
    lines = [f"{key} = {_value(said[key])}" for key in _ORDER if key in said]
    for key in _TABLES:
        if said.get(key):
            lines += ["", *_table(key, said[key])]
    return "\n".join(lines) + "\n"


def _table(name: str, content: dict[str, Any]) -> list[str]:
    lines = [f"[{name}]"]
    inner = {key: value for key, value in content.items() if isinstance(value, dict)}
    lines += [
        f"{_key(key)} = {_value(value)}"
        for key, value in content.items()
        if key not in inner and value is not None
    ]
    for key, value in inner.items():
        lines += ["", *_table(f"{name}.{key}", value)]
    return lines


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _value(key)


def _value(value: Any) -> str:  # noqa: ANN401 (whatever a model holds)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, str):
        # what JSON leaves as it is and TOML does not take
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return json.dumps(value)


def _shorten(said: dict[str, Any], folder: Path | None) -> None:
    for key, inner in (("areas", "file"), ("comparators", "file"), ("crossover", "allocation")):
        if said.get(key) and said[key].get(inner):
            said[key][inner] = _short(said[key][inner], folder)
    said["profiles"] = [
        _short(one, folder) if one.endswith(".toml") else one for one in said["profiles"]
    ]


def _short(path: str, folder: Path | None) -> str:
    whole = Path(path)
    if folder is None or not whole.is_relative_to(folder):
        return path
    return whole.relative_to(folder).as_posix()


def _resolved(areas: _Areas, folder: Path, *, name: str, key: str) -> _Areas:
    if not areas.file:
        return areas
    whole = _beside(areas.file, folder, name=name, key=f"{key}.file")
    return areas.model_copy(update={"file": whole})


def _beside(given: str, folder: Path, *, name: str, key: str) -> str:
    path = folder / given
    if not path.is_file():
        msg = (
            f"{name}: {key}: there is no file {given!r}. Put it beside {name}, or write its whole "
            "path."
        )
        raise BadInputError(msg)
    return str(path)


def _check_starts(said: Operation, *, name: str) -> None:
    if not said.starts:
        return
    ids = area_ids(said.areas)
    missing = [area for area in ids if area not in said.starts]
    unknown = [area for area in said.starts if area not in ids]
    if missing:
        msg = f"{name}: starts: {missing[0]!r} has no date. Give each area the date it began."
        raise BadInputError(msg)
    if unknown:
        msg = f"{name}: starts.{unknown[0]}: is none of the areas. Mend the id."
        raise BadInputError(msg)


def _ids_of_table(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            return [(row.get("area_id") or "").strip() for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path.name} cannot be read as CSV ({error}). Save it again as CSV UTF-8."
        raise BadInputError(msg) from error


def _ids_of_geojson(path: Path) -> list[str]:
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        return [
            str((one.get("properties") or {}).get("area_id", one.get("id", ""))).strip()
            for one in features
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path.name} cannot be read as GeoJSON ({error!r}). Save it again as GeoJSON."
        raise BadInputError(msg) from error


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        msg = f"{path.name} cannot be opened ({error.strerror}). Check the path."
        raise BadInputError(msg) from error
