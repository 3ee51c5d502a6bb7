"""The schema of a register's database, brought up to date when it is opened."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from config.errors import BadInputError

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSION_TABLE: Final = "register_version"
_FOLDER: Final = Path(__file__).parent / "migrations"


@cache
def newest() -> str:
    """Return the revision that this version of the program works with."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision(connection: Connection) -> str | None:
    """Return the revision of a database, None if it is empty."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def migrate(connection: Connection, *, name: str) -> None:
    """Bring a database up to date, within the transaction of the connection: all of it or nothing.

    Raises
    ------
    BadInputError
        It holds something else, or was made by a newer version.
    """
    current = revision(connection)
    if current == newest():
        return
    known = {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}
    if current is not None and current not in known:
        msg = (
            f"The register {name} was made by a newer version of Harmhex (schema {current!r}). "
            "Install that version."
        )
        raise BadInputError(msg)
    if current is None:
        _require_ours_or_empty(connection, name=name)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _require_ours_or_empty(connection: Connection, *, name: str) -> None:
    from register.tables import Base  # noqa: PLC0415 (only here)

    held = set(inspect(connection).get_table_names())
    # a PostgreSQL database may be shared, a file may not
    foreign = held if connection.dialect.name == "sqlite" else held & set(Base.metadata.tables)
    if foreign - {VERSION_TABLE}:
        msg = (
            f"{name} is a database of something else (it holds {min(foreign)!r}). Give "
            "another place for the register."
        )
        raise BadInputError(msg)


def _config() -> Config:
    config = Config()
    # a path may hold the sign that a config file would replace
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
