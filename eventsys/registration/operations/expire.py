"""A place that waited for its fee: remind once, then give it to whoever waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.operations.places import release_place
from eventsys.jobs.operations import enqueue
from eventsys.mail.operations import queue
from eventsys.payments.operations.bill import change_bill
from eventsys.payments.operations.pay import close_page
from eventsys.payments.queries import find_charge_of, find_open_payment
from eventsys.payments.rules.ledger import Kind
from eventsys.registration.models import Registration
from eventsys.registration.operations.lock import lock_registration
from eventsys.registration.operations.price import await_fee, give_back_code
from eventsys.registration.operations.promote import promote
from eventsys.registration.operations.settle import settle
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor

# How long a place that is not paid for is kept because Stripe does not answer, and when it is asked again.
PATIENCE: Final = timedelta(hours=6)
LOOK_AGAIN: Final = timedelta(minutes=10)


def expire(registration_id: int, *, grace: timedelta, actor: Actor, now: datetime) -> bool:
    """End a registration whose time to pay is over; False when there is nothing to end.

    A payment that a bank has not yet decided on keeps the place for ``grace`` more.
    """
    registration = lock_registration(registration_id)
    if (
        registration.status != Status.SUBMITTED
        or registration.pay_until is None
        or registration.pay_until > now
    ):
        return False
    charge = find_charge_of(registration_id)
    if charge is not None:
        trying = find_open_payment(charge.id, "stripe")
        if trying is not None and trying.status == "processing":
            registration.pay_until = now + grace
            await_fee(registration_id, registration.pay_until, now=now)
            return False
    registration.status, registration.holds_place = Status.EXPIRED.value, False
    registration.ended_at = registration.updated_at = now
    db.session.flush()
    release_place(registration.event_id, registration.category_id)
    give_back_code(registration_id)
    if charge is not None:
        change_bill(charge.id, 0, kind=Kind.CANCEL, actor=actor, now=now, reason="not paid in time")
        close_page(charge.id, now=now)
    record(
        "registration.expire", "registration", registration_id, actor=actor, now=now, event_id=registration.event_id,
    )  # fmt: skip
    _mail(registration, "registration/expired", now=now)
    settle(registration_id, actor=actor, now=now)
    promote(registration.event_id, actor=actor, now=now)
    return True


def wait_for_stripe(registration_id: int, *, now: datetime) -> bool:
    """Look again soon whether a place that was not paid for can be given up; False when it was put off for long.

    A job that fails is tried for an hour and then no more: a place would be held for ever.
    """
    registration = db.session.get_one(Registration, registration_id)
    until = registration.pay_until
    if until is None or now >= until + PATIENCE:
        return False
    again = now + LOOK_AGAIN
    enqueue(
        "registration.expire", {"registration_id": registration_id}, now=now, due_at=again,
        unique_key=f"expire:{registration_id}:again:{again:%Y%m%d%H%M%S%f}",
    )  # fmt: skip
    return True


def remind_fee(registration_id: int, *, now: datetime) -> bool:
    """Remind once of a fee that a place waits for; False when it does not wait any more."""
    registration = db.session.get_one(Registration, registration_id)
    if registration.status != Status.SUBMITTED or registration.pay_until is None:
        return False
    charge = find_charge_of(registration_id)
    if charge is None or charge.received >= charge.billed:
        return False
    _mail(registration, "registration/pay_reminder", now=now)
    return True


def _mail(registration: Registration, template: str, *, now: datetime) -> None:
    queue(
        template,
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        {},
        now=now,
        event_id=registration.event_id,
        registration_id=registration.id,
    )
