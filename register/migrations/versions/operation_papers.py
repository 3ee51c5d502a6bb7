"""Operations keep their whole plan, the files that it names, and their digest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was registered before has no plan, and so cannot be evaluated."""
    for column in (
        sa.Column("plan", sa.Text(), nullable=False, server_default=""),
        sa.Column("files", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("digest", sa.String(length=64), nullable=False, server_default=""),
    ):
        op.add_column("operations", column)


def downgrade() -> None:
    """Refuse: a register is not taken back; restore a backup made before the upgrade."""
    msg = "a register is not taken back to an earlier version: restore a backup"
    raise NotImplementedError(msg)
