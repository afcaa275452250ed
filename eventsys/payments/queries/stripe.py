"""Read our side of what Stripe keeps, to compare the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from eventsys.core.db import db
from eventsys.payments.models import Charge, Payment, Refund

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def list_pages_made_since(since: datetime) -> Sequence[int]:
    """List the numbers of the tries to pay by Stripe whose payment page was made since a moment."""
    query = (
        select(Payment.id)
        .where(
            Payment.method == "stripe",
            Payment.session_id.is_not(None),
            Payment.created_at >= since,
        )
        .order_by(Payment.id)
    )
    return db.session.scalars(query).all()


def list_pages_waiting(before: datetime) -> Sequence[str]:
    """List the payment pages made before a moment that we believe open, or on their way at a bank."""
    query = (
        select(Payment.session_id)
        .where(
            Payment.method == "stripe",
            Payment.session_id.is_not(None),
            Payment.created_at < before,
            Payment.status.in_(("open", "processing")),
        )
        .order_by(Payment.id)
    )
    return [session_id for session_id in db.session.scalars(query) if session_id]


def list_refunds_not_sent(before: datetime) -> Sequence[int]:
    """List the refunds that were asked for before a moment and of which Stripe has not told yet."""
    query = (
        select(Refund.id)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.method == "stripe", Refund.status == "requested", Refund.created_at < before)
        .order_by(Refund.id)
    )
    return db.session.scalars(query).all()


def find_charge_by_reference(reference: str) -> Charge | None:
    """Find a charge by the reference that payers see."""
    return db.session.scalar(select(Charge).where(Charge.reference == reference))
