"""Column types that read the same from SQLite and from PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, Text, TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_FORMAT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
MOMENT_LENGTH: Final = 27


def moment_text(moment: dt.datetime) -> str:
    """Return a moment as UTC text to the microsecond, which sorts as time does.

    Raises
    ------
    ValueError
        The moment has no time zone: a fault of the caller, not of a person.
    """
    if moment.tzinfo is None:
        msg = f"{moment!r} has no time zone"
        raise ValueError(msg)
    return moment.astimezone(dt.UTC).strftime(_FORMAT)


def read_moment(text: str) -> dt.datetime:
    """Return the moment that `moment_text` wrote."""
    return dt.datetime.strptime(text, _FORMAT).replace(tzinfo=dt.UTC)


class Moment(TypeDecorator[dt.datetime]):
    """A moment in UTC, kept as text: neither database keeps time zones alike."""

    impl = String(MOMENT_LENGTH)
    cache_ok = True

    @property
    def python_type(self) -> type[dt.datetime]:
        """What a row holds."""
        return dt.datetime

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Write a moment as text."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ANN401, ARG002 (SQLAlchemy's signature)
        """Read a moment."""
        return None if value is None else read_moment(value)


class Listed(TypeDecorator[tuple[Any, ...]]):
    """A tuple of texts or numbers, or of such tuples, kept as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Write the tuple as a JSON list."""
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[Any, ...] | None:  # noqa: ANN401, ARG002 (SQLAlchemy's signature)
        """Read a JSON list as tuples, all the way down."""
        return None if value is None else _tuples(json.loads(value))


def _tuples(value: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuples(one) if isinstance(one, list) else one for one in value)
