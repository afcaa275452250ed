"""what it is when an event charges no tax."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the database forward."""
    op.add_column(
        "fee_plan",
        sa.Column("tax_kind", sa.String(length=8), nullable=False, server_default="exempt"),
    )


def downgrade() -> None:
    """Change the database back."""
    op.drop_column("fee_plan", "tax_kind")
