"""A payment that was recorded by mistake is taken back: its registration owes again, and keeps its place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventsys.core.db import db
from eventsys.jobs.operations import enqueue
from eventsys.payments.operations.take_back import take_back_payment
from eventsys.payments.queries import get_charge, get_payment
from eventsys.registration.models import Registration
from eventsys.registration.operations.settle import settle
from eventsys.registration.operations.tell import tell
from eventsys.registration.rules.states import ENDED

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor

_SOON: Final = timedelta(days=1)


def take_back(
    payment_id: int, *, reason: str, actor: Actor, now: datetime, told: bool = True
) -> bool:
    """Take a payment back, and remind of the fee as of any that is not paid; False when it was taken back before.

    The place stays: its holder did nothing wrong. With ``told`` they get a mail. Raises NotFound, PartlyRefunded.
    """
    if not take_back_payment(payment_id, reason=reason, actor=actor, now=now):
        return False
    payment = get_payment(payment_id)
    charge = get_charge(payment.charge_id)
    settle(charge.registration_id, actor=actor, now=now)
    registration = db.session.get_one(Registration, charge.registration_id)
    if charge.received >= charge.billed or registration.status in ENDED:
        return True
    if told:
        facts = {"came": payment.amount, "currency": payment.currency}
        tell(charge.registration_id, "registration/payment_undone", facts, now=now)
    enqueue(
        "registration.remind_due", {"registration_id": charge.registration_id}, now=now, due_at=now + _SOON,
        unique_key=f"due:{charge.registration_id}:take_back:{payment_id}",
    )  # fmt: skip
    return True
