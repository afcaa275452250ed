"""Says what is wrong with the money and the places in the end, by other ways than the product's own check."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.events.models import Event
from eventsys.jobs.models import Job
from eventsys.payments.models import (
    Case,
    Charge,
    LedgerEntry,
    LedgerLine,
    StripeBooking,
    StripeEvent,
)
from eventsys.payments.queries import refunds_on_their_way
from eventsys.registration.models import FeeCode, FeePlan, Price, Registration
from eventsys.registration.queries.integrity import find_faults

ENDED = {"cancelled", "rejected", "expired"}


def balances() -> dict[str, int]:
    """Sum the accounts of the ledger."""
    query = (
        sa.select(LedgerLine.account, sa.func.sum(LedgerLine.amount))
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .group_by(LedgerLine.account)
    )
    return {account: int(amount) for account, amount in db.session.execute(query)}


def judge(story: Any) -> list[str]:
    """Say everything that is wrong in the end."""
    db.session.expire_all()
    wrong = []
    if balances().get("stripe", 0) != story.bank.balance:
        wrong.append(f"Stripe holds {story.bank.balance}, the ledger says {balances()}")
    told = {
        row.stripe_id: (row.amount, row.fee, row.currency)
        for row in db.session.scalars(sa.select(StripeBooking))
    }
    booked = {row.id: (row.amount, row.fee, row.currency) for row in story.bank.bookings.values()}
    if told != booked:
        wrong.append(f"Stripe booked {booked}, we know {told}")
    promised = db.session.get_one(FeePlan, story.event_id).confirm_unpaid
    open_cases = set(db.session.scalars(sa.select(Case.charge_id).where(Case.closed_at.is_(None))))
    open_cases |= story.kept
    rows = db.session.execute(
        sa.select(Registration, Charge)
        .outerjoin(Charge, Charge.registration_id == Registration.id)
        .order_by(Registration.id)
    )
    for person, charge in rows:
        where = f"registration {person.id} {person.status} {person.payment}"
        if person.status == "submitted":
            wrong.append(f"{where}: waits for its fee for ever")
        if charge is None:
            continue
        where += f" charge {charge.id} billed {charge.billed} received {charge.received}"
        too_much = charge.received - charge.billed - refunds_on_their_way(charge.id)
        if person.status in ENDED and too_much > 0 and charge.id not in open_cases:
            wrong.append(f"{where}: money without a place")
        allowed = person.id in story.excused
        if person.status in ENDED and charge.billed > max(0, charge.received) and not allowed:
            wrong.append(f"{where}: owed without a place")
        allowed = allowed or promised
        if person.status == "confirmed" and too_much < 0 and not allowed:
            wrong.append(f"{where}: a place without money")
        if person.status == "confirmed" and too_much > 0 and charge.id not in open_cases:
            wrong.append(f"{where}: too much")
    held = db.session.scalar(
        sa.select(sa.func.count()).select_from(Registration).where(Registration.holds_place)
    )
    event = db.session.get_one(Event, story.event_id)
    if event.places_taken != held or held > event.capacity:
        wrong.append(f"{event.places_taken} places taken, {held} held, of {event.capacity}")
    for code in db.session.scalars(sa.select(FeeCode)):
        live = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Price)
            .join(Registration, Registration.id == Price.registration_id)
            .where(Price.code_id == code.id, Registration.status.not_in(ENDED))
        )
        if live != code.used:
            wrong.append(f"code {code.code}: used {code.used}, live {live}")
    undone = sa.select(Job.name).where(Job.status != "done", Job.due_at <= story.now)
    left = db.session.scalars(undone).all()
    if left:
        wrong.append(f"work left: {left}")
    if db.session.scalar(sa.select(StripeEvent.id).where(StripeEvent.handled_at.is_(None))):
        wrong.append("a message was not handled")
    wrong += [f"flask check: {fault}" for fault in find_faults()]
    return wrong
