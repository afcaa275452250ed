"""Store what Stripe sends, once; a message is a hint, and what it is about is asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.core.db import db
from eventsys.jobs.operations import enqueue
from eventsys.payments.models import StripeEvent

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.payments.gateway import Notice

#: Which kinds of objects concern us; anything else is stored, answered and left alone.
CONCERNS: Final = ("checkout.session", "payment_intent", "charge", "refund", "dispute")


def store_notice(notice: Notice, *, now: datetime) -> bool:
    """Store a message and queue the look at its object; False when it came before."""
    dialect = db.engine.dialect.name
    statement = (
        postgresql.insert(StripeEvent) if dialect == "postgresql" else sqlite.insert(StripeEvent)
    )
    concerns = notice.object_kind in CONCERNS and bool(notice.object_id)
    made = db.session.scalar(
        statement.values(
            id=notice.id,
            type=notice.type,
            object_id=notice.object_id,
            livemode=notice.livemode,
            created_at=notice.created_at,
            received_at=now,
            handled_at=None if concerns else now,
            outcome="" if concerns else "not ours",
        )
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(StripeEvent.id)
    )
    if made is None:
        return False
    if concerns:
        enqueue(
            "payments.look",
            {"notice": notice.id, "kind": notice.object_kind, "id": notice.object_id},
            now=now,
            unique_key=f"stripe:{notice.id}",
        )
    return True


def note_outcome(notice_id: str, outcome: str, *, now: datetime) -> None:
    """Keep what a message led to."""
    db.session.execute(
        update(StripeEvent)
        .where(StripeEvent.id == notice_id)
        .values(handled_at=now, outcome=outcome[:40]),
        execution_options={"synchronize_session": False},
    )
