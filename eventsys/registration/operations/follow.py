"""Follow what Stripe says of a payment page, a refund or a dispute: payment, ledger and registration at once.

Each is one transaction, the caller's, and safe to repeat. Stripe was asked before; nobody is asked here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventsys.payments.operations.book import book_dispute, book_payment, book_refund
from eventsys.payments.operations.dispute import settle_dispute
from eventsys.payments.operations.give_back import watch_excess
from eventsys.payments.operations.pay import settle_session
from eventsys.payments.operations.refund import settle_refund
from eventsys.payments.queries import registration_of
from eventsys.payments.rules.settling import Step
from eventsys.registration.operations.settle import settle, settle_payment
from eventsys.registration.operations.tell import tell_of_refund

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.rules.settling import DisputeFacts, RefundFacts, SessionFacts

NOTHING: Final = "nothing new"
#: Only what Stripe booked on its account, with its fee, was new.
BOOKED: Final = "booked"


def follow_session(session: SessionFacts, *, livemode: bool, actor: Actor, now: datetime) -> str:
    """Apply a payment page's present state; gives what it led to."""
    settled = settle_session(session, livemode=livemode, actor=actor, now=now)
    booked = book_payment(session, livemode=livemode, actor=actor, now=now)
    if settled is None:
        return BOOKED if booked else NOTHING
    if settled.step is Step.SUCCEED:
        settle_payment(settled.registration_id, settled.payment_id, actor=actor, now=now)
    else:
        settle(settled.registration_id, actor=actor, now=now)
    return settled.step.value


def follow_refunds(refunds: Iterable[RefundFacts], *, actor: Actor, now: datetime) -> str:
    """Apply what Stripe says of refunds, each to its payment; gives what it led to."""
    changed = booked = False
    for refund in refunds:
        settled = settle_refund(refund, actor=actor, now=now)
        booked |= book_refund(refund, actor=actor, now=now)
        if settled is not None:
            settle(registration_of(settled.charge_id), actor=actor, now=now)
            watch_excess(settled.charge_id, actor=actor, now=now)
            if settled.untold:
                tell_of_refund(settled.payment_id, settled.untold, why="dashboard", now=now)
            changed = True
    return "refund" if changed else BOOKED if booked else NOTHING


def follow_dispute(dispute: DisputeFacts, *, actor: Actor, now: datetime) -> str:
    """Apply a dispute to its payment, which was applied before; gives what it led to."""
    charge_id = settle_dispute(dispute, actor=actor, now=now)
    booked = book_dispute(dispute, actor=actor, now=now)
    if charge_id is None:
        return BOOKED if booked else NOTHING
    settle(registration_of(charge_id), actor=actor, now=now)
    watch_excess(charge_id, actor=actor, now=now)
    return "dispute"
