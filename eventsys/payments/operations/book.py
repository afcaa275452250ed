"""What Stripe booked on its account for a payment: kept once, and what it kept for itself goes into the ledger.

Stripe books up to an hour after the payment, and tells again; whoever hears it first records it. Each is known by
Stripe's own number, so that repeats, the wrong order and two who hear it at once change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy.dialects import postgresql, sqlite

from eventsys.core.db import db
from eventsys.payments.models import Payment, StripeBooking
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.queries import (
    find_dispute,
    find_payment_by_intent,
    find_payment_by_key,
    find_refund,
)
from eventsys.payments.queries.bookings import is_booked
from eventsys.payments.rules.ledger import Account, Kind, moved
from eventsys.payments.rules.settling import PaymentStatus

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.models import Charge
    from eventsys.payments.rules.settling import Booking, DisputeFacts, RefundFacts, SessionFacts

# Money that is held for a person came as well, and Stripe kept its fee of it.
_CAME: Final = frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.HELD})


def book_payment(session: SessionFacts, *, livemode: bool, actor: Actor, now: datetime) -> bool:
    """Record what Stripe booked for a payment that was settled before; True when it is new."""
    booking = session.booking
    if booking is None or session.livemode is not livemode:
        return False
    known = None if is_booked(booking.id) else find_payment_by_key(session.payment_key)
    if known is None:
        return False
    charge = lock_charge(known.charge_id)
    payment = db.session.get_one(Payment, known.id, populate_existing=True)
    if payment.status not in _CAME or payment.session_id != session.id:
        return False
    return _book(
        charge, booking, "payment", payment.id, source=f"payment:{payment.id}", actor=actor, now=now
    )


def book_refund(facts: RefundFacts, *, actor: Actor, now: datetime) -> bool:
    """Record what Stripe booked for a refund, and for its money that came back; True when it is new.

    Also of one that nobody here recorded: made in the dashboard, and refused before we heard of it.
    """
    told = [("refund", facts.booking), ("refund_failed", facts.failure)]
    new = [(kind, row) for kind, row in told if row is not None and not is_booked(row.id)]
    payment = find_payment_by_intent(facts.intent_id) if new and facts.intent_id else None
    if payment is None:
        return False
    charge = lock_charge(payment.charge_id)
    refund = find_refund(key=facts.refund_key, stripe_id=facts.id)
    source = f"refund:{refund.id}" if refund else f"payment:{payment.id}"
    made = [
        _book(charge, booking, kind, payment.id, source=source, actor=actor, now=now)
        for kind, booking in new
    ]
    return any(made)


def book_dispute(facts: DisputeFacts, *, actor: Actor, now: datetime) -> bool:
    """Record what Stripe booked for a dispute: money withdrawn or put back, and its fee; True when it is new."""
    new = [row for row in facts.bookings if not is_booked(row.id)]
    dispute = find_dispute(facts.id) if new else None
    if dispute is None:
        return False
    payment = db.session.get_one(Payment, dispute.payment_id)
    charge = lock_charge(payment.charge_id)
    source = f"dispute:{dispute.id}"
    made = [
        _book(charge, booking, "dispute", payment.id, source=source, actor=actor, now=now)
        for booking in new
    ]
    return any(made)


def _book(
    charge: Charge, booking: Booking, kind: str, payment_id: int, *, source: str, actor: Actor, now: datetime
) -> bool:  # fmt: skip
    dialect = db.engine.dialect.name
    made = (postgresql if dialect == "postgresql" else sqlite).insert(StripeBooking)
    new = db.session.scalar(
        made.values(
            stripe_id=booking.id,
            payment_id=payment_id,
            kind=kind,
            currency=booking.currency,
            amount=booking.amount,
            fee=booking.fee,
            tax=booking.tax,
            rate=booking.rate[:32],
            booked_at=booking.at,
        )
        .on_conflict_do_nothing(index_elements=["stripe_id"])
        .returning(StripeBooking.id)
    )
    if new is None:
        return False
    # A fee in another currency can not be counted here, and no rate is made up for it: it is shown as it is.
    if booking.currency == charge.currency:
        entry = Kind.DISPUTE_FEE if kind == "dispute" else Kind.STRIPE_FEE
        lines = moved(entry, Account.FEES, Account.STRIPE, booking.fee)
        key = f"{entry.value}:{booking.id}"
        post(charge, entry, lines, unique_key=key, source=source, actor=actor, now=now)
    return True
