"""What would become of the money of a registration that is cancelled now: what is told is what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventsys.core.money import payable_step
from eventsys.payments.queries import find_charge_of, refunds_on_their_way
from eventsys.registration.queries.fees import find_plan
from eventsys.registration.rules.price import kept_after_cancelling

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.payments.queries import Charge
    from eventsys.registration.models import FeePlan


@dataclass(frozen=True, slots=True)
class AfterCancelling:
    """What was paid, and what of it goes back, in minor units of ``currency``."""

    currency: str
    paid: int
    back: int


def after_cancelling(
    registration_id: int, *, by_person: bool, now: datetime
) -> AfterCancelling | None:
    """Say what goes back; None where nothing was paid."""
    charge = find_charge_of(registration_id)
    if charge is None:
        return None
    paid = charge.received - refunds_on_their_way(charge.id)
    if paid <= 0:
        return None
    kept = kept_if_cancelled(charge, find_plan(charge.event_id), by_person=by_person, now=now)
    return AfterCancelling(charge.currency, paid, max(0, paid - kept))


def kept_if_cancelled(
    charge: Charge, plan: FeePlan | None, *, by_person: bool, now: datetime
) -> int:
    """Give what stays billed: of a person who cancels what the rule of the event says, of anybody else nothing."""
    if not by_person or plan is None or charge.received <= 0:
        return 0
    in_time = plan.refund_until is None or now < plan.refund_until
    kept = kept_after_cancelling(
        charge.billed, plan.refund_percent, in_time=in_time, step=payable_step(charge.currency)
    )
    return min(kept, charge.received)
