"""What money does to a registration: the fee has come, or goes back, or is owed again.

Called with every change of a charge, in its transaction. Acts on what the charge and the registration are
now, so it may be called again and in any order: no money without a place or a refund, no place without
money or a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.operations.places import release_place, take_place
from eventsys.mail.operations import queue
from eventsys.payments.operations.bill import change_bill
from eventsys.payments.operations.cases import open_case
from eventsys.payments.operations.give_back import (
    give_back_all,
    give_back_excess,
    left_to_finance,
    watch_excess,
)
from eventsys.payments.queries import ever_paid, find_charge_of
from eventsys.payments.rules.ledger import Kind
from eventsys.payments.rules.settling import state_of
from eventsys.registration.models import LIVE, Price, Registration
from eventsys.registration.operations.lock import lock_only
from eventsys.registration.operations.price import take_code_again
from eventsys.registration.operations.submit import confirmation_attachments
from eventsys.registration.operations.tell import tell_of_refund, tell_of_sums_back
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import ENDED, Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.queries import Charge


def settle(registration_id: int, *, actor: Actor, now: datetime) -> str | None:
    """Bring a registration in line with its charge; gives its payment state, None when it was never billed.

    A fee that came in full confirms a place that waited; one that came too late gets a place if there is
    one, else it goes back.
    """
    charge = find_charge_of(registration_id)
    if charge is None:
        return None
    registration = lock_only(registration_id)
    if charge.received >= charge.billed and charge.received > 0:
        _paid(registration, charge, actor=actor, now=now)
    state = state_of(
        charge.billed,
        charge.received,
        waived=charge.billed == 0 and registration.status not in ENDED,
        ever_paid=ever_paid(charge.id),
    )
    if state != registration.payment:
        record(
            "registration.payment", "registration", registration_id, actor=actor, now=now,
            event_id=registration.event_id, facts={"before": registration.payment, "after": state},
        )  # fmt: skip
        registration.payment = state
        registration.updated_at = now
    db.session.flush()
    return state


def settle_payment(registration_id: int, payment_id: int, *, actor: Actor, now: datetime) -> None:
    """Bring a registration in line with a payment by Stripe that has just come; what is too much goes back.

    The registration comes first: a fee that came too late may still get a place, and is then not too much.
    """
    settle(registration_id, actor=actor, now=now)
    back = give_back_excess(payment_id, actor=actor, now=now)
    if back:
        tell_of_refund(payment_id, back, why="too_much", now=now)


def confirm_paid(registration_id: int, *, actor: Actor, now: datetime) -> None:
    """Confirm a place that waited for its fee, when nothing is owed any more (paid, or let go).

    Whoever is confirmed and owes again, for a dearer category, is due again.
    """
    registration = lock_only(registration_id)
    charge = find_charge_of(registration_id)
    nothing_owed = charge is None or charge.received >= charge.billed
    if nothing_owed and registration.status == Status.SUBMITTED:
        _confirm(registration, actor=actor, now=now)
    settle(registration_id, actor=actor, now=now)


def _paid(registration: Registration, charge: Charge, *, actor: Actor, now: datetime) -> None:
    status = Status(registration.status)
    if status is Status.SUBMITTED:
        _confirm(registration, actor=actor, now=now)
    elif status is Status.EXPIRED and charge.billed == 0:
        total = db.session.get_one(Price, registration.id).total
        if charge.received >= total and _place_again(registration):
            reason = "paid after expiry"
            change_bill(charge.id, total, kind=Kind.ADJUST, actor=actor, now=now, reason=reason)
            _confirm(registration, actor=actor, now=now)
        else:
            _too_late(registration, charge, actor=actor, now=now)
    elif status in ENDED and charge.received > charge.billed:
        _too_late(registration, charge, actor=actor, now=now)
    elif status is Status.WAITING:
        open_case("no_place", f"no_place:{charge.id}", now=now, charge_id=charge.id)


def _place_again(registration: Registration) -> bool:
    """Take a place for somebody whose own had expired, unless they have registered anew meanwhile.

    The code that made their fee smaller must still be free as well: it was given back with the place.
    """
    anew = exists().where(
        Registration.event_id == registration.event_id,
        Registration.email_key == registration.email_key,
        Registration.id != registration.id,
        LIVE,
    )
    if db.session.scalar(select(anew)):
        return False
    if not take_place(registration.event_id, registration.category_id):
        return False
    if take_code_again(registration.id):
        return True
    release_place(registration.event_id, registration.category_id)
    return False


def _confirm(registration: Registration, *, actor: Actor, now: datetime) -> None:
    before = registration.status
    registration.status, registration.holds_place = Status.CONFIRMED.value, True
    registration.confirmed_at = registration.updated_at = now
    registration.ended_at = registration.pay_until = None
    db.session.flush()
    record(
        "registration.confirm", "registration", registration.id, actor=actor, now=now,
        event_id=registration.event_id, facts={"before": before},
    )  # fmt: skip
    queue(
        "registration/confirmed",
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        {},
        now=now,
        event_id=registration.event_id,
        registration_id=registration.id,
        attachments=confirmation_attachments(registration.id),
    )


def _too_late(registration: Registration, charge: Charge, *, actor: Actor, now: datetime) -> None:
    """Send the money of an ended registration back, and tell the person once; or leave it to finance."""
    if left_to_finance(charge.id):
        watch_excess(charge.id, actor=actor, now=now)
        return
    back = give_back_all(charge.id, reason="no place", actor=actor, now=now)
    tell_of_sums_back(registration.id, back, why="no_place", way="stripe", now=now)
