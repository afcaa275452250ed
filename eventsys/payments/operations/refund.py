"""Send money back. The row comes first, the call follows outside of any transaction, the ledger with the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import String, cast, exists, func, literal, select, update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.tokens import new_key
from eventsys.jobs.operations import enqueue
from eventsys.payments.errors import RefundTooLarge, WrongAmount
from eventsys.payments.models import Case, LedgerEntry, Payment, Refund
from eventsys.payments.operations.cases import open_case
from eventsys.payments.operations.pay import queue_receipt
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.queries import find_payment_by_intent, find_refund, withdrawn
from eventsys.payments.rules.ledger import ACCOUNT_OF_METHOD, BEYOND, Account, Kind, moved
from eventsys.payments.rules.settling import PaymentStatus, RefundStatus

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.models import Charge
    from eventsys.payments.rules.settling import RefundFacts

_STATUS = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


def request_refund(
    payment_id: int,
    amount: int,
    *,
    origin: str,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str = "",
) -> Refund:
    """Ask for a refund: by Stripe it is sent by the worker, by bank or in cash a person has paid it.

    Raises WrongAmount, RefundTooLarge: never more than what came and was not refunded, in any race, nor what the
    payer's bank has taken back.
    ``key`` is the form's: the same form sent twice refunds once.
    """
    if amount <= 0:
        raise WrongAmount
    # The charge before the payment, as everybody who settles: two who lock crosswise wait for ever.
    charge = lock_charge(db.session.get_one(Payment, payment_id).charge_id)
    if key and (known := find_refund(key=key)) is not None:
        return known
    gone = withdrawn(payment_id)
    took = db.session.execute(
        update(Payment)
        .where(
            Payment.id == payment_id,
            Payment.status.in_(("succeeded", "held")),
            Payment.refunded + amount + gone <= Payment.amount,
        )
        .values(refunded=Payment.refunded + amount, updated_at=now),
        execution_options={"synchronize_session": False},
    )
    payment = db.session.get_one(Payment, payment_id, populate_existing=True)
    if took.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        most = max(0, payment.amount - payment.refunded - gone)
        raise RefundTooLarge(most=most, currency=payment.currency)
    refund = _new(payment, amount, origin, reason, key=key or new_key(), now=now)
    record(
        "payments.refund", "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={
            "payment": payment.id, "amount": amount, "currency": payment.currency, "origin": origin, "reason": reason,
        },
    )  # fmt: skip
    if payment.method == "stripe":
        enqueue(
            "payments.send_refund",
            {"refund_id": refund.id},
            now=now,
            unique_key=f"refund:{refund.id}",
        )
    else:
        _paid_out(refund, payment, actor=actor, now=now)
    return refund


def _new(
    payment: Payment, amount: int, origin: str, reason: str, *, key: str, now: datetime
) -> Refund:
    refund = Refund(
        key=key,
        payment_id=payment.id,
        amount=amount,
        status=RefundStatus.REQUESTED.value,
        origin=origin,
        reason=reason,
        error="",
        created_at=now,
    )
    db.session.add(refund)
    db.session.flush()
    return refund


@dataclass(frozen=True, slots=True)
class RefundSettled:
    """What became of a refund. ``untold``: how much goes back that nobody here had asked for and told of."""

    charge_id: int
    payment_id: int
    untold: int = 0


def settle_refund(facts: RefundFacts, *, actor: Actor, now: datetime) -> RefundSettled | None:
    """Apply what Stripe says of a refund now, also of one made in its dashboard.

    Gives what changed, else None.
    """
    refund, untold = find_refund(key=facts.refund_key, stripe_id=facts.id), 0
    if refund is None:
        refund, untold = _adopt(facts, actor=actor, now=now)
        if refund is None:
            return None
    payment = db.session.get_one(Payment, refund.payment_id)
    lock_charge(payment.charge_id)
    db.session.refresh(refund)
    db.session.refresh(payment)
    after = _STATUS.get(facts.status, RefundStatus.PENDING)
    # A refund that failed has failed for good: an older answer that is applied late says something else.
    if refund.status in {after, RefundStatus.FAILED}:
        return None
    refund.stripe_id = facts.id
    if after is RefundStatus.FAILED:
        _failed(refund, payment, actor=actor, now=now)
    elif refund.status != RefundStatus.SUCCEEDED:
        refund.status = after.value
        # The money has left our balance when Stripe accepted it, before it arrives.
        _paid_out(refund, payment, actor=actor, now=now, status=after)
    else:
        return None
    return RefundSettled(payment.charge_id, payment.id, untold)


def refuse_refund(refund_id: int, error: str, *, actor: Actor, now: datetime) -> None:
    """Keep that Stripe refused a refund for good: the money is free to be refunded otherwise."""
    refund = db.session.get_one(Refund, refund_id)
    payment = db.session.get_one(Payment, refund.payment_id)
    lock_charge(payment.charge_id)
    db.session.refresh(refund)
    if refund.status == RefundStatus.REQUESTED:
        refund.error = error[:2000]
        _failed(refund, payment, actor=actor, now=now)


def _adopt(facts: RefundFacts, *, actor: Actor, now: datetime) -> tuple[Refund | None, int]:
    """Take over a refund of Stripe's dashboard; gives it, and how much of it the person was not told of."""
    payment = find_payment_by_intent(facts.intent_id) if facts.intent_id else None
    if payment is None:
        return None, 0
    charge = lock_charge(payment.charge_id)
    db.session.refresh(payment)
    if facts.status in {"failed", "canceled"}:
        _beyond(charge, facts, back=True, actor=actor, now=now)
        return None, 0
    known = find_refund(stripe_id=facts.id)
    if known is not None:
        return known, 0
    told = _refused_before(payment.id)
    left = payment.amount - payment.refunded
    same = facts.currency.upper() == payment.currency
    if same and facts.amount > left:
        gone = _give_way(payment, facts.amount, actor=actor, now=now)
        left, told = left + gone, told + gone
    if not same or facts.amount > left:
        open_case(
            "refund_mismatch", f"refund_mismatch:{facts.id}", now=now, charge_id=charge.id, payment_id=payment.id,
            facts={
                "refund": facts.id, "amount": facts.amount, "currency": facts.currency.upper(), "left": left,
            },
        )  # fmt: skip
        if same:
            _beyond(charge, facts, back=False, actor=actor, now=now)
        return None, 0
    # It may have been too much before, and fits now.
    _beyond(charge, facts, back=True, actor=actor, now=now)
    payment.refunded += facts.amount
    made = _new(payment, facts.amount, "dashboard", "", key=new_key(), now=now)
    return made, max(0, facts.amount - told)


def _beyond(charge: Charge, facts: RefundFacts, *, back: bool, actor: Actor, now: datetime) -> None:
    """Record what Stripe sent back beyond what was here, as a person had paid it out as well; or that it came back.

    It has left Stripe whatever is decided of it: until then it lies beside the charge.
    """
    key = f"{BEYOND}{facts.id}"
    known = exists().where(LedgerEntry.unique_key == key)
    if back and not db.session.scalar(select(known)):
        return
    to, source = (Account.STRIPE, Account.SUSPENSE) if back else (Account.SUSPENSE, Account.STRIPE)
    kind = Kind.REFUND_FAILED if back else Kind.REFUND
    post(
        charge,
        kind,
        moved(kind, to, source, facts.amount),
        unique_key=f"{key}:back" if back else key,
        source=f"refund:{facts.id}"[:40],
        actor=actor,
        now=now,
    )


def _refused_before(payment_id: int) -> int:
    """Sum the refunds of ours that Stripe refused, and of which nobody has decided yet what to do instead."""
    undecided = exists().where(
        Case.unique_key == literal("refund_failed:") + cast(Refund.id, String),
        Case.closed_at.is_(None),
    )
    query = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.payment_id == payment_id,
        Refund.status == RefundStatus.FAILED,
        Refund.stripe_id.is_(None),
        undecided,
    )
    return int(db.session.scalar(query) or 0)


def _give_way(payment: Payment, amount: int, *, actor: Actor, now: datetime) -> int:
    """Take back our own refunds that Stripe can not make any more, as somebody was faster in its dashboard.

    Gives how much they were. What of them still fits beside the other one is asked for anew.
    """
    query = select(Refund).where(
        Refund.payment_id == payment.id, Refund.status == RefundStatus.REQUESTED
    )
    waiting = db.session.scalars(query.order_by(Refund.id)).all()
    for refund in waiting:
        refund.status, refund.settled_at = RefundStatus.FAILED.value, now
        refund.error = "refunded in Stripe's dashboard"
        payment.refunded -= refund.amount
    total = sum(refund.amount for refund in waiting)
    db.session.flush()
    left = payment.amount - payment.refunded - withdrawn(payment.id)
    rest = min(total - amount, left - amount)
    if rest > 0:
        first = waiting[0]
        request_refund(
            payment.id, rest, origin=first.origin, reason=first.reason, actor=actor, now=now
        )
        return total - rest
    return total


def _paid_out(
    refund: Refund,
    payment: Payment,
    *,
    actor: Actor,
    now: datetime,
    status: RefundStatus = RefundStatus.SUCCEEDED,
) -> None:
    charge = lock_charge(payment.charge_id)
    refund.status, refund.settled_at = status.value, now
    if payment.currency != charge.currency:
        return  # held in a currency that this charge's ledger never counted
    post(
        charge,
        Kind.REFUND,
        moved(Kind.REFUND, _lies(payment), ACCOUNT_OF_METHOD[payment.method], refund.amount),
        unique_key=f"refund:{refund.id}",
        source=f"refund:{refund.id}",
        actor=actor,
        now=now,
        note=refund.reason,
    )
    queue_receipt(payment.id, now=now, after=f"refund:{refund.id}")


def _lies(payment: Payment) -> Account:
    """Give the account that a refund is taken from: money that was held never counted as paid."""
    return Account.SUSPENSE if payment.status == PaymentStatus.HELD else Account.RECEIVABLE


def _failed(refund: Refund, payment: Payment, *, actor: Actor, now: datetime) -> None:
    charge = lock_charge(payment.charge_id)
    had_left = refund.status in {RefundStatus.PENDING, RefundStatus.SUCCEEDED}
    refund.status, refund.settled_at = RefundStatus.FAILED.value, now
    payment.refunded -= refund.amount
    if had_left and payment.currency == charge.currency:
        post(
            charge,
            Kind.REFUND_FAILED,
            moved(
                Kind.REFUND_FAILED,
                ACCOUNT_OF_METHOD[payment.method],
                _lies(payment),
                refund.amount,
            ),
            unique_key=f"refund_failed:{refund.id}",
            source=f"refund:{refund.id}",
            actor=actor,
            now=now,
        )
    queue_receipt(payment.id, now=now, after=f"refund_failed:{refund.id}")
    open_case(
        "refund_failed", f"refund_failed:{refund.id}", now=now, charge_id=charge.id, payment_id=payment.id,
        facts={"refund": refund.id, "amount": refund.amount, "error": refund.error},
    )  # fmt: skip
