"""What a payment at Stripe means for us. Facts in, decision out; in any order, any number of times.

We act on the state that Stripe tells now, never on the kind of message that made us ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class PaymentStatus(StrEnum):
    """Where one try to pay stands."""

    OPEN = "open"  # a payment page exists, or a transfer is expected
    PROCESSING = "processing"  # the payer did their part; the bank has not (SEPA)
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXPIRED = "expired"
    HELD = "held"  # money came, but not as asked: a person decides
    UNDONE = "undone"  # recorded for the wrong fee, and taken back


class RefundStatus(StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Booking:
    """What was booked on the account at Stripe, in the currency of that account, which need not be the payment's.

    ``amount``: what came; negative: what went. ``fee``: what Stripe kept for itself, with the ``tax`` in it; negative:
    given back. ``rate``: Stripe's rate of exchange, as it wrote it; empty when it changed nothing.
    """

    id: str
    amount: int
    fee: int
    currency: str
    at: datetime
    tax: int = 0
    rate: str = ""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What Stripe says of a Checkout Session, amounts in our minor units."""

    id: str
    status: str  # open, complete, expired
    payment_status: str  # paid, unpaid, no_payment_required
    amount: int
    currency: str
    livemode: bool
    payment_key: str  # from the metadata: which try of ours
    intent_id: str | None = None
    url: str | None = None
    intent_status: str | None = None  # requires_payment_method after a failed asynchronous payment
    reference: str = ""  # from the metadata: which charge of ours
    booking: Booking | None = None  # up to an hour later than the payment


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What Stripe says of a refund."""

    id: str
    status: str  # pending, requires_action, succeeded, failed, canceled
    amount: int
    currency: str
    intent_id: str | None
    refund_key: str = ""  # from the metadata: empty when it was made in Stripe's dashboard
    booking: Booking | None = None
    failure: Booking | None = None  # the money that came back, of one that failed later


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """What Stripe says of a dispute."""

    id: str
    status: str  # needs_response, under_review, won, lost, warning_*, prevented
    amount: int
    currency: str
    intent_id: str | None
    bookings: tuple[Booking, ...] = ()


class Step(StrEnum):
    """What to do with a payment."""

    NOTHING = "nothing"
    SUCCEED = "succeed"
    WAIT = "wait"
    FAIL = "fail"
    EXPIRE = "expire"
    HOLD = "hold"


_FINAL = frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.HELD})


def judge_session(
    status: PaymentStatus, asked: tuple[int, str], session: SessionFacts, *, livemode: bool
) -> Step:
    """Decide what a session's present state does to our payment of ``asked`` (amount, currency).

    Money that came and is not what was asked for, or came in the other mode, is held for a person: it
    is never counted as paid (Indico counts a wrong amount).
    """
    if status in _FINAL:
        return Step.NOTHING
    if is_paid(session):
        as_asked = (session.amount, session.currency.upper()) == asked
        return Step.SUCCEED if as_asked and session.livemode is livemode else Step.HOLD
    after, step = _unpaid(session)
    return Step.NOTHING if after is status else step


def _unpaid(session: SessionFacts) -> tuple[PaymentStatus, Step]:
    if session.status == "expired":
        return PaymentStatus.EXPIRED, Step.EXPIRE
    if session.status == "complete":
        # Direct debits take days; the intent falls back to this when the bank refuses.
        if session.intent_status in {"requires_payment_method", "canceled"}:
            return PaymentStatus.FAILED, Step.FAIL
        return PaymentStatus.PROCESSING, Step.WAIT
    return PaymentStatus.OPEN, Step.NOTHING


def is_paid(session: SessionFacts) -> bool:
    """Tell whether a payment page's money has come."""
    return session.status == "complete" and session.payment_status != "unpaid"


def is_other_money(session_id: str | None, session: SessionFacts) -> bool:
    """Tell whether money came through another page than the one that belongs to a try to pay."""
    return is_paid(session) and session_id not in {None, session.id}


def too_much(billed: int, received: int, amount: int) -> int:
    """Give how much of a payment that has just come is more than what was billed: it goes back by itself."""
    return max(0, min(amount, received - billed))


def state_of(billed: int, received: int, *, waived: bool = False, ever_paid: bool = False) -> str:
    """Give the payment state of a registration (DESIGN §2) from what is billed and what we hold."""
    if received < billed:
        return "due"
    # As long as what was paid has not left, nothing has been refunded.
    if billed > 0 or received > 0:
        return "paid"
    if ever_paid:
        return "refunded"
    return "waived" if waived else "not_due"
