"""Jobs about money: look at Stripe outside of any transaction, then apply what it says in one."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.jobs.operations import note_result
from eventsys.payments.errors import GatewayAway
from eventsys.payments.gateway import RefusedByStripe, make_gateway
from eventsys.payments.operations.notices import note_outcome
from eventsys.payments.operations.refund import refuse_refund
from eventsys.payments.queries import (
    find_charge_of,
    find_open_payment,
    find_refund_order,
    get_payment,
)
from eventsys.payments.queries.stripe import list_pages_waiting
from eventsys.payments.rules.comparing import USUAL_SPAN
from eventsys.registration.operations.expire import expire, remind_fee
from eventsys.registration.operations.follow import follow_dispute, follow_refunds, follow_session
from eventsys.registration.operations.reconcile import reconcile

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Flask

    from eventsys.payments.gateway import Gateway
    from eventsys.payments.queries import RefundOrder
    from eventsys.payments.rules.settling import DisputeFacts, RefundFacts, SessionFacts

STRIPE: Final = Actor.system("Stripe")
WORKER: Final = Actor.system("worker")
# A direct debit takes up to 14 days; looked at again each day.
GRACE: Final = timedelta(days=1)
# Stripe forgets keys after a day; until then the same key sends nothing twice.
MOST_KEPT: Final = 100
KEYS_KNOWN: Final = timedelta(hours=12)


def gateway_of(app: Flask) -> Gateway:
    """Give the gateway; raises GatewayAway when no key is set, so the job is tried again and seen."""
    gateway = make_gateway(app.config["EVENTSYS"])
    if gateway is None:
        raise GatewayAway(detail="no_secret_key")
    return gateway


def look(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Ask Stripe for what a message was about, and apply it. Safe in any order and any number of times."""
    gateway = gateway_of(app)
    db.session.rollback()
    outcome = look_at(gateway, arguments["kind"], arguments["id"], now=now)
    note_outcome(arguments["notice"], outcome, now=now)


def look_at(gateway: Gateway, kind: str, object_id: str, *, now: datetime) -> str:
    """Look at one object of Stripe; gives what became of it. No transaction is open while Stripe is asked."""
    try:
        if kind == "checkout.session":
            return apply_session(gateway, gateway.get_session(object_id), now=now)
        if kind == "dispute":
            return _look_at_dispute(gateway, gateway.get_dispute(object_id), now=now)
        return _look_at_intent(gateway, _intent_of(gateway, kind, object_id), now=now)
    except RefusedByStripe:
        # An object of another account, or one that was never there.
        return "unknown to Stripe"


def _intent_of(gateway: Gateway, kind: str, object_id: str) -> str | None:
    if kind == "refund":
        return gateway.get_refund(object_id).intent_id
    return object_id if kind == "payment_intent" else gateway.intent_of_charge(object_id)


def _look_at_intent(gateway: Gateway, intent_id: str | None, *, now: datetime) -> str:
    # A refund may be told before the payment it is of: the payment first, then all its refunds.
    session = gateway.find_session(intent_id) if intent_id else None
    if session is None or intent_id is None:
        return "not ours"
    refunds = list(gateway.list_refunds(intent_id=intent_id))
    outcome = apply_session(gateway, session, now=now)
    return follow_refunds(refunds, actor=STRIPE, now=now) if refunds else outcome


def apply_session(gateway: Gateway, session: SessionFacts, *, now: datetime) -> str:
    """Apply a payment page's state to payment, ledger and registration; one transaction, the caller's."""
    return follow_session(session, livemode=gateway.livemode, actor=STRIPE, now=now)


def _look_at_dispute(gateway: Gateway, dispute: DisputeFacts, *, now: datetime) -> str:
    # A dispute may be told before the payment it is of.
    session = gateway.find_session(dispute.intent_id) if dispute.intent_id else None
    if session is None:
        return "not ours"
    apply_session(gateway, session, now=now)
    return follow_dispute(dispute, actor=STRIPE, now=now)


def send_refund(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Send a refund to Stripe. Killed anywhere, it is sent once: Stripe knows our key, and we look."""
    order = find_refund_order(int(arguments["refund_id"]))
    db.session.rollback()
    if order is None:
        return
    gateway = gateway_of(app)
    try:
        facts = _sent_before(gateway, order, now=now) or gateway.create_refund(
            order.key, order.intent_id, order.amount, order.currency
        )
    except RefusedByStripe as error:
        refuse_refund(order.id, str(error), actor=STRIPE, now=now)
        return
    follow_refunds([facts], actor=STRIPE, now=now)


def _sent_before(gateway: Gateway, order: RefundOrder, *, now: datetime) -> RefundFacts | None:
    """Find a refund that was sent, while its answer got lost; Stripe knows our keys for a day only."""
    if now - order.asked_at < KEYS_KNOWN:
        return None
    sent = gateway.list_refunds(intent_id=order.intent_id)
    return next((facts for facts in sent if facts.refund_key == order.key), None)


def close_page(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Close a payment page that nobody should pay on; if somebody has, it is applied."""
    payment = get_payment(int(arguments["payment_id"]))
    session_id, status = payment.session_id, payment.status
    db.session.rollback()
    if session_id is None or status != "open":
        return
    gateway = gateway_of(app)
    _follow_page(gateway, gateway.expire_session, session_id, now=now)


def look_after(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Look at a payment page whose message may have been lost."""
    payment = get_payment(int(arguments["payment_id"]))
    session_id, status = payment.session_id, payment.status
    db.session.rollback()
    if session_id is None or status not in {"open", "processing"}:
        return
    gateway = gateway_of(app)
    _follow_page(gateway, gateway.get_session, session_id, now=now)


def _follow_page(
    gateway: Gateway, ask: Callable[[str], SessionFacts], session_id: str, *, now: datetime
) -> None:
    # Of a page that was made with another key Stripe tells nothing, however often it is asked.
    with suppress(RefusedByStripe):
        apply_session(gateway, ask(session_id), now=now)


def compare(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Compare with Stripe and keep, with the job, what was found; nobody waits for anything meanwhile."""
    gateway, since = gateway_of(app), now - USUAL_SPAN
    waiting = list_pages_waiting(since)
    db.session.rollback()
    listed = gateway.list_all(since, waiting)
    report = reconcile(listed, actor=STRIPE, now=now)
    note_result(
        arguments["key"],
        {
            "checked": report.checked,
            "mended": report.mended[:MOST_KEPT],
            "undecided": len(report.undecided),
        },
    )


def expire_unpaid(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Give a place to others whose fee did not come in time.

    Whoever is on the payment page, or has paid while the message got lost, is looked at first.
    """
    registration_id = int(arguments["registration_id"])
    charge = find_charge_of(registration_id)
    trying = find_open_payment(charge.id, "stripe") if charge else None
    session_id = trying.session_id if trying else None
    gateway = make_gateway(app.config["EVENTSYS"])
    db.session.rollback()
    if session_id is not None and gateway is not None:
        _follow_page(gateway, gateway.get_session, session_id, now=now)
    expire(registration_id, grace=GRACE, actor=WORKER, now=now)


def remind_of_fee(_app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Remind of a fee before its place is given to others."""
    remind_fee(int(arguments["registration_id"]), now=now)
