"""Money that was held for a person: count it as paid, or send it back from where it was held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.payments.errors import WrongMoney
from eventsys.payments.models import Payment
from eventsys.payments.operations.pay import queue_receipt
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.queries import is_lost
from eventsys.payments.rules.ledger import Account, Kind, moved
from eventsys.payments.rules.settling import PaymentStatus

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.models import Charge


def accept_held(payment_id: int, came: int, currency: str, *, actor: Actor, now: datetime) -> None:
    """Count held money as what it is: a payment of what came.

    Raises WrongMoney in another currency, or when the payer's bank has taken it for good.
    """
    charge, payment = _held(payment_id)
    if currency != charge.currency or is_lost(payment_id):
        raise WrongMoney
    payment.amount, payment.status = came, PaymentStatus.SUCCEEDED.value
    payment.received_at, payment.updated_at = now, now
    post(
        charge,
        Kind.PLACED,
        moved(Kind.PLACED, Account.SUSPENSE, Account.RECEIVABLE, came),
        unique_key=f"placed:{payment.id}",
        source="office",
        actor=actor,
        now=now,
    )
    queue_receipt(payment.id, now=now)
    record(
        "payments.place", "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={"payment": payment.id, "amount": came, "currency": currency},
    )  # fmt: skip


def send_back_held(
    payment_id: int, came: int, currency: str, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Send held money back as it came; it was never counted as paid. Raises WrongMoney."""
    _charge, payment = _held(payment_id)
    # What is sent back is what came, not what was asked for.
    payment.amount, payment.currency, payment.updated_at = came, currency, now
    db.session.flush()
    request_refund(payment_id, came, origin="office", reason=reason, actor=actor, now=now)


def _held(payment_id: int) -> tuple[Charge, Payment]:
    charge = lock_charge(db.session.get_one(Payment, payment_id).charge_id)
    payment = db.session.get_one(Payment, payment_id, populate_existing=True)
    if payment.status != PaymentStatus.HELD:
        raise WrongMoney
    return charge, payment
