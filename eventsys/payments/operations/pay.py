"""Tries to pay: open one, and record what became of it.

A payment is a row before anybody is asked for money, so that no answer can come for something we do not
know. What Stripe says now is applied under the lock of the charge, together with ledger and log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.money import payable_step
from eventsys.core.tokens import new_key
from eventsys.jobs.operations import enqueue
from eventsys.payments.errors import MethodNotOffered, NothingDue, WrongAmount
from eventsys.payments.models import Charge, Payment
from eventsys.payments.operations.cases import open_case
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.queries import find_open_payment, find_payment_by_key
from eventsys.payments.rules.ledger import ACCOUNT_OF_METHOD, Account, Kind, moved
from eventsys.payments.rules.settling import PaymentStatus, Step, is_other_money, judge_session

if TYPE_CHECKING:
    from eventsys.core.actor import Actor
    from eventsys.payments.rules.settling import SessionFacts

# Stripe lets a page live from 30 minutes to 24 hours after it is made.
LIFE: Final = timedelta(minutes=60)
# A page that is about to end is not handed out again; one that was never made needs its 30 minutes.
MARGIN: Final = timedelta(minutes=5)
MARGIN_UNMADE: Final = timedelta(minutes=35)
# The hour, in UTC, of the comparison with Stripe.
NIGHT: Final = 3
LOOK_AFTER: Final = (
    timedelta(minutes=3),
    timedelta(minutes=62),
    timedelta(days=1),
    timedelta(days=15),
)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a message changed: the registration it is about, and what was recorded."""

    registration_id: int
    charge_id: int
    payment_id: int
    step: Step
    amount: int


def start_payment(charge_id: int, *, now: datetime) -> Payment:
    """Open a try to pay by Stripe what is owed; an earlier one that still can be paid is given again.

    Two tabs so share one payment page, and Stripe takes its money once. Raises NothingDue; MethodNotOffered for an
    amount that no card can be charged, left by a transfer in a currency with three decimals.
    """
    charge = lock_charge(charge_id)
    owed = charge.billed - charge.received
    if owed <= 0:
        raise NothingDue
    if owed % payable_step(charge.currency):
        raise MethodNotOffered
    earlier = find_open_payment(charge_id, "stripe")
    if earlier is not None:
        if earlier.status == PaymentStatus.PROCESSING:
            raise NothingDue
        if _serves(earlier, owed, now=now):
            return earlier
        close_page(charge_id, now=now)
    payment = _new(charge, "stripe", owed, PaymentStatus.OPEN, now=now)
    payment.expires_at = now + LIFE
    db.session.flush()
    return payment


def _serves(payment: Payment, owed: int, *, now: datetime) -> bool:
    margin = MARGIN if payment.session_id else MARGIN_UNMADE
    lives = payment.expires_at is not None and payment.expires_at > now + margin
    return lives and payment.amount == owed


def close_page(charge_id: int, *, now: datetime) -> None:
    """Ask the worker to close a payment page that nobody should pay on any more."""
    trying = find_open_payment(charge_id, "stripe")
    if trying is None or trying.status != PaymentStatus.OPEN:
        return
    if trying.session_id is None:
        trying.status = PaymentStatus.EXPIRED.value
    else:
        _close(trying, now=now)


def _close(payment: Payment, *, now: datetime) -> None:
    enqueue(
        "payments.close_page",
        {"payment_id": payment.id},
        now=now,
        unique_key=f"close:{payment.id}",
    )


def keep_session(payment_id: int, session: SessionFacts, *, now: datetime) -> None:
    """Keep which page belongs to a try to pay, and look after it: a message may be lost.

    Was the try given up while Stripe made the page (somebody cancelled at that moment), the page is closed.
    """
    payment = db.session.get_one(Payment, payment_id)
    lock_charge(payment.charge_id)
    db.session.refresh(payment)
    payment.session_id, payment.url, payment.updated_at = session.id, session.url, now
    if payment.status == PaymentStatus.EXPIRED:
        payment.status = PaymentStatus.OPEN.value
        db.session.flush()
        _close(payment, now=now)
    for wait in LOOK_AFTER:
        enqueue(
            "payments.look_after", {"payment_id": payment_id}, now=now, due_at=now + wait,
            unique_key=f"look_after:{payment_id}:{wait.total_seconds():.0f}",
        )  # fmt: skip
    compare_at_night(now=now)


def compare_at_night(*, now: datetime) -> None:
    """Remember to compare with Stripe in the night after a day on which somebody went to pay."""
    night = (now + timedelta(days=1)).replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    key = f"reconcile:{night:%Y%m%d}"
    enqueue("payments.reconcile", {"key": key}, now=now, due_at=night, unique_key=key)


def settle_session(
    session: SessionFacts, *, livemode: bool, actor: Actor, now: datetime
) -> Settled | None:
    """Apply what Stripe says of a session now; None when it is not ours or changes nothing.

    What is too much stays on the charge: the registration says first whether it needs the money.
    """
    known = find_payment_by_key(session.payment_key)
    if known is None:
        return None
    charge = lock_charge(known.charge_id)
    payment = db.session.get_one(Payment, known.id, populate_existing=True)
    step = judge_session(
        PaymentStatus(payment.status),
        (payment.amount, payment.currency),
        session,
        livemode=livemode,
    )
    if is_other_money(payment.session_id, session):
        _hold_unknown(charge, payment, session, now=now)
        return None
    if step is Step.NOTHING:
        return None
    payment.session_id = payment.session_id or session.id
    payment.intent_id = payment.intent_id or session.intent_id
    payment.updated_at = now
    if step is Step.SUCCEED:
        payment.received_at = now
        _record_in(charge, payment, source=f"stripe:{session.id}", actor=actor, now=now)
    elif step is Step.HOLD:
        _hold(charge, payment, session, actor=actor, now=now)
    else:
        payment.status = {
            Step.WAIT: PaymentStatus.PROCESSING,
            Step.FAIL: PaymentStatus.FAILED,
            Step.EXPIRE: PaymentStatus.EXPIRED,
        }[step].value
    record(
        f"payments.{step.value}", "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={"payment": payment.id, "amount": session.amount, "currency": session.currency, "method": "stripe"},
    )  # fmt: skip
    return Settled(charge.registration_id, charge.id, payment.id, step, session.amount)


def record_payment(
    charge_id: int,
    amount: int,
    method: str,
    *,
    actor: Actor,
    now: datetime,
    source: str,
    note: str = "",
    received_at: datetime | None = None,
    key: str = "",
) -> Settled:
    """Record money that came by bank or in cash. ``key`` is the form's: sent twice, it is recorded once.

    Raises WrongAmount. What is too much stays on the charge as to be refunded: a person decides how.
    """
    if amount <= 0:
        raise WrongAmount
    charge = lock_charge(charge_id)
    known = find_payment_by_key(key)
    if known is not None:
        return Settled(charge.registration_id, charge.id, known.id, Step.NOTHING, known.amount)
    payment = _new(charge, method, amount, PaymentStatus.OPEN, now=now)
    payment.key, payment.note = key or payment.key, note
    db.session.flush()
    payment.received_at = received_at or now
    _record_in(charge, payment, source=source, actor=actor, now=now)
    record(
        "payments.succeed", "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={"payment": payment.id, "amount": amount, "currency": charge.currency, "method": method},
    )  # fmt: skip
    return Settled(charge.registration_id, charge.id, payment.id, Step.SUCCEED, amount)


def _new(
    charge: Charge, method: str, amount: int, status: PaymentStatus, *, now: datetime
) -> Payment:
    payment = Payment(
        key=new_key(),
        charge_id=charge.id,
        method=method,
        status=status.value,
        amount=amount,
        currency=charge.currency,
        refunded=0,
        note="",
        created_at=now,
        updated_at=now,
    )
    db.session.add(payment)
    return payment


def _record_in(
    charge: Charge, payment: Payment, *, source: str, actor: Actor, now: datetime
) -> bool:
    payment.status = PaymentStatus.SUCCEEDED.value
    lines = moved(
        Kind.PAYMENT, ACCOUNT_OF_METHOD[payment.method], Account.RECEIVABLE, payment.amount
    )
    made = post(
        charge, Kind.PAYMENT, lines, unique_key=f"payment:{payment.id}", source=source[:40], actor=actor, now=now,
    )  # fmt: skip
    if made:
        queue_receipt(payment.id, now=now)
    return made


def queue_receipt(payment_id: int, *, now: datetime, after: str = "") -> None:
    """Remember to issue the papers of a payment, with the commit that records it.

    ``after`` names what happened to it since: money that went back or came again has a paper of its own.
    """
    key = f"receipt:{payment_id}:{after}" if after else f"receipt:{payment_id}"
    enqueue("payments.receipt", {"payment_id": payment_id}, now=now, unique_key=key)


def drop_payment(payment_id: int, *, now: datetime) -> None:
    """Give up a try to pay whose page Stripe refused to make: the next click begins anew."""
    payment = db.session.get_one(Payment, payment_id)
    lock_charge(payment.charge_id)
    db.session.refresh(payment)
    if payment.session_id is None and payment.status == PaymentStatus.OPEN:
        payment.status, payment.updated_at = PaymentStatus.EXPIRED.value, now


def _hold_unknown(
    charge: Charge, payment: Payment, session: SessionFacts, *, now: datetime
) -> None:
    # A second page for one try cannot come from us; should it ever, the money is seen by a person.
    open_case(
        "unknown_money", f"unknown_money:{session.id}", now=now, charge_id=charge.id, payment_id=payment.id,
        facts={"session": session.id, "came": session.amount, "came_currency": session.currency.upper()},
    )  # fmt: skip


def _hold(
    charge: Charge, payment: Payment, session: SessionFacts, *, actor: Actor, now: datetime
) -> None:
    payment.status = PaymentStatus.HELD.value
    asked = payment.amount
    if session.currency.upper() == charge.currency:
        # What can be refunded or placed later is what came, not what was asked for.
        payment.amount = session.amount
    payment.note = f"{session.amount} {session.currency.upper()}"
    open_case(
        "mismatch",
        f"mismatch:{payment.id}",
        now=now,
        charge_id=charge.id,
        payment_id=payment.id,
        facts={
            "asked": asked, "asked_currency": payment.currency,
            "came": session.amount, "came_currency": session.currency.upper(), "livemode": session.livemode,
        },
    )  # fmt: skip
    if session.currency.upper() == charge.currency:
        post(
            charge,
            Kind.HELD,
            moved(Kind.HELD, Account.STRIPE, Account.SUSPENSE, session.amount),
            unique_key=f"held:{payment.id}",
            source=f"stripe:{session.id}"[:40],
            actor=actor,
            now=now,
        )
