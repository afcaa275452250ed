"""Compare what Stripe keeps with what we believe: mend what a lost message left, put the rest before a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.db import db
from eventsys.jobs.operations import enqueue
from eventsys.payments.operations.cases import open_case
from eventsys.payments.queries import find_payment_by_intent, find_payment_by_key, find_refund
from eventsys.payments.queries.stripe import (
    find_charge_by_reference,
    list_pages_made_since,
    list_refunds_not_sent,
)
from eventsys.payments.rules.settling import PaymentStatus, is_paid
from eventsys.registration.operations.follow import (
    NOTHING,
    follow_dispute,
    follow_refunds,
    follow_session,
)

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.queries import Payment
    from eventsys.payments.rules.comparing import Listed
    from eventsys.payments.rules.settling import DisputeFacts, RefundFacts, SessionFacts

# A refund that was just asked for is on its way; this old, its job was lost or has given up.
STUCK: Final = timedelta(hours=1)
# What both sides may differ in because it happens just now.
JUST_NOW: Final = timedelta(minutes=10)


@dataclass(slots=True)
class Report:
    """What was compared, what was put right, and what a person must decide."""

    checked: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("sessions", "refunds", "disputes", "payments"), 0)
    )
    foreign: int = 0
    mended: list[dict[str, Any]] = field(default_factory=list)
    undecided: list[dict[str, Any]] = field(default_factory=list)


def reconcile(listed: Listed, *, actor: Actor, now: datetime) -> Report:
    """Bring our side in line with Stripe's; one transaction, the caller's, and safe to repeat."""
    report = Report()
    for session in listed.sessions:
        _session(report, session, livemode=listed.livemode, actor=actor, now=now)
    for refund in listed.refunds:
        _refund(report, refund, actor=actor, now=now)
    for dispute in listed.disputes:
        _dispute(report, dispute, actor=actor, now=now)
    _ours(report, listed, now=now)
    for refund_id in list_refunds_not_sent(now - STUCK):
        enqueue(
            "payments.send_refund", {"refund_id": refund_id}, now=now,
            unique_key=f"refund:{refund_id}:{now:%Y%m%d%H}",
        )  # fmt: skip
        report.mended.append({"refund": refund_id, "outcome": "sent again"})
    db.session.flush()
    return report


def _session(
    report: Report, session: SessionFacts, *, livemode: bool, actor: Actor, now: datetime
) -> None:
    report.checked["sessions"] += 1
    payment = find_payment_by_key(session.payment_key)
    if payment is None:
        _unknown(report, session, now=now)
        return
    outcome = follow_session(session, livemode=livemode, actor=actor, now=now)
    fact = {"session": session.id, "charge": payment.charge_id, "payment": payment.id}
    if outcome == "hold":
        report.undecided.append(fact | {"why": "mismatch"})
    elif outcome != NOTHING:
        report.mended.append(fact | {"outcome": outcome})
    elif payment.session_id not in {None, session.id} and is_paid(session):
        report.undecided.append(fact | {"why": "unknown_money"})


def _unknown(report: Report, session: SessionFacts, *, now: datetime) -> None:
    """Judge a page that no try to pay of ours made: of another system, unless it carries our reference."""
    charge = find_charge_by_reference(session.reference) if session.reference else None
    if charge is None or not is_paid(session):
        report.foreign += 1
        return
    open_case(
        "unknown_money", f"unknown_money:{session.id}", now=now, charge_id=charge.id,
        facts={"session": session.id, "came": session.amount, "came_currency": session.currency.upper()},
    )  # fmt: skip
    report.undecided.append({"session": session.id, "charge": charge.id, "why": "unknown_money"})


def _refund(report: Report, refund: RefundFacts, *, actor: Actor, now: datetime) -> None:
    report.checked["refunds"] += 1
    payment = find_payment_by_intent(refund.intent_id) if refund.intent_id else None
    if payment is None:
        report.foreign += 1
        return
    fact = {"refund": refund.id, "charge": payment.charge_id, "payment": payment.id}
    if follow_refunds([refund], actor=actor, now=now) != NOTHING:
        report.mended.append(fact | {"outcome": refund.status})
    elif find_refund(stripe_id=refund.id) is None and refund.status not in {"failed", "canceled"}:
        report.undecided.append(fact | {"why": "refund_mismatch"})


def _dispute(report: Report, dispute: DisputeFacts, *, actor: Actor, now: datetime) -> None:
    report.checked["disputes"] += 1
    payment = find_payment_by_intent(dispute.intent_id) if dispute.intent_id else None
    if payment is None:
        report.foreign += 1
        return
    fact = {"dispute": dispute.id, "charge": payment.charge_id, "payment": payment.id}
    if follow_dispute(dispute, actor=actor, now=now) != NOTHING:
        report.mended.append(fact | {"outcome": dispute.status})
        if dispute.status not in {"won", "lost"}:
            report.undecided.append(fact | {"why": "dispute"})


def _ours(report: Report, listed: Listed, *, now: datetime) -> None:
    """Look the other way round: what we count as paid must be paid at Stripe."""
    theirs = {session.id: session for session in listed.sessions}
    for payment in list_pages_made_since(listed.since):
        report.checked["payments"] += 1
        counted = payment.status in {PaymentStatus.SUCCEEDED, PaymentStatus.HELD}
        if counted and not _agrees(payment, theirs.get(payment.session_id or ""), now=now):
            _put_before_person(report, payment, now=now)


def _agrees(payment: Payment, session: SessionFacts | None, *, now: datetime) -> bool:
    if session is None:
        return payment.created_at > now - JUST_NOW
    as_asked = payment.amount == session.amount or payment.status == PaymentStatus.HELD
    return is_paid(session) and as_asked


def _put_before_person(report: Report, payment: Payment, *, now: datetime) -> None:
    open_case(
        "not_at_stripe", f"not_at_stripe:{payment.id}", now=now, charge_id=payment.charge_id, payment_id=payment.id,
        facts={"session": payment.session_id, "status": payment.status, "amount": payment.amount},
    )  # fmt: skip
    report.undecided.append(
        {
            "session": payment.session_id,
            "charge": payment.charge_id,
            "payment": payment.id,
            "why": "not_at_stripe",
        }
    )
