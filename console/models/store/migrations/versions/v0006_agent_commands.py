"""A command may be about an agent: their state, their queues, a break that they asked for (R-ROUTE)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PENDING = sa.text("state < 4")
_KEPT = (
    "CREATE TRIGGER command_is_kept BEFORE DELETE ON command "
    "BEGIN SELECT RAISE(ABORT, 'a command cannot be deleted'); END"
)


def upgrade() -> None:
    """Add whom it is about; a table that is made anew would lose the triggers that guard it."""
    op.execute(
        "ALTER TABLE command ADD COLUMN agent TEXT NOT NULL DEFAULT '' "
        "CONSTRAINT ck_command_subject CHECK ((ticket > 0) = (agent = ''))"
    )
    op.drop_index("ix_command_ticket", "command")
    op.create_index(
        "ix_command_subject", "command", ["ticket", "agent"], sqlite_where=_PENDING, postgresql_where=_PENDING
    )


def downgrade() -> None:
    """What was asked of agents has no place in the older table."""
    op.drop_index("ix_command_subject", "command")
    op.execute("DROP TRIGGER command_is_kept")
    op.execute("DELETE FROM command WHERE agent <> ''")
    op.execute(_KEPT)
    op.execute("ALTER TABLE command DROP COLUMN agent")
    op.create_index("ix_command_ticket", "command", ["ticket"], sqlite_where=_PENDING, postgresql_where=_PENDING)
