"""Give back what was received and is not owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.db import db
from eventsys.payments.operations.cases import close_case, open_case
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.queries import (
    get_payment,
    list_payments,
    refunds_failed,
    refunds_on_their_way,
    withdrawn,
)
from eventsys.payments.queries.cases import list_cases_of, list_open_cases
from eventsys.payments.queries.movements import newest_of_receivable
from eventsys.payments.rules.settling import too_much

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.queries import Charge


def give_back_all(charge_id: int, *, reason: str, actor: Actor, now: datetime) -> int:
    """Ask for refunds of what is too much on a charge, the newest payment first; gives how much.

    Refunds on their way are counted, so a second call asks for nothing. What a bank has refused to take back
    is before a person already and is not sent again; what came by bank or in cash a person must pay out: it
    becomes a case.
    """
    charge = lock_charge(charge_id)
    left, free = _excess(charge)
    asked = 0
    for payment_id, most in free.items():
        amount = min(left - asked, most)
        if amount > 0:
            request_refund(payment_id, amount, origin="auto", reason=reason, actor=actor, now=now)
            asked += amount
    if left > asked:
        put_before_a_person(charge, left - asked, now=now)
    return asked


def _excess(charge: Charge) -> tuple[int, dict[int, int]]:
    """Give what is too much, and what of each payment Stripe can send back, the newest first.

    What was refused before is before a person already.
    """
    left = charge.received - charge.billed - refunds_on_their_way(charge.id)
    free = {}
    for payment in reversed(list_payments(charge.id)):
        if payment.status == "succeeded":
            here = max(0, payment.amount - payment.refunded - withdrawn(payment.id))
            refused = min(here, refunds_failed(payment.id))
            left -= refused
            if payment.method == "stripe":
                free[payment.id] = here - refused
    return left, free


def left_to_finance(charge_id: int) -> bool:
    """Tell whether somebody who sends no money back has left a charge to finance: nothing goes back by itself."""
    return any(
        case.kind == "pay_out" and case.facts.get("finance") for case in list_cases_of(charge_id)
    )


def watch_excess(charge_id: int, *, actor: Actor, now: datetime, finance: bool = False) -> int:
    """Put before a person what a charge holds too much, as the fee fell or more came; gives how much it is.

    What waits for a decision already is brought up to date, and closed when nothing is too much any more. With
    ``finance`` all of this charge is left to them from now on.
    """
    charge = lock_charge(charge_id)
    excess, _free = _excess(charge)
    if excess > 0:
        put_before_a_person(charge, excess, now=now, finance=finance)
    else:
        for waiting in list_open_cases(charge_id, "pay_out"):
            close_case(waiting.id, "gone", actor=actor, now=now)
    return max(0, excess)


def put_before_a_person(
    charge: Charge, amount: int, *, now: datetime, finance: bool = False
) -> None:
    """Keep one open case for what is too much on a charge.

    What was decided stays so until somebody owes or pays something else.
    """
    facts = {"amount": amount, "currency": charge.currency} | ({"finance": True} if finance else {})
    waiting = list_open_cases(charge.id, "pay_out")
    for case in waiting:
        case.facts = {**case.facts, **facts}
    if not waiting:
        open_case(
            "pay_out", f"pay_out:{charge.id}:{newest_of_receivable(charge.id)}", now=now, charge_id=charge.id,
            facts=facts,
        )  # fmt: skip


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
