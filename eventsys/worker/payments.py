"""Jobs about money: look at Stripe outside of any transaction, then apply what it says in one."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.jobs.operations import note_result
from eventsys.payments.errors import GatewayAway
from eventsys.payments.gateway import RefusedByStripe, UnknownToStripe, make_gateway
from eventsys.payments.operations.notices import note_outcome
from eventsys.payments.operations.refund import refuse_refund
from eventsys.payments.operations.unknown_page import give_up_unknown
from eventsys.payments.queries import (
    find_charge_of,
    find_open_payment,
    find_refund_order,
    get_payment,
)
from eventsys.payments.queries.bookings import list_unbooked_pages
from eventsys.payments.queries.stripe import list_pages_waiting
from eventsys.payments.rules.comparing import MOST_UNBOOKED, USUAL_SPAN
from eventsys.registration.operations.expire import expire, remind_fee, wait_for_stripe
from eventsys.registration.operations.follow import follow_dispute, follow_refunds, follow_session
from eventsys.registration.operations.reconcile import Report, plan_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from flask import Flask

    from eventsys.payments.gateway import Gateway
    from eventsys.payments.queries import Payment, RefundOrder
    from eventsys.payments.rules.settling import DisputeFacts, RefundFacts, SessionFacts

log = logging.getLogger(__name__)

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
    page, status, ends = _page_of(payment), payment.status, payment.expires_at
    db.session.rollback()
    if page is None or status != "open":
        return
    gateway = gateway_of(app)
    try:
        _follow_page(gateway, gateway.expire_session, page, now=now)
    except GatewayAway:
        # A page whose time is over has closed by itself; whoever paid on it is found by message or comparison.
        if ends is None or ends > now:
            raise


def look_after(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Look at a payment page whose message may have been lost."""
    payment = get_payment(int(arguments["payment_id"]))
    page, status = _page_of(payment), payment.status
    db.session.rollback()
    if page is None or status not in {"open", "processing"}:
        return
    gateway = gateway_of(app)
    _follow_page(gateway, gateway.get_session, page, now=now)


def _page_of(payment: Payment | None) -> tuple[int, str] | None:
    """Give the number of a try to pay and that of its page; None as long as it has none."""
    return (payment.id, payment.session_id) if payment and payment.session_id else None


def _follow_page(
    gateway: Gateway,
    ask: Callable[[str], SessionFacts],
    page: tuple[int, str],
    *,
    now: datetime,
) -> None:
    payment_id, session_id = page
    try:
        apply_session(gateway, ask(session_id), now=now)
    except UnknownToStripe:
        # Made with another key: Stripe tells nothing, however often it is asked.
        give_up_unknown(payment_id, actor=STRIPE, now=now)
    except RefusedByStripe:
        return


class NotAllApplied(Exception):
    """Some of what Stripe said could not be applied; the rest was. The job is tried again, and shown."""


def compare(app: Flask, arguments: dict[str, Any], *, now: datetime) -> Iterator[None]:
    """Compare with Stripe and keep, with the job, what was found; each step is committed alone.

    Nobody waits for anything meanwhile; what fails leaves the rest alone. Raises NotAllApplied at the end.
    """
    gateway, since = gateway_of(app), now - USUAL_SPAN
    waiting, unbooked = list_pages_waiting(since), list_unbooked_pages(since, MOST_UNBOOKED)
    db.session.rollback()
    listed = gateway.list_all(since, waiting, unbooked)
    report = Report()
    for step in plan_steps(listed, actor=STRIPE, now=now):
        try:
            found = step.take()
        except Exception as error:
            log.exception("comparing %s", step.name)
            db.session.rollback()
            report.failed.append({"what": step.name, "error": f"{type(error).__name__}: {error}"})
            continue
        yield
        report.add(found)
    note_result(
        arguments["key"],
        {
            "checked": report.checked,
            "mended": report.mended[:MOST_KEPT],
            "undecided": len(report.undecided),
            "failed": len(report.failed),
            "booked": report.booked,
            "sees_bookings": listed.sees_bookings,
        },
    )
    if report.failed:
        yield
        first = report.failed[0]
        raise NotAllApplied(f"{len(report.failed)}; {first['what']}: {first['error']}")


def expire_unpaid(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Give a place to others whose fee did not come in time.

    Whoever is on the payment page, or has paid while the message got lost, is looked at first. When Stripe does
    not answer for hours the place is given up all the same: money that came is sent back, or gets a place again.
    """
    registration_id = int(arguments["registration_id"])
    charge = find_charge_of(registration_id)
    trying = find_open_payment(charge.id, "stripe") if charge else None
    page = _page_of(trying)
    gateway = make_gateway(app.config["EVENTSYS"])
    db.session.rollback()
    if page is not None and gateway is not None:
        try:
            _follow_page(gateway, gateway.get_session, page, now=now)
        except GatewayAway:
            if wait_for_stripe(registration_id, now=now):
                return
    expire(registration_id, grace=GRACE, actor=WORKER, now=now)


def remind_of_fee(_app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Remind of a fee before its place is given to others."""
    remind_fee(int(arguments["registration_id"]), now=now)
