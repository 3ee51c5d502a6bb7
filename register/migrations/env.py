"""What Alembic runs: the migrations, on the connection that `register.schema` opened."""

from __future__ import annotations

from alembic import context

from register.schema import VERSION_TABLE
from register.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
