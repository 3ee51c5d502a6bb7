"""What is wrong with a setting: one sentence with its file, key, value, range and remedy."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import BaseModel, ValidationError

_LONGEST: Final = 80
_SMALL: Final = "^[a-z]"
_OURS: Final = "Value error, "
_LOWEST: Final = (("minimum", "{}"), ("exclusiveMinimum", "more than {}"))
_HIGHEST: Final = (("maximum", "{}"), ("exclusiveMaximum", "less than {}"))


def refusal(error: ValidationError, model: type[BaseModel], *, name: str, section: str = "") -> str:
    """Say what is wrong with the first setting that will not do.

    Parameters
    ----------
    error
        As the model raised it.
    model
        Which knows the range.
    name
        What the file is called.
    section
        The table in which the model's keys stand; empty for the top level.
    """
    first = error.errors()[0]
    path = [part for part in first["loc"] if part != "[key]"]
    key = written((section, *path) if section else path)
    if first["type"] == "extra_forbidden":
        known = names_at(model, path[:-1])
        return no_such_setting(key, known, name=name, last=str(path[-1]))
    if first["type"] == "missing":
        return f"{name}: {key} is missing. Add it, or leave out the whole entry."
    if first["type"] in {"value_error", "assertion_error"}:
        said = first["msg"].removeprefix(_OURS).removesuffix(".")
        return (
            f"{name}: {key + ': ' if key else ''}{said}. Mend it, or leave it out for the default."
        )
    value = repr(first["input"])
    given = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."
    wanted = allowed(model, path) or first["msg"][:1].lower() + first["msg"][1:]
    return (
        f"{name}: {key} is {given}: it must be {wanted}. Mend it, or leave it out for the default."
    )


def no_such_setting(key: str, known: Iterable[str], *, name: str, last: str = "") -> str:
    """Say that there is no setting of that name, and which was perhaps meant."""
    names = sorted(known)
    near = difflib.get_close_matches(last or key, names, n=1, cutoff=0.5)
    meant = f"Perhaps {near[0]!r} is meant" if near else f"There are {', '.join(names)}"
    return f"{name}: there is no setting {key!r}. {meant}; mend or remove that line."


def written(path: Sequence[str | int]) -> str:
    """Write where a key stands: ``quality.care_unlocated``, ``shifts.shift[2].starts``."""
    text = ""
    for part in path:
        # people count from one
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def allowed(model: type[BaseModel], path: Sequence[str | int]) -> str:
    """Say what a key may be, ``a whole number from 8 to 10``; empty where nothing is known."""
    return _words(_node(model, path))


def names_at(model: type[BaseModel], path: Sequence[str | int]) -> tuple[str, ...]:
    """Return the names of the keys that a table of a model may hold."""
    return tuple(_node(model, path).get("properties", {}))


def limits(model: type[BaseModel], path: Sequence[str | int]) -> dict[str, Any]:
    """Return the JSON schema of one key: its type, bounds and choices."""
    return _node(model, path)


def _node(model: type[BaseModel], path: Sequence[str | int]) -> dict[str, Any]:
    schema = model.model_json_schema()
    node: dict[str, Any] = schema
    for part in path:
        if isinstance(part, int):
            parts = node.get("prefixItems", ())
            found = parts[part] if part < len(parts) else node.get("items")
        else:
            found = node.get("properties", {}).get(part, node.get("additionalProperties"))
        node = _followed(found, schema) if isinstance(found, dict) else {}
    return node


def _followed(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    where = node.get("$ref", "")
    return schema["$defs"][where.rpartition("/")[2]] if where else node


def _words(node: dict[str, Any]) -> str:
    if "enum" in node:
        return f"one of {', '.join(str(one) for one in node['enum'])}"
    kind = node.get("type")
    if kind in {"integer", "number"}:
        return f"a {'whole ' if kind == 'integer' else ''}number{_between(node)}"
    if kind == "string":
        return _text(node)
    return {"boolean": "true or false", "array": "a list", "object": "a table"}.get(str(kind), "")


def _between(node: dict[str, Any]) -> str:
    low = next((form.format(_plain(node[key])) for key, form in _LOWEST if key in node), "")
    high = next((form.format(_plain(node[key])) for key, form in _HIGHEST if key in node), "")
    if low and high and low[0].isdigit() and high[0].isdigit():
        return f" from {low} to {high}"
    if low and high:
        return f", {low if not low[0].isdigit() else f'at least {low}'} and " + (
            high if not high[0].isdigit() else f"at most {high}"
        )
    if low:
        return f" of {low} or more" if low[0].isdigit() else f" of {low}"
    if high:
        return f" of {high} or less" if high[0].isdigit() else f" of {high}"
    return ""


def _text(node: dict[str, Any]) -> str:
    most, least = node.get("maxLength"), node.get("minLength", 0)
    size = f" of {least} to {most} characters" if most else " that is not empty" * bool(least)
    pattern = str(node.get("pattern", ""))
    shape = " in small letters, a letter first" if pattern.startswith(_SMALL) else ""
    shape = shape or (f" of the form {pattern}" if pattern else "")
    return f"a text{size}{shape}"


def _plain(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e15 else str(number)  # noqa: PLR2004 (as people write it)
