"""several bank accounts, for payers of other currencies and countries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What stood with whoever issues documents: there, and in an account.
MOVED = (
    ("account_holder", "holder", sa.String(length=200), ""),
    ("iban", "iban", sa.String(length=34), ""),
    ("bic", "bic", sa.String(length=11), ""),
    ("bank_name", "bank_name", sa.String(length=200), ""),
    ("transfer_note", "note", sa.JSON(), "{}"),
)


def upgrade() -> None:
    """Change the database forward."""
    op.create_table(
        "bank_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("number", sa.String(length=34), nullable=False),
        sa.Column("code_kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("bic", sa.String(length=11), nullable=False),
        sa.Column("bank_name", sa.String(length=200), nullable=False),
        sa.Column("bank_address", sa.String(length=200), nullable=False),
        sa.Column("intermediary", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reach", sa.String(length=10), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
    )
    # The one account there was: for every currency and every payer, as it was told to them.
    old = ", ".join(name for name, *_ in MOVED)
    new = ", ".join(name for _, name, *_ in MOVED)
    op.execute(
        f"INSERT INTO bank_account (position, {new}, number, code_kind, code, bank_address, intermediary, currency, "  # noqa: S608 (own names)
        f"reach, countries, updated_at) SELECT 0, {old}, '', '', '', '', '', '', 'all', '[]', updated_at "
        "FROM issuer WHERE iban <> ''"
    )
    for name, *_ in MOVED:
        op.drop_column("issuer", name)
    op.add_column(
        "bank_line", sa.Column("account", sa.String(length=34), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Change the database back: the account that stands first is kept, if it has an IBAN."""
    op.drop_column("bank_line", "account")
    for name, _, kind, empty in MOVED:
        op.add_column("issuer", sa.Column(name, kind, nullable=False, server_default=empty))
    for name, new, *_ in MOVED:
        first = f"SELECT {new} FROM bank_account WHERE iban <> '' ORDER BY position, id LIMIT 1"  # noqa: S608 (own names)
        op.execute(f"UPDATE issuer SET {name} = ({first}) WHERE EXISTS ({first})")  # noqa: S608 (own names)
    op.drop_table("bank_account")
