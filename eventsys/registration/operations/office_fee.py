"""What the office does about the fee of one registration, and what follows from it for the place.

Everything is a movement with a reason; what was frozen stays, and a change stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventsys.core.db import db
from eventsys.payments.errors import MovedMeanwhile, WrongAmount
from eventsys.payments.operations.bill import change_bill, waive
from eventsys.payments.operations.give_back import watch_excess
from eventsys.payments.operations.pay import close_page, record_payment
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.queries import (
    find_charge_of,
    find_payment_by_key,
    find_refund,
    get_payment,
    refunds_on_their_way,
    seen_of,
)
from eventsys.payments.rules.ledger import Kind
from eventsys.registration.errors import NoFee
from eventsys.registration.models import Price, Registration
from eventsys.registration.operations.settle import confirm_paid, settle
from eventsys.registration.operations.tell import tell_of_fee, tell_of_refund
from eventsys.registration.rules.price import OFFICE
from eventsys.registration.rules.states import ENDED

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.queries import Charge


@dataclass(frozen=True, slots=True)
class HandPayment:
    """Money that came outside of the system. ``key`` is the form's: sent twice, it is recorded once.

    ``seen`` is what was shown of the charge: two people who look at one line of the bank record it once.
    """

    amount: int
    method: str
    key: str
    note: str = ""
    received_at: datetime | None = None
    seen: str = ""


def _locked(registration_id: int) -> Charge:
    found = find_charge_of(registration_id)
    if found is None:
        raise NoFee
    return lock_charge(found.id)


def _check_seen(charge: Charge, seen: str) -> None:
    if seen and seen != seen_of(charge):
        raise MovedMeanwhile


def waive_fee(
    registration_id: int, *, reason: str, actor: Actor, now: datetime, tell: bool = True
) -> int:
    """Let go what is still owed, and confirm the place that waited for it; gives how much. Raises NoFee.

    With ``tell`` the person gets a mail about it, with the reason.
    """
    charge = _locked(registration_id)
    before = charge.billed
    owed = waive(charge.id, reason=reason, actor=actor, now=now)
    if owed:
        close_page(charge.id, now=now)
        confirm_paid(registration_id, actor=actor, now=now)
        if tell:
            tell_of_fee(registration_id, before, why="waived", note=reason, now=now)
    return owed


def change_fee(
    registration_id: int,
    total: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    tell: bool = True,
) -> int:
    """Make a fee come to ``total`` by decision of the office; gives the difference. Raises NoFee, WrongAmount.

    With ``tell`` the person gets a mail about it, with the reason.
    """
    if total < 0:
        raise WrongAmount
    charge = _locked(registration_id)
    difference = change_bill(
        charge.id, total, kind=Kind.ADJUST, actor=actor, now=now, reason=reason
    )
    if difference:
        _note_change(registration_id, total)
        close_page(charge.id, now=now)
        confirm_paid(registration_id, actor=actor, now=now)
        watch_excess(charge.id, actor=actor, now=now)
        if tell:
            before = total - difference
            tell_of_fee(registration_id, before, why="changed", note=reason, now=now)
    return difference


def record_by_hand(
    registration_id: int, money: HandPayment, *, actor: Actor, now: datetime
) -> None:
    """Record money that came by bank or in cash. Raises NoFee, WrongAmount, MovedMeanwhile."""
    charge = _locked(registration_id)
    if find_payment_by_key(money.key) is None:
        _check_seen(charge, money.seen)
    record_payment(
        charge.id,
        money.amount,
        money.method,
        actor=actor,
        now=now,
        source="office",
        note=money.note,
        received_at=money.received_at,
        key=money.key,
    )
    if charge.received >= charge.billed:
        close_page(charge.id, now=now)
    settle(registration_id, actor=actor, now=now)
    watch_excess(charge.id, actor=actor, now=now)


def refund_fee(
    payment_id: int,
    amount: int,
    *,
    owed_again: bool,
    reason: str,
    key: str,
    actor: Actor,
    now: datetime,
    tell: bool = True,
    seen: str = "",
) -> None:
    """Send money back; the fee goes down by it, unless it is ``owed_again``. With ``tell`` the person is told.

    What was too much anyway leaves the fee as it is. By Stripe the worker sends it; by bank or in cash a
    person has paid it out. ``seen``: what was shown of the charge. Raises RefundTooLarge, WrongAmount, MovedMeanwhile.
    """
    charge = lock_charge(get_payment(payment_id).charge_id)
    if find_refund(key=key) is not None:
        return
    _check_seen(charge, seen)
    too_much = max(0, charge.received - charge.billed - refunds_on_their_way(charge.id))
    request_refund(
        payment_id, amount, origin="office", reason=reason, actor=actor, now=now, key=key
    )
    less = 0 if owed_again else min(amount - too_much, charge.billed)
    if less > 0:
        total = charge.billed - less
        change_bill(charge.id, total, kind=Kind.ADJUST, actor=actor, now=now, reason=reason)
        _note_change(charge.registration_id, total)
    settle(charge.registration_id, actor=actor, now=now)
    watch_excess(charge.id, actor=actor, now=now)
    if tell:
        tell_of_refund(payment_id, amount, why="office", note=reason, now=now)


def _note_change(registration_id: int, total: int) -> None:
    """Put the difference beside what was frozen; an ended registration keeps its lines as they were."""
    price = db.session.get(Price, registration_id)
    registration = db.session.get_one(Registration, registration_id)
    if price is None or registration.status in ENDED or price.total == total:
        return
    line = {"kind": "change", "label": {}, "amount": total - price.total, "by": OFFICE}
    price.lines, price.total = [*price.lines, line], total
