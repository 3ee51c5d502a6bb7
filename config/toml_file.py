"""One TOML file read into its typed model, or refused in one sentence."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

_Model = TypeVar("_Model", bound=BaseModel)


def read_model(path: Path, model: type[_Model]) -> _Model:
    """Read a TOML file into a model.

    Raises
    ------
    BadInputError
        The file cannot be opened or is no TOML, or a key is unknown, missing or out of range; the
        message names file, key, value and remedy.
    """
    return check_model(read_table(path), model, name=path.name)


def read_table(path: Path) -> dict[str, Any]:
    """Read a TOML file as it is.

    Raises
    ------
    BadInputError
        The file cannot be opened or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path.name} cannot be opened ({error.strerror}). Check the path."
        raise BadInputError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path.name} is not readable TOML ({error}). Mend that line and try again."
        raise BadInputError(msg) from error


def check_model(content: dict[str, Any], model: type[_Model], *, name: str) -> _Model:
    """Make a model of content that did not come from a file, or refuse it as `read_model` does.

    ``name`` is what the message calls the content.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        given = f" (given {first['input']!r})" if isinstance(first["input"], str | int) else ""
        msg = f"{name}: {key}: {first['msg']}{given}. Mend or remove that key."
        raise BadInputError(msg) from error
