"""Fees for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.payments.models import Case, Payment
from eventsys.payments.operations.bill import open_charge
from eventsys.payments.operations.cases import open_case
from eventsys.payments.operations.pay import record_payment
from eventsys.payments.queries import find_charge_of
from eventsys.registration.models import Fee, FeeCode, FeePlan

if TYPE_CHECKING:
    from eventsys.events.models import Event


def make_plan(event: Event, amount: int = 25_000, **more: Any) -> FeePlan:
    """Let an event cost something: one fee for everybody, unless ``amount`` is 0."""
    values: dict[str, Any] = {"currency": "EUR", "methods": ["stripe", "bank"], **more}
    plan = FeePlan(event_id=event.id, updated_at=datetime.now(UTC), **values)
    db.session.add(plan)
    if amount:
        db.session.add(Fee(event_id=event.id, position=99, amount=amount))
    db.session.commit()
    return plan


def make_fee(event: Event, amount: int, **more: Any) -> Fee:
    """Store one line of the fees."""
    fee = Fee(event_id=event.id, amount=amount, **more)
    db.session.add(fee)
    db.session.commit()
    return fee


def make_code(event: Event, code: str = "GUEST", kind: str = "free", **more: Any) -> FeeCode:
    """Store a code."""
    made = FeeCode(event_id=event.id, code=code, kind=kind, created_at=datetime.now(UTC), **more)
    db.session.add(made)
    db.session.commit()
    return made


def make_money(event: Event, registration_id: int) -> dict[str, int]:
    """Bill a registration and let a part come by bank; gives the numbers that stand in addresses."""
    if db.session.get(FeePlan, event.id) is None:
        make_plan(event)
    now, actor = datetime.now(UTC), Actor.system("test")
    charge = find_charge_of(registration_id) or open_charge(
        event.id,
        registration_id,
        25_000,
        "EUR",
        tax_rate=0,
        due_on=now.date(),
        actor=actor,
        now=now,
    )
    record_payment(charge.id, 10_000, "bank", actor=actor, now=now, source="test")
    open_case("dispute", "dispute:made", now=now, charge_id=charge.id, facts={"amount": 10_000})
    fee, code = make_fee(event, 1_000), make_code(event, "MADE")
    return {
        "fee_id": fee.id,
        "code_id": code.id,
        # The newest: somebody of the demo has paid before.
        "case_id": db.session.scalars(
            select(Case.id).where(Case.charge_id == charge.id).order_by(Case.id)
        ).all()[-1],
        "payment_id": db.session.scalars(
            select(Payment.id)
            .where(Payment.charge_id == charge.id, Payment.status == "succeeded")
            .order_by(Payment.id)
        ).all()[-1],
    }
