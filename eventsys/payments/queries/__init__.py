"""Read charges and what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.payments.models import Charge, Dispute, Payment, Refund

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["Charge", "Payment", "Refund"]


def find_charge_of(registration_id: int) -> Charge | None:
    """Find what a registration was billed."""
    return db.session.scalar(select(Charge).where(Charge.registration_id == registration_id))


def get_charge(charge_id: int) -> Charge:
    """Get a charge; raises NotFound."""
    return db.session.get(Charge, charge_id) or _missing()


def _missing() -> Charge:
    raise NotFound(what="charge")


def find_open_payment(charge_id: int, method: str) -> Payment | None:
    """Find the newest try to pay that may still succeed."""
    query = (
        select(Payment)
        .where(
            Payment.charge_id == charge_id,
            Payment.method == method,
            Payment.status.in_(("open", "processing")),
        )
        .order_by(Payment.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def find_payment_by_key(key: str) -> Payment | None:
    """Find a try to pay by our own key."""
    return db.session.scalar(select(Payment).where(Payment.key == key)) if key else None


def find_payment_by_intent(intent_id: str) -> Payment | None:
    """Find a payment by Stripe's payment intent."""
    return db.session.scalar(select(Payment).where(Payment.intent_id == intent_id))


def find_refund(*, key: str = "", stripe_id: str = "") -> Refund | None:
    """Find a refund by our key, else by Stripe's id."""
    for column, value in ((Refund.key, key), (Refund.stripe_id, stripe_id)):
        if value and (found := db.session.scalar(select(Refund).where(column == value))):
            return found
    return None


def find_dispute(stripe_id: str) -> Dispute | None:
    """Find a dispute by Stripe's id."""
    return db.session.scalar(select(Dispute).where(Dispute.stripe_id == stripe_id))


def list_payments(charge_id: int) -> Sequence[Payment]:
    """List all tries to pay a charge, in order."""
    return db.session.scalars(
        select(Payment).where(Payment.charge_id == charge_id).order_by(Payment.id)
    ).all()


def list_refunds(charge_id: int) -> Sequence[Refund]:
    """List all refunds of a charge, in order."""
    query = (
        select(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.charge_id == charge_id)
        .order_by(Refund.id)
    )
    return db.session.scalars(query).all()


def refunds_on_their_way(charge_id: int) -> int:
    """Sum the refunds that were asked for and are not in the ledger yet."""
    query = (
        select(func.coalesce(func.sum(Refund.amount), 0))
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.charge_id == charge_id, Refund.status == "requested")
    )
    return int(db.session.scalar(query) or 0)


def seen_of(charge: Charge) -> str:
    """Give what somebody who looks at a charge has seen of it, to tell later whether money has moved since."""
    return f"{charge.billed}.{charge.received}.{refunds_on_their_way(charge.id)}"


def refunds_failed(payment_id: int) -> int:
    """Sum the refunds of a payment that a bank or Stripe has refused."""
    query = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.payment_id == payment_id, Refund.status == "failed"
    )
    return int(db.session.scalar(query) or 0)


def withdrawn(payment_id: int) -> int:
    """Sum what the payer's bank has taken back of a payment, or holds until it has decided: it is not ours to send."""
    query = select(func.coalesce(func.sum(Dispute.amount), 0)).where(
        Dispute.payment_id == payment_id, Dispute.status != "won"
    )
    return int(db.session.scalar(query) or 0)


def is_lost(payment_id: int) -> bool:
    """Tell whether a payer's bank has taken a payment back for good."""
    lost = exists().where(Dispute.payment_id == payment_id, Dispute.status == "lost")
    return bool(db.session.scalar(select(lost)))


def ever_paid(charge_id: int) -> bool:
    """Tell whether any money ever came for a charge."""
    return bool(
        db.session.scalar(
            select(exists().where(Payment.charge_id == charge_id, Payment.status == "succeeded"))
        )
    )


def get_payment(payment_id: int) -> Payment:
    """Get a try to pay; raises NotFound."""
    found = db.session.get(Payment, payment_id)
    if found is None:
        raise NotFound(what="payment")
    return found


def registration_of(charge_id: int) -> int:
    """Give the registration that a charge is for."""
    return get_charge(charge_id).registration_id


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What the worker needs to send a refund."""

    id: int
    key: str
    intent_id: str
    amount: int
    currency: str
    asked_at: datetime


def find_refund_order(refund_id: int) -> RefundOrder | None:
    """Get a refund that is to be sent; None when it was sent already."""
    row = db.session.execute(
        select(Refund, Payment)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.id == refund_id)
    ).one_or_none()
    if row is None or row[0].status != "requested" or not row[1].intent_id:
        return None
    refund, payment = row
    intent = str(payment.intent_id)
    return RefundOrder(
        refund.id, refund.key, intent, refund.amount, payment.currency, refund.created_at
    )
