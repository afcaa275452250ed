"""Open a charge and change what it comes to. Every change is a movement; nothing is rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.money import tax_included
from eventsys.core.tokens import new_key
from eventsys.payments.models import Charge
from eventsys.payments.operations.credit import credit_difference
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.queries import find_charge_of
from eventsys.payments.rules.ledger import Kind, billed, waived
from eventsys.payments.rules.reference import reference

if TYPE_CHECKING:
    from datetime import date, datetime

    from eventsys.core.actor import Actor


def open_charge(
    event_id: int,
    registration_id: int,
    total: int,
    currency: str,
    *,
    tax_rate: int,
    due_on: date | None,
    actor: Actor,
    now: datetime,
) -> Charge:
    """Bill a registration; ``total`` includes the tax. Bills once: a second call gives the first's charge."""
    found = find_charge_of(registration_id)
    if found is not None:
        return found
    charge = Charge(
        key=new_key(),
        event_id=event_id,
        registration_id=registration_id,
        currency=currency,
        tax_rate=tax_rate,
        billed=0,
        received=0,
        due_on=due_on,
        created_at=now,
        updated_at=now,
    )
    db.session.add(charge)
    db.session.flush()
    charge.reference = reference(charge.id)
    post(
        charge,
        Kind.CHARGE,
        billed(Kind.CHARGE, total, tax_included(total, tax_rate)),
        unique_key=f"charge:{charge.id}",
        source="registration",
        actor=actor,
        now=now,
    )
    return charge


def change_bill(
    charge_id: int, total: int, *, kind: Kind, actor: Actor, now: datetime, reason: str = ""
) -> int:
    """Make the charge come to ``total`` (0 when all is cancelled); gives the difference that was recorded."""
    charge = lock_charge(charge_id)
    difference = total - charge.billed
    if not difference:
        return 0
    tax = tax_included(total, charge.tax_rate) - tax_included(charge.billed, charge.tax_rate)
    post(
        charge,
        kind,
        billed(kind, difference, tax),
        unique_key=f"{kind.value}:{charge.id}:{new_key()}",
        source="registration",
        actor=actor,
        now=now,
        note=reason,
    )
    credit_difference(charge, reason=reason, actor=actor, now=now)
    _log(
        "payments.bill",
        charge,
        {"difference": difference, "kind": kind.value},
        actor=actor,
        now=now,
    )
    return difference


def waive(charge_id: int, *, reason: str, actor: Actor, now: datetime) -> int:
    """Let go what is still owed; gives how much."""
    charge = lock_charge(charge_id)
    owed = charge.billed - charge.received
    if owed <= 0:
        return 0
    post(
        charge,
        Kind.WAIVE,
        waived(owed, tax_included(owed, charge.tax_rate)),
        unique_key=f"waive:{charge.id}:{new_key()}",
        source="office",
        actor=actor,
        now=now,
        note=reason,
    )
    credit_difference(charge, reason="waived", actor=actor, now=now)
    _log("payments.waive", charge, {"amount": owed, "reason": reason}, actor=actor, now=now)
    return owed


def _log(
    action: str, charge: Charge, facts: dict[str, object], *, actor: Actor, now: datetime
) -> None:
    record(
        action, "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={**facts, "currency": charge.currency},
    )  # fmt: skip
