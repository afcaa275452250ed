"""Compare what Stripe keeps with what we believe: mend what a lost message left, put the rest before a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.db import db
from eventsys.jobs.operations import enqueue
from eventsys.payments.operations.cases import open_case
from eventsys.payments.operations.unknown_page import give_up_unknown
from eventsys.payments.queries import (
    find_payment_by_intent,
    find_payment_by_key,
    find_refund,
    get_payment,
)
from eventsys.payments.queries.stripe import (
    find_charge_by_reference,
    list_pages_made_since,
    list_refunds_not_sent,
)
from eventsys.payments.rules.settling import PaymentStatus, is_paid
from eventsys.registration.operations.follow import (
    BOOKED,
    NOTHING,
    follow_dispute,
    follow_refunds,
    follow_session,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
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
    #: Of how many payments, refunds and disputes Stripe's booking, with its fee, was new.
    booked: int = 0
    mended: list[dict[str, Any]] = field(default_factory=list)
    undecided: list[dict[str, Any]] = field(default_factory=list)
    #: What could not be applied, and why: the rest was, and the next comparison tries it again.
    failed: list[dict[str, Any]] = field(default_factory=list)

    def add(self, part: Report) -> None:
        """Take in what one step found, after it was committed."""
        for name, count in part.checked.items():
            self.checked[name] += count
        self.foreign += part.foreign
        self.booked += part.booked
        self.mended += part.mended
        self.undecided += part.undecided


@dataclass(frozen=True, slots=True)
class Step:
    """One object of Stripe or of ours, to be brought in line in a transaction of its own."""

    name: str
    work: Callable[[Report], None]

    def take(self) -> Report:
        """Do it, and say what was found; the caller commits."""
        report = Report()
        self.work(report)
        db.session.flush()
        return report


def plan_steps(listed: Listed, *, actor: Actor, now: datetime) -> Iterator[Step]:
    """Say step by step how our side is brought in line with Stripe's. Each is safe to repeat, in any number.

    One transaction each: one that fails leaves the others alone, and nobody waits for the locks of all of them.
    """
    for session in listed.sessions:
        do = partial(_session, session, livemode=listed.livemode, actor=actor, now=now)
        yield Step(session.id, do)
    for refund in listed.refunds:
        yield Step(refund.id, partial(_refund, refund, actor=actor, now=now))
    for dispute in listed.disputes:
        yield Step(dispute.id, partial(_dispute, dispute, actor=actor, now=now))
    theirs = {session.id: session for session in listed.sessions}
    for payment_id in list_pages_made_since(listed.since):
        yield Step(
            f"payment {payment_id}", partial(_ours, payment_id, theirs, actor=actor, now=now)
        )
    yield Step("refunds not sent", partial(_not_sent, now=now))


def _not_sent(report: Report, *, now: datetime) -> None:
    for refund_id in list_refunds_not_sent(now - STUCK):
        enqueue(
            "payments.send_refund", {"refund_id": refund_id}, now=now,
            unique_key=f"refund:{refund_id}:{now:%Y%m%d%H}",
        )  # fmt: skip
        report.mended.append({"refund": refund_id, "outcome": "sent again"})


def _session(
    session: SessionFacts, report: Report, *, livemode: bool, actor: Actor, now: datetime
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
    elif outcome == BOOKED:
        report.booked += 1
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


def _refund(refund: RefundFacts, report: Report, *, actor: Actor, now: datetime) -> None:
    report.checked["refunds"] += 1
    payment = find_payment_by_intent(refund.intent_id) if refund.intent_id else None
    if payment is None:
        report.foreign += 1
        return
    fact = {"refund": refund.id, "charge": payment.charge_id, "payment": payment.id}
    outcome = follow_refunds([refund], actor=actor, now=now)
    if outcome == BOOKED:
        report.booked += 1
    elif outcome != NOTHING:
        report.mended.append(fact | {"outcome": refund.status})
    elif find_refund(stripe_id=refund.id) is None and refund.status not in {"failed", "canceled"}:
        report.undecided.append(fact | {"why": "refund_mismatch"})


def _dispute(dispute: DisputeFacts, report: Report, *, actor: Actor, now: datetime) -> None:
    report.checked["disputes"] += 1
    payment = find_payment_by_intent(dispute.intent_id) if dispute.intent_id else None
    if payment is None:
        report.foreign += 1
        return
    fact = {"dispute": dispute.id, "charge": payment.charge_id, "payment": payment.id}
    outcome = follow_dispute(dispute, actor=actor, now=now)
    if outcome == BOOKED:
        report.booked += 1
    elif outcome != NOTHING:
        report.mended.append(fact | {"outcome": dispute.status})
        if dispute.status not in {"won", "lost"}:
            report.undecided.append(fact | {"why": "dispute"})


def _ours(
    payment_id: int,
    theirs: Mapping[str, SessionFacts],
    report: Report,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Look the other way round: what we count as paid, or on its way, must be so at Stripe."""
    report.checked["payments"] += 1
    payment = get_payment(payment_id)
    session = theirs.get(payment.session_id or "")
    if payment.status in {PaymentStatus.SUCCEEDED, PaymentStatus.HELD}:
        if not _agrees(payment, session, now=now):
            _put_before_person(report, payment, now=now)
        return
    # Made with another key, as a rule in test mode: Stripe will never tell how it ended.
    lost = session is None and payment.created_at <= now - JUST_NOW
    if lost and give_up_unknown(payment_id, actor=actor, now=now):
        fact = {"session": payment.session_id, "charge": payment.charge_id, "payment": payment_id}
        report.undecided.append(fact | {"why": "page_unknown"})


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
