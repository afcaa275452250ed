"""Money that a person paid out from the bank, because it could not go back the way it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.tokens import new_key
from eventsys.payments.errors import RefundTooLarge
from eventsys.payments.models import Payment, Refund
from eventsys.payments.operations.pay import queue_receipt
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.queries import withdrawn
from eventsys.payments.rules.ledger import Account, Kind, moved
from eventsys.payments.rules.settling import PaymentStatus, RefundStatus

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def pay_out_by_bank(
    payment_id: int, amount: int, *, reason: str, actor: Actor, now: datetime
) -> Refund:
    """Record that money of a payment was paid out by bank transfer. Raises RefundTooLarge."""
    charge = lock_charge(db.session.get_one(Payment, payment_id).charge_id)
    gone = withdrawn(payment_id)
    took = db.session.execute(
        update(Payment)
        .where(
            Payment.id == payment_id,
            Payment.status == PaymentStatus.SUCCEEDED.value,
            Payment.refunded + amount + gone <= Payment.amount,
        )
        .values(refunded=Payment.refunded + amount, updated_at=now),
        execution_options={"synchronize_session": False},
    )
    payment = db.session.get_one(Payment, payment_id, populate_existing=True)
    if took.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        most = max(0, payment.amount - payment.refunded - gone)
        raise RefundTooLarge(most=most, currency=payment.currency)
    refund = Refund(
        key=new_key(),
        payment_id=payment_id,
        amount=amount,
        status=RefundStatus.SUCCEEDED.value,
        origin="office",
        reason=reason,
        error="",
        created_at=now,
        settled_at=now,
    )
    db.session.add(refund)
    db.session.flush()
    post(
        charge,
        Kind.REFUND,
        moved(Kind.REFUND, Account.RECEIVABLE, Account.BANK, amount),
        unique_key=f"refund:{refund.id}",
        source=f"refund:{refund.id}",
        actor=actor,
        now=now,
        note=reason,
    )
    queue_receipt(payment_id, now=now, after=f"refund:{refund.id}")
    record(
        "payments.pay_out", "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={"payment": payment_id, "amount": amount, "currency": payment.currency, "reason": reason},
    )  # fmt: skip
    return refund
