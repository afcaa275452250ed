"""Write the ledger: the only place where a movement is recorded and a charge's sums change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.core.db import db
from eventsys.payments.models import Charge, LedgerEntry, LedgerLine
from eventsys.payments.rules.ledger import Account, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.rules.ledger import Line

#: Movements that change what is owed; all others change what was received.
BILLING: Final = frozenset({Kind.CHARGE, Kind.ADJUST, Kind.WAIVE, Kind.CANCEL})


def lock_charge(charge_id: int) -> Charge:
    """Get a charge as it is now, and let nobody else change it until this transaction ends."""
    query = (
        select(Charge)
        .where(Charge.id == charge_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def post(
    charge: Charge,
    kind: Kind,
    lines: Sequence[Line],
    *,
    unique_key: str,
    source: str,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> bool:
    """Record a movement once; False when one with this key stands already, and nothing changes.

    The caller holds the lock of the charge.
    """
    if not lines:
        return False
    dialect = db.engine.dialect.name
    made = postgresql.insert(LedgerEntry) if dialect == "postgresql" else sqlite.insert(LedgerEntry)
    entry_id = db.session.scalar(
        made.values(
            at=now,
            kind=kind.value,
            charge_id=charge.id,
            event_id=charge.event_id,
            currency=charge.currency,
            unique_key=unique_key,
            source=source,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_label=actor.label[:200],
            note=note,
        )
        .on_conflict_do_nothing(index_elements=["unique_key"])
        .returning(LedgerEntry.id),
    )
    if entry_id is None:
        return False
    db.session.execute(
        insert(LedgerLine),
        [
            {"entry_id": entry_id, "account": line.account.value, "amount": line.amount}
            for line in lines
        ],
    )
    owed = sum(line.amount for line in lines if line.account is Account.RECEIVABLE)
    if kind in BILLING:
        charge.billed += owed
    else:
        charge.received -= owed
    charge.updated_at = now
    db.session.flush()
    return True
