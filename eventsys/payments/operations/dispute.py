"""A payer asked their bank for the money back: it is withdrawn at once, and decided weeks later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.payments.models import Dispute
from eventsys.payments.operations.cases import open_case
from eventsys.payments.operations.pay import queue_receipt
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.queries import find_dispute, find_payment_by_intent
from eventsys.payments.rules.ledger import Account, Kind, moved
from eventsys.payments.rules.settling import PaymentStatus

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.models import Charge, Payment
    from eventsys.payments.rules.settling import DisputeFacts

# Warnings take no money (Stripe: early enquiries); the rest is open until won or lost.
_DECIDED: Final = {"won": "won", "lost": "lost"}


def settle_dispute(facts: DisputeFacts, *, actor: Actor, now: datetime) -> int | None:
    """Apply what Stripe says of a dispute now; gives the id of the charge when something changed."""
    if facts.status.startswith("warning") or facts.status == "prevented":
        return None
    payment = find_payment_by_intent(facts.intent_id) if facts.intent_id else None
    if payment is None:
        return None
    charge = lock_charge(payment.charge_id)
    db.session.refresh(payment)
    dispute = find_dispute(facts.id)
    # Money that was held in another currency never came into this ledger.
    counted, changed = facts.currency.upper() == charge.currency, False
    if dispute is None:
        dispute = Dispute(
            payment_id=payment.id,
            stripe_id=facts.id,
            amount=facts.amount,
            status="open",
            opened_at=now,
        )
        db.session.add(dispute)
        db.session.flush()
        if counted:
            _post(
                charge,
                dispute,
                Kind.DISPUTE,
                Account.DISPUTED,
                Account.STRIPE,
                actor=actor,
                now=now,
            )
        open_case(
            "dispute", f"dispute:{facts.id}", now=now, charge_id=charge.id, payment_id=payment.id,
            facts={
                "dispute": facts.id, "amount": facts.amount, "currency": facts.currency.upper(),
                **_elsewhere(facts, charge),
            },
        )  # fmt: skip
        changed = True
    after = _DECIDED.get(facts.status)
    if after is not None and dispute.status == "open":
        dispute.status, dispute.closed_at = after, now
        if counted:
            _decide(charge, dispute, payment, actor=actor, now=now)
        changed = True
    if not changed:
        return None
    record(
        f"payments.dispute_{dispute.status}", "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={"payment": payment.id, "amount": facts.amount},
    )  # fmt: skip
    return charge.id


def _decide(
    charge: Charge, dispute: Dispute, payment: Payment, *, actor: Actor, now: datetime
) -> None:
    if dispute.status == "won":
        to, kind = Account.STRIPE, Kind.DISPUTE_WON
    else:
        # The bank gave the payer the money back: they owe it again. What was held never counted as paid.
        held = payment.status == PaymentStatus.HELD
        to, kind = Account.SUSPENSE if held else Account.RECEIVABLE, Kind.DISPUTE_LOST
        queue_receipt(payment.id, now=now, after=f"dispute:{dispute.id}")
    _post(charge, dispute, kind, to, Account.DISPUTED, actor=actor, now=now)


def _elsewhere(facts: DisputeFacts, charge: Charge) -> dict[str, object]:
    """Give the fees in another currency than the charge's: its ledger cannot count them, the case names them."""
    rows = [
        (row.fee, row.currency)
        for row in facts.bookings
        if row.fee and row.currency != charge.currency
    ]
    return {"other_fees": rows} if rows else {}


def _post(
    charge: Charge,
    dispute: Dispute,
    kind: Kind,
    to: Account,
    source: Account,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    post(
        charge,
        kind,
        moved(kind, to, source, dispute.amount),
        unique_key=f"{kind.value}:{dispute.id}",
        source=f"dispute:{dispute.id}",
        actor=actor,
        now=now,
    )
