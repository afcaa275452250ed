"""A payment page that Stripe does not know: it was made with another key, as a rule in test mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.payments.models import Payment
from eventsys.payments.operations.cases import open_case
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.rules.settling import PaymentStatus

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def give_up_unknown(payment_id: int, *, actor: Actor, now: datetime) -> bool:
    """End a try to pay of which Stripe will never tell how it ended; True when a person must look.

    The person can pay again. A direct debit that was on its way is put before a person: with the right key it
    may have been real. Should Stripe know the page again one day, and say that it is paid, it counts.
    """
    charge = lock_charge(db.session.get_one(Payment, payment_id).charge_id)
    payment = db.session.get_one(Payment, payment_id, populate_existing=True)
    on_its_way = payment.status == PaymentStatus.PROCESSING
    if not on_its_way and payment.status != PaymentStatus.OPEN:
        return False
    payment.status = (PaymentStatus.FAILED if on_its_way else PaymentStatus.EXPIRED).value
    payment.updated_at = now
    if on_its_way:
        open_case(
            "page_unknown", f"page_unknown:{payment_id}", now=now, charge_id=charge.id, payment_id=payment_id,
            facts={"session": payment.session_id, "amount": payment.amount, "currency": payment.currency},
        )  # fmt: skip
    record(
        "payments.fail" if on_its_way else "payments.expire", "charge", charge.id, actor=actor, now=now,
        event_id=charge.event_id,
        facts={"payment": payment_id, "amount": payment.amount, "currency": payment.currency, "method": "stripe"},
    )  # fmt: skip
    return on_its_way
