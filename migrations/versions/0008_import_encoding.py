"""the encoding that a person chose for a table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the database forward."""
    op.add_column(
        "import_file",
        sa.Column("encoding", sa.String(length=12), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Change the database back."""
    op.drop_column("import_file", "encoding")
