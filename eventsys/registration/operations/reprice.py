"""What a change costs: the difference to pay or to send back, beside what was frozen; never a rewrite."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from eventsys.core.db import db
from eventsys.events.queries import get_event_by_id
from eventsys.payments.operations.bill import change_bill
from eventsys.payments.operations.cases import open_case
from eventsys.payments.queries import find_charge_of
from eventsys.payments.rules.ledger import Kind
from eventsys.registration.models import FeeCode, Price, Registration
from eventsys.registration.operations.price import Priced, bill, freeze
from eventsys.registration.operations.settle import confirm_paid
from eventsys.registration.operations.tell import tell_of_fee
from eventsys.registration.queries.fees import find_plan, quote_for
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.registration.models import FeePlan
    from eventsys.registration.rules.price import Quote


def reprice(registration_id: int, *, actor: Actor, now: datetime) -> int:
    """Price a registration anew after its category, organisation or country changed; gives the difference.

    Early or late is decided by the moment of registration, as it was shown then. The caller holds the lock
    of the registration and its charge (``lock_registration``).
    """
    db.session.flush()
    registration = db.session.get_one(Registration, registration_id)
    plan = find_plan(registration.event_id)
    if plan is None or registration.status not in {
        Status.SUBMITTED,
        Status.CONFIRMED,
        Status.WAITING,
    }:
        return 0
    price = db.session.get(Price, registration_id)
    code = db.session.get(FeeCode, price.code_id) if price and price.code_id else None
    event = get_event_by_id(registration.event_id)
    found = quote_for(
        event.id,
        category_id=registration.category_id,
        organisation_id=registration.organisation_id,
        country=registration.country,
        day=event.starts_at.astimezone(ZoneInfo(event.timezone)).date(),
        at=registration.registered_at,
        code=code,
    )
    difference = found.total - (price.total if price else 0)
    if difference and price is None:
        freeze(registration_id, Priced(plan, found, code), {}, now=now)
    elif difference and price is not None:
        line = {"kind": "change", "label": {}, "amount": difference}
        price.lines = [*price.lines, line]
        price.total = found.total
    if difference and registration.status != Status.WAITING:
        _charge(registration, plan, found, difference, actor=actor, now=now)
    return difference


def _charge(
    registration: Registration,
    plan: FeePlan,
    found: Quote,
    difference: int,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    charge = find_charge_of(registration.id)
    before = charge.billed if charge else 0
    if charge is None:
        zone = get_event_by_id(registration.event_id).timezone
        # Whoever is confirmed stays so and owes the fee; nobody loses a place to a change of category.
        bill(
            registration.id,
            plan,
            found.total,
            zone,
            holds=registration.status == Status.SUBMITTED,
            actor=actor,
            now=now,
        )
        tell_of_fee(registration.id, before, why="category", now=now)
        return
    # The difference and no more: what was let go of the old fee is not asked for again.
    total = max(0, charge.billed + difference)
    change_bill(charge.id, total, kind=Kind.ADJUST, actor=actor, now=now, reason="change")
    confirm_paid(registration.id, actor=actor, now=now)
    if charge.billed != before:
        tell_of_fee(registration.id, before, why="category", now=now)
    back = charge.received - charge.billed
    if back > 0:
        open_case(
            "pay_out", f"pay_out:{charge.id}:{charge.received}:{charge.billed}", now=now, charge_id=charge.id,
            facts={"amount": back, "currency": charge.currency},
        )  # fmt: skip
