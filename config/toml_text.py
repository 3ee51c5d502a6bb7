"""TOML text: tables of settings written as people write them; the standard library only reads."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(tables: Mapping[str, Any], *, head: Sequence[str] = ()) -> str:
    """Write tables as TOML that reads back as the same.

    Parameters
    ----------
    tables
        Text, whole and other finite numbers, truth values, dates and times, lists and tables of
        them. Lists of tables at the end of a name are written as tables of their own.
    head
        Lines of comment at the top.

    Raises
    ------
    TypeError, ValueError
        A value is none of these.
    """
    lines = [f"# {line}".rstrip() for line in head]
    _put(tables, (), lines)
    return "\n".join(lines).strip("\n") + "\n"


def _put(table: Mapping[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    plain = {key: value for key, value in table.items() if not _is_table(value)}
    if path and (plain or not table):
        lines += ["", f"[{_name(path)}]"]
    lines += [f"{_name((key,))} = {_value(value)}" for key, value in plain.items()]
    for key, value in table.items():
        if isinstance(value, dict):
            _put(value, (*path, key), lines)
        elif _is_table(value):
            for one in value:
                lines += ["", f"[[{_name((*path, key))}]]"]
                lines += [f"{_name((inner,))} = {_value(held)}" for inner, held in one.items()]


def _is_table(value: object) -> bool:
    of_tables = isinstance(value, list | tuple) and bool(value)
    return isinstance(value, dict) or (
        of_tables and all(isinstance(one, dict) for one in value)  # type: ignore[attr-defined]
    )


def _name(path: tuple[str, ...]) -> str:
    return ".".join(part if _BARE.fullmatch(part) else _text(part) for part in path)


def _value(value: object) -> str:  # noqa: PLR0911 (one for each kind of value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            msg = f"{value!r} is no number that a setting can have"
            raise ValueError(msg)
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{_name((str(key),))} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    msg = f"{value!r} cannot be written as a setting"
    raise TypeError(msg)


def _text(text: str) -> str:
    # TOML's basic strings escape as JSON does, and the delete sign besides
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
