"""Give back what was received and is not owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.db import db
from eventsys.payments.operations.cases import open_case
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.queries import (
    get_payment,
    list_payments,
    refunds_failed,
    refunds_on_their_way,
)
from eventsys.payments.rules.settling import too_much

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def give_back_all(charge_id: int, *, reason: str, actor: Actor, now: datetime) -> int:
    """Ask for refunds of what is too much on a charge, the newest payment first; gives how much.

    Refunds on their way are counted, so a second call asks for nothing. What a bank has refused to take back
    is before a person already and is not sent again; what came by bank or in cash a person must pay out: it
    becomes a case.
    """
    charge = lock_charge(charge_id)
    left = charge.received - charge.billed - refunds_on_their_way(charge_id)
    free = {}
    for payment in reversed(list_payments(charge_id)):
        if payment.status == "succeeded":
            refused = min(payment.amount - payment.refunded, refunds_failed(payment.id))
            left -= refused
            if payment.method == "stripe":
                free[payment.id] = payment.amount - payment.refunded - refused
    asked = 0
    for payment_id, most in free.items():
        amount = min(left - asked, most)
        if amount > 0:
            request_refund(payment_id, amount, origin="auto", reason=reason, actor=actor, now=now)
            asked += amount
    if left > asked:
        open_case(
            "pay_out", f"pay_out:{charge_id}:{charge.received}:{charge.billed}", now=now, charge_id=charge_id,
            facts={"amount": left - asked, "currency": charge.currency},
        )  # fmt: skip
    return asked


def give_back_excess(payment_id: int, *, actor: Actor, now: datetime) -> int:
    """Send back what of a payment that has just come is more than what is owed; gives how much.

    Somebody paid in two tabs, or the fee fell meanwhile. Older money stays: a person decides on that.
    """
    payment = get_payment(payment_id)
    charge = lock_charge(payment.charge_id)
    db.session.refresh(payment)
    kept = charge.received - refunds_on_their_way(charge.id)
    excess = too_much(charge.billed, kept, payment.amount - payment.refunded)
    if excess:
        request_refund(payment_id, excess, origin="auto", reason="too much", actor=actor, now=now)
    return excess
