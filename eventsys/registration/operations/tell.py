"""Tell a person what became of their fee: money that goes back, another fee, a fee that was let go.

Each is queued in the transaction of the movement itself, so that it is told once, and never without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsys.core.db import db
from eventsys.mail.operations import queue
from eventsys.payments.queries import find_charge_of, get_charge, get_payment, refunds_on_their_way
from eventsys.registration.models import Registration
from eventsys.registration.rules.names import full_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def tell_of_refund(
    payment_id: int, amount: int, *, why: str, now: datetime, note: str = "", way: str = ""
) -> None:
    """Say that money of a payment goes back, by which way and when it comes.

    ``why``: too_much, no_place, cancelled, office, dashboard. ``note`` is what the office wrote for the person;
    ``way`` is stripe, bank or cash, where it is not the one by which the money came.
    """
    payment = get_payment(payment_id)
    charge = get_charge(payment.charge_id)
    kept = charge.received - refunds_on_their_way(charge.id)
    facts = {
        "amount": amount,
        "currency": payment.currency,
        "why": why,
        "way": way or payment.method,
        "note": note,
        "left": max(0, charge.billed - kept),
    }
    tell(charge.registration_id, "registration/refunded", facts, now=now)


def tell_of_sums_back(
    registration_id: int, amount: int, *, why: str, way: str, now: datetime
) -> None:
    """Say that a sum of several payments goes back, all by one way; nothing is said of nothing."""
    charge = find_charge_of(registration_id)
    if charge is None or amount <= 0:
        return
    facts = {
        "amount": amount,
        "currency": charge.currency,
        "why": why,
        "way": way,
        "note": "",
        "left": 0,
    }
    tell(registration_id, "registration/refunded", facts, now=now)


def tell_of_fee(
    registration_id: int, before: int, *, why: str, now: datetime, note: str = ""
) -> None:
    """Say that a fee is another one now. ``why``: waived, changed (by the office), category."""
    charge = find_charge_of(registration_id)
    if charge is None:
        return
    facts = {
        "before": before,
        "after": charge.billed,
        "currency": charge.currency,
        "left": charge.billed - charge.received,
        "why": why,
        "note": note,
    }
    tell(registration_id, "registration/fee_changed", facts, now=now)


def tell(
    registration_id: int,
    template: str,
    facts: dict[str, Any],
    *,
    now: datetime,
    attachments: Sequence[dict[str, Any]] = (),
) -> None:
    """Queue a mail about a registration, in the language of its person."""
    registration = db.session.get_one(Registration, registration_id)
    queue(
        template,
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        facts,
        now=now,
        event_id=registration.event_id,
        registration_id=registration_id,
        attachments=attachments,
    )
