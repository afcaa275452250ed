"""Take back a payment that was recorded by hand for the wrong fee, or never came: a counter-entry, and no refund."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.payments.errors import PartlyRefunded
from eventsys.payments.models import BankLine, Payment
from eventsys.payments.operations.give_back import watch_excess
from eventsys.payments.operations.pay import queue_receipt
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.rules.ledger import ACCOUNT_OF_METHOD, Account, Kind, moved
from eventsys.payments.rules.settling import PaymentStatus

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def can_take_back(payment: Payment) -> bool:
    """Tell whether a payment was recorded by hand, not by Stripe or a file of the bank, and stands."""
    by_file = exists().where(BankLine.payment_id == payment.id)
    return (
        payment.status == PaymentStatus.SUCCEEDED
        and payment.method != "stripe"
        and not db.session.scalar(select(by_file))
    )


def take_back_payment(payment_id: int, *, reason: str, actor: Actor, now: datetime) -> bool:
    """Take it off its charge; False when somebody did so before. Raises NotFound, PartlyRefunded."""
    charge = lock_charge(db.session.get_one(Payment, payment_id).charge_id)
    payment = db.session.get_one(Payment, payment_id, populate_existing=True)
    if payment.status == PaymentStatus.UNDONE:
        return False
    if not can_take_back(payment):
        raise NotFound(what="payment")
    if payment.refunded:
        raise PartlyRefunded
    payment.status, payment.updated_at = PaymentStatus.UNDONE.value, now
    post(
        charge,
        Kind.UNDO,
        moved(Kind.UNDO, Account.RECEIVABLE, ACCOUNT_OF_METHOD[payment.method], payment.amount),
        unique_key=f"undo:{payment.id}",
        source="office",
        actor=actor,
        now=now,
        note=reason,
    )
    queue_receipt(payment.id, now=now, after="undo")
    watch_excess(charge.id, actor=actor, now=now)
    record(
        "payments.take_back", "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={
            "payment": payment.id, "amount": payment.amount, "currency": payment.currency, "method": payment.method,
            "reason": reason,
        },
    )  # fmt: skip
    return True
