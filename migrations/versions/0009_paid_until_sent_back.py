"""who is still to be sent money back has paid, and is not refunded yet."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HELD = (
    "EXISTS (SELECT 1 FROM charge WHERE charge.registration_id = registration.id "
    "AND charge.billed = 0 AND charge.received > 0)"
)


def upgrade() -> None:
    """Change the database forward."""
    op.execute(f"UPDATE registration SET payment = 'paid' WHERE payment = 'refunded' AND {HELD}")  # noqa: S608 (own words)


def downgrade() -> None:
    """Change the database back."""
    op.execute(f"UPDATE registration SET payment = 'refunded' WHERE payment = 'paid' AND {HELD}")  # noqa: S608 (own words)
