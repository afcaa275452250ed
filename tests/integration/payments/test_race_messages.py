"""Many at once: several workers on the messages of one payment, the office refunding while Stripe tells of a refund."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db, transaction_mode
from eventsys.core.errors import DomainError
from eventsys.payments.operations.refund import request_refund
from eventsys.worker.run import work_once
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_plan
from tests.support.payer import FEE, Payer, cases, jobs

IN_FULL = {"stripe": FEE, "income": -FEE}


def at_once(*works):
    """Let all begin at one moment; gives what went wrong."""
    barrier, wrong = threading.Barrier(len(works)), []

    def one(work):
        try:
            barrier.wait(30)
            work()
        except Exception as error:  # noqa: BLE001 (told by the test)
            wrong.append(error)

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return wrong


@pytest.fixture
def ana(app, session, stripe):
    return Payer(app, stripe)


def test_four_workers_on_all_messages_of_one_payment(app, ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.decline(session_id)
    stripe.account.pay(session_id)
    stripe.deliver()
    db.session.commit()
    assert at_once(*[lambda: work_once(app)] * 4) == []
    worker()
    assert ana.state == ("confirmed", "paid", True)
    assert ana.accounts == IN_FULL
    assert ana.mails.count("confirmed") == 1
    assert jobs("queued") == []


def test_two_pages_paid_at_one_moment(app, ana, stripe, worker):
    first = ana.open_page()
    ana.payments[-1].expires_at = datetime.now(UTC) + timedelta(minutes=4)
    db.session.commit()
    second = ana.open_page()
    stripe.account.pay(first)
    stripe.account.pay(second)
    stripe.deliver()
    db.session.commit()
    assert at_once(*[lambda: work_once(app)] * 4) == []
    worker()
    assert ana.refunds == [(FEE, "auto", "succeeded")]
    assert ana.accounts == IN_FULL
    assert sum(item["amount"] for item in stripe.account.all("refund")) == FEE


def test_the_same_message_many_times_at_once(app, ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    event = stripe.account.events[-1]
    db.session.commit()
    assert at_once(*[lambda: stripe.deliver([event])] * 6) == []
    worker()
    assert ana.accounts == IN_FULL


def test_the_office_refunds_while_stripe_tells_of_a_refund(app, ana, stripe, worker):
    """Both lock the charge first: whoever locked the payment first would wait for the other for ever."""
    intent = stripe.account.pay(ana.open_page())["payment_intent"]
    stripe.deliver()
    worker()
    payment_id = ana.payments[0].id
    stripe.account.refund(intent, 1_000)
    stripe.deliver()
    db.session.commit()

    def refund():
        for _ in range(5):
            with app.app_context(), transaction_mode("write"):
                request_refund(
                    payment_id,
                    1_000,
                    origin="office",
                    reason="",
                    actor=STAFF,
                    now=datetime.now(UTC),
                )
                db.session.commit()

    assert at_once(refund, refund, lambda: work_once(app), lambda: work_once(app)) == []
    worker()
    assert sum(amount for amount, _, status in ana.refunds if status == "succeeded") == 11_000
    assert ana.accounts == {"stripe": 14_000, "income": -FEE, "receivable": 11_000}
    assert cases() == []


def test_no_more_is_refunded_than_came_whoever_asks(app, ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    stripe.deliver()
    worker()
    payment_id = ana.payments[0].id
    db.session.commit()
    refused = []

    def refund():
        with app.app_context(), transaction_mode("write"):
            try:
                request_refund(
                    payment_id,
                    10_000,
                    origin="office",
                    reason="",
                    actor=STAFF,
                    now=datetime.now(UTC),
                )
                db.session.commit()
            except DomainError as error:
                db.session.rollback()
                refused.append(error.code)

    assert at_once(*[refund] * 5) == []
    worker()
    assert refused == ["refund_too_large"] * 3
    assert ana.accounts == {"stripe": 5_000, "income": -FEE, "receivable": 20_000}


def test_two_latecomers_for_one_place(app, session, stripe, worker):
    """Both places had run out, one is free: whoever's money is seen first gets it, the other's goes back."""
    event = make_event(capacity=2)
    make_plan(event, FEE)
    payers = [Payer(app, stripe, event, f"late{number}@example.org") for number in range(2)]
    pages = []
    for payer in payers:
        pages.append(payer.open_page())
        payer.payments[-1].session_id = None
        payer.registration.pay_until = datetime.now(UTC) - timedelta(minutes=1)
        db.session.commit()
    db.session.execute(
        db.text("UPDATE job SET due_at = created_at WHERE name = 'registration.expire'")
    )
    db.session.commit()
    worker()
    db.session.execute(db.text("UPDATE event SET capacity = 1"))
    db.session.commit()
    for page in pages:
        stripe.account.pay(page)
    stripe.deliver()
    db.session.commit()
    assert at_once(*[lambda: work_once(app)] * 3) == []
    worker()
    assert sorted(payer.state for payer in payers) == [
        ("confirmed", "paid", True),
        ("expired", "refunded", False),
    ]
    assert sorted(len(payer.refunds) for payer in payers) == [0, 1]
