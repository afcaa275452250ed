"""what Stripe booked on its account, with the fees that it kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = "stripe_booking"


def guard() -> None:
    """Let the database itself refuse to change or delete these rows, as those of the ledger."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is only ever added to'); END"
        )


def upgrade() -> None:
    """Change the database forward."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stripe_id", sa.String(length=100), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fee", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tax", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rate", sa.String(length=32), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_stripe_booking_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_booking")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_stripe_booking_stripe_id")),
    )
    op.create_index(op.f("ix_stripe_booking_booked_at"), TABLE, ["booked_at"])
    op.create_index(op.f("ix_stripe_booking_payment_id_kind"), TABLE, ["payment_id", "kind"])
    guard()


def downgrade() -> None:
    """Change the database back."""
    op.drop_table(TABLE)
