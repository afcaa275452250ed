"""What a change costs: the difference to pay or to send back, beside what was frozen; never a rewrite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from eventsys.core.db import db
from eventsys.events.queries import get_event_by_id
from eventsys.payments.operations.bill import change_bill
from eventsys.payments.operations.give_back import watch_excess
from eventsys.payments.queries import find_charge_of
from eventsys.payments.rules.ledger import Kind
from eventsys.registration.models import FeeCode, Price, Registration
from eventsys.registration.operations.price import Priced, bill, freeze
from eventsys.registration.operations.settle import confirm_paid
from eventsys.registration.operations.tell import tell_of_fee
from eventsys.registration.queries.fees import find_plan, quote_for
from eventsys.registration.rules.price import agreed
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.registration.models import FeePlan
    from eventsys.registration.rules.price import Quote


@dataclass(frozen=True, slots=True)
class Basis:
    """What of a registration decides about its fee."""

    category_id: int
    organisation_id: int | None
    country: str | None


def priced_as(registration: Registration) -> Basis:
    """Give what of a registration decides about its fee, before it is changed."""
    return Basis(registration.category_id, registration.organisation_id, registration.country)


def reprice(registration_id: int, before: Basis, *, actor: Actor, now: datetime) -> int:
    """Price a registration anew after its category, organisation or country changed; gives the difference.

    Where the lines ask the same of what it was ``before`` nothing happens: neither other lines of today nor another
    country of the same price touch what was frozen. What the office agreed on stays beside the new fee. Early or
    late is decided by the moment of registration, as it was shown then. The caller holds the lock of the
    registration and its charge (``lock_registration``).
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
    found = _quote(registration, priced_as(registration), code)
    if found.total == _quote(registration, before, code).total:
        return 0
    total = max(0, found.total + agreed(price.lines)) if price else found.total
    difference = total - (price.total if price else 0)
    if difference and price is None:
        freeze(registration_id, Priced(plan, found, code), {}, now=now)
    elif difference and price is not None:
        line = {"kind": "change", "label": {}, "amount": difference}
        price.lines = [*price.lines, line]
        price.total = total
    if difference and registration.status != Status.WAITING:
        _charge(registration, plan, found, difference, actor=actor, now=now)
    return difference


def _quote(registration: Registration, basis: Basis, code: FeeCode | None) -> Quote:
    event = get_event_by_id(registration.event_id)
    return quote_for(
        event.id,
        category_id=basis.category_id,
        organisation_id=basis.organisation_id,
        country=basis.country,
        day=event.starts_at.astimezone(ZoneInfo(event.timezone)).date(),
        at=registration.registered_at,
        code=code,
    )


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
    watch_excess(charge.id, actor=actor, now=now)
