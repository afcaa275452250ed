"""the list of participants by payment, without reading every row of a large event."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = "ix_registration_event_id_payment_sort_name_id"


def upgrade() -> None:
    """Change the database forward."""
    op.create_index(NAME, "registration", ["event_id", "payment", "sort_name", "id"])


def downgrade() -> None:
    """Change the database back."""
    op.drop_index(NAME, "registration")
